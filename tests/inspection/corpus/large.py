"""Large PDF files: for time and memory."""

from __future__ import annotations

import io
import random

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from .pdf_page import saved

WORDS = [
    "the",
    "child",
    "and",
    "family",
    "review",
    "found",
    "that",
    "practitioners",
    "from",
    "health",
    "education",
    "police",
    "social",
    "care",
    "did",
    "not",
    "share",
    "information",
    "about",
    "risk",
    "in",
    "time",
    "for",
    "the",
    "meeting",
    "where",
    "decisions",
    "were",
    "made",
    "safeguarding",
    "partnership",
    "agreed",
    "learning",
    "recommendations",
    "professional",
    "curiosity",
    "neglect",
]


def report(pages: int) -> bytes:
    """A report with headings, paragraphs and shaded tables, some 3,000 letters a page."""
    chosen = random.Random(1)

    def said(words: int) -> str:
        return " ".join(chosen.choice(WORDS) for _ in range(words)).capitalize() + "."

    styles = getSampleStyleSheet()
    shaded = [
        ("BACKGROUND", (0, 0), (-1, 0), colors.lightblue),
        ("GRID", (0, 0), (-1, -1), 0.5, colors.grey),
    ]
    parts = []
    for number in range(pages):
        parts.append(Paragraph(f"Part {number + 1}", styles["Heading1"]))
        parts += [Paragraph(said(80), styles["BodyText"]) for _ in range(5)]
        parts.append(Table([[said(2) for _ in range(4)] for _ in range(6)], style=shaded))
        parts.append(PageBreak())
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(parts)
    return out.getvalue()


def scans(pages: int) -> bytes:
    """Scans of 200 kB a page with the text that was recognised in them."""
    wide, high = 1240, 1754
    lines = [" ".join(WORDS[n % 9 : n % 9 + 8]) for n in range(30)]
    picture = Image.effect_noise((wide, high), 26).point(lambda value: 215 + value // 8)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(28)
    for row, line in enumerate(lines):
        draw.text((120, 200 + row * 45), line, 20, font=font, anchor="ls")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=58)
    content = "q 595 0 0 842 0 0 cm /I Do Q BT 3 Tr /F 13.4 Tf\n"
    for row, line in enumerate(lines):
        content += f"1 0 0 1 57.6 {842 - (200 + row * 45) * 0.48:.1f} Tm ({line}) Tj\n"
    pdf = pikepdf.new()
    font_object = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    )
    for _ in range(pages):
        image = pdf.make_stream(
            out.getvalue(),
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=wide,
            Height=high,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )
        page = Dictionary(
            Type=Name.Page,
            MediaBox=[0, 0, 595, 842],
            Contents=pdf.make_stream(f"{content}ET".encode()),
            Resources=Dictionary(XObject=Dictionary(I=image), Font=Dictionary(F=font_object)),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return saved(pdf)
