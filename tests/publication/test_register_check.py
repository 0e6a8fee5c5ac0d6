"""The register is compared with what the door would write, and projected again where it differs."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from modelsearch.conf import get_app_config
from wagtail.models import Page, PageViewRestriction

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication import drift as module
from wagtail_safeguarding.publication.drift import (
    Direction,
    Drift,
    Kind,
    drift_of_page,
    find_drift,
    rebuild,
)
from wagtail_safeguarding.register.indexing import update_statistics
from wagtail_safeguarding.register.models import Entry, Record, RecordDocument, RecordState
from wagtail_safeguarding.register.passages import Passage

pytestmark = pytest.mark.django_db

OPEN, CLOSED, UNTIDY = Direction.OPEN, Direction.CLOSED, Direction.UNTIDY


@pytest.fixture
def live(index: Any, version: Any) -> PracticeReviewPage:
    return factories.review(index, versions=(version,))


def drifts() -> list[tuple[Kind, Direction]]:
    return [(drift.kind, drift.direction) for drift in find_drift()]


def snapshot() -> Any:
    records = Record.objects.order_by("pk").values_list(
        "pk", "state", "etag", "title", "changed_at"
    )
    links = RecordDocument.objects.order_by("pk").values_list("record", "version")
    return list(records), list(links), Entry.objects.count()


def mend() -> int:
    """Rebuild until nothing is left; how many pages were projected."""
    mended = list(rebuild())
    assert all(page.after == [] for page in mended), mended
    assert drifts() == []
    before = snapshot()
    assert list(rebuild()) == []
    assert snapshot() == before
    return len(mended)


# Agreement


def test_agrees_after_each_step_of_a_life(index: Any, version: Any) -> None:
    assert drifts() == []
    page = factories.review(index, versions=(version,), live=False)
    assert drifts() == []
    page.save_revision().publish()
    assert drifts() == []
    alias = page.create_alias(parent=factories.home_page(), update_slug="alias")
    assert drifts() == []
    page.refresh_from_db()
    page.title = "Draft title"
    page.save_revision()
    assert drifts() == []
    restriction = PageViewRestriction.objects.create(
        page=index.page_ptr, restriction_type=PageViewRestriction.LOGIN
    )
    assert drifts() == []
    restriction.delete()
    list(rebuild())  # what opens on commit does not open inside a test's transaction
    version.move(VersionState.WITHDRAWN, reason="x")
    assert drifts() == []
    alias.delete()
    page.unpublish()
    assert drifts() == []
    PracticeReviewPage.objects.get(pk=page.pk).delete()
    assert drifts() == []


def test_pages_of_other_types_are_nobodys_business(live: Any) -> None:
    factories.home_page().add_child(instance=Page(title="News", slug="news"))
    assert drifts() == []


# Each kind of difference, and back


def test_page_that_became_visible_past_the_door(index: Any, version: Any, is_public: Any) -> None:
    page = factories.review(index, versions=(version,), live=False)
    PracticeReviewPage.objects.filter(pk=page.pk).update(live=True)
    (drift,) = find_drift()
    assert (drift.kind, drift.direction) == (Kind.SHOULD_BE_PUBLIC, CLOSED)
    assert (drift.page_id, drift.record) == (page.pk, None)
    assert not drift.is_dangerous
    assert not is_public(version)
    assert mend() == 1
    assert is_public(version)


def test_page_that_was_hidden_past_the_door(live: Any, version: Any, is_public: Any) -> None:
    PracticeReviewPage.objects.filter(pk=live.pk).update(live=False)
    (drift,) = find_drift()
    assert (drift.kind, drift.direction) == (Kind.SHOULD_BE_CLOSED, OPEN)
    assert drift.is_dangerous
    assert drift.served == ()  # the gate asks Wagtail as well
    assert not is_public(version)
    assert mend() == 1
    record = Record.objects.get(page_id=live.pk)
    assert (record.state, record.title, bytes(record.payload)) == ("withdrawn", "", b"")


def test_section_that_was_restricted_in_bulk(index: Any, live: Any) -> None:
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page=index.page_ptr, restriction_type=PageViewRestriction.LOGIN)]
    )
    assert drifts() == [(Kind.SHOULD_BE_CLOSED, OPEN)] * 2  # the index and the review
    assert mend() == 2


def test_file_that_was_withdrawn_past_the_door(live: Any, version: Any) -> None:
    DocumentVersion.objects.filter(pk=version.pk).update(state=VersionState.WITHDRAWN)
    assert drifts() == [(Kind.WRONG_PAYLOAD, OPEN), (Kind.WRONG_VERSIONS, OPEN)]
    assert [drift.served for drift in find_drift()] == [(), ()]
    assert mend() == 1


def test_file_that_no_page_names_is_handed_out(live: Any, is_public: Any) -> None:
    other = factories.cleared_version("Secret")
    RecordDocument.objects.create(record=Record.objects.get(page_id=live.pk), version=other)
    (drift,) = find_drift()
    assert (drift.kind, drift.direction) == (Kind.WRONG_VERSIONS, OPEN)
    assert drift.served == (f"{other.document.uuid} version 1",)
    assert "Secret" not in str(drift)
    assert is_public(other)
    assert mend() == 1
    assert not is_public(other)


def test_file_that_the_record_lost(live: Any, version: Any, is_public: Any) -> None:
    RecordDocument.objects.all().delete()
    assert drifts() == [(Kind.WRONG_VERSIONS, CLOSED)]
    assert mend() == 1
    assert is_public(version)


@pytest.mark.parametrize(
    "damage",
    [
        {"payload": b"{}"},
        {"etag": "0" * 64},
        {"title": "Another"},
        {"kind": "article"},
        {"alias_of": 1},
        {"date": "1999"},
    ],
    ids=lambda damage: next(iter(damage)),
)
def test_record_that_says_something_else(live: Any, damage: dict[str, Any]) -> None:
    Record.objects.filter(page_id=live.pk).update(**damage)
    (drift,) = find_drift()
    assert (drift.kind, drift.direction) == (Kind.WRONG_PAYLOAD, OPEN)
    assert next(iter(damage)) in drift.detail
    assert mend() == 1


@pytest.mark.parametrize("damage", ["lost", "another"])
def test_text_that_the_search_does_not_know(live: Any, damage: str) -> None:
    passages = Passage.objects.filter(record__page_id=live.pk)
    assert passages.exists()
    passages.delete() if damage == "lost" else passages.update(text="Somebody's name")
    assert drifts() == [(Kind.WRONG_TEXT, OPEN)]
    entries = Entry.objects.count()
    assert mend() == 1
    assert Entry.objects.count() == entries, "what is public is as it was"


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b'{"own_publisher', b"\xff"])
def test_damaged_index_spoils_nothing_below_it(
    client: Any, index: Any, live: Any, payload: bytes
) -> None:
    Record.objects.filter(page_id=index.pk).update(payload=payload)
    uuid = Record.objects.get(page_id=live.pk).uuid
    assert client.get(f"/api/safeguarding/v1/records/{uuid}").status_code == 200
    live.save()
    assert drifts() == [(Kind.WRONG_PAYLOAD, OPEN)]
    assert mend() == 1


@pytest.mark.parametrize("column", ["payload", "item"])
def test_damaged_record_is_not_shown(client: Any, live: Any, column: str) -> None:
    Record.objects.filter(page_id=live.pk).update(**{column: b"" if column == "payload" else ""})
    uuid = Record.objects.get(page_id=live.pk).uuid
    assert client.get(f"/api/safeguarding/v1/records/{uuid}").status_code == 404
    listed = client.get("/api/safeguarding/v1/records?fields=*")
    assert [item["kind"] for item in listed.json()["items"]] == ["index"]
    assert mend() == 1
    assert client.get(f"/api/safeguarding/v1/records/{uuid}").status_code == 200


def test_record_of_a_page_that_is_gone(live: Any, index: Any) -> None:
    record = Record.objects.get(page_id=live.pk)
    Record.objects.filter(pk=record.pk).update(page_id=987654)
    live.delete()
    assert drifts() == [(Kind.TOMBSTONE, OPEN)]
    assert mend() == 1
    record.refresh_from_db()
    assert (record.state, record.page_deleted, record.title) == ("withdrawn", True, "")


def test_withdrawn_record_of_a_page_that_is_gone(live: Any) -> None:
    live.unpublish()
    Record.objects.filter(page_id=live.pk).update(page_id=987654)
    assert drifts() == [(Kind.TOMBSTONE, UNTIDY)]
    assert mend() == 1


def test_tombstone_that_is_public(live: Any, version: Any) -> None:
    live.delete()
    record = Record.objects.get(page_id=live.pk)
    Record.objects.filter(pk=record.pk).update(state=RecordState.PUBLIC)
    assert drifts() == [(Kind.TOMBSTONE, OPEN)]
    assert mend() == 1


@pytest.mark.parametrize("deleted", [False, True], ids=["page", "tombstone"])
@pytest.mark.parametrize("left", ["title", "payload", "files"])
def test_withdrawn_record_keeps_nothing(live: Any, version: Any, left: str, deleted: bool) -> None:
    record = Record.objects.get(page_id=live.pk)
    live.delete() if deleted else live.unpublish()
    if left == "files":
        RecordDocument.objects.create(record=record, version=version)
    else:
        value = "Child E" if left == "title" else b"Child E"
        Record.objects.filter(pk=record.pk).update(**{left: value})
    (drift,) = find_drift()
    assert (drift.kind, drift.direction) == (Kind.LEFTOVER, UNTIDY)
    assert left in drift.detail
    assert "Child E" not in str(drift)
    entries = Entry.objects.count()
    assert mend() == 1
    assert Entry.objects.count() == entries


def test_page_that_cannot_be_read_is_told_and_holds_up_no_other(
    live: Any, index: Any, version: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.review(index, title="Other", slug="other", versions=(version,))
    RecordDocument.objects.all().delete()
    real = PracticeReviewPage.get_public_form

    def fail(self: Any, *args: Any) -> Any:
        if self.pk == live.pk:
            raise TypeError("damaged content")
        return real(self, *args)

    monkeypatch.setattr(PracticeReviewPage, "get_public_form", fail)
    assert drifts() == [(Kind.UNREADABLE, OPEN), (Kind.WRONG_VERSIONS, CLOSED)]
    first, second = rebuild()
    assert [drift.kind for drift in first.after] == [Kind.UNREADABLE]
    assert second.after == []
    assert drift_of_page(other.pk) == []


def test_difference_that_is_gone_at_a_second_look_is_none(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([{live.pk: [Drift(Kind.WRONG_PAYLOAD, OPEN, live.pk)]}, {}])
    monkeypatch.setattr(module, "_compare", lambda page_ids, read: next(answers))
    assert drift_of_page(live.pk) == []


def test_check_writes_nothing(live: Any) -> None:
    RecordDocument.objects.all().delete()
    with CaptureQueriesContext(connection) as queries:
        assert drifts()
    assert [q["sql"] for q in queries if not q["sql"].lstrip("(").startswith("SELECT")] == []


def test_rebuild_makes_nothing_public_that_is_not(index: Any, version: Any, is_public: Any) -> None:
    page = factories.review(index, versions=(version,), live=False)
    record = Record.objects.create(page_id=page.pk, kind="review", state=RecordState.PUBLIC)
    RecordDocument.objects.create(record=record, version=version)
    assert mend() == 1
    record.refresh_from_db()
    assert record.state == RecordState.WITHDRAWN
    assert not is_public(version)


def test_many_pages_in_several_batches(
    index: Any, version: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    pages = [factories.review(index, title=f"R{n}", slug=f"r{n}") for n in range(5)]
    ticks: list[int] = []
    assert list(find_drift(lambda: ticks.append(1))) == []
    assert len(ticks) == module.count_work() == 6
    Record.objects.filter(page_id__in=[page.pk for page in pages]).update(title="x")
    assert len(drifts()) == 5
    assert mend() == 5


# The command


def run(*args: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("register", *args, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_check_exits_0_or_1(live: Any) -> None:
    assert run("check") == (0, "Pages and records: 2. The register agrees with the site.\n")
    PracticeReviewPage.objects.filter(pk=live.pk).update(live=False)
    status, out = run("check")
    assert status == 1
    assert "should-be-closed" in out
    assert "Open although it should be closed." in out
    assert "Pages and records: 2. 1 should-be-closed. Dangerous: 1." in out
    assert live.title not in out


def test_check_in_json(live: Any) -> None:
    assert json.loads(run("check", "--format", "json")[1]) == {
        "findings": [],
        "records": 2,
        "counts": {},
        "dangerous": 0,
    }
    RecordDocument.objects.all().delete()
    status, out = run("check", "--format", "json")
    assert status == 1
    (finding,) = json.loads(out)["findings"]
    assert finding["kind"] == "wrong-versions"
    assert finding["direction"] == "closed although it should be open"
    assert finding["page_id"] == live.pk


@pytest.mark.database("sqlite")
def test_after_a_rebuild_sqlite_knows_how_large_the_index_is(live: Any) -> None:
    """Or else it joins it the wrong way round, and a search takes seconds."""
    table = get_app_config().get_model("IndexEntry")._meta.db_table
    update_statistics()  # so that SQLite has a table of them

    def known() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = %s", [table])
            return bool(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
    list(rebuild(dry_run=True))
    assert not known()
    list(rebuild())
    assert known()


def test_rebuild_command(live: Any) -> None:
    PracticeReviewPage.objects.filter(pk=live.pk).update(live=False)
    before = snapshot()
    status, out = run("rebuild", "--dry-run")
    assert (status, snapshot()) == (1, before)
    assert "1 would be projected again. Nothing was written." in out
    status, out = run("rebuild")
    assert status == 0
    assert "mended: should-be-closed" in out
    assert out.endswith("1 projected again.\n")
    assert run("rebuild") == (0, "0 projected again.\n")
    assert run("check")[0] == 0


def test_show_tells_state_files_and_log(live: Any, version: Any) -> None:
    record = Record.objects.get(page_id=live.pk)
    status, out = run("show", str(record.uuid))
    assert status == 0
    for words in (str(record.uuid), "public", record.etag, str(version.document.uuid)):
        assert words in out
    assert out.count(version.sha256) == 2  # among the files and in the log
    live.unpublish()
    out = run("show", str(record.uuid))[1]
    assert "withdrawn" in out
    assert out.count(version.sha256) == 2  # the log keeps the hashes


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["show", "nonsense"], "is not a UUID"),
        (["show", "00000000-0000-4000-8000-000000000000"], "There is no record"),
        (["check", "--format", "xml"], "--format"),
        ([], "ACTION"),
    ],
)
def test_wrong_input_is_refused(args: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*args)
