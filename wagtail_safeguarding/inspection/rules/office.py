"""What is said of Office files."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

_ACCEPT = "Accept or reject all changes and save the file again."
_INSPECTOR = (
    "In Office: File, Info, Check for Issues, Inspect Document. In LibreOffice: File, Properties, "
    "Reset Properties. Then save the file again."
)
_DELETE = "Delete it if it must not be read; anybody can make it visible. Then save the file again."

OFFICE = by_code(
    # Changes and comments
    Rule(
        "office-tracked-deletion",
        Severity.BLOCKER,
        "The file still holds text that was deleted while changes were tracked.",
        _ACCEPT,
    ),
    Rule(
        "office-tracked-move",
        Severity.BLOCKER,
        "The file still holds text that was moved away while changes were tracked.",
        _ACCEPT,
    ),
    Rule(
        "office-tracked-insertion",
        Severity.WARNING,
        "The file tells which text was added later, and by whom.",
        _ACCEPT,
    ),
    Rule(
        "office-tracked-formatting",
        Severity.NOTE,
        "The file tells where the formatting was changed.",
        _ACCEPT,
    ),
    Rule("office-comment", Severity.BLOCKER, "The file has a comment.", "Delete all comments."),
    Rule(
        "office-people",
        Severity.WARNING,
        "The file names somebody who has changed it or commented on it.",
        _INSPECTOR,
    ),
    Rule(
        "office-revision-ids",
        Severity.NOTE,
        "The file has numbers that tell which of its parts were written in one sitting.",
        "They name nobody. Word writes none if “Store random numbers to improve Combine accuracy” "
        "is off in the Trust Center.",
    ),
    # Text that nobody sees
    Rule(
        "office-hidden-formatting",
        Severity.BLOCKER,
        "Text is formatted as hidden or transparent.",
        _DELETE,
    ),
    Rule(
        "office-same-colour",
        Severity.BLOCKER,
        "Text has the colour of what it is written on.",
        "Delete the text. A colour does not remove it: it can be selected, copied and searched.",
    ),
    Rule("office-tiny-text", Severity.BLOCKER, "Text is too small to be seen.", _DELETE),
    Rule(
        "office-off-page",
        Severity.BLOCKER,
        "Something with text lies off the page.",
        _DELETE,
    ),
    Rule("office-hidden-object", Severity.BLOCKER, "A hidden object has text.", _DELETE),
    Rule(
        "office-covering-shape",
        Severity.BLOCKER,
        "An empty, filled shape lies on top of the text.",
        "A shape removes nothing of what lies under it. Delete the words themselves.",
    ),
    Rule(
        "office-collapsed-text",
        Severity.WARNING,
        "A heading is collapsed: the text below it is not seen before somebody unfolds it.",
        "Unfold it and read what is there.",
    ),
    Rule(
        "office-unused-text",
        Severity.BLOCKER,
        "The file holds text that is shown nowhere.",
        "Copy what is seen into a new document, or save the file as a PDF.",
    ),
    Rule(
        "office-unused-header",
        Severity.WARNING,
        "A header or footer holds text but is on no page.",
        "Turn on “Different first page” and “Different odd and even pages”, delete the text, and "
        "turn them off again.",
    ),
    Rule(
        "office-field-code",
        Severity.BLOCKER,
        "A field code holds words that the page does not show.",
        "Show the field codes (Alt+F9 in Word) and delete the field.",
    ),
    Rule("office-hidden-row", Severity.BLOCKER, "A hidden row has content.", _DELETE),
    Rule("office-hidden-column", Severity.BLOCKER, "A hidden column has content.", _DELETE),
    Rule(
        "office-hidden-cell",
        Severity.BLOCKER,
        "Cells have a format that shows nothing of their content.",
        "Delete the content; anybody can change the format.",
    ),
    Rule("office-hidden-sheet", Severity.BLOCKER, "A hidden sheet has content.", _DELETE),
    Rule("office-hidden-slide", Severity.BLOCKER, "A hidden slide has content.", _DELETE),
    Rule(
        "office-speaker-notes",
        Severity.BLOCKER,
        "A slide has speaker notes.",
        "Delete the notes; whoever opens the file can read them.",
    ),
    Rule(
        "office-covered",
        Severity.BLOCKER,
        "Something lies on top of text and hides it.",
        "A shape removes nothing of what lies under it. Delete the words themselves.",
    ),
    Rule(
        "office-cropped-picture",
        Severity.WARNING,
        "A picture is cropped, and the file still holds what was cut off.",
        "Delete the cropped areas (Picture Format, Compress Pictures), or crop it in a picture "
        "editor.",
    ),
    # Things inside and outside
    Rule(
        "office-pivot-cache",
        Severity.BLOCKER,
        "The data behind a pivot table hold more than the sheets show.",
        "Paste the table as values into a new workbook.",
    ),
    Rule(
        "office-external-cache",
        Severity.BLOCKER,
        "The file holds values of another workbook that no sheet shows.",
        "Break the links (Data, Edit Links) and save the file again.",
    ),
    Rule(
        "office-embedded",
        Severity.BLOCKER,
        "A whole file is embedded in this one.",
        "Replace it by a picture of what is to be seen, or delete it.",
    ),
    Rule(
        "office-chart-data",
        Severity.BLOCKER,
        "The data behind a chart hold more than the chart shows.",
        "Paste the chart as a picture, with alternative text.",
    ),
    Rule(
        "office-macros",
        Severity.BLOCKER,
        "The file has macros.",
        "Save it without macros, or as a PDF.",
    ),
    Rule(
        "office-active-content",
        Severity.BLOCKER,
        "The file has controls, add-ins or fields that run programs.",
        "Delete them, or save the file as a PDF.",
    ),
    Rule(
        "office-remote-template",
        Severity.BLOCKER,
        "The file fetches its template from elsewhere whenever it is opened.",
        "Attach the ordinary template (Developer, Document Template) and save the file again.",
    ),
    Rule(
        "office-link",
        Severity.WARNING,
        "The file refers to another file outside of itself.",
        "Break the link, and read whether its name or address tells too much.",
    ),
    Rule(
        "office-data-connection",
        Severity.WARNING,
        "The file is connected to a source of data.",
        "Delete the connection and save the file again.",
    ),
    Rule(
        "office-unlisted-part",
        Severity.BLOCKER,
        "Something in the file belongs to nothing that is shown.",
        "Save the file again with Office or LibreOffice, or as a PDF.",
    ),
    Rule(
        "office-leftover",
        Severity.BLOCKER,
        "The file holds remains of an earlier form of itself.",
        "Save the file again under another name, with Office or LibreOffice.",
    ),
    Rule(
        "office-earlier-version",
        Severity.BLOCKER,
        "The file holds earlier versions of itself.",
        "Delete them (File, Versions) and save the file again.",
    ),
    # About the file
    Rule(
        "office-signature",
        Severity.WARNING,
        "The file is signed, and the signature names a person or a body.",
        "Remove the signature if its owner is not to be named.",
    ),
    Rule("office-author", Severity.WARNING, "The file names a person.", _INSPECTOR),
    Rule(
        "office-property",
        Severity.NOTE,
        "The file's properties have words of their own.",
        _INSPECTOR,
    ),
    Rule(
        "office-custom-property",
        Severity.WARNING,
        "The file has properties that another system has written.",
        _INSPECTOR,
    ),
    Rule(
        "office-custom-xml",
        Severity.WARNING,
        "The file has data of another system that no page shows.",
        _INSPECTOR,
    ),
    Rule(
        "office-variable",
        Severity.WARNING,
        "The file has a variable whose value no page shows.",
        _INSPECTOR,
    ),
    Rule(
        "office-path",
        Severity.WARNING,
        "The file holds a path of somebody's computer or network; it often names a person.",
        _INSPECTOR,
    ),
    Rule(
        "office-template",
        Severity.NOTE,
        "The file names the template that it was made from.",
        "Read whether the name tells too much.",
    ),
    Rule("office-printer", Severity.NOTE, "The file has a printer's settings.", _INSPECTOR),
    Rule(
        "office-thumbnail",
        Severity.NOTE,
        "The file has a small picture of its first page, which may be older than the text.",
        "Save the file again, without “Save Thumbnail”.",
    ),
    Rule(
        "office-protection",
        Severity.NOTE,
        "The file limits how it may be edited.",
        "This hides nothing and may shut out people who use assistive technology.",
    ),
)
