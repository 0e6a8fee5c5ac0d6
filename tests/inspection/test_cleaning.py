"""A cleaned copy leaves out what nobody reads, and alters nothing that a reader sees."""

from __future__ import annotations

import io
import runpy
import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
import numpy as np
import pikepdf
import pptx
import pypdfium2
import pytest
from defusedxml import ElementTree
from PIL import Image, ImageOps

from tests.inspection.corpus import opendocument, pdf_structure, pictures, presentation, word
from tests.inspection.corpus.case import Case
from tests.inspection.files import readable_pdf
from wagtail_safeguarding.inspection.cleaning import worker
from wagtail_safeguarding.inspection.cleaning.copies import CLEANABLE, clean
from wagtail_safeguarding.inspection.cleaning.removals import WORDS, NotCleaned
from wagtail_safeguarding.inspection.inside import WORKERS
from wagtail_safeguarding.inspection.media_types import PDF

CASES = [
    case
    for module in (pdf_structure, word, presentation, opendocument, pictures)
    for case in module.cases()
    if case.media_type in CLEANABLE
]

REFUSED = {"usage rights, harmless", "XFA", "XFA only", "signature", "encrypted", "word-macros"}
"""By name: a copy would change something that must stay."""

GONE = {
    "pdf-comment",
    "pdf-people",
    "pdf-author",
    "pdf-path",
    "pdf-custom-metadata",
    "pdf-private-data",
    "pdf-thumbnail",
    "pdf-picture-place",
    "pdf-attachment",
    "pdf-portfolio",
    "pdf-javascript",
    "pdf-launch",
    "pdf-earlier-text",
    "pdf-earlier-picture",
    "pdf-earlier-revision",
    "pdf-trailing-data",
    "office-revision-ids",
    "office-thumbnail",
    "office-property",
    "office-comment",
    "office-author",
    "office-remote-template",
    "office-template",
    "office-custom-property",
    "office-leftover",
    "office-printer",
    "image-position",
    "image-person",
    "image-camera",
    "image-serial",
    "image-comment",
    "image-copyright",
    "image-depicted",
    "image-place",
    "image-path",
    "image-thumbnail-differs",
    "image-thumbnail",
    "image-trailing",
}
"""Codes that no cleaned copy of the corpus has."""
NOT_TEXT = {
    "docProps/core.xml",
    "docProps/app.xml",
    "meta.xml",
    "settings.xml",
    "word/settings.xml",
}
ANSWERS = {path: runpy.run_path(str(path))["answer"] for path in set(WORKERS.values())}


def copy_of(data: bytes) -> tuple[bytes, dict[str, int]]:
    made = io.BytesIO()
    removed = worker.answer(io.BytesIO(data), made)
    return made.getvalue(), removed


def codes(case: Case, data: bytes) -> set[str]:
    found = ANSWERS[WORKERS[case.media_type]](io.BytesIO(data))["found"]
    return {one["code"] for one in found}


# What is seen


def pages(data: bytes, *, marks: bool) -> Iterator[tuple[str, Any]]:
    with pypdfium2.PdfDocument(data) as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            text = page.get_textpage()
            bitmap = page.render(draw_annots=marks, may_draw_forms=False)
            yield text.get_text_range(), bitmap.to_numpy().copy()


def texts(data: bytes) -> dict[str, str]:
    """The text of each XML part that a reader may see something of."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml") and name not in NOT_TEXT and name != "[Content_Types].xml":
                root = ElementTree.fromstring(archive.read(name))
                for above in list(root.iter()):
                    for one in list(above):
                        if one.tag.endswith("}annotation"):
                            after = one.tail
                            one.clear()
                            one.tail = after
                found[name] = "".join("".join(root.itertext()).split())
    return found


def shown(data: bytes) -> Any:
    image = Image.open(io.BytesIO(data))
    return np.asarray(ImageOps.exif_transpose(image).convert("RGBA"))


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name not in REFUSED],
    ids=lambda case: f"{case.media_type[-9:]}-{case.name}",
)
def test_a_copy_shows_and_says_the_same_and_gives_less_away(case: Case) -> None:
    copy, removed = copy_of(case.data)
    if case.media_type == PDF:
        before, after = (list(pages(data, marks=False)) for data in (case.data, copy))
        assert [text for text, _look in before] == [text for text, _look in after]
        for (_text, one), (_other, another) in zip(before, after, strict=True):
            assert np.array_equal(one, another)
    elif case.media_type.startswith("image/"):
        assert np.array_equal(shown(case.data), shown(copy))
    else:
        before, after = texts(case.data), texts(copy)
        assert after == {name: text for name, text in before.items() if name in after}
    assert codes(case, copy).isdisjoint(GONE)
    assert codes(case, copy) - codes(case, case.data) <= {"access-pdf-ua"}
    assert set(removed) <= set(WORDS)
    # Nothing is left for a second time.
    assert copy_of(copy)[1] == {}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_no_copy_is_made_of_what_would_change(name: str) -> None:
    found = [case for case in CASES if case.name == name]
    assert found
    for case in found:
        with pytest.raises((NotCleaned, ValueError)):
            copy_of(case.data)


# PDF


def a_pdf(change: Any) -> bytes:
    with pikepdf.open(io.BytesIO(readable_pdf("What the review says"))) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def annotation(pdf: Any, kind: str, **values: Any) -> None:
    look = pdf.make_stream(b"0 0 0 rg 0 0 80 20 re f")
    look.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form})
    look["/BBox"] = [0, 0, 80, 20]
    made = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name(f"/{kind}"),
            Rect=[72, 715, 152, 735],
            T="A. Writer",
            Contents="Is this her name?",
            AP=pikepdf.Dictionary(N=look),
            **values,
        )
    )
    page = pdf.pages[0].obj
    page["/Annots"] = pikepdf.Array([*page.get("/Annots", []), made])


@pytest.mark.parametrize("kind", ["Square", "Highlight", "Stamp", "Redact", "FreeText"])
def test_a_mark_over_the_text_stays_and_loses_its_author(kind: str) -> None:
    """Without it, readers would see what it covers."""
    data = a_pdf(lambda pdf: annotation(pdf, kind))
    copy, _removed = copy_of(data)
    (_text, before), *_rest = pages(data, marks=True)
    (_text, after), *_rest = pages(copy, marks=True)
    assert np.array_equal(before, after)
    assert b"A. Writer" not in uncompressed(copy)
    assert (b"Is this her name?" in uncompressed(copy)) is (kind in {"Redact", "FreeText"})


@pytest.mark.parametrize("kind", ["Text", "Popup", "FileAttachment", "Sound"])
def test_a_remark_goes_whole_even_where_the_structure_points_to_it(kind: str) -> None:
    def change(pdf: Any) -> None:
        annotation(pdf, kind)
        pdf.Root["/StructTreeRoot"] = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.StructTreeRoot,
                K=pikepdf.Dictionary(Type=pikepdf.Name.OBJR, Obj=pdf.pages[0].obj.Annots[0]),
            )
        )

    copy, removed = copy_of(a_pdf(change))
    assert removed
    assert b"Is this her name?" not in uncompressed(copy)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert len(pdf.pages[0].obj.Annots) == 0


def test_title_language_and_tags_stay() -> None:
    def change(pdf: Any) -> None:
        pdf.Root["/Lang"] = "en-GB"
        pdf.Root["/MarkInfo"] = pikepdf.Dictionary(Marked=True)
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "Learning review Child M"
            metadata["dc:creator"] = ["A. Writer"]
            metadata["pdfuaid:part"] = "1"

    copy, removed = copy_of(a_pdf(change))
    assert removed == {"metadata": 1}
    assert b"A. Writer" not in uncompressed(copy)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert (str(pdf.Root.Lang), bool(pdf.Root.MarkInfo.Marked)) == ("en-GB", True)
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"] == "Learning review Child M"
            assert metadata["pdfuaid:part"] == "1"
            assert "dc:creator" not in metadata


def test_a_font_or_picture_of_any_name_stays() -> None:
    def change(pdf: Any) -> None:
        fonts = pdf.pages[0].obj.Resources.Font
        for name in ("/AA", "/AF", "/A", "/JS", "/Metadata", "/S"):
            fonts[name] = fonts["/F1"]

    copy, removed = copy_of(a_pdf(change))
    assert removed == {}
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert set(pdf.pages[0].obj.Resources.Font.keys()) >= {"/AA", "/AF", "/Metadata"}


def uncompressed(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        return out.getvalue()


@pytest.mark.parametrize("trouble", ["encrypted", "signed", "two forms"])
def test_no_copy_is_made_where_something_would_change(trouble: str) -> None:
    def change(pdf: Any) -> None:
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pikepdf.Dictionary(ByteRange=[0, 1]))
        form = {"/Fields": pikepdf.Array([pdf.make_indirect(field)])}
        if trouble == "two forms":
            form = {"/XFA": pikepdf.Array([])}
        if trouble != "encrypted":
            pdf.Root["/AcroForm"] = pikepdf.Dictionary(form)

    data = a_pdf(change)
    if trouble == "encrypted":
        with pikepdf.open(io.BytesIO(data)) as pdf:
            out = io.BytesIO()
            pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
            data = out.getvalue()
    with pytest.raises(NotCleaned):
        copy_of(data)


# Office


def test_word_opens_the_copy_with_its_comment_gone() -> None:
    document = docx.Document()
    document.core_properties.author = "A. Writer"
    document.core_properties.title = "Learning review"
    paragraph = document.add_paragraph("What the review says")
    document.add_comment(paragraph.runs, text="Is this her name?", author="A. Writer")
    out = io.BytesIO()
    document.save(out)
    copy, removed = copy_of(out.getvalue())
    assert removed["comments"] == 1
    again = docx.Document(io.BytesIO(copy))
    assert [one.text for one in again.paragraphs] == ["What the review says"]
    assert again.core_properties.author == ""
    assert again.core_properties.title == "Learning review"
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for word_ in (b"A. Writer", b"her name", b"commentReference"):
        assert word_ not in everything


def test_powerpoint_opens_the_copy() -> None:
    show = pptx.Presentation()
    show.core_properties.author = "A. Writer"
    slide = show.slides.add_slide(show.slide_layouts[0])
    slide.shapes.title.text = "What the review says"
    out = io.BytesIO()
    show.save(out)
    copy, removed = copy_of(out.getvalue())
    assert removed["properties"]
    again = pptx.Presentation(io.BytesIO(copy))
    assert again.slides[0].shapes.title.text == "What the review says"
    assert again.core_properties.author == ""


def test_custom_xml_that_the_text_is_read_from_stays() -> None:
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": "<Relationships/>",
        "word/document.xml": '<d xmlns:w="w"><w:dataBinding/><w:t>text</w:t></d>',
        "customXml/item1.xml": "<x/>",
    }
    copy, removed = copy_of(package(parts))
    assert "custom-xml" not in removed
    assert "customXml/item1.xml" in zipfile.ZipFile(io.BytesIO(copy)).namelist()
    parts["word/document.xml"] = '<d xmlns:w="w"><w:t>text</w:t></d>'
    copy, removed = copy_of(package(parts))
    assert removed["custom-xml"] == 1
    assert "customXml/item1.xml" not in zipfile.ZipFile(io.BytesIO(copy)).namelist()


@pytest.mark.parametrize(
    "part",
    [
        {"_xmlsignatures/sig1.xml": "<x/>"},
        {"docProps/core.xml": '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'},
        {"docProps/core.xml": "<x>"},
    ],
    ids=["signed", "entities", "damaged"],
)
def test_no_copy_is_made_of_a_package_that_is_signed_or_odd(part: dict[str, str]) -> None:
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>", **part}
    with pytest.raises(NotCleaned):
        copy_of(package(parts))


def package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


# Pictures


def test_a_photograph_stays_upright() -> None:
    image = Image.new("RGB", (30, 20), "red")
    image.paste("blue", (0, 0, 10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    for kind in ("JPEG", "PNG"):
        out = io.BytesIO()
        image.save(out, kind, exif=exif)
        copy, removed = copy_of(out.getvalue())
        assert removed == {"metadata": 1}
        assert b"Camera" not in copy
        assert np.array_equal(shown(out.getvalue()), shown(copy))
        assert Image.open(io.BytesIO(copy)).getexif() == {0x0112: 6}


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_that_is_cut_off_is_not_copied(kind: str) -> None:
    out = io.BytesIO()
    Image.effect_noise((60, 60), 90).save(out, kind)
    whole = out.getvalue()
    for length in range(12, len(whole) - 2, 97):
        with pytest.raises(NotCleaned):
            copy_of(whole[:length])


# In a process of its own


def test_the_copy_is_made_in_a_child_with_limits() -> None:
    data = a_pdf(lambda pdf: pdf.docinfo.update({"/Author": "A. Writer"}))
    with tempfile.TemporaryFile() as made:
        assert clean(io.BytesIO(data), made, max_bytes=1_000_000) == [("metadata", 1)]
        assert b"A. Writer" not in uncompressed(made.read())


@pytest.mark.parametrize("trouble", ["damaged", "too large", "of another kind"])
def test_what_goes_wrong_in_the_child_is_one_error(trouble: str) -> None:
    data = {"damaged": b"%PDF-1.7\nno", "of another kind": b"MZ"}.get(
        trouble, readable_pdf("What the review says")
    )
    with tempfile.TemporaryFile() as made, pytest.raises(NotCleaned):
        clean(io.BytesIO(data), made, max_bytes=100 if trouble == "too large" else 1_000_000)
