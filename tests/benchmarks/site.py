"""Makes the site of a benchmark: a public review with a large and a small file.

`python -m tests.benchmarks.site` fills the database and prints as JSON, for each size, the
address of the file and its storage key; and how many queries the gate needs at most.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import json
import os
import tempfile
import uuid
from unittest import mock

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.inspection import inside

BLOCK = os.urandom(20 * 1024)
SIZES = {"large": 100 * 1024 * 1024, "small": 20 * 1024}


def add_file(name: str, size: int) -> DocumentVersion:
    with tempfile.TemporaryFile() as file:
        file.write(factories.pdf_bytes(name))
        for _block in range(size // len(BLOCK)):
            file.write(BLOCK)
        file.seek(0)
        # Random bytes, which are delivered and not read.
        with mock.patch.dict(inside.WORKERS, clear=True):
            return factories.inspected(add_version(ReviewDocument(title=name), file, f"{name}.pdf"))


def queries(url: str) -> int:
    """What the gate itself asks; a site's middleware may ask more, of a 404 for example."""
    found = resolve(url)
    request = RequestFactory().get(url)
    found.func(request, **found.kwargs)  # Wagtail's cache of sites is warm from now on
    with CaptureQueriesContext(connection) as captured:
        found.func(request, **found.kwargs).close()
    return len(captured)


def main() -> None:
    call_command("migrate", verbosity=0, interactive=False)
    versions = {name: add_file(name, size) for name, size in SIZES.items()}
    index = factories.review_index()
    factories.review(index, versions=tuple(versions.values()))
    draft = add_file("draft", 1024)
    factories.review(index, versions=(draft,), live=False, slug="draft")
    urls = {name: version.get_url() for name, version in versions.items()}
    unknown = reverse("wagtail_safeguarding:document", args=[uuid.UUID(int=7), "x.pdf"])
    asked = [*urls.values(), urls["small"] + "x", draft.get_url(), unknown]
    found = {
        "files": {name: [urls[name], versions[name].storage_key] for name in SIZES},
        "queries": max(queries(url) for url in asked),
        "asked": len(asked),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
