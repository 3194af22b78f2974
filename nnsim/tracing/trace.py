"""The Trace: every number of one pass over one sample, and where each came from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.backward import BackwardPass
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.step import Step, step_on
from nnsim.tracing.names import neuron_name, parameter_name

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Factors:
    """The row of one weight or bias: its value, the factors of its delta, and what follows.

    A number that is not there (no expected output yet) is None, which is not 0.
    """

    ref: ParameterRef
    name: str
    value: float
    error: float | None
    """∂E/∂output of the neuron it leads to: output − expected, or carried back to it."""
    slope: float
    """f'(sum) of that neuron."""
    source: float
    """sum': what the weight multiplies; 1 for a bias."""
    delta: float | None
    """∂E/∂w = error × slope × source, computed as back signal × source."""
    update: float | None
    """The coming change, −learning rate × delta."""
    new_value: float | None


@dataclass(frozen=True)
class BackPath:
    """One way the error comes back to a hidden neuron: through one neuron of the next layer."""

    name: str
    """The neuron it comes from."""
    error: float
    slope: float
    weight: float
    """The old weight between them."""
    contribution: float
    """weight × error signal of that neuron."""


@dataclass(frozen=True)
class Neuron:
    """The numbers of one neuron of a layer (layer 1 is the first after the inputs)."""

    layer: int
    index: int
    name: str
    activation: str
    sum: float
    output: float
    slope: float
    error: float | None
    signal: float | None
    """∂E/∂sum = error × slope: the error signal."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Every number of one training step on one sample, held as arrays and named when asked for.

    `sample` is the row it belongs to, or None for inputs that are only tried. Without expected
    outputs there is a feedforward and nothing behind it: errors, deltas and loss are None.
    """

    network: Network
    sample: int | None
    learning_rate: float
    inputs: Array
    expected: Array | None
    passed: ForwardPass
    step: Step | None

    @property
    def outputs(self) -> Array:
        """The outputs of the network, [outputs]."""
        return self.passed.outputs

    @property
    def errors(self) -> Array | None:
        """output − expected of each output."""
        return None if self.expected is None else self.outputs - self.expected

    @property
    def loss(self) -> float | None:
        """E = ½ Σ error²."""
        return None if self.step is None else self.step.loss

    @property
    def back(self) -> BackwardPass | None:
        """The backpropagation, when there is one."""
        return None if self.step is None else self.step.back

    def weight_deltas(self) -> list[Array]:
        """Return ∂E/∂w of each layer's weights as matrices [to, from]; empty without expected."""
        return [] if self.back is None else self.network.weights_in(self.back.gradient)

    def bias_deltas(self) -> list[Array | None]:
        """Return ∂E/∂b of each layer's biases [to], None for a layer without; empty likewise."""
        return [] if self.back is None else self.network.biases_in(self.back.gradient)

    def factors(self, ref: ParameterRef) -> Factors:
        """Return the row of one weight or bias; raise BadNetwork if the network has none such."""
        place = self.network.index_of(ref)
        source = 1.0 if ref.source is None else self.passed.activations[ref.layer - 1][ref.source]
        back, step = self.back, self.step
        return Factors(
            ref=ref,
            name=parameter_name(self.network, ref),
            value=float(self.network.parameters[place]),
            error=None if back is None else float(back.output_gradients[ref.layer - 1][ref.to]),
            slope=float(self.passed.slopes[ref.layer - 1][ref.to]),
            source=float(source),
            delta=None if back is None else float(back.gradient[place]),
            update=None if step is None else float(step.update[place]),
            new_value=None if step is None else float(step.new_parameters[place]),
        )

    def neuron(self, layer: int, index: int) -> Neuron:
        """Return the numbers of one neuron; layer counts from 1, index from 0."""
        at, back = layer - 1, self.back
        return Neuron(
            layer=layer,
            index=index,
            name=neuron_name(self.network, layer, index),
            activation=self.network.layers[at].activations[index],
            sum=float(self.passed.pre_activations[at][index]),
            output=float(self.passed.activations[layer][index]),
            slope=float(self.passed.slopes[at][index]),
            error=None if back is None else float(back.output_gradients[at][index]),
            signal=None if back is None else float(back.back_signals[at][index]),
        )

    def back_paths(self, layer: int, index: int) -> list[BackPath]:
        """Return how the error came back to a hidden neuron: Σ old weight × error signal.

        Empty for an output neuron, whose error is its own, and without expected outputs.
        """
        if self.back is None or layer >= len(self.network.layers):
            return []
        column = self.network.weights[layer][:, index]
        targets = [self.neuron(layer + 1, to) for to in range(len(column))]
        signals = self.back.back_signals[layer]
        return [
            BackPath(
                target.name,
                float(self.back.output_gradients[layer][to]),
                target.slope,
                float(column[to]),
                float(column[to] * signals[to]),
            )
            for to, target in enumerate(targets)
        ]


def trace_of(
    network: Network,
    inputs: Array,
    expected: Array | None,
    learning_rate: float,
    sample: int | None = None,
) -> Trace:
    """Compute the Trace of one sample: inputs [inputs], expected [outputs] or None."""
    if expected is None:
        return Trace(network, sample, learning_rate, inputs, None, forward(network, inputs), None)
    step = step_on(network, inputs, expected, learning_rate)
    return Trace(network, sample, learning_rate, inputs, expected, step.passed, step)
