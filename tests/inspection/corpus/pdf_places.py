"""Words in the less known places of a PDF: what annotations draw, what is never drawn, data whose
meaning only the program knew that wrote them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from .case import Case
from .pdf_page import COVER, OPEN, SECRET, WIDE, Draft, Shared, rectangle, text
from .pdf_structure import BOX, PAGE, PLAIN, added, planted, twin

FORM = {
    "Type": Name.XObject,
    "Subtype": Name.Form,
    "BBox": [0, 0, WIDE, 240],
}
GREETING = text("How agencies worked together")


def _form(content: str, **given: Any) -> tuple[bytes, dict[str, Any]]:
    return content.encode(), {f"/{name}": value for name, value in {**FORM, **given}.items()}


def drawn_by_annotations() -> Iterator[Case]:
    def stamped(look: str, *others: dict[str, Any]) -> bytes:
        stamp = {"Rect": BOX, "Subtype": Name.Stamp, "look": look}
        return Draft(PAGE, annotations=[stamp, *others]).data()

    under = stamped(text(SECRET) + rectangle())
    yield planted("stamp under its own box", under, "hidden-shape", hidden=SECRET)
    box = {"Rect": BOX, "Subtype": Name.Square, "look": rectangle()}
    covered = stamped(text(SECRET), box)
    yield planted("stamp under a square", covered, "hidden-shape", hidden=SECRET)
    white = stamped(text(SECRET, before="1 g"))
    yield planted("stamp in white", white, "hidden-contrast", hidden=SECRET)
    yield twin("stamp on its own box", stamped(rectangle(".9 g") + text(SECRET)))
    frame = {**box, "look": "q 1 0 0 RG 25 113 148 22 re S Q"}
    yield twin("stamp in a frame", stamped(text(SECRET), frame))

    def button(**looks: tuple[bytes, dict[str, Any]]) -> bytes:
        kinds: dict[str, Any] = {"FT": Name.Btn, "Ff": 1 << 16, "T": "button"}
        one = {"Rect": BOX, "Subtype": Name.Widget, **kinds, "AP": looks}
        return Draft(PAGE, annotations=[one], root={"AcroForm": {"Fields": []}}).data()

    font = {"Type": Name.Font, "Subtype": Name.Type1, "BaseFont": Name.Helvetica}
    form = {**FORM, "Resources": {"Font": {"F": font}}}
    greeting, secret = (GREETING.encode(), form), (text(SECRET).encode(), form)
    pressed = button(N=greeting, D=secret)
    yield planted("button when pressed", pressed, "pdf-undrawn", hidden=SECRET)
    same = button(N=greeting, D=greeting)
    yield twin("button when pressed", same)
    black = {"Rect": BOX, "Subtype": Name.Widget, "FT": Name.Tx, "T": "f", "look": rectangle()}
    field = Draft(
        PAGE + text(SECRET), annotations=[black], root={"AcroForm": {"Fields": []}}
    ).data()
    yield planted("black field", field, "hidden-annotation", hidden=SECRET)


def never_drawn() -> Iterator[Case]:
    left = Draft(PAGE, streams={"X": _form(text(SECRET))}).data()
    yield planted("form left in the resources", left, "pdf-undrawn", hidden=SECRET)
    used = Draft(PAGE + "/X Do\n", streams={"X": _form(text(SECRET))}).data()
    yield twin("form in the resources", used)
    inner = {"X": _form(text(SECRET)), "Y": _form("q /X Do Q")}
    yield twin("form in a form", Draft(PAGE + "/Y Do\n", streams=inner).data())
    repeated = Draft(PAGE, streams={"X": _form(text(OPEN))}).data()
    yield twin("form left in the resources", repeated)

    group = {"S": Name.Transparency, "CS": Name.DeviceGray}
    for shade, name in ((0, "masked away"), (1, "behind a clear mask")):
        mask = (f"{shade} g 0 0 {WIDE} 240 re f".encode(), {**FORM, "Group": group})
        looks = {"ExtGState": {"M": {"SMask": {"S": Name.Luminosity, "G": mask}}}}
        data = Draft(PAGE + "q /M gs " + text(SECRET) + "Q\n", resources=looks).data()
        if shade:
            yield twin(f"words {name}", data)
        else:
            yield planted(f"words {name}", data, "hidden-invisible", hidden=SECRET)
    ink = Array([Name.Separation, Name("/None"), Name.DeviceGray])
    ink.append(Dictionary(FunctionType=2, Domain=[0, 1], C0=[1], C1=[0], N=1))
    none = Draft(
        PAGE + text(SECRET, before="/N cs 1 scn"), resources={"ColorSpace": {"N": ink}}
    ).data()
    yield planted("ink that is none", none, "hidden-invisible", hidden=SECRET)


def dependent_layers() -> Iterator[Case]:
    def of(layer: Shared, membership: Any) -> bytes:
        root = {"OCProperties": {"OCGs": [layer], "D": {"Order": [layer]}}}
        marked = PAGE + "/OC /L BDC " + text(SECRET) + "EMC\n"
        return Draft(marked, root=root, resources={"Properties": {"L": membership}}).data()

    def layer(**given: Any) -> Shared:
        return Shared({"Type": Name.OCG, "Name": "Notes", **given})

    off = {"View": {"ViewState": Name.OFF}, "Print": {"PrintState": Name.ON}}
    paper = layer(Usage=off)
    yield planted("layer for paper", of(paper, paper), "hidden-layer", hidden=SECRET)
    screen = layer(Usage={"View": {"ViewState": Name.ON}})
    yield twin("layer for the screen", of(screen, screen))
    for name, rule in {"any off": {"P": Name.AnyOff}, "not": {"VE": [Name.Not]}}.items():
        one = layer()
        rule = {key: [*value, one] if key == "VE" else value for key, value in rule.items()}
        several = {"Type": Name.OCMD, "OCGs": [one], **rule}
        yield planted(f"layer if {name}", of(one, several), "hidden-layer", hidden=SECRET)


def identified() -> Iterator[Case]:
    """Short words and numbers that a box covers, and that identify somebody all the same."""
    for said in ("LS1 4AP", "0113 496 0123", "943 476 5919"):
        covered = Draft(PAGE + text(said) + rectangle(box=COVER)).data()
        yield planted(f"{said} under a box", covered, "hidden-shape", hidden=said)
    yield twin("number on a box", Draft(PAGE + rectangle(".9 g") + text("0113 496 0123")).data())


def strings() -> Iterator[Case]:
    """Nothing is said of these; but names are looked for in them."""
    places: dict[str, dict[str, Any]] = {
        "thread": {"root": {"Threads": [{"I": {"Title": SECRET}}]}},
        "base address": {"root": {"URI": {"Base": f"https://example.org/{SECRET}/"}}},
        "unknown key": {"root": {"XCaseFile": {"Client": SECRET}}},
        "key": {"root": {"XAmelia Sparrow": 1}},
        "summary of a table": {
            "root": {
                "StructTreeRoot": {
                    "Type": Name.StructTreeRoot,
                    "K": {"Type": Name.StructElem, "S": Name.Table, "A": {"Summary": SECRET}},
                }
            }
        },
        "stream": {"root": {"XCaseFile": (SECRET.encode(), {})}},
        "layer's name": {"root": {"OCProperties": {"OCGs": [{"Type": Name.OCG, "Name": SECRET}]}}},
        "part of the page": {"page": {"VP": [{"Type": Name.Viewport, "Name": SECRET}]}},
        "remark in the content": {"content": f"{PAGE}% {SECRET}\n"},
        "property of content": {"content": f"/Artifact <</Who ({SECRET})>> BDC\n{PAGE}EMC\n"},
    }
    for name, given in places.items():
        draft = Draft(given.pop("content", PAGE), **given)
        yield twin(f"{name} with words", draft.data(), hidden=SECRET)
    tile = {
        "PatternType": 1,
        "PaintType": 1,
        "TilingType": 1,
        "BBox": [0, 0, 200, 40],
        "XStep": 200,
        "YStep": 40,
    }
    pattern = {"Px": (text(SECRET, 5, 5).encode(), {f"/{key}": tile[key] for key in tile})}
    painted = Draft(PAGE + rectangle("/Pattern cs /Px scn"), streams=pattern).data()
    yield twin("pattern of words", painted, hidden=SECRET)
    # The table of places is wrong then; programs look for the objects.
    plain = Draft(PAGE).data(**PLAIN)
    remark = re.sub(rb"endobj\n", b"endobj\n%% %s\n" % SECRET.encode(), plain, count=1)
    yield twin("remark between objects", remark, hidden=SECRET)
    start = plain.index(b"\n") + 1
    head = plain[:start] + b"% " + SECRET.encode() + b"\n" + plain[start:]
    yield twin("remark at the beginning", head, hidden=SECRET)


def people_taken_out() -> Iterator[Case]:
    with Draft(PAGE).pdf() as pdf:
        pdf.docinfo["/Author"] = String("A. Person")
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, **PLAIN)
    data = out.getvalue()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.trailer.Info.objgen[0]
    gone = added(data, {number: b"<< /Producer (another) >>"})
    yield planted(
        "author taken out",
        gone,
        warnings=["pdf-author"],
        notes=["pdf-earlier-revision"],
        hidden="A. Person",
    )


def cases() -> Iterator[Case]:
    yield from drawn_by_annotations()
    yield from never_drawn()
    yield from dependent_layers()
    yield from identified()
    yield from strings()
    yield from people_taken_out()
    address = {
        "Rect": BOX,
        "Subtype": Name.Link,
        "A": {"S": Name.URI, "URI": "javascript:alert(1)"},
    }
    yield planted(
        "link that runs a script", Draft(PAGE, annotations=[address]).data(), "pdf-javascript"
    )
