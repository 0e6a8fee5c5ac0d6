"""Files with identifiers of people in their text or metadata, and harmless twins."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from reportlab.pdfgen.canvas import Canvas

from tests.inspection.identifier_samples import HARMLESS, PLANTED
from wagtail_safeguarding.inspection.media_types import DOCX, PDF

from .case import Case

BLOCKERS = frozenset({"nhs-number"})
"""Where readers see them."""
HIDDEN_BLOCKERS = BLOCKERS | {"date-of-birth", "insurance-number"}
"""Where they do not."""
SAMPLES = 3
"""Of each kind and place."""

OPEN = "The review looked at how agencies worked together."


def cases() -> Iterator[Case]:
    for code, samples in PLANTED.items():
        plain = [text for text in samples if text.isprintable() and _is_latin(text)]
        for number, text in enumerate(plain[:SAMPLES], 1):
            name = f"{code}-{number}"
            yield _case(f"{name}-on-a-page.pdf", pdf(text), PDF, code, BLOCKERS)
            yield _case(f"{name}-in-metadata.pdf", pdf(OPEN, text), PDF, code, HIDDEN_BLOCKERS)
            yield _case(f"{name}-in-text.docx", word(text), DOCX, code, BLOCKERS)
            yield _case(f"{name}-in-metadata.docx", word(OPEN, text), DOCX, code, HIDDEN_BLOCKERS)
    for number, text in enumerate(HARMLESS, 1):
        yield Case(f"no-identifier-{number}.pdf", pdf(text), PDF, "reportlab")
        yield Case(f"no-identifier-{number}.docx", word(text, text), DOCX, "python-docx")


def _case(name: str, data: bytes, media_type: str, code: str, blockers: frozenset[str]) -> Case:
    producer = "reportlab" if media_type == PDF else "python-docx"
    found = frozenset({code})
    if code in blockers:
        return Case(name, data, media_type, producer, blockers=found)
    return Case(name, data, media_type, producer, warnings=found)


def _is_latin(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def pdf(text: str, subject: str = "") -> bytes:
    """One page that says ``text``, and a subject in the metadata."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    if subject:
        canvas.setSubject(subject)
    lines = canvas.beginText(60, 760)
    lines.setFont("Helvetica", 9)
    for line in ["Learning review", "", text, "", OPEN]:
        # As a program breaks lines that are too long for the page.
        words = line.split(" ")
        while words:
            shown = words.pop(0)
            while words and len(shown) + len(words[0]) < 95:
                shown += " " + words.pop(0)
            lines.textLine(shown)
    canvas.drawText(lines)
    canvas.save()
    return out.getvalue()


def word(text: str, subject: str = "") -> bytes:
    """A document that says ``text``, and a subject in the metadata."""
    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.subject = subject
    document.add_paragraph("Learning review")
    document.add_paragraph(text)
    document.add_paragraph(OPEN)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
