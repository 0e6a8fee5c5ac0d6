"""What one request has been told of pages, files and the register: asked once, for many.

Each look-up takes many keys, asks the database for those it does not know yet and remembers
the answer as long as the request it is kept on. Whoever lists pages asks for all of them
before the first is serialised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from wagtail.models import PageViewRestriction

from wagtail_safeguarding.documents.models import DocumentVersion, versions_by_pk
from wagtail_safeguarding.pagemodel import get_base_page_model

from .models import Record
from .visibility import publicly_named, visible_pages


class Answers:
    """Answers for the public, or for somebody for whom Wagtail lifts some restrictions.

    ``lifted`` holds the keys of those view restrictions. Files are for the public only.
    """

    def __init__(self, lifted: Collection[int] = ()) -> None:
        self.lifted = frozenset(lifted)
        self._versions: dict[int, DocumentVersion | None] = {}
        self._open: dict[int, bool] = {}
        self._pages: dict[int, Any] = {}
        self._specific: dict[int, Any] = {}
        self._visible: dict[int, bool] = {}
        self._uuids: dict[int, str | None] = {}

    @classmethod
    def for_request(cls, request: Any) -> Answers:
        """Those kept on ``request``; fresh ones, for the public, where there are none."""
        if request is None:
            return cls()
        answers = getattr(request, "_safeguarding_answers", None)
        if not isinstance(answers, cls):
            answers = request._safeguarding_answers = cls()
        return answers

    @classmethod
    def for_visitor(cls, request: Any) -> Answers:
        """Those of ``request``, begun with the restrictions that Wagtail lifts for it."""
        if not isinstance(getattr(request, "_safeguarding_answers", None), cls):
            request._safeguarding_answers = cls(lifted_restrictions(request))
        return cls.for_request(request)

    def visible_pages(self) -> Any:
        return visible_pages(self.lifted)

    def get_versions(self, pks: Iterable[int]) -> dict[int, DocumentVersion]:
        """The versions that exist, with their documents."""
        return _look_up(self._versions, pks, versions_by_pk)

    def get_open_versions(self, pks: Iterable[int]) -> set[int]:
        """Those of the versions whose file anybody may read now."""
        found = _look_up(self._open, pks, lambda new: dict.fromkeys(publicly_named(new), True))
        return set(found)

    def get_pages(self, pks: Iterable[int]) -> dict[int, Any]:
        """The pages that exist, of the base type, hidden or not: ask :meth:`get_visible`."""

        def read(new: list[int]) -> dict[int, Any]:
            visible = self.visible_pages().filter(pk=OuterRef("pk"))
            pages = get_base_page_model().objects.select_related("locale")
            found: dict[int, Any] = pages.annotate(safeguarding_visible=Exists(visible)).in_bulk(
                new
            )
            self._visible.update({pk: page.safeguarding_visible for pk, page in found.items()})
            return found

        return _look_up(self._pages, pks, read)

    def get_visible_pages(self, pks: Iterable[int]) -> dict[int, Any]:
        """Those of the pages that may be named now, of their own type: a query for each type."""

        def read(new: list[int]) -> dict[int, Any]:
            by_type: dict[Any, list[int]] = {}
            for pk, page in self.get_pages(new).items():
                by_type.setdefault(page.specific_class, []).append(pk)
            found: dict[int, Any] = {}
            for model, keys in by_type.items():
                if model is not None:  # of an app that is installed no more
                    found.update(model._default_manager.select_related("locale").in_bulk(keys))
            return found

        self.get_pages(pks := list(pks))
        return _look_up(self._specific, self.get_visible(pks), read)

    def get_visible(self, pks: Iterable[int]) -> set[int]:
        """Those of the pages that may be named now."""

        def read(new: list[int]) -> dict[int, bool]:
            visible = self.visible_pages().filter(pk__in=new)
            return dict.fromkeys(visible.values_list("pk", flat=True), True)

        return {pk for pk, visible in _look_up(self._visible, pks, read).items() if visible}

    def get_uuids(self, page_ids: Iterable[int]) -> dict[int, str]:
        """The permanent ids of the pages that were ever public."""

        def read(new: list[int]) -> dict[int, str]:
            records = Record.objects.filter(page_id__in=new, page_deleted=False)
            return {pk: str(uuid) for pk, uuid in records.values_list("page_id", "uuid")}

        return _look_up(self._uuids, page_ids, read)


def _look_up(
    known: dict[int, Any], pks: Iterable[int], read: Callable[[list[int]], dict[int, Any]]
) -> dict[int, Any]:
    wanted = list(dict.fromkeys(pks))
    if new := [pk for pk in wanted if pk not in known]:
        known.update(dict.fromkeys(new))
        known.update(read(new))
    return {pk: known[pk] for pk in wanted if known[pk] is not None}


def lifted_restrictions(request: Any) -> set[int]:
    """The view restrictions that Wagtail lifts for whoever sent ``request``.

    A visitor without a login and a session can have none lifted, and costs no query.
    """
    user = getattr(request, "user", None)
    known = getattr(user, "is_authenticated", False)
    if not known and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return set()
    restrictions = PageViewRestriction.objects.select_related("page")
    return {one.pk for one in restrictions if one.accept_request(request)}
