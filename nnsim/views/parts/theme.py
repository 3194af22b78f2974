"""The colours of the screen, light and dark: one table for palette, style sheet and painting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from nnsim.assets import resource
from nnsim.views.parts.type import FAMILY


@dataclass(frozen=True)
class Theme:
    """Colours by what they mean. Every hue has one meaning; selection and buttons are ink."""

    name: str
    background: str
    surface: str
    ink: str
    muted: str
    positive: str
    negative: str
    error: str
    slope: str
    source: str
    line: str
    border: str
    wrong: str
    selected: str
    pressed: str
    card: str

    def weight(self, value: float) -> str:
        """The colour of a weight, by its sign."""
        return self.negative if value < 0 else self.positive


LIGHT = Theme(
    name="light",
    background="#FFFFFF",
    surface="#F6F7F9",
    ink="#1B1F24",
    muted="#5B6470",
    positive="#0B69A3",
    negative="#B34700",
    error="#9C2C77",
    slope="#1E7A34",
    source="#7A5C00",
    line="#E1E4E9",
    border="#C9CED6",
    wrong="#B3261E",
    selected="#FFFFFF",
    pressed="#E9ECF1",
    card="#FFFFFF",
)
DARK = Theme(
    name="dark",
    background="#17191E",
    surface="#1F2229",
    ink="#E8EAED",
    muted="#A3ABB6",
    positive="#5CB8F0",
    negative="#F2994A",
    error="#E58AC4",
    slope="#6CC983",
    source="#E0B64B",
    line="#2E333C",
    border="#474E5A",
    wrong="#FF8A80",
    selected="#2A2F38",
    pressed="#2A2F38",
    card="#1F2229",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

_current = LIGHT


def theme() -> Theme:
    """Return the theme in use; read it when painting, never keep it."""
    return _current


@contextmanager
def drawn_in(name: str) -> Iterator[None]:
    """Let what is painted within be painted in a theme; the screen keeps its own."""
    global _current
    before, _current = _current, THEMES[name]
    try:
        yield
    finally:
        _current = before


def use_theme(app: QApplication, name: str) -> None:
    """Show the whole program in that theme. Every widget is repainted by the palette's change."""
    global _current  # one screen has one theme, as it has one QApplication
    _current = THEMES[name]
    app.setStyleSheet(_style_sheet(_current))
    app.setPalette(_palette(_current))


def _palette(t: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(t.surface))
    for which, colour in (
        (role.Window, t.surface),
        (role.Base, t.background),
        (role.AlternateBase, t.surface),
        (role.Button, t.surface),
        (role.Text, t.ink),
        (role.WindowText, t.ink),
        (role.ButtonText, t.ink),
        (role.ToolTipBase, t.card),
        (role.ToolTipText, t.ink),
        (role.PlaceholderText, t.muted),
        (role.Highlight, t.ink),
        (role.HighlightedText, t.background),
        (role.Accent, t.ink),
        (role.Link, t.ink),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.muted))
    return palette


def _style_sheet(t: Theme) -> str:
    template = resource("themes", "style.qss").read_text(encoding="utf-8")
    tick, chevron = (
        resource("icons", f"{name}-{t.name}.svg").as_posix() for name in ("tick", "chevron")
    )
    return Template(template).substitute(asdict(t), family=FAMILY, tick=tick, chevron=chevron)
