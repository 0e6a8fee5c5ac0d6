"""Query parameters before anything is done with them: what cannot be meant is refused.

Each refusal is Wagtail's ``BadRequestError``: a 400 with ``{"message": ...}`` that names the
parameter.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_to_bytes

from wagtail.api.v2.utils import BadRequestError

MAX_LENGTH = 2000
"""Characters of one value. Nothing that the API takes is longer."""

MAX_SEARCH = 200
MAX_WORDS = 20
MAX_NESTING = 5
"""Brackets within brackets in ``fields``."""

CACHE_BUSTER = "_"
"""Wagtail lets jQuery's parameter through, whatever it says."""

SEARCH_OPERATORS = ("and", "or")


def check_parameters(request: Any) -> None:
    """Refuse what no parameter may be. Called before the request is looked at otherwise."""
    try:
        unquote_to_bytes(request.META.get("QUERY_STRING", "").encode("latin-1")).decode()
    except UnicodeError as error:
        raise BadRequestError("the query string is not UTF-8") from error
    for name, values in request.GET.lists():
        if name == CACHE_BUSTER:
            continue
        if len(values) > 1:
            raise BadRequestError(f"parameter given more than once: {_shown(name)}")
        if len(name) > MAX_LENGTH or len(values[0]) > MAX_LENGTH:
            raise BadRequestError(f"parameter is too long: {_shown(name)}")
        if "\x00" in name or "\x00" in values[0]:
            raise BadRequestError(
                f"field filter error. null characters are not allowed for {_shown(name)}"
            )
    _check_nesting(request.GET.get("fields", ""))


def _shown(name: str) -> str:
    return name[:40].replace("\x00", "")


def _check_nesting(fields: str) -> None:
    depth = 0
    for char in fields:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth > MAX_NESTING:
            raise BadRequestError("fields error: too many nested fields")


def read_search(request: Any) -> str:
    """The words to search for.

    Wagtail's API searches for plain words. Characters with a meaning in a search backend's own
    language (quotation marks above all) would make it fail, so only what is part of a word stays.
    """
    text = request.GET["search"]
    if len(text) > MAX_SEARCH:
        raise BadRequestError(f"search cannot be longer than {MAX_SEARCH} characters")
    words = re.sub(r"[^\w'’.&@+#-]+", " ", text).split()
    words = [word for word in words if re.search(r"\w", word)]
    if len(words) > MAX_WORDS:
        raise BadRequestError(f"search cannot have more than {MAX_WORDS} words")
    return " ".join(words)


def read_operator(request: Any) -> str | None:
    operator: str | None = request.GET.get("search_operator")
    if operator is not None and operator.lower() not in SEARCH_OPERATORS:
        raise BadRequestError("search_operator must be 'and' or 'or'")
    return operator and operator.lower()
