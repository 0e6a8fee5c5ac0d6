"""Where somebody can be reached: postcodes, telephone numbers and e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wagtail_safeguarding.inspection.report import Severity

from .hits import OFFICE, Hit, around, before, words

_AREAS = words(
    """
    AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY
    E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD
    LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG
    SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
    """
)
_WITH_0 = words("BL BS CM CR FY HA PR SL SS")
_POSTCODE = re.compile(
    r"(?<![\w./-])([A-Z]{1,2})(\d[\dA-Z]?)[ \n]?\d[ABD-HJLNP-UW-Z]{2}(?![\w]|[./-]\w)"
)
_LOWER_POSTCODE = re.compile(
    r"(?<![\w./-])([a-z]{1,2})\d[\da-z]? ?\d[abd-hjlnp-uw-z]{2}(?![\w]|[./-]\w)"
)
_ADDRESS = re.compile(
    r"\b(?:post ?code|address|lives? at|lived at|home|road|street|avenue|close|lane|drive|"
    r"cyfeiriad|cod post)\b",
    re.IGNORECASE,
)


def postcodes(text: str) -> Iterator[Hit]:
    for found in _POSTCODE.finditer(text):
        # Nine areas have a district 0, and no other.
        if found[1] in (_WITH_0 if found[2][0] == "0" else _AREAS):
            yield Hit("postcode", *found.span(), *_of_an_office(text, *found.span()))
    for found in _LOWER_POSTCODE.finditer(text):
        if found[1].upper() in _AREAS and _ADDRESS.search(before(text, found.start(), 80)):
            yield Hit("postcode", *found.span(), *_of_an_office(text, *found.span()))


def _of_an_office(text: str, start: int, end: int) -> tuple[Severity | None, Severity | None]:
    """A note where words around it tell of an organisation."""
    if OFFICE.search(around(text, start, end, 160)):
        return Severity.NOTE, Severity.NOTE
    return None, None


_TELEPHONE = re.compile(
    r"(?<![\w.,/-])(?:(?:\+|00 ?)44[ -]?(?:\(0\)[ -]?)?|\(?0)"
    r"(\d{2,4})\)?[ \n.-]?(\d{3,4})[ .-]?(\d{2,4})"
    r"(?!\w|[.,/-]\d)"
)
_PERSONAL = re.compile(r"7[1-57-9]")
_NATIONAL = re.compile(r"3|80|84|87|9")


def telephones(text: str) -> Iterator[Hit]:
    for found in _TELEPHONE.finditer(text):
        digits = "".join(found.groups())
        # A few old numbers are shorter; without a space, that is an ISBN or something else.
        shortest = 10 if found[0].isdecimal() else 9
        if not shortest <= len(digits) <= 10 or digits[0] in "046":
            continue
        span = found.span()
        if _NATIONAL.match(digits):
            yield Hit("telephone", *span, Severity.NOTE, Severity.NOTE)
        elif _PERSONAL.match(digits):
            yield Hit("telephone", *span)
        else:
            yield Hit("telephone", *span, *_of_an_office(text, *span))


_LOCAL = re.compile(r"[\w.%+'-]{1,64}\Z")
_DOMAIN = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,6}", re.IGNORECASE)
_PUBLIC_BODY = re.compile(
    r"(?:^|\.)(?:gov\.uk|gov\.wales|llyw\.cymru|gov\.scot|nhs\.net|nhs\.uk|nhs\.wales|nhs\.scot|"
    r"hscni\.net|police\.uk|mod\.uk|parliament\.uk|judiciary\.uk|cjsm\.net|ac\.uk|sch\.uk)$",
    re.IGNORECASE,
)
_MAILBOX = re.compile(
    r"^(?:info|information|enquir\w*|inquir\w*|contact\w*|admin\w*|office|mail|post|help\w*|hello|"
    r"support|press\w*|media|comms|communications|customer\w*|feedback|complaints?|reception|"
    r"safeguarding\w*|\w*(?:lscp|lscb|scp|mash|board|partnership|team)|publications?|foi|webmaster|"
    r"noreply|no-reply|ymholiadau|cyswllt)(?:[._-].*)?$",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Hit]:
    at = text.find("@")
    while at >= 0:
        local = _LOCAL.search(before(text, at, 64))
        domain = _DOMAIN.match(text, at + 1, at + 255)
        if local and domain:
            name, end = local[0].lstrip(".-'"), domain.end()
            host = domain[0].rstrip(".-")
            end -= len(domain[0]) - len(host)
            if name and host.rpartition(".")[2].isalpha():
                public = _PUBLIC_BODY.search(host) or _MAILBOX.match(name)
                level = Severity.NOTE if public else None
                yield Hit("email", at - len(name), end, level, level)
        at = text.find("@", at + 1)
