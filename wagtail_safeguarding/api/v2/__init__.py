"""Wagtail's API v2 for pages: the stock contract, fast, cautious and cacheable.

``api_router.register_endpoint("pages", SafeguardingPagesAPIViewSet)``
"""

from .viewset import SafeguardingPagesAPIViewSet

__all__ = ["SafeguardingPagesAPIViewSet"]
