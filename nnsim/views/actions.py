"""The actions of the program, one each for menu, toolbar and key."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from nnsim.model.frame import Frame
from nnsim.views.keys import shortcut, shortcuts
from nnsim.views.parts.icons import icon
from nnsim.views.parts.theme import theme

ICONS = {
    "step": "step-forward",
    "run": "play",
    "epoch": "fast-forward",
    "inside": "corner-down-right",
    "restart": "rotate-ccw",
    "random": "dices",
    "undo": "undo-2",
    "redo": "redo-2",
    "new": "file-plus",
    "open": "folder-open",
    "save": "save",
    "export": "upload",
    "import": "download",
    "keys": "keyboard",
}


def make_actions(window: QWidget) -> dict[str, QAction]:
    """Return all actions by name, with their texts, tips and keys, added to the window."""
    made = {}
    for name, (text, tip) in _texts(window).items():
        action = QAction(text, window)
        key = shortcut(name)
        action.setShortcuts([QKeySequence(keys) for keys in shortcuts(name)])
        action.setToolTip(f"{tip} ({key})" if key else tip)
        window.addAction(action)
        made[name] = action
    made["less_motion"].setCheckable(True)
    made["redo"].setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
    return made


def dress_actions(actions: dict[str, QAction], running: bool) -> None:
    """Give the actions icons in the colours of the theme."""
    t = theme()
    for name, picture in ICONS.items():
        main = name == ("run" if running else "step")
        shown = "pause" if name == "run" and running else picture
        colour = t.background if main else t.ink
        actions[name].setIcon(icon(shown, colour, t.muted if main else None))


def show_in_actions(actions: dict[str, QAction], frame: Frame, window: QWidget) -> None:
    """Switch actions on and off for a moment, and say what Undo would take back."""
    can_train = len(frame.document.samples) > 0
    needs = window.tr("Add a sample to start")
    step_tip = window.tr("Take one training step (Space)")
    actions["step"].setEnabled(can_train and not frame.running)
    actions["step"].setToolTip(step_tip if can_train else needs)
    for name in ("epoch", "inside"):
        actions[name].setEnabled(can_train and not frame.running)
    actions["inside_back"].setEnabled(frame.inside is not None)
    actions["run"].setEnabled(can_train)
    actions["run"].setText(window.tr("Pause") if frame.running else window.tr("Run"))
    for name in ("step", "inside", "run", "epoch", "restart", "random"):
        actions[name].setIconText(f" {actions[name].text()}")  # room between icon and word
    for name, wish, word in (
        ("undo", frame.undo_name, window.tr("Undo")),
        ("redo", frame.redo_name, window.tr("Redo")),
    ):
        actions[name].setEnabled(wish is not None)
        actions[name].setToolTip(f"{word}: {wish} ({shortcut(name)})" if wish else word)


def _texts(window: QWidget) -> dict[str, tuple[str, str]]:
    """The words and the tip of every action."""
    return _training_texts(window) | _file_texts(window) | _view_texts(window)


def _training_texts(window: QWidget) -> dict[str, tuple[str, str]]:
    tr = window.tr
    return {
        "step": (tr("Step"), tr("Take one training step")),
        "run": (tr("Run"), tr("Train until you pause")),
        "epoch": (tr("Epoch"), tr("Train on every sample once")),
        "inside": (
            tr("Inside"),
            tr("Step inside the coming step: compute its next number"),
        ),
        "inside_back": (tr("Back inside"), tr("Take back the last number of the coming step")),
        "explain": (
            tr("Explain the number"),
            tr("Show where the number in focus comes from and where it goes"),
        ),
        "restart": (tr("Restart"), tr("Back to step 0 with the same start weights")),
        "random": (
            tr("New random weights"),
            tr("Back to step 0 with other start weights, drawn at random"),
        ),
        "undo": (tr("Undo"), tr("Undo")),
        "redo": (tr("Redo"), tr("Redo")),
    }


def _file_texts(window: QWidget) -> dict[str, tuple[str, str]]:
    tr = window.tr
    return {
        "new": (tr("New network…"), tr("Make another network")),
        "open": (tr("Open…"), tr("Open a project")),
        "save": (tr("Save"), tr("Save the project")),
        "save_as": (tr("Save as…"), tr("Save under another name")),
        "export": (tr("Export weights…"), tr("Write the weights to a CSV or JSON file")),
        "import": (tr("Import weights…"), tr("Read weights from a CSV or JSON file")),
        "training": (tr("Training…"), tr("Loss, optimizer, batches and more")),
        "shuffle": (
            tr("New sample order each epoch"),
            tr("Visit the samples in a new random order in each epoch"),
        ),
        "export_step": (
            tr("Export the step…"),
            tr("Write the coming step, worked out, as PDF, spreadsheet, HTML, LaTeX or Python"),
        ),
        "export_picture": (
            tr("Export a picture…"),
            tr("Write the diagram to an SVG, PDF or PNG file"),
        ),
        "copy_picture": (tr("Copy as a picture"), tr("Put the diagram on the clipboard")),
    }


def _view_texts(window: QWidget) -> dict[str, tuple[str, str]]:
    tr = window.tr
    return {
        "zoom_in": (tr("Zoom in"), tr("Zoom the diagram in")),
        "zoom_out": (tr("Zoom out"), tr("Zoom the diagram out")),
        "fit": (tr("Fit"), tr("Show the whole network")),
        "larger": (tr("Everything larger"), tr("Make everything on the screen larger")),
        "smaller": (tr("Everything smaller"), tr("Make everything on the screen smaller")),
        "usual_size": (tr("Usual size"), tr("Show everything in its usual size")),
        "heat_map": (
            tr("Map of weights"),
            tr("Show all weights between two layers as a map of colours"),
        ),
        "conventions": (
            tr("Conventions…"),
            tr("Choose how textbooks differ: sign of the error, loss, delta, names"),
        ),
        "theme": (tr("Dark"), tr("Dark or light")),
        "less_motion": (
            tr("Less motion"),
            tr("Outline what a step changes instead of moving it"),
        ),
        "keys": (tr("Keys"), tr("Show the table of keys")),
        "about": (tr("About nnsim"), tr("Version and licence")),
        "learning_rate": (tr("Learning rate"), tr("Go to the learning rate")),
        "menu": (tr("Menu"), tr("Open the menu")),
        "build": (tr("Build"), tr("Open the Build menu")),
        "quit": (tr("Quit"), tr("Close the program")),
    }
