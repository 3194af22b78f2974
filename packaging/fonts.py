"""Name the fonts that travel with the program, so that no font of the machine is taken for them.

A person who has Inter installed has another version of it, and Qt would mix the two: weights and
widths would then differ from machine to machine. `python packaging/fonts.py FILE…` (it needs
fontTools) renames Inter's files in place; the licence (resources/fonts/OFL.txt) reserves no name.
"""

import sys
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "nnsim Inter"
FAMILY_ID, SUBFAMILY_ID, UNIQUE_ID, FULL_ID, POSTSCRIPT_ID = 1, 2, 3, 4, 6
TYPOGRAPHIC_FAMILY_ID, TYPOGRAPHIC_STYLE_ID = 16, 17
WWS_FAMILY_ID, WWS_STYLE_ID = 21, 22


def rename(path: Path) -> None:
    """Give the font in a file the program's family; its style and everything else stay."""
    font = TTFont(path)
    names = font["name"]
    style = names.getDebugName(TYPOGRAPHIC_STYLE_ID) or names.getDebugName(SUBFAMILY_ID)
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    for text, identifier in (
        (f"{FAMILY} {style}", FAMILY_ID),
        ("Regular", SUBFAMILY_ID),
        (f"{names.getDebugName(5)};{postscript}", UNIQUE_ID),
        (f"{FAMILY} {style}", FULL_ID),
        (postscript, POSTSCRIPT_ID),
        (FAMILY, TYPOGRAPHIC_FAMILY_ID),
        (style, TYPOGRAPHIC_STYLE_ID),
    ):
        names.setName(text, identifier, 3, 1, 0x409)
    for identifier in (WWS_FAMILY_ID, WWS_STYLE_ID):
        names.removeNames(nameID=identifier)
    font.save(path)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        rename(Path(name))
