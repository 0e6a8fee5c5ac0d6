"""Wagtail's own test URLs, which import our viewset under Wagtail's name."""

from __future__ import annotations

from wagtail.api.v2 import views

from wagtail_safeguarding.api.v2 import SafeguardingPagesAPIViewSet

views.PagesAPIViewSet = SafeguardingPagesAPIViewSet

from wagtail.test.urls import *  # noqa: E402, F403 - only now
from wagtail.test.urls import api_router  # noqa: E402

assert api_router._endpoints["pages"] is SafeguardingPagesAPIViewSet
