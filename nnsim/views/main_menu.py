"""The menu of the toolbar: files, examples, training, building and the view."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

Groups = tuple[tuple[str, ...], ...]

FILE: Groups = (
    ("save", "save_as"),
    ("export", "import", "export_step", "export_picture", "copy_picture"),
    ("training", "shuffle"),
)
VIEW: Groups = (
    ("zoom_in", "zoom_out", "fit"),
    ("larger", "smaller", "usual_size"),
    ("heat_map",),
    ("conventions",),
    ("theme", "less_motion"),
)
LAST: Groups = (("keys", "about", "quit"),)


def make_main_menu(
    window: QWidget,
    actions: dict[str, QAction],
    examples: Sequence[tuple[str, str]],
    open_example: Callable[[str], None],
    build_menu: QMenu,
    numbers_menu: QMenu,
) -> QMenu:
    """Return the menu; examples: name and title of each, given to open_example by name."""
    menu = QMenu(window)
    menu.addAction(actions["new"])
    menu.addAction(actions["open"])
    shelf = menu.addMenu(window.tr("Open an example"))
    for name, title in examples:
        shelf.addAction(title).triggered.connect(partial(_call, open_example, name))
    menu.addSeparator()
    _add(menu, actions, FILE)
    menu.addMenu(build_menu)
    view = menu.addMenu(window.tr("View"))
    _add(view, actions, VIEW)
    view.addMenu(numbers_menu)
    menu.addSeparator()
    _add(menu, actions, LAST)
    return menu


def _add(menu: QMenu, actions: dict[str, QAction], groups: Groups) -> None:
    for group in groups:
        for name in group:
            menu.addAction(actions[name])
        menu.addSeparator()


def _call(slot: Callable[[str], None], name: str, _checked: bool = False) -> None:
    slot(name)
