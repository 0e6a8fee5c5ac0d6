"""One Office file, whatever its kind: each of its parts is given to the reader that knows it."""

from __future__ import annotations

import io
from typing import IO

from ..gathered import Gathered
from .accessibility import report_missing
from .links import report_links
from .opendocument import OpenDocument
from .package import DAMAGED, Budget, Package, reachable
from .parts import Parts, report_stray_bytes
from .presentation import Presentation
from .spreadsheet import Spreadsheet
from .sweep import sweep
from .word import Word

MAX_NESTED = 3
"""How many files may lie in each other."""

READERS: dict[str, type[Word | Spreadsheet | Presentation]] = {
    "w:document": Word,
    "x:workbook": Spreadsheet,
    "p:presentation": Presentation,
}
"""By the outermost element of the part that the file begins with."""


def inspect(file: IO[bytes], gathered: Gathered, budget: Budget, depth: int = 0) -> None:
    """Raises for a file that cannot be read, or not to its end."""
    package = Package(file, budget)
    roots = {name: package.root(name) for name in package.parts}
    if roots.get("content.xml") == "office:document-content":
        OpenDocument(package, gathered, roots).inspect()
    else:
        _inspect_ooxml(package, gathered, roots, budget, depth)
    report_stray_bytes(package, gathered)
    package.read_the_rest()
    sweep(package, gathered)
    if not depth:
        report_missing(gathered)


def _inspect_ooxml(
    package: Package, gathered: Gathered, roots: dict[str, str], budget: Budget, depth: int
) -> None:
    relationships = package.relationships()
    main = next(
        (r.target for r in relationships if r.source == "" and r.kind == "officeDocument"), ""
    )
    reader_class = READERS.get(roots.get(main, ""))
    if reader_class is None or "[Content_Types].xml" not in package.parts:
        raise ValueError("no Office file that is known")
    listed = reachable(relationships)
    known = {name: root for name, root in roots.items() if name in listed}
    reader = reader_class(package, gathered, known, relationships, main)
    reader.inspect()

    def look_inside(inner: io.BytesIO) -> Gathered | None:
        if depth + 1 >= MAX_NESTED:
            return None
        found = Gathered()
        try:
            inspect(inner, found, budget, depth + 1)
        except DAMAGED:
            return None
        return found

    Parts(package, gathered, roots, relationships, listed, look_inside).inspect(reader.read)
    report_links(gathered, relationships)
