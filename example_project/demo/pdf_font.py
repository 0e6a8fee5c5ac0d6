"""A TrueType face for :mod:`.pdf`: widths, and the subset that a file embeds.

The face is Bitstream Vera, which reportlab ships; reportlab is used for nothing else.
Fonts are embedded as CID fonts (two bytes for each glyph), so that glyph, width and
Unicode value agree one to one, as PDF/UA asks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import reportlab
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from reportlab.pdfbase.ttfonts import TTFontFile

FONT_FOLDER = Path(reportlab.__file__).parent / "fonts"
REGULAR, BOLD = "Vera.ttf", "VeraBd.ttf"


@cache
def _font_file(file_name: str) -> TTFontFile:
    return TTFontFile(str(FONT_FOLDER / file_name))


class Face:
    """One face in one PDF file. It learns the characters it must embed from ``encode``."""

    def __init__(self, file_name: str) -> None:
        self._file = _font_file(file_name)
        self._code_points: list[int] = []
        self._glyphs: dict[int, int] = {}

    def width(self, text: str, size: float) -> float:
        widths = self._file.charWidths
        return float(sum(widths[self._known(char)] for char in text)) * size / 1000

    def encode(self, text: str) -> bytes:
        """``text`` as glyph numbers of the subset, in order of first use."""
        return b"".join(self._glyph(self._known(char)).to_bytes(2, "big") for char in text)

    def _known(self, char: str) -> int:
        code_point = ord(char)
        if code_point not in self._file.charToGlyph:
            # An empty box in a published report is worse than a build that stops.
            raise ValueError(f"The demo font has no character for {char!r}.")
        return code_point

    def _glyph(self, code_point: int) -> int:
        # The subsetter merges characters that share a drawing, so we number them the
        # same way; extracted text then shows the first of them.
        source = self._file.charToGlyph[code_point]
        if source not in self._glyphs:
            self._code_points.append(code_point)
            self._glyphs[source] = len(self._code_points)
        return self._glyphs[source]

    def embed(self, pdf: Pdf) -> Object:
        """The font dictionary, with the subset used so far. Call it after all text."""
        font = self._file
        name = Name("/SAFEGD+" + font.name.decode("ascii"))
        program = pdf.make_stream(font.makeSubset(self._code_points))
        program.Length1 = len(program.read_bytes())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=32,  # non-symbolic
            FontBBox=Array([round(edge) for edge in font.bbox]),
            ItalicAngle=0,
            Ascent=round(font.ascent),
            Descent=round(font.descent),
            CapHeight=round(font.capHeight),
            StemV=round(font.stemV),
            FontFile2=program,
        )
        widths = [round(font.charWidths[code_point]) for code_point in self._code_points]
        cid_font = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=round(font.defaultWidth),
            W=Array([1, Array(widths)]),
            CIDToGIDMap=Name.Identity,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(cid_font)]),
                ToUnicode=pdf.make_stream(self._to_unicode()),
            )
        )

    def _to_unicode(self) -> bytes:
        lines = [
            f"<{glyph:04X}> <{code_point:04X}>"
            for glyph, code_point in enumerate(self._code_points, 1)
        ]
        # A block of a CMap holds at most 100 entries.
        blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
        mapping = "\n".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{mapping}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode("ascii")
