"""A record that was shown is read without its page for as long as nothing is written, and is not
read once after its page was hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from wagtail.models import PageViewRestriction

from tests.api.register.register_site import RegisterSite, publish_site
from tests.api.register.writes import (
    ask,
    commit_in_between,
    forget,
    hide,
    no_numbers,
    restrict,
    statements,
    unpublish,
)
from tests.beside import elsewhere
from wagtail_safeguarding.register import shelf
from wagtail_safeguarding.register.models import Entry, Record

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database("sqlite")]

PAGE = '"wagtailcore_page"'


@pytest.fixture
def site(transactional_db: None) -> RegisterSite:
    cache.clear()
    return publish_site()


def shown(site: RegisterSite) -> set[str]:
    return {item["uuid"] for item in ask("records").json()["items"]}


def asks_for_pages(path: str) -> bool:
    with statements() as asked:
        assert ask(path).status_code == 200
    assert any('"wagtail_safeguarding_record"' in one for one in asked)
    return any(PAGE in one for one in asked)


@pytest.mark.parametrize("path", ["records", "records/{record}"])
def test_pages_are_asked_for_once(path: str, site: RegisterSite) -> None:
    path = path.format(record=site.uuid("review"))
    ask("records")  # which has the terms of each record
    forget()
    assert asks_for_pages(path)
    expected = ask(path).content
    assert not asks_for_pages(path)
    assert ask(path).content == expected
    forget()
    assert asks_for_pages(path)


def test_a_record_that_was_not_shown_yet_is_asked_for_with_its_page(site: RegisterSite) -> None:
    index, review = site.record("index").pk, site.record("review").pk
    hide(site)
    for _ in range(2):
        assert [*shelf.read_now([index], "etag")[0]] == [index]
    for _ in range(2):
        assert [*shelf.read_now([index, review], "etag")[0]] == [index]
        assert shelf.read_whole(site.record("review").uuid)[0] is None


@pytest.mark.parametrize("by", ["here", "elsewhere"])
@pytest.mark.parametrize("close", [hide, restrict, unpublish])
def test_what_is_closed_is_read_no_more(
    close: Callable[[RegisterSite], None], by: str, site: RegisterSite
) -> None:
    uuid = site.uuid("review")
    for _ in range(2):
        assert uuid in shown(site)
        assert ask(f"records/{uuid}").status_code == 200
    if by == "here":
        close(site)
    else:
        elsewhere(lambda: close(site))
    for _ in range(2):
        assert uuid not in shown(site)
        assert ask(f"records/{uuid}").status_code in {404, 410}


def test_what_is_opened_again_is_read_again(site: RegisterSite) -> None:
    uuid = site.uuid("review")
    restrict(site)
    assert uuid not in shown(site)
    PageViewRestriction.objects.all().delete()
    for _ in range(2):
        assert uuid in shown(site)
        assert ask(f"records/{uuid}").status_code == 200


@pytest.mark.parametrize("close", [hide, restrict, unpublish])
def test_what_is_closed_while_it_is_read_is_asked_for_again(
    close: Callable[[RegisterSite], None], site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    uuid = site.uuid("review")
    ask(f"records/{uuid}")
    with monkeypatch.context() as patched:
        commit_in_between(patched, lambda: close(site))
        assert ask(f"records/{uuid}").status_code in {404, 410}


def test_nothing_is_taken_from_before_in_a_transaction(site: RegisterSite) -> None:
    uuid = site.uuid("review")
    assert uuid in shown(site)
    with transaction.atomic():
        hide(site)
        assert uuid not in shown(site)
        assert ask(f"records/{uuid}").status_code == 404
        transaction.set_rollback(True)
    assert uuid in shown(site)


def test_what_lost_its_form_is_not_shown_because_it_was_read_in_part(site: RegisterSite) -> None:
    record = site.record("review")
    Record.objects.filter(pk=record.pk).update(item="")
    for _ in range(2):
        assert [*shelf.read_now([record.pk], "etag")[0]] == [record.pk]
    assert shelf.read_now([record.pk], "utf8")[0] == {}
    found: Any = shelf.read_whole(record.uuid, inside=False)[0]
    assert found.pk == record.pk
    assert shelf.read_whole(record.uuid)[0] is None


def test_what_lost_its_payload_is_not_shown_because_it_was_read_in_part(site: RegisterSite) -> None:
    record = site.record("review")
    Record.objects.filter(pk=record.pk).update(payload=b"")
    for _ in range(2):
        found: Any = shelf.read_whole(record.uuid, inside=False)[0]
        assert found.pk == record.pk
    assert shelf.read_whole(record.uuid)[0] is None


def test_entries_that_wait_for_their_number_are_numbered_by_the_next_reading(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = site.record("index").pk
    with no_numbers(monkeypatch):
        unpublish(site)
        for _ in range(2):
            assert [*shelf.read_now([pk], "etag")[0]] == [pk]
    assert Entry.objects.filter(sequence=None).exists()
    assert [*shelf.read_now([pk], "etag")[0]] == [pk]
    assert not Entry.objects.filter(sequence=None).exists()


def test_as_many_are_remembered_as_there_may_be(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST_SHOWN", 2)
    pks = list(Record.objects.values_list("pk", flat=True))
    assert len(pks) > 4
    for _ in range(2):
        for pk in pks:
            assert [*shelf.read_now([pk], "etag")[0]] == [pk]
            ((_seen, keys),) = (kept.value for kept in shelf._shown_before._values.values())
            assert len(keys) <= 2


def test_what_one_database_shows_is_not_taken_for_what_another_does(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A router may name another one each time it is asked."""
    pk = site.record("review").pk
    databases = iter(["default"])
    monkeypatch.setattr(shelf.router, "db_for_read", lambda model: next(databases, "other"))
    assert [*shelf.read_now([pk], "etag")[0]] == [pk]
