"""The life of a version: every legal move, every illegal one, and nobody wins twice."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion, version_moved
from wagtail_safeguarding.documents.states import MOVES, IllegalMove, VersionState, check_move

# Written out here a second time: a change of the table has to be meant.
LEGAL = {
    ("uploaded", "inspecting"),
    ("uploaded", "withdrawn"),
    ("inspecting", "cleared"),
    ("inspecting", "blocked"),
    ("inspecting", "withdrawn"),
    ("cleared", "inspecting"),
    ("cleared", "withdrawn"),
    ("blocked", "cleared"),
    ("blocked", "inspecting"),
    ("blocked", "withdrawn"),
}
PAIRS = sorted(product([state.value for state in VersionState], repeat=2))
ILLEGAL = [pair for pair in PAIRS if pair not in LEGAL]


def version_in(state: str) -> DocumentVersion:
    """With a report that has nothing to say."""
    version = factories.cleared_version()
    DocumentVersion.objects.filter(pk=version.pk).update(state=state)
    ModelLogEntry.objects.all().delete()
    return DocumentVersion.objects.get(pk=version.pk)


def stored_state(version: DocumentVersion) -> str:
    return DocumentVersion.objects.values_list("state", flat=True).get(pk=version.pk)


def test_table_is_the_one_that_was_meant() -> None:
    assert {(a.value, b.value) for a, targets in MOVES.items() for b in targets} == LEGAL
    assert set(MOVES) == set(VersionState)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_check_move_agrees_with_the_table(pair: tuple[str, str]) -> None:
    if pair in LEGAL:
        check_move(*pair)
    else:
        with pytest.raises(IllegalMove, match=f"from {pair[0]} to {pair[1]}"):
            check_move(*pair)


def test_unknown_states_are_refused() -> None:
    for pair in (("cleared", "public"), ("lost", "cleared")):
        with pytest.raises(ValueError, match="is not a valid"):
            check_move(*pair)


@pytest.mark.django_db
@pytest.mark.parametrize("pair", sorted(LEGAL), ids="-".join)
def test_legal_move_is_stored_and_on_record(pair: tuple[str, str]) -> None:
    before, after = pair
    version = version_in(before)
    user = factories.superuser()
    version.move(VersionState(after), user=user, reason="Seen by the panel.")
    assert version.state == after
    assert stored_state(version) == after
    (entry,) = ModelLogEntry.objects.all()
    assert entry.action == "wagtail_safeguarding.version_state"
    assert entry.user == user
    assert entry.object_id == str(version.document_id)
    assert entry.data == {
        "version": version.number,
        "sha256": version.sha256,
        "from": before,
        "to": after,
        "reason": "Seen by the panel.",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("pair", ILLEGAL, ids="-".join)
def test_illegal_move_changes_nothing_and_leaves_no_record(pair: tuple[str, str]) -> None:
    before, after = pair
    version = version_in(before)
    with pytest.raises(IllegalMove):
        version.move(VersionState(after), reason="no")
    assert version.state == before
    fresh = DocumentVersion.objects.get(pk=version.pk)
    assert (fresh.state, fresh.withdrawal_reason) == (before, "")
    assert not ModelLogEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["nobody", "nothing said", "blanks"])
def test_a_blocked_version_is_cleared_only_by_a_name_with_a_reason(named: str) -> None:
    version = version_in("blocked")
    user = None if named == "nobody" else factories.superuser()
    reason = {"nobody": "Fine.", "nothing said": "", "blanks": " \n"}[named]
    with pytest.raises(IllegalMove):
        version.move(VersionState.CLEARED, user=user, reason=reason)
    assert stored_state(version) == "blocked"
    assert not ModelLogEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("report", ["none", "of other bytes", "with a blocker"])
def test_a_blocked_version_is_not_cleared_while_anything_blocks_it(report: str) -> None:
    version = version_in("blocked")
    version.inspection = {
        "none": None,
        "of other bytes": {"sha256": "0" * 64, "findings": []},
        "with a blocker": {"sha256": version.sha256, "findings": [{"severity": "blocker"}]},
    }[report]
    with pytest.raises(IllegalMove):
        version.move(VersionState.CLEARED, user=factories.superuser(), reason="Fine.")
    assert stored_state(version) == "blocked"


@pytest.mark.django_db
@pytest.mark.parametrize("result", ["cleared", "blocked"])
def test_the_result_of_an_earlier_inspection_comes_too_late(result: str) -> None:
    version = version_in("cleared")
    version.move(VersionState.INSPECTING)
    slow = DocumentVersion.objects.get(pk=version.pk)
    version.move(VersionState.BLOCKED)
    version.move(VersionState.INSPECTING)
    with pytest.raises(IllegalMove):
        slow.move(VersionState(result))
    assert stored_state(version) == "inspecting"
    slow.move(VersionState.WITHDRAWN, reason="A takedown does not depend on it.")
    assert stored_state(version) == "withdrawn"


def _fail(**kwargs: object) -> None:
    raise RuntimeError("a receiver")


def _fail_in_the_database(**kwargs: object) -> None:
    connection.cursor().execute("SELECT * FROM no_such_table")


@pytest.mark.django_db
@pytest.mark.parametrize("receiver", [_fail, _fail_in_the_database])
def test_a_version_is_closed_though_a_receiver_fails(receiver: Any) -> None:
    version = version_in("cleared")
    version_moved.connect(receiver)
    try:
        version.move(VersionState.WITHDRAWN, reason="It names a child.")
    finally:
        version_moved.disconnect(receiver)
    assert version.state == stored_state(version) == "withdrawn"
    assert ModelLogEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_move_that_is_interrupted_did_not_happen() -> None:
    version = version_in("cleared")

    def interrupt(**kwargs: object) -> None:
        raise KeyboardInterrupt

    version_moved.connect(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            version.move(VersionState.WITHDRAWN, reason="It names a child.")
    finally:
        version_moved.disconnect(interrupt)
    assert stored_state(version) == "cleared"
    assert not ModelLogEntry.objects.exists()


@pytest.mark.django_db
def test_of_two_movers_only_one_wins() -> None:
    version = version_in("inspecting")
    first = DocumentVersion.objects.get(pk=version.pk)
    second = DocumentVersion.objects.get(pk=version.pk)
    first.move(VersionState.BLOCKED)
    with pytest.raises(IllegalMove) as caught:
        second.move(VersionState.CLEARED)
    assert caught.value.current == "blocked"
    assert stored_state(version) == "blocked"
    assert ModelLogEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_withdrawal_is_not_undone_by_a_late_inspection() -> None:
    version = version_in("inspecting")
    late = DocumentVersion.objects.get(pk=version.pk)
    version.move(VersionState.WITHDRAWN, reason="Named a child.")
    with pytest.raises(IllegalMove):
        late.move(VersionState.CLEARED, inspection={"findings": []})
    fresh = DocumentVersion.objects.get(pk=version.pk)
    assert (fresh.state, fresh.withdrawal_reason) == ("withdrawn", "Named a child.")


@pytest.mark.django_db
def test_what_changes_with_the_move_is_stored_with_it() -> None:
    version = version_in("cleared")
    version.move(VersionState.WITHDRAWN, reason="Replaced.")
    assert version.withdrawal_reason == "Replaced."
    assert DocumentVersion.objects.get(pk=version.pk).withdrawal_reason == "Replaced."


@pytest.mark.django_db
def test_log_actions_have_words_for_people() -> None:
    from wagtail.log_actions import registry

    version = version_in("cleared")
    version.move(VersionState.WITHDRAWN)
    (entry,) = ModelLogEntry.objects.all()
    assert registry.action_exists(entry.action)
    assert str(entry.message) == "Version 1 was withdrawn"


@pytest.mark.django_db
def test_a_log_that_is_out_of_order_keeps_no_file_public(monkeypatch: Any) -> None:
    def fail(**kwargs: object) -> None:
        raise RuntimeError("the log")

    version = version_in("inspecting")
    monkeypatch.setattr("wagtail_safeguarding.documents.models.log", fail)
    with pytest.raises(RuntimeError):
        version.move(VersionState.CLEARED)
    assert stored_state(version) == "inspecting"
    version.move(VersionState.WITHDRAWN, reason="It names a child.")
    assert stored_state(version) == "withdrawn"
