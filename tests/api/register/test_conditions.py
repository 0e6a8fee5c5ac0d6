"""What a client has already is confirmed without a query for as long as nothing is written, and
not once after that."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.beside import elsewhere
from wagtail_safeguarding.api.register import conditions
from wagtail_safeguarding.kept import state_of
from wagtail_safeguarding.register import clock, hidden, shelf
from wagtail_safeguarding.register.models import Record

from .register_site import RegisterSite, publish_site
from .writes import (
    API,
    ask,
    commit_in_between,
    forget,
    hide,
    no_numbers,
    restrict,
    statements,
    unpublish,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database("sqlite")]


@pytest.fixture
def site(transactional_db: None) -> RegisterSite:
    cache.clear()
    return publish_site()


def confirmed(path: str) -> str:
    """The ETag of an answer, after it has been confirmed twice."""
    etag: str = ask(path)["ETag"]
    for _ in range(2):
        assert ask(path, etag).status_code == 304
    return etag


PATHS = [
    "records",
    "records?kind=review&facets=*",
    "changes",
    "vocabularies",
    "feed.atom",
    "catalogue",
]


@pytest.mark.parametrize("path", [*PATHS, "{record}", "{record}/jsonld"])
def test_nothing_is_asked_while_nothing_is_written(path: str, site: RegisterSite) -> None:
    path = path.format(record=f"records/{site.uuid('review')}")
    etag = confirmed(path)
    with statements() as asked:
        again = ask(path, etag)
    assert again.status_code == 304
    assert asked == ["PRAGMA data_version"]
    assert ask(path, '"other"').status_code == 200
    assert ask(path, "*").status_code == 304
    assert ask(path).status_code == 200


@pytest.mark.parametrize("conditional", [True, False])
def test_a_takedown_whose_entry_waits_for_its_number_is_not_missed(
    conditional: bool, site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else has the lock when it is to be numbered, and when it is read, and then writes
    nothing."""
    etag = ask("records")["ETag"]
    with no_numbers(monkeypatch):
        site.pages["review"].unpublish()
        assert ask("records", etag if conditional else "").status_code in {200, 304}
    again = ask("records", etag)
    assert again.status_code == 200
    assert site.uuid("review") not in again.content.decode()


def test_a_takedown_while_a_condition_is_looked_into(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"records/{site.uuid('review')}"
    etag = ask(path)["ETag"]
    forget()
    with monkeypatch.context() as patched:
        commit_in_between(patched, lambda: hide(site))
        assert ask(path, etag).status_code == 304
    assert ask(path, etag).status_code == 404


def test_what_was_read_before_a_write_is_not_kept_as_after_it(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ask("records").json()["count"]
    forget()
    with monkeypatch.context() as patched:
        commit_in_between(patched, lambda: unpublish(site))
        ask("records")
    assert ask("records").json()["count"] == before - 1


def test_rows_are_of_the_moment_of_their_clock(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    pk = site.record("review").pk
    seen = clock.now()
    assert shelf.read_now([pk], "etag")[1] is seen  # kept
    commit_in_between(monkeypatch, lambda: restrict(site))
    found, then = shelf.read_now([pk], "etag")
    assert (found, len(then.closed)) == ({}, 1)


def test_as_many_statements_whatever_was_kept(site: RegisterSite) -> None:
    path = f"records/{site.uuid('review')}"
    ask("records")
    counts = []
    for _ in range(3):
        ask(path)
        with CaptureQueriesContext(connection) as captured:
            ask(path)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    forget()
    with statements() as asked:
        ask(path)
    assert sum("payload" in one for one in asked) == 1


def test_nothing_is_remembered_of_several_databases(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed("records")
    monkeypatch.setitem(connections.settings, "other", connections.settings["default"])
    request = RequestFactory().get(API + "records")
    assert conditions.Remembered.of(request) is None


@pytest.mark.parametrize("etag", ['-gzip"', '""', '"', "W/", ""])
def test_an_empty_etag_is_known_to_nobody(etag: str, site: RegisterSite) -> None:
    assert ask("records", etag).status_code == 200
    assert ask("records/none", etag).status_code == 404


@pytest.mark.parametrize("by", ["here", "elsewhere"])
@pytest.mark.parametrize("close", [hide, restrict, unpublish])
def test_what_is_closed_is_confirmed_no_more(
    close: Callable[[RegisterSite], None], by: str, site: RegisterSite
) -> None:
    """At once, whoever closes it: also past Wagtail, where a record is concerned."""
    path = f"records/{site.uuid('review')}"
    etag = confirmed(path)
    if by == "here":
        close(site)
    else:
        elsewhere(lambda: close(site))
    assert ask(path, etag).status_code in {404, 410}
    assert ask(path, etag).status_code in {404, 410}


def test_what_is_hidden_and_found_later_is_confirmed_no_more(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list does not notice at once (see ``hidden``); to notice it writes nothing."""
    ask("records")
    hide(site)
    etag = confirmed("records")
    monkeypatch.setattr(hidden, "_until", float("-inf"))
    assert ask("records", etag).status_code == 200
    assert confirmed("records") != etag


def test_what_is_rolled_back_was_never_so(site: RegisterSite) -> None:
    path = f"records/{site.uuid('review')}"
    etag = confirmed(path)
    with transaction.atomic():
        hide(site)
        assert ask(path, etag).status_code == 404
        transaction.set_rollback(True)
    assert ask(path, etag).status_code == 304
    with transaction.atomic():
        Record.objects.filter(uuid=site.uuid("review")).update(etag="0" * 64)
        other = ask(path)["ETag"]
        assert ask(path, other).status_code == 304
        transaction.set_rollback(True)
    assert ask(path, other).status_code == 200


def test_addresses_are_remembered_up_to_a_bound(
    site: RegisterSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "_MOST", 3)
    etags = {path: confirmed(path) for path in PATHS}
    kept = conditions._held.get("default", state_of("default"))
    assert kept is not None
    assert len(kept) == 3
    for path, etag in etags.items():
        assert ask(path, etag).status_code == 304


def test_a_compressed_answer_and_a_plain_one_are_remembered_as_one(site: RegisterSite) -> None:
    plain = confirmed("records")
    packed = Client().get(API + "records", headers={"Accept-Encoding": "gzip"})["ETag"]
    assert packed != plain
    for etag in (packed, plain, f"W/{packed}", f'"x", {plain}'):
        with statements() as asked:
            assert ask("records", etag).status_code == 304
        assert len(asked) == 1
