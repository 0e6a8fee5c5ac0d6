"""Wagtail's own test suite of API v2, run against `SafeguardingPagesAPIViewSet`."""
