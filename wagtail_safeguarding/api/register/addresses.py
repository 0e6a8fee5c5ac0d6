"""Whole addresses, for the formats that need them. What is sent otherwise names paths."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import reverse

from .refusals import Refusal


def absolute(request: HttpRequest, path: str) -> str:
    """``path`` with the scheme and host that the request came by."""
    try:
        return request.build_absolute_uri(path)
    except DisallowedHost:
        raise Refusal(400, "This host is not ours") from None


def path_of(operation: str, *args: Any) -> str:
    return reverse(f"wagtail_safeguarding:register:{operation}", args=args)


def address_of(request: HttpRequest, operation: str, *args: Any) -> str:
    return absolute(request, path_of(operation, *args))
