"""Errors for machines: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse


def problem(status: int, title: str, detail: str = "", **members: Any) -> JsonResponse:
    """A problem response. ``detail`` is for people; ``members`` extend the object."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, **members}
    if detail:
        body["detail"] = detail
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response
