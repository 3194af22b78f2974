"""The Trace: every number of one pass over one sample, and where each came from."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from nnsim.engine.backward import BackwardPass, backward
from nnsim.engine.forward import ForwardPass, forward
from nnsim.engine.network import Network, ParameterRef
from nnsim.engine.optimizers import OPTIMIZERS, Moments
from nnsim.engine.settings import Settings
from nnsim.engine.step import Step, step_on
from nnsim.tracing.conventions import AS_TRAINED, Conventions
from nnsim.tracing.names import neuron_name, parameter_name
from nnsim.tracing.quantity import Kind, Quantity

LEAST_SLOPE = 1e-9
"""Of a sigmoid under a cross-entropy; 1 / slope has few digits then, and at the sum 37 none."""

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
    """∂E/∂output of the neuron it leads to: output − expected, or carried back to it. None also
    where a cross-entropy divides by next to 0 there: the output is 0 or 1, or nearly so."""
    slope: float | None
    """f'(sum) of that neuron; None for softmax, whose output depends on all sums of its layer."""
    signal: float | None
    """∂E/∂sum of that neuron."""
    source: float | None
    """sum': what the weight multiplies; 1 for a bias. None in the middle of a pass (below)."""
    delta: float | None
    """∂E/∂w = error × slope × source, computed as back signal × source."""
    update: float | None
    """The coming change; −learning rate × delta for plain gradient descent on this sample alone."""
    new_value: float | None
    frozen: bool = False
    """Whether a person keeps it from training: it has a delta and no change."""
    is_trained: bool = True
    """Whether training may change it: not frozen, and no bias where biases are not trained."""


@dataclass(frozen=True)
class BackPath:
    """One way the error comes back to a hidden neuron: through one neuron that uses it."""

    ref: ParameterRef
    """The weight that it comes back along."""
    name: str
    """The neuron it comes from."""
    error: float | None
    slope: float | None
    signal: float
    """The error signal of that neuron, ∂E/∂sum."""
    weight: float
    """The old weight between them."""
    contribution: float
    """weight × error signal of that neuron."""


@dataclass(frozen=True)
class SoftmaxPath:
    """One way the loss depends on a sum of a softmax layer: through one output of the layer."""

    name: str
    """The output it goes through."""
    error: float | None
    """∂E/∂output there."""
    slope: float
    """∂output/∂sum = output × ([same neuron] − output of this neuron)."""
    contribution: float | None
    """error × slope; the contributions of all outputs add up to the error signal."""


@dataclass(frozen=True)
class Neuron:
    """The numbers of one neuron of a layer (layer 1 is the first after the inputs)."""

    layer: int
    index: int
    name: str
    activation: str
    sum: float | None
    output: float | None
    """Both are None in the middle of a pass that has not come so far."""
    slope: float | None
    """None for softmax."""
    error: float | None
    signal: float | None
    """∂E/∂sum = error × slope: the error signal."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Where training stands before its next step."""

    step: int
    """How many steps were taken."""
    batch: NDArray[np.intp]
    """The samples of the next step, counted from 0."""
    moments: Moments
    """What the optimizer remembers."""


@dataclass(frozen=True, eq=False)
class Shown:
    """What has become of a Trace that is shown in other conventions (shown_trace.py)."""

    conventions: Conventions
    """As far as they can be kept with its settings."""
    trained: "Trace"
    """As it was trained."""
    loss_factor: Fraction
    """c: the loss as a multiple of the one that is trained with; the learning rate is η/c then."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Every number of one training step on one sample, held as arrays and named when asked for.

    `sample` is the row it belongs to, or None for inputs that are only tried. Without expected
    outputs there is a feedforward and nothing behind it: errors, deltas and loss are None.
    """

    network: Network
    sample: int | None
    settings: Settings
    inputs: Array
    expected: Array | None
    passed: ForwardPass
    back: BackwardPass | None
    """The backpropagation of this sample, when there is one."""
    step: Step | None
    """The training step that uses this sample, alone or in a batch."""
    standing: Standing | None = None
    """Where training stands; None outside of a document."""
    shown: Shown | None = None
    """None: in the conventions of the training."""

    @property
    def conventions(self) -> Conventions:
        """The conventions that its numbers are in."""
        return AS_TRAINED if self.shown is None else self.shown.conventions

    @property
    def trained(self) -> "Trace":
        """All of it in the conventions of the training."""
        return self.whole if self.shown is None else self.shown.trained

    @property
    def is_next(self) -> bool:
        """Whether the step shown is the one that training takes next."""
        return self.standing is not None and self.sample in self.standing.batch

    @property
    def batch(self) -> NDArray[np.intp]:
        """The samples of the step shown (from 0); none outside of a document."""
        if self.standing is not None and self.is_next:
            return self.standing.batch
        inside = self.standing is not None and self.sample is not None
        return np.array([self.sample] if inside else [], dtype=np.intp)

    @property
    def holds_batch(self) -> bool:
        """Whether the step is of several samples and holds the numbers of each of them.

        It does not outside of a document, nor for a batch so large that it is computed in slices.
        """
        outputs = None if self.step is None else self.step.passed.outputs
        return outputs is not None and outputs.ndim == 2 and len(outputs) == len(self.batch)

    def delta_of(self, ref: ParameterRef, sample: int) -> float | None:
        """Return ∂E/∂w for a sample of the step's batch (from 0); None where it is not held."""
        places = np.flatnonzero(self.batch == sample)
        if self.step is None or not self.holds_batch or not len(places):
            return None
        signal = self.step.back.back_signals[ref.layer - 1][places[0], ref.to]
        if ref.source is None:
            return float(signal)
        return float(signal * self.step.passed.activations[ref.from_layer][places[0], ref.source])

    @property
    def moments(self) -> Moments:
        """What the optimizer remembered before the step."""
        if self.standing is not None:
            return self.standing.moments
        return OPTIMIZERS[self.settings.optimizer].begin(len(self.network.parameters))

    @property
    def steps_taken(self) -> int:
        """How many steps went before it, for the schedule."""
        return 0 if self.standing is None else self.standing.step

    @property
    def learning_rate(self) -> float:
        """η of the step, after its schedule; η/c where the loss is shown c times as large."""
        if self.step is not None:
            return self.step.learning_rate
        c = 1 if self.shown is None else self.shown.loss_factor
        return self.settings.learning_rate / float(c)

    @property
    def is_plain(self) -> bool:
        """Whether every new value is value − learning rate × the delta of this sample."""
        alone = self.step is None or self.step.back is self.back
        return alone and self.settings.is_plain

    @property
    def outputs(self) -> Array:
        """The outputs of the network, [outputs]."""
        return self.passed.outputs

    @property
    def errors(self) -> Array | None:
        """output − expected of each output; expected − output where the conventions say so."""
        if self.expected is None:
            return None
        turned = self.conventions.is_turned
        return self.expected - self.outputs if turned else self.outputs - self.expected

    @property
    def whole(self) -> "Trace":
        """All of it, also in the middle of a pass."""
        return self

    def knows(self, quantity: Quantity) -> bool:
        """Whether a quantity is computed by now: always, but in the middle of a pass."""
        return True

    def error_of(self, index: int) -> float | None:
        """Return the error of one output; None without an expected one."""
        return None if self.errors is None else float(self.errors[index])

    def shown_activations(self, layer: int) -> Array:
        """Return the outputs of a layer (0: the inputs); NaN for one that is not computed yet."""
        return self.passed.activations[layer]

    @property
    def loss(self) -> float | None:
        """E of this sample, without penalties."""
        if self.expected is None:
            return None
        sums = self.passed.pre_activations[-1]
        with np.errstate(all="ignore"):
            return float(self.settings.loss_function.of_samples(self.outputs, self.expected, sums))

    def weight_deltas(self) -> list[Array]:
        """Return ∂E/∂w of each layer's weights as matrices [to, from]; empty without expected."""
        return [] if self.back is None else self.network.weights_in(self.back.gradient)

    def bias_deltas(self) -> list[Array | None]:
        """Return ∂E/∂b of each layer's biases [to], None for a layer without; empty likewise."""
        return [] if self.back is None else self.network.biases_in(self.back.gradient)

    def factors(self, ref: ParameterRef) -> Factors:
        """Return the row of one weight or bias; raise BadNetwork if the network has none such."""
        place = self.network.index_of(ref)
        source = 1.0 if ref.source is None else self.passed.activations[ref.from_layer][ref.source]
        back, step = self.back, self.step
        neuron = self.neuron(ref.layer, ref.to)
        return Factors(
            ref=ref,
            name=parameter_name(self.network, ref),
            value=float(self.network.parameters[place]),
            error=neuron.error,
            slope=neuron.slope,
            signal=neuron.signal,
            source=float(source),
            delta=None if back is None else float(back.gradient[place]),
            update=None if step is None else float(step.update[place]),
            new_value=None if step is None else float(step.new_parameters[place]),
            frozen=self.network.is_frozen(place),
            is_trained=self.is_trained(ref),
        )

    def is_trained(self, ref: ParameterRef) -> bool:
        """Whether training may change it: not frozen, and no bias where biases are not trained."""
        biased_out = ref.is_bias and not self.settings.train_biases
        return not biased_out and not self.network.is_frozen(self.network.index_of(ref))

    def neuron(self, layer: int, index: int) -> Neuron:
        """Return the numbers of one neuron; layer counts from 1, index from 0."""
        at, back = layer - 1, self.back
        softmax = self.network.layers[at].activations[index] == "softmax"
        return Neuron(
            layer=layer,
            index=index,
            name=neuron_name(self.network, layer, index),
            activation=self.network.layers[at].activations[index],
            sum=float(self.passed.pre_activations[at][index]),
            output=float(self.passed.activations[layer][index]),
            slope=None if softmax else float(self.passed.slopes[at][index]),
            error=None if back is None else self._error(back, at, index),
            signal=None if back is None else float(back.back_signals[at][index]),
        )

    def _error(self, back: BackwardPass, at: int, index: int) -> float | None:
        """∂E/∂output; None where a cross-entropy divides by next to 0: then the signal is known to
        its last digit, but not that it is the product of a huge error and a slope of nothing."""
        error, signal = float(back.output_gradients[at][index]), back.back_signals[at][index]
        loss, is_output = self.settings.loss_function, at == len(self.network.layers) - 1
        if is_output and loss.name == "binary_cross_entropy" and math.isfinite(signal):
            return error if abs(self.passed.slopes[at][index]) >= LEAST_SLOPE else None
        return error if math.isfinite(error) or not math.isfinite(signal) else None

    def back_paths(self, layer: int, index: int) -> list[BackPath]:
        """Return how the error came back to a hidden neuron: Σ old weight × error signal.

        One for each connection out of it, skipped layers included. Empty for an output neuron,
        whose error is its own, and without expected outputs.
        """
        if self.back is None:
            return []
        refs = self.network.refs_out_of(layer, index)
        return [
            self._path_along(ref) for ref in refs if self.knows(Quantity(Kind.carried, ref=ref))
        ]

    def _path_along(self, ref: ParameterRef) -> BackPath:
        neuron = self.neuron(ref.layer, ref.to)
        weight = float(self.network.parameters[self.network.index_of(ref)])
        assert neuron.signal is not None
        return BackPath(
            ref,
            neuron.name,
            neuron.error,
            neuron.slope,
            neuron.signal,
            weight,
            weight * neuron.signal,
        )

    def softmax_paths(self, index: int) -> list[SoftmaxPath]:
        """Return how the loss depends on the sum of output neuron `index` of a softmax layer.

        ∂E/∂z_j = Σ_k ∂E/∂a_k · a_k(δ_kj − a_j): one path for each output k. Empty for other layers
        and without expected outputs.
        """
        last = len(self.network.layers)
        if self.back is None or self.network.layers[-1].activations[0] != "softmax":
            return []
        own = float(self.outputs[index])
        paths = []
        for k, output in enumerate(self.outputs):
            neuron = self.neuron(last, k)
            slope = float(output) * ((k == index) - own)
            product = None if neuron.error is None else neuron.error * slope
            paths.append(SoftmaxPath(neuron.name, neuron.error, slope, product))
        return paths


def trace_of(
    network: Network,
    inputs: Array,
    expected: Array | None,
    settings: Settings,
    sample: int | None = None,
    coming: Step | None = None,
    standing: Standing | None = None,
) -> Trace:
    """Compute the Trace of one sample: inputs [inputs], expected [outputs] or None.

    coming: the training step that uses the sample; a step on it alone, and the first one, when not
    given. standing: where the training stands that `coming` belongs to.
    """
    if expected is None:
        passed = forward(network, inputs)
        return Trace(network, sample, settings, inputs, None, passed, None, None)
    step = coming or step_on(network, inputs, expected, settings)
    if step.passed.outputs.ndim == 1:
        passed, back = step.passed, step.back
    else:
        passed = forward(network, inputs)
        back = backward(network, passed, expected, settings.loss_function)
    return Trace(network, sample, settings, inputs, expected, passed, back, step, standing)
