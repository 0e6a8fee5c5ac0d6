"""What is said of PDF files."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

_REMOVE = (
    "A box or picture over words does not remove them: they can be copied, searched for, and read "
    "by a machine. Take the words out in the document that the PDF was made from, or with a tool "
    "that redacts, and export it again."
)
_UNSEEN = (
    "Take the words out in the document that the PDF was made from, or make them readable, and "
    "export it again."
)

_HIDDEN = (
    Rule("hidden-shape", Severity.BLOCKER, "There are words under a drawn shape.", _REMOVE),
    Rule("hidden-image", Severity.BLOCKER, "There are words under a picture.", _REMOVE),
    Rule(
        "hidden-annotation",
        Severity.BLOCKER,
        "There are words under an annotation, which anybody can move away.",
        _REMOVE,
    ),
    Rule(
        "hidden-field",
        Severity.WARNING,
        "There are words under a form field.",
        "Look at what they say. If they should not be read, take them out and export it again.",
    ),
    Rule("hidden-text", Severity.BLOCKER, "There are words under other words.", _REMOVE),
    Rule(
        "hidden-contrast",
        Severity.BLOCKER,
        "There are words in the colour of their background.",
        _UNSEEN,
    ),
    Rule(
        "hidden-invisible",
        Severity.BLOCKER,
        "There are words that are never drawn, and no picture of them.",
        _UNSEEN,
    ),
    Rule(
        "hidden-scan-box",
        Severity.BLOCKER,
        "A scan shows a box, and the words recognised under it are still in the file.",
        "Redact the page before its text is recognised, or remove the recognised text.",
    ),
    Rule(
        "hidden-scan-blank",
        Severity.BLOCKER,
        "Words were recognised in a scan where the picture shows nothing.",
        "Something may have been whitened out after its text was recognised. Remove the "
        "recognised text, or scan the page again.",
    ),
    Rule(
        "hidden-clipped",
        Severity.BLOCKER,
        "There are words that a frame cuts off.",
        "Cropping hides words and does not remove them. " + _UNSEEN,
    ),
    Rule(
        "hidden-off-page",
        Severity.BLOCKER,
        "There are words outside of the page as it is shown.",
        "Cropping hides words and does not remove them. " + _UNSEEN,
    ),
    Rule(
        "hidden-layer",
        Severity.BLOCKER,
        "There are words on a layer that is switched off; anybody can switch it on.",
        "Delete the layer, and export it again.",
    ),
    Rule("hidden-tiny", Severity.BLOCKER, "There are words too small to be seen.", _UNSEEN),
    Rule(
        "hidden-blank",
        Severity.WARNING,
        "There are words whose letters draw nothing.",
        _UNSEEN,
    ),
)

PDF = by_code(
    *_HIDDEN,
    Rule(
        "page-unreadable",
        Severity.BLOCKER,
        "A page could not be inspected.",
        "Export the document again from the program it was made with.",
    ),
    Rule(
        "page-too-large",
        Severity.BLOCKER,
        "A page is so large that it could not be inspected.",
        "Set an ordinary page size in the program it was made with, and export it again.",
    ),
)
