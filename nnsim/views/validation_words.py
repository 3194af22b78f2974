"""What the status strip says of the validation samples: measured seldom while training goes on."""

import time

from nnsim.model.document import Document
from nnsim.model.frame import Frame
from nnsim.tracing.wording import on_paper

EVERY_SECONDS = 0.5
"""While training goes on they are measured at most so often."""
MOST_PRODUCTS = 4_000_000
"""With more samples times weights and biases they are not measured here: it would be felt."""

Pairs = tuple[tuple[str, str], ...]


class ValidationWords:
    """Mean loss and accuracy on the validation samples, as pairs of words and number."""

    def __init__(self, loss_words: str, accuracy_words: str) -> None:
        self._names = (loss_words, accuracy_words)
        self._document: Document | None = None
        self._factor = 1.0
        self._pairs: Pairs = ()
        self._measured = -EVERY_SECONDS

    def of(self, frame: Frame) -> Pairs:
        """Return the pairs at a moment; none where there are no validation samples or too many."""
        document, now = frame.document, time.monotonic()
        validation = document.validation
        count = document.network.parameter_count
        if validation is None or not len(validation) or len(validation) * count > MOST_PRODUCTS:
            self._document = None
            return ()
        same = document is self._document and frame.loss_factor == self._factor
        if same or (
            frame.running
            and self._document is not None
            and self._document.validation is validation
            and now - self._measured < EVERY_SECONDS
        ):
            return self._pairs
        self._document, self._measured, self._factor = document, now, frame.loss_factor
        found = frame.validation_metrics
        assert found is not None
        numbers = (on_paper(frame.loss_factor * found.loss), f"{100 * found.accuracy:.1f} %")
        self._pairs = tuple(zip(self._names, numbers, strict=True))
        return self._pairs
