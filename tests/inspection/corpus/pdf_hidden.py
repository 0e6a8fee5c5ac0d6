"""PDF pages with words that nobody sees, and twins where everybody does."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Name
from PIL import Image, ImageDraw
from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from wagtail_safeguarding.inspection.media_types import PDF

from .case import Case
from .pdf_page import (
    BY_HAND,
    COVER,
    HIGH,
    OPEN,
    SECRET,
    WIDE,
    Draft,
    Shared,
    paint,
    rectangle,
    scan,
    text,
)

SHOWN = text(OPEN, y=180)
HIDDEN = text(SECRET)
LOOKS = {"M": {"BM": Name.Multiply}, "A": {"ca": 0.3, "CA": 0.3}, "Z": {"ca": 0.0, "CA": 0.0}}
WITH_LOOKS: dict[str, Any] = {"resources": {"ExtGState": LOOKS}}

Pair = tuple[str, str, Draft, Draft]
"""Name, code, planted and harmless."""


def noise(wide: int = 60, high: int = 20) -> Image.Image:
    return Image.effect_noise((wide, high), 90).convert("RGB")


def flat(colour: str = "black") -> Image.Image:
    return Image.new("RGB", (8, 8), colour)


def covered() -> Iterator[Pair]:
    """Under shapes and pictures; the twins have them below, or let the words through."""
    under = partial(Draft, **WITH_LOOKS)
    yield (
        "black box",
        "hidden-shape",
        Draft(SHOWN + HIDDEN + rectangle()),
        Draft(SHOWN + rectangle() + text(SECRET, before="1 g")),
    )
    yield (
        "white box",
        "hidden-shape",
        Draft(SHOWN + HIDDEN + rectangle("1 g")),
        Draft(SHOWN + rectangle(".9 g") + HIDDEN),
    )
    yield (
        "thick line",
        "hidden-shape",
        Draft(SHOWN + HIDDEN + "q 20 w 24 124 m 174 124 l S Q\n"),
        Draft(SHOWN + HIDDEN + "q 1 w 24 124 m 174 124 l S 24 117 m 174 117 l S Q\n"),
    )
    yield (
        "curve",
        "hidden-shape",
        Draft(
            SHOWN
            + HIDDEN
            + "q .2 .2 .6 rg 10 124 m 10 170 200 170 200 124 c 200 80 10 80 10 124 c f Q\n"
        ),
        Draft(
            SHOWN + HIDDEN + "q 2 w 10 124 m 10 170 200 170 200 124 c 200 80 10 80 10 124 c S Q\n"
        ),
    )
    yield (
        "box in a form",
        "hidden-shape",
        Draft(SHOWN + HIDDEN + "/X Do\n", streams={"X": (rectangle().encode(), _form())}),
        Draft(
            SHOWN + "/X Do\n" + HIDDEN, streams={"X": (rectangle("1 1 .6 rg").encode(), _form())}
        ),
    )
    yield (
        "words in a form",
        "hidden-shape",
        Draft(SHOWN + "/X Do\n" + rectangle(), streams={"X": (HIDDEN.encode(), _form())}),
        Draft(SHOWN + rectangle(".8 g") + "/X Do\n", streams={"X": (HIDDEN.encode(), _form())}),
    )
    yield (
        "both in forms within a form",
        "hidden-shape",
        Draft(
            SHOWN + "q .5 0 0 .5 10 10 cm /Y Do Q\n",
            streams={
                "X": (HIDDEN.encode(), _form(Matrix=[2, 0, 0, 2, 0, 0])),
                "W": (rectangle(box=(40, 220, 330, 60)).encode(), _form()),
                "Y": (b"/X Do /W Do", _form()),
            },
        ),
        Draft(
            SHOWN + "q .5 0 0 .5 10 10 cm /Y Do Q\n",
            streams={
                "X": (HIDDEN.encode(), _form(Matrix=[2, 0, 0, 2, 0, 0])),
                "W": (rectangle("1 1 0 rg", box=(40, 220, 330, 60)).encode(), _form()),
                "Y": (b"/W Do /X Do", _form()),
            },
        ),
    )
    yield (
        "part of a word",
        "hidden-shape",
        Draft(SHOWN + text("Ameliasparrowson") + rectangle(box=(72, 112, 50, 24))),
        Draft(SHOWN + text("Ameliasparrowson") + rectangle("1 0 0 rg", box=(72, 117, 50, 1.5))),
    )
    yield (
        "nearly opaque box",
        "hidden-shape",
        Draft(
            SHOWN + HIDDEN + "q /T gs\n" + rectangle() + "Q\n",
            resources={"ExtGState": {"T": {"ca": 0.97}}},
        ),
        under(SHOWN + HIDDEN + "q /A gs\n" + rectangle("1 .8 0 rg") + "Q\n"),
    )
    yield (
        "opaque hatching",
        "hidden-shape",
        Draft(
            SHOWN + HIDDEN + rectangle("/Pattern cs /Px scn"),
            streams={"Px": (b".8 g 0 0 6 6 re f 0 G 0 0 m 6 6 l S", _pattern())},
        ),
        Draft(
            SHOWN + HIDDEN + rectangle("/Pattern cs /Px scn"),
            streams={"Px": (b".4 w 0 G 0 0 m 12 12 l S", _pattern(12))},
        ),
    )
    shading = {
        "S": {
            "ShadingType": 2,
            "ColorSpace": Name.DeviceRGB,
            "Coords": [0, 0, WIDE, 0],
            "Function": {
                "FunctionType": 2,
                "Domain": [0, 1],
                "C0": [1, 0.4, 0.4],
                "C1": [1, 1, 0.6],
                "N": 1,
            },
            "Extend": [True, True],
        }
    }
    sh = "q 24 112 150 24 re W n /S sh Q\n"
    yield (
        "gradient",
        "hidden-shape",
        Draft(SHOWN + HIDDEN + sh, resources={"Shading": shading}),
        Draft(SHOWN + sh + HIDDEN, resources={"Shading": shading}),
    )
    yield (
        "multiplied highlight",
        "hidden-shape",
        Draft(SHOWN + HIDDEN + rectangle("1 1 0 rg")),
        under(SHOWN + HIDDEN + "q /M gs\n" + rectangle("1 1 0 rg") + "Q\n"),
    )
    yield (
        "picture of one colour",
        "hidden-image",
        Draft(SHOWN + HIDDEN + paint("I", COVER), pictures={"I": flat()}),
        Draft(SHOWN + paint("I", COVER) + text(SECRET, before="1 g"), pictures={"I": flat()}),
    )
    yield (
        "photograph",
        "hidden-image",
        Draft(SHOWN + HIDDEN + paint("I", COVER), pictures={"I": noise()}),
        Draft(SHOWN + HIDDEN + paint("I", (200, 20, 150, 80)), pictures={"I": noise()}),
    )
    solid, clear = (Image.new("RGBA", (8, 8), (40, 40, 40, opacity)) for opacity in (255, 40))
    yield (
        "picture with opacity",
        "hidden-image",
        Draft(SHOWN + HIDDEN + paint("I", COVER), pictures={"I": solid}),
        Draft(SHOWN + HIDDEN + paint("I", COVER), pictures={"I": clear}),
    )
    inline = "q 150 0 0 24 24 112 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 00> EI Q\n"
    yield (
        "inline picture",
        "hidden-image",
        Draft(SHOWN + HIDDEN + inline),
        Draft(SHOWN + inline + text(SECRET, before="1 g")),
    )
    mask = "q 0 g 150 0 0 24 24 112 cm BI /W 1 /H 1 /IM true /D [1 0] /F /AHx ID 80> EI Q\n"
    yield (
        "stencil",
        "hidden-image",
        Draft(SHOWN + HIDDEN + mask),
        Draft(SHOWN + mask + text(SECRET, before="1 g")),
    )


def under_text() -> Iterator[Pair]:
    blocks = text("nnnnnnnnnnnn", x=22, y=116, size=22, before="-2 Tc", font="Z")
    yield (
        "blocks of letters",
        "hidden-text",
        Draft(SHOWN + HIDDEN + blocks),
        Draft(SHOWN + "q .85 g " + blocks + "Q\n" + HIDDEN),
    )
    yield (
        "one huge letter",
        "hidden-text",
        Draft(SHOWN + HIDDEN + text("n", x=20, y=70, size=220, font="Z")),
        Draft(SHOWN + "q .92 g " + text("n", x=20, y=70, size=220, font="Z") + "Q\n" + HIDDEN),
    )
    yield (
        "drop shadow",
        "hidden-text",
        Draft(SHOWN + HIDDEN + "q 1 g " + blocks + "Q\n"),
        Draft(
            SHOWN
            + "q .7 g "
            + text(SECRET, x=31, y=119)
            + "Q\n"
            + HIDDEN
            + text("Heading", y=60)
            + text("Heading", x=30.3, y=60)
        ),
    )


def without_contrast() -> Iterator[Pair]:
    yield (
        "white on white",
        "hidden-contrast",
        Draft(SHOWN + text(SECRET, before="1 g")),
        Draft(SHOWN + rectangle(".1 .2 .5 rg") + text(SECRET, before="1 g")),
    )
    yield (
        "nearly white on white",
        "hidden-contrast",
        Draft(SHOWN + text(SECRET, before=".97 g")),
        Draft(SHOWN + text(SECRET, before=".92 g")),
    )
    yield (
        "black on black",
        "hidden-contrast",
        Draft(SHOWN + rectangle() + HIDDEN),
        Draft(SHOWN + rectangle("0 .3 .1 rg") + text(SECRET, before="1 1 .9 rg")),
    )
    yield (
        "colour of a table's shading",
        "hidden-contrast",
        Draft(SHOWN + rectangle(".8 .9 1 rg") + text(SECRET, before=".8 .9 1 rg")),
        Draft(SHOWN + rectangle(".8 .9 1 rg") + text(SECRET, before=".1 .2 .4 rg")),
    )
    yield (
        "colour of a picture",
        "hidden-contrast",
        Draft(
            SHOWN + paint("I", COVER) + text(SECRET, before="1 0 0 rg"),
            pictures={"I": flat("#f00")},
        ),
        Draft(
            SHOWN + paint("I", COVER) + text(SECRET, before="1 0 0 rg"),
            pictures={"I": flat("#080")},
        ),
    )
    yield (
        "transparent",
        "hidden-invisible",
        Draft(SHOWN + "q /Z gs " + HIDDEN + "Q\n", **WITH_LOOKS),
        Draft(SHOWN + "q /A gs " + HIDDEN + "Q\n", **WITH_LOOKS),
    )
    letters = "q " + text(SECRET, before="7 Tr") + rectangle(".8 0 .4 rg") + "Q\n"
    yield (
        "transparent over its picture",
        "hidden-invisible",
        Draft(SHOWN + rectangle(".8 0 .4 rg") + "q /Z gs " + HIDDEN + "Q\n", **WITH_LOOKS),
        Draft(SHOWN + letters + "q /Z gs " + HIDDEN + "Q\n", **WITH_LOOKS),
    )
    yield (
        "same lightness",
        "hidden-contrast",
        Draft(SHOWN + rectangle("1 .3 .3 rg") + text(SECRET, before="1 .3 .3 rg")),
        Draft(SHOWN + rectangle("1 .3 .3 rg") + text(SECRET, before=".1 .67 .3 rg")),
    )


def annotated() -> Iterator[Pair]:
    box = [24, 112, 174, 136]

    def with_one(look: str | None, **given: Any) -> Draft:
        return Draft(SHOWN + HIDDEN, annotations=[{"Rect": box, "look": look, **given}])

    yield (
        "square",
        "hidden-annotation",
        with_one(rectangle(), Subtype=Name.Square, IC=[0, 0, 0]),
        with_one("q 2 w 25 113 148 22 re S Q", Subtype=Name.Square, C=[0, 0, 0]),
    )
    yield (
        "stamp",
        "hidden-annotation",
        with_one(rectangle(".4 .1 .1 rg"), Subtype=Name.Stamp),
        with_one("/A gs " + rectangle(".9 .1 .1 rg"), Subtype=Name.Stamp),
    )
    yield (
        "opaque highlight",
        "hidden-annotation",
        with_one(
            rectangle("0 0 0 rg"),
            Subtype=Name.Highlight,
            QuadPoints=[24, 136, 174, 136, 24, 112, 174, 112],
        ),
        with_one(
            "/M gs " + rectangle("1 1 0 rg"),
            Subtype=Name.Highlight,
            QuadPoints=[24, 136, 174, 136, 24, 112, 174, 112],
        ),
    )
    yield (
        "ink",
        "hidden-annotation",
        with_one("q 22 w 24 124 m 174 124 l S Q", Subtype=Name.Ink, InkList=[[24, 124, 174, 124]]),
        with_one(
            "q 1 w 24 116 m 174 116 l S Q",
            Subtype=Name.Underline,
            QuadPoints=[24, 136, 174, 136, 24, 112, 174, 112],
        ),
    )
    yield (
        "text box",
        "hidden-annotation",
        with_one(rectangle(".95 g"), Subtype=Name.FreeText, DA="0 g /F 12 Tf"),
        Draft(
            SHOWN + HIDDEN,
            annotations=[
                {
                    "Rect": [200, 112, 350, 136],
                    "Subtype": Name.FreeText,
                    "DA": "0 g /F 12 Tf",
                    "Contents": "Figure 1",
                    "look": rectangle(".95 g", (200, 112, 150, 24)) + text("Figure 1", x=205),
                }
            ],
        ),
    )
    yield (
        "link",
        "hidden-annotation",
        with_one(
            rectangle(), Subtype=Name.Polygon, Vertices=[24, 112, 174, 112, 174, 136, 24, 136]
        ),
        with_one(
            None,
            Subtype=Name.Link,
            Border=[0, 0, 2],
            A={"S": Name.URI, "URI": "https://example.org/"},
        ),
    )


def not_drawn() -> Iterator[Pair]:
    page = [(OPEN, 30, 180), (SECRET, 30, 120)]
    ghosts = text(OPEN, y=180, before="3 Tr") + text(SECRET, before="3 Tr")
    yield (
        "invisible",
        "hidden-invisible",
        Draft(SHOWN + text(SECRET, before="3 Tr")),
        Draft(paint("I") + ghosts, pictures={"I": scan(page)}),
    )
    yield (
        "clip only",
        "hidden-invisible",
        Draft(SHOWN + text(SECRET, before="7 Tr")),
        Draft(
            SHOWN
            + "q "
            + text(SECRET, size=30, before="7 Tr")
            + paint("I", (20, 100, 300, 60))
            + "Q\n",
            pictures={"I": flat("#046")},
        ),
    )
    yield (
        "invisible on a coloured box",
        "hidden-invisible",
        Draft(SHOWN + rectangle(".8 .9 1 rg") + text(SECRET, before="3 Tr")),
        Draft(SHOWN + rectangle(".8 .9 1 rg") + HIDDEN + text(SECRET, before="3 Tr")),
    )
    yield (
        "invisible over other words",
        "hidden-invisible",
        Draft(SHOWN + text("Child E and her aunt") + text(SECRET, before="3 Tr")),
        Draft(SHOWN + text("Child E and her aunt") + text("Child E and her aunt", before="3 Tr")),
    )
    black = [((24, 112, 150, 24), "#000")]
    yield (
        "box in a scan",
        "hidden-scan-box",
        Draft(paint("I") + ghosts, pictures={"I": scan(page, black)}),
        Draft(paint("I") + ghosts, pictures={"I": scan(page, noise=60)}),
    )
    yield (
        "grey box in a noisy scan",
        "hidden-scan-box",
        Draft(
            paint("I") + ghosts,
            pictures={"I": scan(page, [((24, 112, 150, 24), "#888")], noise=30)},
        ),
        Draft(
            paint("I") + ghosts,
            pictures={"I": scan(page, [((200, 20, 120, 60), "#888")], noise=30)},
        ),
    )
    yield (
        "drawn box over a scan",
        "hidden-scan-box",
        Draft(paint("I") + ghosts + rectangle(), pictures={"I": scan(page)}),
        Draft(paint("I") + ghosts + rectangle(box=(200, 20, 120, 60)), pictures={"I": scan(page)}),
    )
    yield (
        "annotation over a scan",
        "hidden-scan-box",
        Draft(
            paint("I") + ghosts,
            pictures={"I": scan(page)},
            annotations=[
                {"Rect": [24, 112, 174, 136], "Subtype": Name.Square, "look": rectangle()}
            ],
        ),
        Draft(
            paint("I") + ghosts,
            pictures={"I": scan(page)},
            annotations=[
                {"Rect": [24, 112, 174, 136], "Subtype": Name.Square, "look": "25 113 148 22 re S"}
            ],
        ),
    )
    yield (
        "words under a scan with a box",
        "hidden-scan-box",
        Draft(SHOWN + HIDDEN + paint("I"), pictures={"I": scan(page, black)}),
        Draft(SHOWN + HIDDEN + paint("I"), pictures={"I": scan(page)}),
    )
    white = [((24, 112, 150, 24), "#f7f5ee")]
    yield (
        "whitened scan",
        "hidden-scan-blank",
        Draft(paint("I") + ghosts, pictures={"I": scan(page, white)}),
        Draft(
            # Text that was recognised a little beside where it is.
            paint("I")
            + text(OPEN, x=33, y=183, before="3 Tr")
            + text(SECRET, x=33, y=123, before="3 Tr"),
            pictures={"I": scan(page)},
        ),
    )
    yield from _long_scans()
    strips = {f"I{n}": scan(page, black).crop((0, n * 80, WIDE * 2, n * 80 + 80)) for n in range(6)}
    clean = {f"I{n}": scan(page).crop((0, n * 80, WIDE * 2, n * 80 + 80)) for n in range(6)}
    painted = "".join(paint(f"I{n}", (0, HIGH - 40 * n - 40, WIDE, 40)) for n in range(6))
    yield (
        "scan in strips",
        "hidden-scan-box",
        Draft(SHOWN + HIDDEN + painted, pictures=strips),
        Draft(SHOWN + HIDDEN + painted, pictures=clean),
    )


def _long_scans() -> Iterator[Pair]:
    """Twelve lines, of which four have the words in question."""
    before = "The review looked at how agencies "
    lines = [before + SECRET, "It met six times in all that year", "and spoke to all of them"] * 4
    placed = [(line, 20.0, 220.0 - 18 * row) for row, line in enumerate(lines)]
    recognised = "".join(text(line, x=x, y=y, size=9.3, before="3 Tr") for line, x, y in placed)
    left = 20 + stringWidth(before, "Helvetica", 9.3)
    wide = stringWidth(SECRET, "Helvetica", 9.3)
    whitened = [((left - 1, 216 - 54 * row, wide + 3, 15), "#f7f5ee") for row in range(4)]
    clean = scan(placed, size=9)
    yield (
        "much whitened scan",
        "hidden-scan-blank",
        Draft(paint("I") + recognised, pictures={"I": scan(placed, whitened, size=9)}),
        Draft(paint("I") + recognised, pictures={"I": clean}),
    )
    box = tuple(round(2 * side) for side in (left - 6, HIGH - 232, left + wide + 6, HIGH - 214))
    hatched, cross = clean.copy(), Image.new("RGB", (box[2] - box[0], box[3] - box[1]), "#eee")
    draw = ImageDraw.Draw(cross)
    for step in range(-60, cross.width, 6):
        draw.line((step, cross.height, step + cross.height, 0), "#222", 2)
        draw.line((step, 0, step + cross.height, cross.height), "#222", 2)
    hatched.paste(cross, box[:2])
    yield (
        "hatched box in a scan",
        "hidden-scan-box",
        Draft(paint("I") + recognised, pictures={"I": hatched}),
        Draft(paint("I") + recognised, pictures={"I": scan(placed, noise=80, size=9)}),
    )


def out_of_sight() -> Iterator[Pair]:
    yield (
        "clipped away",
        "hidden-clipped",
        Draft(SHOWN + "q 300 10 40 40 re W n " + HIDDEN + "Q\n"),
        Draft(SHOWN + "q 20 100 200 40 re W n " + HIDDEN + "Q\n"),
    )
    yield (
        "outside of a form's box",
        "hidden-clipped",
        Draft(SHOWN + "/X Do\n", streams={"X": (HIDDEN.encode(), _form(BBox=[300, 0, 340, 40]))}),
        Draft(SHOWN + "/X Do\n", streams={"X": (HIDDEN.encode(), _form(BBox=[20, 100, 340, 140]))}),
    )
    yield (
        "left of the page",
        "hidden-off-page",
        Draft(SHOWN + text(SECRET, x=-200)),
        Draft(SHOWN + HIDDEN, page={"MediaBox": [-210, 0, WIDE, HIGH]}),
    )
    yield (
        "above the page",
        "hidden-off-page",
        Draft(SHOWN + text(SECRET, y=900)),
        Draft(SHOWN + text(SECRET, y=900), page={"MediaBox": [0, 0, WIDE, 1000]}),
    )
    yield (
        "outside of the crop box",
        "hidden-off-page",
        Draft(SHOWN + text(SECRET, y=20), page={"CropBox": [0, 60, WIDE, HIGH]}),
        Draft(SHOWN + text(SECRET, y=80), page={"CropBox": [0, 60, WIDE, HIGH]}),
    )
    yield (
        "outside of a turned crop box",
        "hidden-off-page",
        Draft(SHOWN + text(SECRET, y=20), page={"CropBox": [0, 60, WIDE, HIGH], "Rotate": 90}),
        Draft(SHOWN + text(SECRET, y=80), page={"CropBox": [0, 60, WIDE, HIGH], "Rotate": 90}),
    )
    yield (
        "tiny",
        "hidden-tiny",
        Draft(SHOWN + text(SECRET, size=0.5)),
        Draft(SHOWN + text(SECRET, size=4)),
    )
    yield (
        "tiny by its matrix",
        "hidden-tiny",
        Draft(SHOWN + "q .02 0 0 .02 50 50 cm " + HIDDEN + "Q\n"),
        Draft(SHOWN + "q .5 0 0 .5 50 50 cm " + HIDDEN + "Q\n"),
    )
    yield (
        "of no size",
        "hidden-tiny",
        Draft(SHOWN + text(SECRET, size=0.0005)),
        Draft(SHOWN + text(SECRET, size=0.0005, before="1000 Tz").replace("Amelia Sparrow", "...")),
    )
    yield (
        "of no width",
        "hidden-tiny",
        Draft(SHOWN + text(SECRET, before="0 Tz")),
        Draft(SHOWN + text(SECRET, before="60 Tz")),
    )


def layered() -> Iterator[Pair]:
    def layers(**default: Any) -> tuple[dict[str, Any], Shared]:
        layer = Shared({"Type": Name.OCG, "Name": "Notes"})
        return {"OCProperties": {"OCGs": [layer], "D": {"Order": [layer], **default}}}, layer

    def draft(off: bool, content: Callable[[Shared], Draft], base: bool = False) -> Draft:
        root, layer = layers()
        if off and base:
            root["OCProperties"]["D"]["BaseState"] = Name.OFF
        elif off:
            root["OCProperties"]["D"]["OFF"] = [layer]
        made = content(layer)
        made.root |= root
        return made

    marked = SHOWN + "/OC /L BDC " + HIDDEN + "EMC\n"

    def in_content(layer: Shared) -> Draft:
        return Draft(marked, resources={"Properties": {"L": layer}})

    def in_form(layer: Shared) -> Draft:
        return Draft(SHOWN + "/X Do\n", streams={"X": (HIDDEN.encode(), {**_form(), "/OC": layer})})

    def of_several(layer: Shared) -> Draft:
        several = {"Type": Name.OCMD, "OCGs": [layer], "P": Name.AllOn}
        return Draft(marked, resources={"Properties": {"L": several}})

    yield "layer", "hidden-layer", draft(True, in_content), draft(False, in_content)
    yield "form on a layer", "hidden-layer", draft(True, in_form), draft(False, in_form)
    yield "base state", "hidden-layer", draft(True, in_content, True), draft(False, in_content)
    yield "membership", "hidden-layer", draft(True, of_several), draft(False, of_several)


def harmless() -> Iterator[tuple[str, str, Draft]]:
    """Words that cannot be seen and say little: name, code of the warning or note, page."""
    cell = "q 20 110 60 24 re W n " + text("Amelia Sparrow of Larch Lane") + "Q\n"
    yield "overflowing cell", "hidden-clipped", Draft(SHOWN + cell)
    yield (
        "overflowing line",
        "hidden-off-page",
        Draft(SHOWN + text("A line") + text("that runs on", x=350) + text("and on", x=430)),
    )
    slug = text("Report v2.indd   1", y=-20, size=7)
    boxes = {"CropBox": [0, 0, WIDE, HIGH], "MediaBox": [-40, -40, WIDE + 40, HIGH + 40]}
    yield "slug of a printer", "hidden-off-page", Draft(SHOWN + slug, page=boxes)
    yield "number under a bar", "hidden-shape", Draft(SHOWN + text("12") + rectangle(".3 .5 .8 rg"))
    yield "tiny word in a logo", "hidden-tiny", Draft(SHOWN + text("LOGIK", size=1.2))
    field = {"Rect": [24, 112, 174, 136], "Subtype": Name.Widget, "FT": Name.Tx, "T": "name"}
    form = Draft(
        SHOWN + HIDDEN,
        annotations=[{**field, "look": rectangle("1 g")}],
        root={"AcroForm": {"Fields": []}},
    )
    yield "words under a field", "hidden-field", form


def stretched() -> Case:
    """Words recognised in a scan, and wider than its picture: nothing in it was whitened out."""
    placed = [(OPEN, 20.0, 220.0 - 18 * row) for row in range(12)]
    words = "".join(text(line, x, y, 9.3, before="3 Tr 150 Tz") for line, x, y in placed)
    draft = Draft(paint("I") + words, pictures={"I": scan(placed, size=9)})
    warnings = frozenset(["hidden-scan-blank"])
    return Case("stretched words of a scan", draft.data(), PDF, BY_HAND, warnings=warnings)


def shown_elsewhere() -> Iterator[tuple[str, str, Draft]]:
    """What is shown on the page, and hidden there once more: a note."""
    yield (
        "twice, once clipped",
        "hidden-clipped",
        Draft(SHOWN + HIDDEN + "q 300 10 9 9 re W n " + text(SECRET, y=60) + "Q\n"),
    )
    yield (
        "twice, once white",
        "hidden-contrast",
        Draft(SHOWN + HIDDEN + text(SECRET, y=60, before="1 g")),
    )
    yield "twice, once off the page", "hidden-off-page", Draft(SHOWN + HIDDEN + text(SECRET, y=900))


def _form(**given: Any) -> dict[str, Any]:
    named = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, WIDE, HIGH], **given}
    return {f"/{name}": value for name, value in named.items()}


def _pattern(step: int = 6) -> dict[str, Any]:
    return {
        "/Type": Name.Pattern,
        "/PatternType": 1,
        "/PaintType": 1,
        "/TilingType": 1,
        "/BBox": [0, 0, step, step],
        "/XStep": step,
        "/YStep": step,
    }


KINDS = (covered, under_text, without_contrast, annotated, not_drawn, out_of_sight, layered)


def cases() -> Iterator[Case]:
    for kind in KINDS:
        for name, code, planted, twin in kind():
            for way, change in WAYS.items():
                yield _case(f"{name}, {way}", change(planted), way, code)
                yield _case(f"{name}, {way}, harmless", change(twin), way)
    yield stretched()
    for name, code, draft in harmless():
        yield Case(name, draft.data(), PDF, BY_HAND, warnings=frozenset([code]))
    for name, code, draft in shown_elsewhere():
        yield Case(name, draft.data(), PDF, BY_HAND, notes=frozenset([code]), hidden=SECRET)
    yield from _reportlab()


def _case(name: str, data: bytes, producer: str, *blockers: str) -> Case:
    hidden = ("sparrow" if "part of" in name else SECRET) if blockers else ""
    return Case(name, data, PDF, producer, blockers=frozenset(blockers), hidden=hidden)


def rewritten(data: bytes) -> bytes:
    """As pdfium writes it."""
    out = io.BytesIO()
    with pypdfium2.PdfDocument(data) as pdf:
        pdf.save(out)
    return out.getvalue()


def _turned(draft: Draft) -> bytes:
    """On its side, and its origin elsewhere."""
    turned = Draft(**{**vars(draft), "page": {"Rotate": 270, **draft.page}})
    return turned.data()


def _packed(draft: Draft) -> bytes:
    return draft.data(
        object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, linearize=True
    )


WAYS: dict[str, Callable[[Draft], bytes]] = {
    BY_HAND: Draft.data,
    "pdfium": lambda draft: rewritten(draft.data()),
    "turned": _turned,
    "qpdf": _packed,
}


def _reportlab() -> Iterator[Case]:
    def drawn(draw: Callable[[Canvas], None]) -> bytes:
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(WIDE, HIGH), invariant=True)
        canvas.setFont("Helvetica", 14)
        canvas.drawString(30, 180, OPEN)
        draw(canvas)
        canvas.save()
        return out.getvalue()

    def boxed(canvas: Canvas) -> None:
        canvas.drawString(30, 120, SECRET)
        canvas.rect(24, 112, 150, 24, fill=1)

    def heading(canvas: Canvas) -> None:
        canvas.setFillColor(colors.darkblue)
        canvas.rect(24, 112, 150, 24, fill=1, stroke=0)
        canvas.setFillColor(colors.white)
        canvas.drawString(30, 120, SECRET)

    def white(canvas: Canvas) -> None:
        canvas.setFillColor(colors.white)
        canvas.drawString(30, 120, SECRET)

    def invisible(canvas: Canvas) -> None:
        words = canvas.beginText(30, 120)
        words.setTextRenderMode(3)
        words.textOut(SECRET)
        canvas.drawText(words)

    def field(canvas: Canvas) -> None:
        canvas.drawString(30, 150, "Name of the child:")
        canvas.acroForm.textfield(name="child", x=30, y=112, width=150, height=24, value="Child E")

    def highlight(canvas: Canvas) -> None:
        canvas.setFillColor(colors.yellow)
        canvas.rect(24, 112, 150, 24, fill=1, stroke=0)
        canvas.setFillColor(colors.black)
        canvas.drawString(30, 120, SECRET)
        canvas.highlightAnnotation("", Rect=(24, 112, 174, 136), Color=(1, 1, 0))

    yield _case("reportlab box", drawn(boxed), "reportlab", "hidden-shape")
    yield _case("reportlab heading, harmless", drawn(heading), "reportlab")
    yield _case("reportlab white", drawn(white), "reportlab", "hidden-contrast")
    yield _case("reportlab highlight, harmless", drawn(highlight), "reportlab")
    yield _case("reportlab invisible", drawn(invisible), "reportlab", "hidden-invisible")
    yield _case("reportlab field, harmless", drawn(field), "reportlab")
