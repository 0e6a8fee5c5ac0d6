"""Makes a site of many reviews: `python -m tests.benchmarks.reviews_site`.

Prints as JSON how many queries a listing costs, ours and Wagtail's own.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import json

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.api.content import full_review, site_settings
from wagtail_safeguarding.inspection import inside

from .pages_api import QUERY

REVIEWS = 300
DOCUMENTS = 4


def queries(path: str, limit: int) -> int:
    client = Client()
    url = f"{path}{QUERY}{limit}"
    client.get(url)  # content types and Wagtail's list of sites are known from now on
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    if len(response.json()["items"]) != limit:
        raise RuntimeError(f"{url} gives {response.content[:200]!r}")
    return len(captured)


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    inside.WORKERS.clear()  # the files here cannot be read
    index = factories.review_index()
    site_settings()
    review = factories.review(index, slug="related")
    for number in range(REVIEWS):
        versions = [
            factories.cleared_version(f"Report {number}-{n}", name=f"r{n}.pdf")
            for n in range(DOCUMENTS)
        ]
        review = full_review(index, number, versions, review)
    found = {
        "ours": {limit: queries("/api/v2/pages/", limit) for limit in (20, 100)},
        "stock": {20: queries("/stock/v2/pages/", 20)},
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
