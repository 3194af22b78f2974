"""What a screen reader says of the diagram's parts: their names, and then their numbers."""

from PySide6.QtCore import QCoreApplication

from nnsim.engine.network import Network, ParameterRef
from nnsim.model.frame import Frame
from nnsim.tracing.names import expected_name, is_one_plain_neuron, neuron_name, parameter_name
from nnsim.tracing.vocabulary import vocabulary
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.targets import Target, neuron_of


def spoken(frame: Frame, target: Target) -> str:
    """Return all of it: weight1, from input1 to neuron, 0.3; delta 0.035."""
    value = spoken_value(frame, target)
    name = spoken_name(frame.document.network, target)
    return f"{name}, {value}" if value else name


def spoken_name(network: Network, target: Target) -> str:
    """Return what a part is: weight1, from input1 to neuron; hidden2, sigmoid; bias of output."""
    if target.ref is not None:
        return _name_of_parameter(network, target.ref)
    if target.kind == "expected":
        return expected_name(network, target.index)
    layer, index = neuron_of(target) or (0, 0)
    name = neuron_name(network, layer, index)
    if layer == 0:
        return name
    activation = network.layers[layer - 1].activations[index]
    if target.kind == "activation":
        return _tr("activation of {}: {}").format(name, activation)
    return f"{name}, {activation}"


def spoken_value(frame: Frame, target: Target) -> str:
    """Return its numbers: 0.3; delta 0.035. Blank for an activation and without a sample."""
    if target.ref is not None:
        return _value_of_parameter(frame, target.ref)
    trace = frame.trace
    if trace is None or target.kind == "activation":
        return ""
    if target.kind == "expected":
        return "" if trace.expected is None else on_paper(float(trace.expected[target.index]))
    layer, index = neuron_of(target) or (0, 0)
    if layer == 0:
        return on_paper(float(trace.inputs[index]))
    neuron = trace.neuron(layer, index)
    if neuron.sum is None:
        return ""
    say = vocabulary(frame.conventions)
    said = f"{say.sum} {on_paper(neuron.sum)}, {say.output} {on_paper(neuron.output)}"
    if neuron.signal is None:
        return said
    return f"{said}; {say.signal} {on_paper(neuron.signal)}"


def _name_of_parameter(network: Network, ref: ParameterRef) -> str:
    target = neuron_name(network, ref.layer, ref.to)
    if ref.source is None:
        return _tr("bias of {}").format(target)
    source = neuron_name(network, ref.from_layer, ref.source)
    has_name = is_one_plain_neuron(network) or ref in network.structure.labels.weights
    if not has_name:  # its name is an arrow, which nobody says
        return _tr("weight from {} to {}").format(source, target)
    return _tr("{}, from {} to {}").format(parameter_name(network, ref), source, target)


def _value_of_parameter(frame: Frame, ref: ParameterRef) -> str:
    network = frame.document.network
    place = network.index_of(ref)
    said = on_paper(float(network.parameters[place]))
    delta = frame.trace.factors(ref).delta if frame.trace else None
    if delta is not None:
        said += f"; {vocabulary(frame.conventions).delta} {on_paper(delta)}"
    return said + (_tr("; frozen") if network.is_frozen(place) else "")


def _tr(words: str) -> str:
    return QCoreApplication.translate("spoken", words)
