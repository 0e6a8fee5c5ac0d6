"""What is said of pictures, by themselves and within other files."""

from __future__ import annotations

from wagtail_safeguarding.inspection.report import Severity

from .rule import Rule, by_code

_STRIP = "Save the picture again without its metadata: export it “for the web”, or take a copy."

IMAGES = by_code(
    Rule(
        "image-position",
        Severity.BLOCKER,
        "The picture tells where it was taken.",
        _STRIP,
    ),
    Rule("image-depicted", Severity.BLOCKER, "The picture names who is in it.", _STRIP),
    Rule("image-place", Severity.WARNING, "The picture names a place.", _STRIP),
    Rule("image-person", Severity.WARNING, "The picture names a person or a computer.", _STRIP),
    Rule(
        "image-serial",
        Severity.WARNING,
        "The picture has the number of a camera, which links it to others by the same person.",
        _STRIP,
    ),
    Rule(
        "image-comment",
        Severity.WARNING,
        "The picture comes with words that nobody sees on it.",
        _STRIP,
    ),
    Rule(
        "image-layers",
        Severity.WARNING,
        "The picture keeps the words of layers from before it was flattened.",
        _STRIP,
    ),
    Rule(
        "image-path",
        Severity.WARNING,
        "The picture holds a path of somebody's computer or network; it often names a person.",
        _STRIP,
    ),
    Rule(
        "image-camera",
        Severity.NOTE,
        "The picture tells with what, and often when, it was made.",
        _STRIP,
    ),
    Rule("image-copyright", Severity.NOTE, "The picture says whose it is.", _STRIP),
    Rule(
        "image-thumbnail-differs",
        Severity.BLOCKER,
        "The file holds a small picture that shows something else than the large one.",
        "It may show what was cropped or painted over since. Save the picture again without its "
        "metadata.",
    ),
    Rule(
        "image-thumbnail",
        Severity.NOTE,
        "The file holds a small picture of the large one.",
        "It shows the same now, but programs may leave it as it is when the picture is changed.",
    ),
    Rule(
        "image-trailing",
        Severity.BLOCKER,
        "Something else follows the picture in the file.",
        "Open the picture and save it under another name.",
    ),
    Rule(
        "image-frames",
        Severity.WARNING,
        "The file has more than one picture.",
        "Save the one that is to be seen under another name.",
    ),
    Rule(
        "image-transparent",
        Severity.WARNING,
        "There is more of the picture where it is transparent.",
        "Put it on a plain background and flatten it: what was erased is only made invisible.",
    ),
)
