"""The diagram as a file: judged by an XML parser, by what a PDF reader finds, and by its pixels."""

import re
import struct
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QImage

from nnsim import Document, Network, Samples
from nnsim.app import make_application
from nnsim.files.examples import open_example
from nnsim.model.frame import Focus, frame_of
from nnsim.model.history import History
from nnsim.model.run import Run
from nnsim.tracing.wording import on_paper
from nnsim.views.diagram.layout import lay_out
from nnsim.views.diagram.picture import (
    MOST_PIXELS,
    Background,
    PictureStyle,
    most_scale,
    picture_bytes,
    picture_mime,
)
from nnsim.views.parts.theme import DARK, LIGHT, theme, use_theme


@pytest.fixture
def shown(qapp):
    """The XOR network, laid out."""
    make_application()
    document = open_example("xor")
    frame = frame_of(History(Run.of(document)), Focus())
    return lay_out(document.network, QSizeF(880, 552)), frame


@pytest.fixture
def dark(qapp):
    use_theme(qapp, "dark")
    yield
    use_theme(qapp, "light")


def numbers(scene):
    """All that have room on the screen too."""
    network = scene.network
    return {on_paper(float(network.parameters[network.index_of(ref)])) for ref in scene.labels}


def image_of(shown, **style):
    return QImage.fromData(picture_bytes(".png", *shown, PictureStyle(**style)))


def test_a_pdf_has_no_page_that_readers_refuse(qapp):
    make_application()
    document = Document(
        Network.dense([1] * 300, ["tanh"] * 299, [[[0.5]]] * 299), Samples.none(1, 1)
    )
    frame = frame_of(History(Run.of(document)), Focus())
    scene = lay_out(document.network, QSizeF(880, 552))
    pdf = picture_bytes(".pdf", scene, frame, PictureStyle())
    box = re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
    width, height = float(box[1]), float(box[2])
    assert width == pytest.approx(14_400, abs=1)
    assert width / height == pytest.approx(scene.size.width() / scene.size.height(), rel=0.01)


def test_in_svg_every_number_is_text(shown):
    root = ElementTree.fromstring(picture_bytes(".svg", *shown, PictureStyle()))
    texts = {"".join(e.itertext()) for e in root.iter("{http://www.w3.org/2000/svg}text")}

    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert numbers(shown[0]) <= texts
    assert {"hidden1", "output", "expected"} <= texts
    width, height = map(float, root.get("viewBox").split()[2:])
    assert (width, height) == (shown[0].size.width(), shown[0].size.height())


def test_in_pdf_a_reader_finds_every_number(shown, tmp_path):
    path = tmp_path / "network.pdf"
    path.write_bytes(picture_bytes(".pdf", *shown, PictureStyle()))
    words = subprocess.run(
        ["pdftotext", str(path), "-"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    about = subprocess.run(
        ["pdfinfo", str(path)], capture_output=True, text=True, check=True, timeout=60
    ).stdout

    assert numbers(shown[0]) <= set(words.split())
    assert re.search(r"Pages:\s+1\n", about)
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+) pts", about)
    assert float(size[1]) == pytest.approx(shown[0].size.width() * 0.75, abs=1)


@pytest.mark.parametrize("scale", [1, 3])
def test_a_png_has_the_chosen_size(shown, scale):
    image = image_of(shown, scale=scale)

    assert image.size() == (shown[0].size * scale).toSize()
    assert image.pixelColor(0, 0) == QColor(LIGHT.background)


def test_without_a_background_it_is_transparent(shown):
    image = image_of(shown, background=Background.none)

    assert image.pixelColor(0, 0).alpha() == 0
    solid = [image.pixelColor(x, y).alpha() for x in range(0, 1700, 7) for y in range(0, 1000, 7)]
    assert max(solid) == 255


def test_on_a_dark_screen_a_light_picture_is_light_and_the_screen_stays_dark(shown, dark):
    assert image_of(shown).pixelColor(0, 0) == QColor(DARK.background)
    assert image_of(shown, background=Background.light).pixelColor(0, 0) == QColor(LIGHT.background)
    assert theme() is DARK


def test_on_the_clipboard_it_is_pixels_and_svg(shown):
    data = picture_mime(*shown, PictureStyle())

    assert data.hasImage()
    assert data.data("image/svg+xml").data().startswith(b"<?xml")


def test_a_network_of_many_layers_gets_no_more_pixels_than_there_is_room_for(shown):
    scene, frame = shown
    assert most_scale(scene) == 8
    wide = replace(scene, size=QSizeF(40_370, 552))  # as of 300 layers; 8 would be 6 GB
    assert most_scale(wide) == 2

    data = picture_bytes(".png", wide, frame, PictureStyle(scale=8))
    width, height = struct.unpack(">II", data[16:24])  # of the header that begins every PNG
    assert (width, height) == (80_740, 1_104)
    assert width * height <= MOST_PIXELS
    assert most_scale(replace(scene, size=QSizeF(10_000_000, 552))) == 1
