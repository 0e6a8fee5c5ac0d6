"""Changes: a mirror that follows them ends with what is public, and is told of every takedown."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from wagtail.models import Page

from tests import factories as f
from wagtail_safeguarding.api.register.answers import Changes
from wagtail_safeguarding.register.clock import now
from wagtail_safeguarding.register.models import Clock, Entry, Record

from .register_site import API, data, get, hidden_review, hide_silently

pytestmark = pytest.mark.django_db


def walk(path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while True:
        answer = data(path)
        Changes.model_validate_json(json.dumps(answer))
        items += answer["items"]
        path = answer["next"]
        if not answer["more"]:
            return items


def test_an_empty_register_gives_a_place_to_begin(db):
    answer = data("changes")
    assert (answer["items"], answer["more"]) == ([], False)
    assert answer["next"].startswith(f"{API}changes?since=")
    f.review(f.review_index(f.home_page()))
    assert len(data(answer["next"])["items"]) == 2


def test_the_log_is_told_oldest_first(site):
    items = data("changes")["items"]
    assert [item["sequence"] for item in items] == list(range(1, len(items) + 1))
    assert {item["kind"] for item in items} == set(site.pages)
    first = next(item for item in items if item["kind"] == "review")
    assert first["event"] == "published"
    assert first["record"] == site.uuid("review")
    assert first["sha256"] == site.record("review").etag
    assert {file["sha256"] for file in first["files"]} >= {site.report.sha256}
    assert (first["state"], first["tombstone"]) == ("public", None)


def test_the_end_is_a_place_to_go_on_later(site):
    end = data("changes")
    assert end["more"] is False
    idle = data(end["next"])
    assert (idle["items"], idle["next"], idle["more"]) == ([], end["next"], False)
    site.pages["article"].unpublish()
    (item,) = data(end["next"])["items"]
    assert (item["event"], item["record"], item["state"]) == (
        "withdrawn",
        str(site.record("article").uuid),
        "withdrawn",
    )
    assert item["tombstone"]["kind"] == "article"
    assert item["tombstone"]["sha256"] == item["sha256"]


def test_what_was_taken_down_since_is_a_tombstone_from_the_beginning(site):
    uuid = site.uuid("article")
    site.pages["article"].delete()
    told = [item for item in data("changes")["items"] if item["record"] == uuid]
    assert [item["event"] for item in told] == ["published", "withdrawn"]
    assert all(item["tombstone"]["state"] == "withdrawn" for item in told)


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_parts_make_up_the_whole(site, limit):
    assert walk(f"changes?limit={limit}") == data("changes")["items"]


def test_a_page_that_was_hidden_silently_is_skipped(site):
    silent = hidden_review(site, "silent")
    before = data("changes")
    hide_silently(site, silent)
    Clock.objects.update(mark="another")
    after = data("changes")
    uuid = str(Record.objects.get(page_id=silent.pk).uuid)
    assert [item for item in before["items"] if item["record"] != uuid] == after["items"]
    assert before["next"] == after["next"]


@pytest.mark.parametrize("cursor", ["x", "7", "7-abc", "-", "1-" + "g" * 16, "٧-" + "0" * 16])
def test_a_cursor_of_nobodys_is_refused(site, cursor):
    response = get(f"changes?since={cursor}")
    assert response.status_code == 422
    assert json.loads(response.body)["errors"][0]["parameter"] == "since"


def test_a_cursor_of_another_history_says_to_begin_anew(site):
    cursors = [data(f"changes?limit={limit}")["next"] for limit in (1, 100)]
    now()
    last = Entry.objects.order_by("-sequence").first()
    # As after a restore: the last entry was never written, the first is another one.
    Entry.objects.filter(pk=last.pk).update(sequence=None)
    Entry.objects.filter(sequence=1).update(at=last.at)
    for cursor in cursors:
        response = get(cursor)
        assert response.status_code == 410
        body = json.loads(response.body)
        assert "Begin anew, without since" in body["detail"]
        assert body["errors"][0]["parameter"] == "since"
        assert response["Cache-Control"] == "no-store"


class Mirror:
    """Holds a copy, as docs/register-api.md tells to."""

    def __init__(self) -> None:
        self.path = "changes?limit=3"
        self.copy: dict[str, Any] = {}

    def follow(self) -> None:
        more = True
        while more:
            answer = data(self.path)
            for item in answer["items"]:
                response = get(f"records/{item['record']}")
                if item["tombstone"] or response.status_code != 200:
                    self.copy.pop(item["record"], None)
                else:
                    self.copy[item["record"]] = json.loads(response.body)
            self.path, more = answer["next"], answer["more"]


@pytest.mark.parametrize("seed", range(3))
def test_a_mirror_ends_with_an_identical_copy(site, seed, django_capture_on_commit_callbacks):
    chance = random.Random(seed)
    mirror = Mirror()

    def edit(page: Any) -> None:
        page.title = f"Edited {chance.random()}"
        page.save_revision().publish()

    def draft(page: Any) -> None:
        page.title = "A draft"
        page.save_revision()

    def rename(page: Any) -> None:
        page.slug = f"moved-{chance.randrange(10**9)}"
        page.save_revision().publish()

    steps = (edit, edit, draft, rename, Page.unpublish, Page.delete)
    for _ in range(12):
        pages = [page.specific for page in site.pages["index"].get_children()]
        with django_capture_on_commit_callbacks(execute=True):
            if len(pages) < 3:
                f.review(site.pages["index"], slug=f"new-{chance.randrange(10**9)}")
            else:
                chance.choice(steps)(chance.choice(pages))
        if chance.random() < 0.4:
            mirror.follow()
    mirror.follow()
    lines = get("export.jsonl").body.decode().splitlines()
    public = {line["uuid"]: line for line in map(json.loads, lines)}
    assert mirror.copy.keys() == public.keys()
    assert len(public) >= 2
    for uuid, line in public.items():
        assert line.items() <= mirror.copy[uuid].items()
