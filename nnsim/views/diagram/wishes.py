"""What a person did in the diagram, as signals; app.connect wires them to the session."""

from PySide6.QtCore import QObject, QPoint, Signal


class DiagramWishes(QObject):
    """The signals of gestures; those of numbers edited in place are the view's own.

    Neurons are (layer, index), parts a frozenset of neurons and ParameterRefs.
    """

    parts_chosen = Signal(object)
    """Exactly these parts are chosen now."""
    gesture_begun = Signal()
    """All edits from now on are one undo, until the gesture ends."""
    gesture_ended = Signal()
    gesture_cancelled = Signal()
    neurons_added = Signal(int, int)
    """Layer (0: inputs) and how many."""
    neurons_connected = Signal(object, object)
    """An earlier and a later neuron."""
    parts_deleted = Signal(object)
    parts_frozen = Signal(object, bool)
    activations_chosen = Signal(object, str)
    """Neurons and the name of an activation."""
    neurons_placed = Signal(object)
    """Neurons with the places, (x, y), where they were put."""
    name_wished = Signal(object)
    """Of a neuron: its name is to be asked for."""
    menu_wished = Signal(QPoint)
    """At a place on the screen, for the parts that are chosen."""
