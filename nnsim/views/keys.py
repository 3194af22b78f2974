"""The one table of keys: shortcuts are built from it, and F1 shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """Keys, what each of them does, and the action it triggers (empty: a view handles it)."""

    group: str
    keys: str
    what: str
    action: str = ""


KEYS: tuple[Key, ...] = (
    Key("Training", "Space", "Take one training step", "step"),
    Key("Training", "F7", "Step inside: compute the next number of the coming step", "inside"),
    Key("Training", "Shift+F7", "Take back that number", "inside_back"),
    Key("Training", "F5", "Run, or pause", "run"),
    Key("Training", "F6", "Train one epoch: every sample once", "epoch"),
    Key("Training", "Ctrl+Home", "Restart with the same start weights", "restart"),
    Key("Training", "Ctrl+R", "New random weights", "random"),
    Key("Training", "Ctrl+T", "Choose loss, optimizer, batches and more", "training"),
    Key("Training", "Ctrl+L", "Go to the learning rate", "learning_rate"),
    Key("Numbers", "Enter", "Edit the number in focus, and commit it"),
    Key("Numbers", "Esc", "Give the old number back; else show every connection"),
    Key("Numbers", "F4", "Explain the number in focus: where it comes from", "explain"),
    Key("Numbers", "Tab, Shift+Tab", "Next number, previous number"),
    Key("Numbers", "Arrow keys", "Walk through the diagram, a table or the plot"),
    Key("Numbers", "Ctrl+C", "Copy the number with all its digits"),
    Key("Samples", "Ctrl+V", "Paste rows into the samples"),
    Key("Samples", "Delete", "Remove the sample"),
    Key("Changes", "Ctrl+Z", "Undo", "undo"),
    Key("Changes", "Ctrl+Y", "Redo", "redo"),
    Key("Building", "F9", "Open the Build menu", "build"),
    Key("Building", "Ctrl+Shift+L", "Add a layer", "add_layer"),
    Key("Building", "Ctrl+Shift+N", "Add a neuron to the chosen layer", "add_neuron"),
    Key("Building", "Ctrl+Shift+C", "Connect two chosen neurons", "connect"),
    Key("Building", "Ctrl+Shift+D", "Duplicate the chosen layer", "duplicate_layer"),
    Key("Building", "Ctrl+Shift+F", "Freeze what is chosen, or free it", "freeze"),
    Key("Building", "Ctrl+Shift+B", "Give the chosen neurons a bias, or take it away", "bias"),
    Key("Building", "Ctrl+Shift+E", "Set the chosen weights to one number", "set_weights"),
    Key("Building", "Up, Down", "Change the weight in focus in steps; Shift larger, Alt finer"),
    Key("Building", "Page Up, Page Down", "Walk through the connections of a neuron"),
    Key("Building", "Alt+Arrow keys", "Move the chosen neurons; with Shift finer"),
    Key("Building", "Shift+Arrow keys", "Choose more on the way"),
    Key("Building", "Ctrl+Space", "Choose what is in focus too, or no longer"),
    Key("Building", "Shift+F10", "Open the menu of what is in focus"),
    Key("Building", "Ctrl+A", "Choose every neuron", "choose_all"),
    Key("Building", "F2", "Name what is chosen", "name"),
    Key("Building", "Shift+F2", "Write a note on the chosen neuron", "note"),
    Key("Building", "Delete", "Remove what is chosen", "delete"),
    Key("Building", "Ctrl+C", "Copy the chosen neurons", "copy"),
    Key("Building", "Ctrl+V", "Paste copied neurons", "paste"),
    Key("File", "Ctrl+N", "New network", "new"),
    Key("File", "Ctrl+O", "Open a project", "open"),
    Key("File", "Ctrl+S", "Save", "save"),
    Key("File", "Ctrl+Shift+S", "Save under another name", "save_as"),
    Key("File", "Ctrl+E", "Export the weights", "export"),
    Key("File", "Ctrl+I", "Import weights", "import"),
    Key("File", "Ctrl+Shift+X", "Export the step, worked out", "export_step"),
    Key("File", "Ctrl+Shift+P", "Export the diagram as a picture", "export_picture"),
    Key("File", "Ctrl+Alt+C", "Copy the diagram as a picture", "copy_picture"),
    Key("File", "Ctrl+Q", "Quit", "quit"),
    Key("View", "Ctrl++, Ctrl+=", "Zoom the diagram in", "zoom_in"),
    Key("View", "Ctrl+-", "Zoom the diagram out", "zoom_out"),
    Key("View", "Ctrl+0", "Show the whole network", "fit"),
    Key("View", "Ctrl+Shift+Up, Ctrl+Shift++", "Everything on the screen larger", "larger"),
    Key("View", "Ctrl+Shift+Down, Ctrl+Shift+-", "Everything on the screen smaller", "smaller"),
    Key("View", "Ctrl+Shift+0", "Everything in its usual size", "usual_size"),
    Key("View", "Ctrl+M", "Show all weights between two layers as a map", "heat_map"),
    Key("View", "Ctrl+K", "Choose conventions: error, loss, delta, names", "conventions"),
    Key("View", "Ctrl+D", "Dark or light", "theme"),
    Key("View", "F10", "Open the menu", "menu"),
    Key("View", "F1", "Show this table of keys", "keys"),
)


def shortcuts(action: str) -> list[str]:
    """Return the keys of an action, the usual one first.

    Where + is typed with Shift, Ctrl+Shift++ and Ctrl++ are the same keys.
    """
    return [keys for key in KEYS if key.action == action for keys in key.keys.split(", ")]


def shortcut(action: str) -> str:
    """Return the usual key of an action, empty when it has none."""
    return next(iter(shortcuts(action)), "")
