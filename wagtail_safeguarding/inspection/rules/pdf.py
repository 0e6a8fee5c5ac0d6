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

_AGAIN = "Remove it in the program the PDF was made with, and export the document again."
_ANEW = (
    "Export the document again from the program it was made with, or print it to a new PDF: the "
    "new file then holds only what is shown."
)
_PROPERTIES = "Empty the fields under File, Properties, and save a new file."

_BESIDE = (
    Rule(
        "pdf-redaction-unapplied",
        Severity.BLOCKER,
        "Something is marked for redaction, and the redaction was never applied.",
        "The words below are still there. Apply all redactions, and save a new file.",
    ),
    Rule("pdf-comment", Severity.BLOCKER, "There is a comment.", "Delete all comments."),
    Rule(
        "pdf-hidden-annotation",
        Severity.BLOCKER,
        "There is an annotation with words that is not shown.",
        _AGAIN,
    ),
    Rule(
        "pdf-hidden-value",
        Severity.BLOCKER,
        "A form field holds words that are not shown.",
        "Empty the field, or remove it.",
    ),
    Rule("pdf-people", Severity.WARNING, "An annotation names its author.", _AGAIN),
    Rule(
        "pdf-multimedia",
        Severity.WARNING,
        "There is sound, video or a model, which was not looked into.",
        "Remove it, or look at it with care.",
    ),
    Rule(
        "pdf-replacement",
        Severity.WARNING,
        "Programs that read aloud or search are given other words than the page shows.",
        "Correct the replacement text (ActualText) in the document's tags.",
    ),
    Rule(
        "pdf-bookmark",
        Severity.WARNING,
        "A bookmark has words that no page shows.",
        "Look whether it names somebody. Bookmarks can be renamed or deleted.",
    ),
    Rule(
        "pdf-named-place",
        Severity.NOTE,
        "A named place has words that no page shows.",
        "Look whether it names somebody.",
    ),
    Rule("pdf-author", Severity.WARNING, "The file names its author.", _PROPERTIES),
    Rule(
        "pdf-title",
        Severity.WARNING,
        "The title in the properties has words that no page shows.",
        "It is shown in the window of readers and in search results. Give the document's title.",
    ),
    Rule("pdf-custom-metadata", Severity.WARNING, "There are further properties.", _PROPERTIES),
    Rule(
        "pdf-path",
        Severity.WARNING,
        "The file tells a place on somebody's computer or network.",
        _PROPERTIES,
    ),
    Rule(
        "pdf-private-data",
        Severity.WARNING,
        "The file holds data of the program it was made with, which may be an earlier form of it.",
        "Export it without the option to keep editing in that program.",
    ),
    Rule(
        "pdf-thumbnail",
        Severity.WARNING,
        "The file holds a small picture of a page, perhaps from before it was changed.",
        "Remove the embedded page thumbnails.",
    ),
    Rule(
        "pdf-picture-place",
        Severity.WARNING,
        "A photograph tells where it was taken.",
        "Remove the location from the photograph, and export the document again.",
    ),
)

_WITHIN = (
    Rule("pdf-attachment", Severity.BLOCKER, "A file is attached.", "Delete all attachments."),
    Rule(
        "pdf-portfolio",
        Severity.BLOCKER,
        "The file is a portfolio: a folder of other files.",
        "Publish each document as a file of its own.",
    ),
    Rule("pdf-javascript", Severity.BLOCKER, "The file has a program (JavaScript).", _ANEW),
    Rule("pdf-launch", Severity.BLOCKER, "The file starts another program or file.", _ANEW),
    Rule(
        "pdf-remote",
        Severity.WARNING,
        "The file refers to another file, or sends what is filled in.",
        "Look at what it names; it may be a place in your network.",
    ),
    Rule(
        "pdf-earlier-text",
        Severity.BLOCKER,
        "The file still holds an earlier revision of itself with words that are no longer there.",
        _ANEW,
    ),
    Rule(
        "pdf-earlier-picture",
        Severity.BLOCKER,
        "The file still holds an earlier revision of itself with other pictures.",
        _ANEW,
    ),
    Rule(
        "pdf-earlier-revision",
        Severity.NOTE,
        "The file was added to after it was first saved; the words are the same.",
        "Saving it under a new name leaves the earlier revision out.",
    ),
    Rule(
        "pdf-removed-page",
        Severity.BLOCKER,
        "A page that was removed is still in the file.",
        _ANEW,
    ),
    Rule(
        "pdf-removed-content",
        Severity.BLOCKER,
        "Words that were removed from a page, or a comment, are still in the file.",
        _ANEW,
    ),
    Rule(
        "pdf-undrawn",
        Severity.BLOCKER,
        "The file holds words that belong to a page and are not drawn on it.",
        _ANEW,
    ),
    Rule(
        "pdf-trailing-data",
        Severity.WARNING,
        "There are data after the end of the file.",
        _ANEW,
    ),
    Rule(
        "pdf-xfa",
        Severity.WARNING,
        "The file holds a form that other programs show than those that read pages.",
        "Print the form to a new PDF.",
    ),
    Rule("pdf-signature", Severity.NOTE, "The file is signed.", "Cleaning it would end that."),
    Rule(
        "pdf-encrypted",
        Severity.NOTE,
        "The file is encrypted, but opens without a password.",
        "It hinders people who use assistive technology. Save it without restrictions.",
    ),
)

PDF = by_code(
    *_HIDDEN,
    *_BESIDE,
    *_WITHIN,
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
