"""The strip at the bottom, in both themes."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from nnsim import Document, Network, Samples, Settings
from nnsim.model.run import Run
from nnsim.tracing.wording import on_paper
from nnsim.views import validation_words
from nnsim.views.parts import theme
from nnsim.views.parts.theme import THEMES, use_theme
from nnsim.views.status_strip import BETWEEN, StatusStrip


@pytest.fixture
def strip(qtbot):
    made = StatusStrip()
    qtbot.addWidget(made)
    made.resize(900, 28)
    before = theme.theme().name
    yield made
    use_theme(QApplication.instance(), before)


@pytest.mark.parametrize("name", THEMES)
def test_sign_and_counts_are_in_the_ink_of_the_theme(strip, chapter, frame, name):
    use_theme(QApplication.instance(), "light" if name == "dark" else "dark")
    strip.show_frame(frame(chapter))
    strip.show()
    use_theme(QApplication.instance(), name)
    strip.dress()
    ink = QColor(THEMES[name].ink)
    for widget in (strip._sign, strip._counts):
        picture = widget.grab().toImage()
        shown = {
            picture.pixelColor(x, y).name()
            for x in range(picture.width())
            for y in range(picture.height())
        }
        assert ink.name() in shown


def test_the_counts_have_room_in_any_font(strip, chapter, frame):
    strip.show_frame(frame(chapter))
    for size in (9, 13, 18):
        used = strip._counts.font()
        used.setPointSize(size)
        strip._counts.setFont(used)
        needed = sum(sum(strip._counts._widths(*pair)) for pair in strip._counts._counts)
        assert strip._counts.width() > needed + BETWEEN * (len(strip._counts._counts) - 1)


def counts(strip):
    return dict(strip._counts._counts)


def test_validation_samples_are_measured_in_sight(strip, xor, frame):
    held_back = replace(xor, validation=Samples([[0.2, 0.9]], [[1]]))
    strip.show_frame(frame(held_back))
    found = held_back.metrics(validation=True)

    assert counts(strip)["Validation loss"] == on_paper(found.loss)
    assert counts(strip)["accuracy"] == f"{100 * found.accuracy:.1f} %"

    strip.show_frame(frame(xor))
    assert "Validation loss" not in counts(strip)


def test_while_training_goes_on_they_are_measured_twice_a_second(strip, xor, frame, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(validation_words.time, "monotonic", lambda: now[0])
    run = Run.of(replace(xor, validation=Samples([[0.2, 0.9]], [[1]])))
    shown = []
    for seconds in (0.0, 0.1, 0.3, 0.6):
        now[0] = 100.0 + seconds
        strip.show_frame(frame(run, running=True))
        shown.append(counts(strip)["Validation loss"])
        run = run.advance(50)

    assert shown[0] == shown[1] == shown[2] != shown[3]
    strip.show_frame(frame(run))  # at rest it is always the present one
    assert counts(strip)["Validation loss"] == on_paper(run.document.metrics(validation=True).loss)


def test_too_many_of_them_are_not_measured(strip, xor, frame, monkeypatch):
    held_back = replace(xor, validation=Samples([[0.2, 0.9]], [[1]]))
    monkeypatch.setattr(validation_words, "MOST_PRODUCTS", xor.network.parameter_count - 1)
    strip.show_frame(frame(held_back))

    assert "Validation loss" not in counts(strip)


def test_a_hopeless_run_is_warned_of_while_it_goes_on(strip, frame):
    network = Network.dense([1, 1], ["linear"], [[[0.5]]])
    settings = Settings(learning_rate=2.5)
    run = Run.of(Document(network, Samples([[1]], [[1]]), settings)).advance(2)
    strip.show_frame(frame(run, running=True))
    assert strip.words.startswith("Running.")

    run = run.advance(5)  # each step multiplies the error by −1.5, and the loss by 2.25
    strip.show_frame(frame(run, running=True))
    assert strip.words.startswith("Running.")
    run = run.advance(5)
    strip.show_frame(frame(run, running=True))
    assert run.stopped is None
    assert "a smaller learning rate" in strip.words

    edited = run.edited(replace(run.document, settings=Settings(learning_rate=0.1)), "smaller")
    strip.show_frame(frame(edited.advance(5), running=True))
    assert strip.words.startswith("Running.")
