"""What pages of one response share: sites and their settings, emergency lines, reviews below."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.functional import cached_property
from wagtail.models import Site

from wagtail_safeguarding.api.shapes import EmergencyLineShape
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.visibility import visible_pages

from .emergency import lines_as_dicts
from .kinds import index_models, review_models
from .settings import SafeguardingSiteSettings


class SharedContent:
    """Kept on the request. What is asked of several pages at once is read at once."""

    def __init__(self) -> None:
        self._lines: dict[str, list[EmergencyLineShape] | None] = {}
        self._reviews: dict[str, list[Any]] = {}

    @classmethod
    def for_request(cls, request: Any) -> SharedContent:
        if request is None:
            return cls()
        shared = getattr(request, "_safeguarding_shared_content", None)
        if not isinstance(shared, cls):
            shared = request._safeguarding_shared_content = cls()
        return shared

    @cached_property
    def _sites(self) -> list[tuple[str, Site]]:
        """Every site by the path of its root page and of that page's translations, the deepest
        first. Wagtail's own list may be out of date: it lies in the cache."""
        sites = list(Site.objects.select_related("root_page", "safeguardingsitesettings"))
        roots = [(site.root_page.path, site) for site in sites]
        if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
            by_key = {site.root_page.translation_key: site for site in sites}
            pages = get_base_page_model().objects.filter(translation_key__in=by_key)
            found = pages.values_list("path", "translation_key")
            roots = [(path, by_key[key]) for path, key in found]
        return sorted(roots, key=lambda root: len(root[0]), reverse=True)

    def settings_of(self, page: Any) -> SafeguardingSiteSettings | None:
        """The settings of the site that ``page`` stands in; None outside of every site."""
        for path, site in self._sites:
            if page.path.startswith(path):
                stored: SafeguardingSiteSettings | None
                stored = getattr(site, "safeguardingsitesettings", None)
                return stored or SafeguardingSiteSettings(site=site)
        return None

    def read_lines(self, pages: Iterable[Any]) -> None:
        """The emergency lines of all live indexes above these pages."""
        paths = {path for page in pages for path in _paths_above(page)}
        if new := paths - self._lines.keys():
            self._lines.update(dict.fromkeys(new))
            for model in index_models():
                for index in model.objects.filter(path__in=new, live=True):
                    self._lines[index.path] = lines_as_dicts(index.emergency_lines) or None

    def lines_above(self, page: Any) -> list[EmergencyLineShape] | None:
        """Those of the nearest index above that has its own."""
        self.read_lines([page])
        lines = (self._lines[path] for path in reversed(_paths_above(page)))
        return next((found for found in lines if found), None)

    def read_reviews(self, indexes: Iterable[Any]) -> None:
        """The public reviews directly below these pages."""
        new = [page for page in indexes if page.path not in self._reviews]
        if not new:
            return
        below = Q()
        for page in new:
            self._reviews[page.path] = []
            interval = page._get_children_path_interval(page.path)
            below |= Q(path__range=interval, depth=page.depth + 1)
        types = ContentType.objects.get_for_models(*review_models())
        visible = visible_pages().filter(below)
        there = set(visible.order_by().values_list("content_type_id", flat=True).distinct())
        for model, its_type in types.items():
            if its_type.pk in there:
                manager: Any = model._default_manager
                reviews = manager.filter(pk__in=visible.values("pk"), content_type=its_type)
                # Wagtail asks each page for its locale when it builds an address.
                for review in reviews.select_related("locale"):
                    self._reviews[review.path[: -review.steplen]].append(review)

    def reviews_below(self, page: Any) -> list[Any]:
        self.read_reviews([page])
        return sorted(self._reviews[page.path], key=lambda review: review.path)


def _paths_above(page: Any) -> list[str]:
    path = page.path or ""  # a preview of a new page has none
    return [path[:end] for end in range(page.steplen, len(path), page.steplen)]
