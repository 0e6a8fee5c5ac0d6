"""Wagtail's limit and offset, within what a database can count."""

from __future__ import annotations

from typing import Any

from wagtail.api.v2.pagination import WagtailPagination
from wagtail.api.v2.utils import BadRequestError

MAX_OFFSET = 2**31 - 1


class BoundedPagination(WagtailPagination):
    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        for name in ("offset", "limit"):
            text = request.GET.get(name, "")
            # Wagtail says what is wrong with a number that is none.
            if text.isdecimal() and (len(text) > 10 or int(text) > MAX_OFFSET):
                raise BadRequestError(f"{name} cannot be higher than {MAX_OFFSET}")
        return list(super().paginate_queryset(queryset, request, view))
