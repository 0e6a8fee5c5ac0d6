"""The lines that open a part of the page which is no review, in English and Welsh."""

from __future__ import annotations

import re

from .wording import MAX_LINE, phrases, plain

_FURTHER = re.compile(
    rf"""(?:
      (?:(?:further|more|additional|other|useful|related|helpful|external)\s+
         (?:information|links?|resources?|reading|websites?|sources?|contacts?)
         (?:\s+(?:and|&)\s+(?:further\s+|useful\s+)?
            (?:information|links?|resources?|reading|websites?|support|advice|contacts?))?)
      | (?:resources?|links?)(?:\s+(?:and|&)\s+(?:resources?|links?))?
      | {
        phrases(
            [
                "find out more",
                "see also",
                "rhagor o wybodaeth",
                "mwy o wybodaeth",
                "gwybodaeth bellach",
                "gwybodaeth ychwanegol",
                "dolenni(?: defnyddiol| perthnasol)?",
            ]
        )
    }
    )\s*:?""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMENTS = re.compile(
    r"(?:(?:your |reader |visitor )?comments?|leave a (?:comment|reply)|add a comment|"
    r"sylwadau|(?:\d{1,5}|no) comments?)\s*:?(?:\s*\(\d{1,5}\))?",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(?:have your say|leave a (?:comment|reply)|add (?:a|your) comment|join the discussion|"
    r"tell us what you think|what do you think|dweud eich dweud)\W{0,5}",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"\bcomment(?:s|ing)?\b.{0,40}\b(?:closed|disabled|off|no longer)\b"
    r"|\bclosed\s+(?:to|for)\s+(?:new\s+)?comments?\b"
    r"|\bsylwadau\b.{0,40}\bar\s+gau\b|\bno longer\b.{0,40}\bcomments?\b",
    re.IGNORECASE,
)


def opens_further_information(text: str) -> bool:
    return len(text) <= MAX_LINE and _FURTHER.fullmatch(plain(text).strip()) is not None


def opens_comments(text: str) -> bool:
    return len(text) <= MAX_LINE and _COMMENTS.fullmatch(plain(text).strip()) is not None


def prompts_for_comments(text: str) -> bool:
    return len(text) <= MAX_LINE and _PROMPT.fullmatch(plain(text).strip()) is not None


def closes_comments(text: str) -> bool:
    """Whether a line says that comments are closed."""
    return len(text) <= MAX_LINE and _CLOSED.search(plain(text)) is not None
