"""HTML elements by what they mean for a reader of the page."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = _names("area base br col embed hr img input link meta source track wbr")
BLOCKS = _names(
    "address article aside blockquote body caption dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main ol p pre section "
    "summary table tbody td tfoot th thead tr ul"
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6, "summary": 6}
"""Headings with their level; a ``<summary>`` heads what it opens."""

ENDS_HEADING = _names("article li main ol p section table ul")
"""Blocks that cannot be inside a heading: one that was never closed ends before them."""

CELLS = _names("td th dt dd caption figcaption")
NEVER_READ = _names(
    "script style noscript template svg math iframe object audio video canvas select textarea "
    "noembed noframes xmp"
)
FOREIGN = _names("svg math")
SITE_PARTS = _names("header footer")
SITE_ROLES = _names("navigation banner contentinfo search alertdialog")
