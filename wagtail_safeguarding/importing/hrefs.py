"""Which link targets of a legacy page are carried over, exactly as they were written."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

ALLOWED_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
MAX_HREF = 2000

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
# As browsers do: line breaks and tabs vanish from anywhere, other controls from the ends.
_VANISHING = re.compile(r"[\t\n\r]+")
_ENDS = "".join(map(chr, range(0x21)))
_FILE = re.compile(
    r"\.(?:pdf|docx?|rtf|odt|odp|pptx?|xlsx?|ods|csv|txt|zip|mp[34]|m4[av]|wav|mov|png|jpe?g)$",
    re.IGNORECASE,
)
_FILE_FOLDER = re.compile(
    r"/(?:documents?|downloads?|media|files?|attachments?|uploads?)/[^/]", re.IGNORECASE
)


def clean_href(raw: str) -> tuple[str | None, str]:
    """The target to keep, or None; and what to tell the editor where one was refused."""
    href = _VANISHING.sub("", raw).strip(_ENDS)
    if not href:
        return None, ""
    if len(href) > MAX_HREF:
        return None, f"A link target of more than {MAX_HREF:,} characters was left out."
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() not in ALLOWED_SCHEMES:
        return None, f"A link to a “{scheme[1].lower()}:” address was left out."
    return href, ""


def is_web_address(href: str | None) -> bool:
    """Whether a target leads somewhere else: not to a mailbox, a telephone or this page."""
    return bool(href) and not re.match(r"(?:mailto:|tel:|#)", str(href), re.IGNORECASE)


def is_file(href: str | None) -> bool:
    """Whether a target looks like a file to download, by its ending or its folder."""
    if href is None or not is_web_address(href):
        return False
    try:
        path = unquote(urlsplit(href).path)
    except ValueError:  # such as "http://[half an address"
        return False
    return bool(_FILE.search(path) or _FILE_FOLDER.search("/" + path))
