"""The colours of the screen, light and dark: one table for palette, style sheet and painting."""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

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
    return f"""
    * {{ font-family: "{FAMILY}"; font-size: 13px; }}
    QToolTip {{ color: {t.ink}; background: {t.card}; border: 1px solid {t.border}; padding: 4px; }}
    QMenu {{ background: {t.card}; border: 1px solid {t.border}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 6px; color: {t.ink}; }}
    QMenu::item:selected {{ background: {t.pressed}; }}
    QMenu::item:disabled {{ color: {t.muted}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QPushButton, QToolButton {{
        background: transparent; color: {t.ink}; border: 1px solid transparent;
        border-radius: 6px; padding: 0 10px; min-height: 30px; font-weight: 500;
    }}
    QPushButton {{ background: {t.card}; border-color: {t.border}; }}
    QPushButton:hover, QToolButton:hover {{ border-color: {t.ink}; }}
    QPushButton:pressed, QToolButton:pressed, QToolButton:checked {{ background: {t.pressed}; }}
    QPushButton:focus, QToolButton:focus {{ border: 2px solid {t.ink}; padding: 0 9px; }}
    QPushButton:disabled, QToolButton:disabled {{ color: {t.muted}; border-color: transparent; }}
    QPushButton[main="true"], QToolButton[main="true"] {{
        background: {t.ink}; color: {t.background}; border-color: {t.ink}; font-weight: 600;
    }}
    QPushButton[main="true"]:disabled, QToolButton[main="true"]:disabled {{
        background: {t.pressed}; color: {t.muted}; border-color: {t.pressed};
    }}
    QPushButton[main="true"]:focus, QToolButton[main="true"]:focus {{
        border: 2px solid {t.positive};
    }}
    QToolButton[outlined="true"] {{ background: {t.card}; border-color: {t.border}; }}
    QToolButton[outlined="true"]:hover {{ border-color: {t.ink}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QLineEdit, QSpinBox, QComboBox, QPlainTextEdit {{
        background: {t.card}; color: {t.ink}; border: 1px solid {t.border};
        border-radius: 6px; padding: 0 8px; min-height: 26px;
        selection-background-color: {t.ink}; selection-color: {t.background};
    }}
    QLineEdit:focus, QSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus {{
        border: 2px solid {t.ink}; padding: 0 7px;
    }}
    QLineEdit[wrong="true"] {{ border: 2px solid {t.wrong}; padding: 0 7px; }}
    QComboBox QAbstractItemView {{ background: {t.card}; color: {t.ink}; }}
    QTableView {{
        background: {t.surface}; color: {t.ink}; border: none; gridline-color: {t.line};
        selection-background-color: {t.selected}; selection-color: {t.ink};
    }}
    QHeaderView::section {{
        background: {t.surface}; color: {t.muted}; border: none;
        border-bottom: 1px solid {t.line}; padding: 0 3px; font-size: 12px; font-weight: 500;
    }}
    QHeaderView {{ background: {t.surface}; border: none; }}
    QTableCornerButton::section {{ background: {t.surface}; border: none; }}
    QSplitter::handle {{ background: {t.line}; }}
    QScrollBar {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ width: 10px; }} QScrollBar:horizontal {{ height: 10px; }}
    QScrollBar::handle {{ background: {t.border}; border-radius: 4px; margin: 1px;
        min-height: 24px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSlider::groove:horizontal {{ height: 4px; background: {t.border}; border-radius: 2px; }}
    QSlider::sub-page:horizontal {{ background: {t.ink}; border-radius: 2px; }}
    QSlider::handle:horizontal {{
        width: 12px; margin: -5px 0; border-radius: 7px;
        background: {t.card}; border: 2px solid {t.ink};
    }}
    QSlider::handle:horizontal:focus {{ background: {t.ink}; }}
    QLabel[role="title"] {{ font-weight: 600; }}
    QLabel[role="muted"], QLabel[role="hint"] {{ color: {t.muted}; font-size: 12px; }}
    QLabel[role="wrong"] {{ color: {t.wrong}; }}
    QLabel[role="reason"] {{
        color: {t.wrong}; background: {t.card}; border: 1px solid {t.wrong};
        border-radius: 6px; padding: 6px 8px; font-size: 12px;
    }}
    QWidget[surface="background"] {{ background: {t.background}; }}
    QWidget[surface="banner"] {{ background: {t.pressed}; }}
    QWidget[surface="surface"] {{ background: {t.surface}; }}
    """
