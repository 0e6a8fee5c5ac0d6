"""What a cleaned copy leaves out: a code and a number for each kind. Only the standard library is
imported here, since the worker imports it too."""

from __future__ import annotations

from collections import Counter


class NotCleaned(Exception):
    """No cleaned copy can be made of this file: something that must stay would change."""


WORDS = {
    "metadata": "Metadata: authors, programs, dates, paths",
    "properties": "Properties: author, company, dates, keywords",
    "custom-properties": "Custom properties",
    "custom-xml": "XML of other systems",
    "comments": "Comments and notes",
    "comment-authors": "Names and dates of those who marked or commented",
    "attachments": "Attached files",
    "actions": "JavaScript, and actions that start programs, send or open other files",
    "private-data": "Data that a program kept for itself",
    "thumbnails": "Thumbnails",
    "revision-ids": "Ids of editing sessions",
    "template": "The path of the template",
    "printer": "Names of printers",
    "picture-metadata": "Metadata of pictures: camera, place, time",
    "rest": "What nothing in the file refers to, earlier revisions among it",
}
"""By code; the admin translates them."""


class Removals(Counter[str]):
    """How many of each code."""

    def add(self, code: str, number: int = 1) -> None:
        if number:
            self[code] += number
