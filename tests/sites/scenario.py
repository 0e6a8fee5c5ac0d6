"""A site's first day, on an empty database: migrate, publish, read, take down.

Run in a process of its own (`python -m tests.sites.scenario`) with the settings of one of
the sites. The first thing that is not as it should be ends it with a traceback.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import io
import sys
import tempfile

import django

django.setup()

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from wagtail.models import PageViewRestriction, Site

from tests.inspection.files import readable_pdf
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.models import Record

SITE = settings.SITE
PREFIX = SITE.capitalize()


def page_type(name: str):
    return apps.get_model(SITE, f"{PREFIX}{name}")


def read(client: Client, url: str) -> tuple[int, bytes]:
    response = client.get(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body


def items(client: Client, name: str) -> list[dict]:
    url = f"/api/v2/pages/?type={SITE}.{PREFIX}{name}&fields=*"
    response = client.get(url)
    assert response.status_code == 200, response.content
    return response.json()["items"]


def cleared_version(title: str) -> DocumentVersion:
    content = io.BytesIO(readable_pdf(title))
    version = add_version(ReviewDocument(title=title), content, "report.pdf")
    version.refresh_from_db()  # the task works at once here
    assert version.state == "cleared", version.inspection
    return version


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("check")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    client = Client()
    home = Site.objects.get(is_default_site=True).root_page
    assert type(home) is get_base_page_model(), type(home)

    index = home.add_child(
        instance=page_type("Index")(title="Reviews", slug="reviews", standfirst="Read these")
    )
    version = cleared_version("Overview report")
    review = index.add_child(
        instance=page_type("Review")(
            title="Child M",
            slug="child-m",
            review_type="learning-review",
            review_date="2019-07",
            harms=["neglect"],
            standfirst="Of our own",
            documents=[("document", {"version": version, "role": "overview-report"})],
            live=False,
            has_unpublished_changes=True,
        )
    )
    file_url = version.get_url()

    # A draft opens nothing.
    assert read(client, file_url)[0] == 404
    assert items(client, "Review") == []
    assert items(client, "Index")[0]["reviews"] == []
    assert read(client, review.url)[0] == 404

    review.save_revision().publish()
    assert read(client, file_url) == (200, readable_pdf("Overview report"))
    (item,) = items(client, "Review")
    assert item["standfirst"] == "Of our own"
    assert item["review_type"]["label"] == "Learning review", item["review_type"]
    assert item["review_date"] == {"value": "2019-07", "precision": "month"}
    (document,) = item["documents"]
    assert document["url"].endswith(file_url)
    assert document["sha256"] == version.sha256
    (listed,) = items(client, "Index")[0]["reviews"]
    assert listed["title"] == "Child M"
    assert client.post(f"{index.url}comments/").status_code == 403

    for name, values in {
        "Collection": {},
        "FurtherInformation": {},
        "Article": {"article_date": "2008"},
    }.items():
        page = home.add_child(
            instance=page_type(name)(title=name, slug=name.lower(), live=False, **values)
        )
        assert items(client, name) == []
        page.save_revision().publish()
        assert [found["title"] for found in items(client, name)] == [name]

    # Each way to close closes page and file together.
    review.refresh_from_db()
    review.unpublish()
    assert read(client, file_url)[0] == 404
    assert items(client, "Review") == []
    review.save_revision().publish()
    assert read(client, file_url)[0] == 200

    restriction = PageViewRestriction.objects.create(
        page_id=index.pk, restriction_type=PageViewRestriction.LOGIN
    )
    assert read(client, file_url)[0] == 404
    assert items(client, "Review") == []
    restriction.delete()
    assert read(client, file_url)[0] == 200

    review.refresh_from_db()
    # Below the root of the tree, a page is on no site.
    review.move(get_base_page_model().get_first_root_node(), pos="last-child")
    assert read(client, file_url)[0] == 404
    review.refresh_from_db()
    index.refresh_from_db()
    review.move(index, pos="last-child")
    assert read(client, file_url)[0] == 200

    index.refresh_from_db()
    index.delete()
    assert read(client, file_url)[0] == 404
    assert not Record.objects.filter(state="public", title="Child M").exists()

    # The importer makes pages of the site's own types, once.
    with tempfile.NamedTemporaryFile("w", suffix=".html") as source:
        source.write("<h1>Old reviews</h1><h2>SCR Child B, 2011</h2><p>Child B report</p>")
        source.flush()
        for _again in range(2):
            call_command("import_reviews", source.name, publish=True, verbosity=0)
    (imported,) = items(client, "Index")
    assert imported["title"] == "Old reviews"
    (listed,) = items(client, "Review")
    assert (listed["title"], listed["review_date"]["value"]) == ("SCR Child B, 2011", "2011")
    print("all as it should be")


if __name__ == "__main__":
    sys.exit(main())
