"""A strict reader of query strings.

What it does not know, cannot read or finds twice is refused by name: a filter with a slip of the
pen would otherwise answer with everything. The same declarations describe the parameters in the
OpenAPI document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest

from wagtail_safeguarding.dates import PartialDate

from .refusals import Malformed

MOST_PARAMETERS = 60
LONGEST_QUERY = 8000


@dataclass(frozen=True)
class Parameter:
    """One parameter. ``read`` turns its text into a value, or raises ValueError with words for
    people."""

    name: str
    description: str
    read: Callable[[str], Any]
    schema: dict[str, Any]
    default: Any = None
    explode: bool = True

    def as_openapi(self) -> dict[str, Any]:
        described: dict[str, Any] = {
            "name": self.name,
            "in": "query",
            "description": self.description,
            "required": False,
            "schema": self.schema,
        }
        if not self.explode:
            described |= {"style": "form", "explode": False}
        return described


class Query:
    """The parameters of one operation."""

    def __init__(self, *parameters: Parameter) -> None:
        self.parameters = {parameter.name: parameter for parameter in parameters}

    def read(self, request: HttpRequest) -> dict[str, Any]:
        """The value of each parameter, its default where it is not given. Raises Malformed."""
        values = {name: parameter.default for name, parameter in self.parameters.items()}
        text = _utf8(request)
        if not text:
            return values
        wrong: dict[str, str] = {}
        given: set[str] = set()
        for name, value in _pairs(text):
            parameter = self.parameters.get(name)
            if parameter is None:
                wrong[name[:80]] = "There is no such parameter."
            elif name in given:
                wrong[name] = "It is given more than once; several values are parted by commas."
            else:
                given.add(name)
                try:
                    values[name] = parameter.read(value)
                except ValueError as error:
                    wrong[name] = str(error)
        if wrong:
            raise Malformed(wrong)
        return values

    def as_openapi(self) -> list[dict[str, Any]]:
        return [parameter.as_openapi() for parameter in self.parameters.values()]


def _utf8(request: HttpRequest) -> str:
    """The query string. WSGI hands out bytes beyond ASCII as if they were Latin-1."""
    text: str = request.META.get("QUERY_STRING", "")
    if text.isascii() or not isinstance(request, WSGIRequest):
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        raise Malformed({"query": "It is no UTF-8."}) from None


def _pairs(text: str) -> list[tuple[str, str]]:
    if len(text) > LONGEST_QUERY:
        raise Malformed({"query": f"It is longer than {LONGEST_QUERY} characters."})
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise Malformed({"query": "It is no UTF-8, or has too many parameters."}) from error
    return [(name.replace("\0", "\N{REPLACEMENT CHARACTER}"), value) for name, value in pairs]


# Kinds of parameters


def keys(
    name: str,
    description: str,
    *,
    known: Iterable[str] | None = None,
    pattern: str = "[-A-Za-z0-9_]{1,80}",
) -> Parameter:
    """One key or several, parted by commas: any of them."""
    key_pattern = re.compile(pattern)
    choices = tuple(known) if known is not None else None

    def read(text: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys(text.split(",")))
        for key in found:
            if choices is not None and key not in choices:
                raise ValueError(f"It is one or more of {', '.join(choices)}, parted by commas.")
            if not key_pattern.fullmatch(key):
                raise ValueError("It is one key or several, parted by commas.")
        return found

    item: dict[str, Any] = {"type": "string", "pattern": f"^{pattern}$"}
    if choices is not None:
        item = {"type": "string", "enum": list(choices)}
    schema = {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
    return Parameter(name, description, read, schema, explode=False)


def choice(name: str, description: str, choices: Iterable[str], default: str) -> Parameter:
    allowed = tuple(choices)

    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"It is one of {', '.join(allowed)}.")
        return text

    schema = {"type": "string", "enum": list(allowed), "default": default}
    return Parameter(name, description, read, schema, default)


def whole(name: str, description: str, least: int, most: int, default: int) -> Parameter:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= 18):
            raise ValueError(f"It is a whole number from {least} to {most}.")
        if not least <= int(text) <= most:
            raise ValueError(f"It is a whole number from {least} to {most}.")
        return int(text)

    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return Parameter(name, description, read, schema, default)


def text(name: str, description: str, longest: int) -> Parameter:
    """Words as somebody types or pastes them; they are taken as they are."""

    def read(value: str) -> str:
        if not value.strip():
            raise ValueError("It is empty.")
        if len(value) > longest:
            raise ValueError(f"It is longer than {longest} characters.")
        if "\0" in value:
            raise ValueError("It has a character that no text has.")
        return value

    schema = {"type": "string", "minLength": 1, "maxLength": longest, "pattern": r"^[^\u0000]*$"}
    return Parameter(name, description, read, schema)


def date(name: str, description: str) -> Parameter:
    def read(value: str) -> PartialDate:
        try:
            return PartialDate.parse(value)
        except ValueError:
            raise ValueError(
                "It is a year (2019), a month (2019-07) or a day (2019-07-04)."
            ) from None

    pattern = r"^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
    return Parameter(name, description, read, {"type": "string", "pattern": pattern})


def opaque(name: str, description: str) -> Parameter:
    """A token that an earlier answer gave; it is read by whoever made it."""

    def read(value: str) -> str:
        if not re.fullmatch(r"[-\w]{1,400}={0,2}", value, re.ASCII):
            raise ValueError("It is none that this API gave.")
        return value

    return Parameter(name, description, read, {"type": "string", "maxLength": 402})
