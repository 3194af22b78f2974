"""The wishes of somebody who follows a step number by number, or one number to its origin."""

from nnsim.control.choosing import Choosing
from nnsim.control.present import wish, wish_within_training
from nnsim.errors import BadSamples
from nnsim.model.inside import Inside, at, back, forward, last
from nnsim.tracing.conventions import Conventions
from nnsim.tracing.pass_plan import StepSize, has_quantity
from nnsim.tracing.quantity import Quantity


class Explaining(Choosing):
    """Walking inside a training step, and the cards of numbers."""

    @wish
    def step_inside(self, size: StepSize) -> None:
        """Compute the next number, neuron, layer, phase or sample of the coming step; begin with
        it when nobody is inside yet. Beyond the last idea the step is taken."""
        inside = self.state.focus.inside
        if inside is None:
            self._stand(Inside())
            inside = Inside()
        if size is StepSize.epoch:
            self._take(self.document.steps_of_an_epoch, self.tr("Epoch"), Inside())
            return
        further = None
        if size is not StepSize.batch:
            further = forward(self.document, inside, size, self.conventions)
        if further is None:
            self._take(1, self.tr("Step"), Inside())
        else:
            self._stand(further)

    @wish
    def step_back_inside(self, size: StepSize) -> None:
        """Take back the last number, neuron, layer or phase."""
        inside = self.state.focus.inside
        if inside is not None:
            self._stand(back(self.document, inside, size, self.conventions))

    @wish
    def begin_inside(self) -> None:
        """Stand before the first idea of the coming step: nothing is computed yet."""
        self._stand(Inside())

    @wish
    def finish_inside(self) -> None:
        """Stand at the last idea of the coming step: all is computed, the next press takes it."""
        end = Inside(place=len(self.document.batch) - 1)
        self._stand(last(self.document, end, self.conventions))

    @wish
    def go_inside_to(self, idea: Quantity) -> None:
        """Stand at an idea of the sample whose pass is shown."""
        inside = self.state.focus.inside or Inside()
        self._stand(at(self.document, idea, inside.place, self.conventions))

    @wish_within_training
    def leave_inside(self) -> None:
        """Show the whole step again."""
        self.state = self.state.looking(inside=None, trail=())
        self.publish()

    @wish_within_training
    def show_in(self, conventions: Conventions) -> None:
        """Show every number in these conventions from now on; training knows nothing of them."""
        self.conventions = conventions
        self.publish()

    @wish_within_training
    def open_card(self, quantity: Quantity) -> None:
        """Explain a number: where it comes from and where it goes."""
        frame = self.frame
        trail = frame.trail
        is_there = frame.trace is not None and has_quantity(frame.trace, quantity)
        if is_there and trail[-1:] != (quantity,):
            self.state = self.state.looking(trail=(*trail, quantity))
            self._select(quantity)
            self.publish()

    @wish_within_training
    def go_back_to_card(self) -> None:
        """Explain the number again from which the present card was opened; close the first one."""
        trail = self.frame.trail[:-1]
        self.state = self.state.looking(trail=trail)
        if trail:
            self._select(trail[-1])
        self.publish()

    @wish_within_training
    def close_cards(self) -> None:
        """Close all cards of numbers."""
        self.state = self.state.looking(trail=())
        self.publish()

    def _walk_through(self, sample: int) -> bool:
        """Inside a step, go to the beginning of the pass over a sample of its batch; return whether
        it is one of them. Of another sample, the next step's, the pass begins anew."""
        if self.state.focus.inside is None:
            return False
        batch = self.document.batch.tolist()
        is_there = sample in batch
        self._stand(Inside(place=batch.index(sample) if is_there else 0))
        return is_there

    def _stand(self, inside: Inside) -> None:
        if not len(self.document.samples):
            raise BadSamples("There are no samples: add one to train on.")
        self.state = self.state.looking(inside=inside, trail=(), tried=None)
        if inside.idea is not None:
            self._select(inside.idea)
        self.publish()

    def _select(self, quantity: Quantity) -> None:
        """The weight or bias of a number is the one whose factors are shown."""
        if quantity.ref is not None:
            self.state = self.state.looking(selected=quantity.ref)
