"""Newer rules close nothing by themselves: first they say what they would close (P5)."""

from __future__ import annotations

import io
import json
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.models import ModelLogEntry

from tests import factories
from wagtail_safeguarding.documents import inspections, reinspection
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.report import RULES_VERSION, Finding, Severity

pytestmark = pytest.mark.django_db

BLOCKER = Finding("hidden-shape", Severity.BLOCKER, "There are words under a shape.")


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Finding, ...]]:
    """What newer rules find, by the name of the file."""
    found: dict[str, tuple[Finding, ...]] = {}

    def newer(file: Any, name: str, **options: Any) -> Any:
        report = inspect_file(file, name, **options)
        return (
            report
            if name not in found
            else report.__class__(**{**report.__dict__, "findings": found[name]})
        )

    monkeypatch.setattr(inspections, "inspect_file", newer)
    return found


def outdated(name: str, state: str = "cleared") -> DocumentVersion:
    """Inspected under older rules, with this result."""
    version = factories.cleared_version(name, f"{name}.pdf", text=name)
    report = {**version.inspection, "rules_version": RULES_VERSION - 1}
    DocumentVersion.objects.filter(pk=version.pk).update(state=state, inspection=report)
    return version


def fresh(version: DocumentVersion) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=version.pk)


def run(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("documents", "inspect", *arguments, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


def named(version: DocumentVersion) -> str:
    return f"{version.document.uuid} version 1"


def test_what_is_public_and_would_not_be_is_told_and_stays_open(rules: Any, client: Any) -> None:
    open_one, draft, same = outdated("open"), outdated("draft"), outdated("same")
    factories.review(factories.review_index(), versions=(open_one,))
    rules.update({"open.pdf": (BLOCKER,), "draft.pdf": (BLOCKER,)})
    before = ModelLogEntry.objects.count()
    for _again in range(2):
        said, status = run("--outdated")
        assert status == 1
        assert f"would-close         {named(open_one)}  PUBLIC NOW.  hidden-shape" in said
        assert f"would-close         {named(draft)}  hidden-shape" in said
        assert named(same) not in said
        assert "Public now, and would not be: 1." in said
    for version in (open_one, draft):
        assert fresh(version).state == "cleared"
        assert fresh(version).inspection["rules_version"] == RULES_VERSION - 1
    assert client.get(open_one.get_url()).status_code == 200
    assert ModelLogEntry.objects.count() == before


def test_apply_closes_and_clears_and_is_on_record(rules: Any, client: Any) -> None:
    open_one, better = outdated("open"), outdated("better", "blocked")
    factories.review(factories.review_index(), versions=(open_one,))
    rules["open.pdf"] = (BLOCKER,)
    said, status = run("--outdated", "--apply")
    assert status == 0
    assert f"closed              {named(open_one)}" in said
    assert f"cleared             {named(better)}" in said
    assert [fresh(one).state for one in (open_one, better)] == ["blocked", "cleared"]
    assert client.get(open_one.get_url()).status_code == 404
    moves = ModelLogEntry.objects.filter(
        object_id=str(open_one.document_id), action="wagtail_safeguarding.version_state"
    )
    assert moves.order_by("-timestamp", "-pk")[0].data["to"] == "blocked"
    assert run("--outdated", "--apply") == (f"Rules {RULES_VERSION}: nothing to do.\n", 0)


def test_what_would_be_cleared_is_told_and_stays_closed() -> None:
    version = outdated("better", "blocked")
    said, status = run("--outdated")
    assert status == 0  # nothing that is public would close
    assert f"would-clear         {named(version)}" in said
    assert fresh(version).state == "blocked"


def test_what_stays_the_same_has_the_new_report_and_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    version = outdated("same")
    DocumentVersion.objects.filter(pk=outdated("none").pk).update(inspection=None)
    said, status = run("--outdated")
    assert (said, status) == (f"Rules {RULES_VERSION}: 2 same.\n", 0)
    assert fresh(version).inspection["rules_version"] == RULES_VERSION
    monkeypatch.setattr(reinspection, "read_stored", None)
    assert run("--outdated") == (f"Rules {RULES_VERSION}: nothing to do.\n", 0)


def test_a_run_that_was_stopped_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [outdated(f"report-{number}") for number in range(3)]
    monkeypatch.setattr(reinspection, "BATCH", 1)
    comparisons = reinspection.compare(apply=False)
    next(comparisons)
    comparisons.close()
    left = list(reinspection.compare(apply=False))
    assert [one.version.pk for one in left] == [version.pk for version in versions[1:]]


def test_what_nobody_inspected_or_is_withdrawn_is_left_alone() -> None:
    for state in (VersionState.INSPECTING, VersionState.WITHDRAWN):
        outdated(state.value, state.value)
    assert run("--outdated", "--apply")[0] == f"Rules {RULES_VERSION}: nothing to do.\n"


def test_altered_bytes_would_close() -> None:
    version = outdated("altered")
    storage = get_document_storage()
    storage.delete(version.storage_key)
    storage.save(version.storage_key, io.BytesIO(factories.pdf_bytes("other")))
    assert f"would-close         {named(version)}  altered" in run("--outdated")[0]
    run("--outdated", "--apply")
    assert fresh(version).state == "blocked"


def test_missing_files_and_a_scanner_that_is_away_are_problems_and_change_nothing(
    rules: Any,
) -> None:
    missing, unchecked = outdated("missing"), outdated("unchecked")
    get_document_storage().delete(missing.storage_key)
    away = Finding("malware-unchecked", Severity.BLOCKER, "The scanner gave no answer.")
    rules["unchecked.pdf"] = (away,)
    said, status = run("--outdated", "--apply")
    assert status == 1
    assert f"missing             {named(missing)}" in said
    assert f"unchecked           {named(unchecked)}" in said
    assert [fresh(one).state for one in (missing, unchecked)] == ["cleared", "cleared"]


def test_a_withdrawal_meanwhile_wins(rules: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    closing, same = outdated("closing"), outdated("same")
    rules["closing.pdf"] = (BLOCKER,)
    real = reinspection.read_stored

    def withdraw(version: DocumentVersion) -> Any:
        fresh(version).move(VersionState.WITHDRAWN, reason="Names a child.")
        return real(version)

    monkeypatch.setattr(reinspection, "read_stored", withdraw)
    assert run("--outdated", "--apply")[0].endswith("2 gone.\n")
    assert [fresh(one).state for one in (closing, same)] == ["withdrawn", "withdrawn"]


def test_json_says_the_same(rules: Any) -> None:
    version = outdated("open")
    factories.review(factories.review_index(), versions=(version,))
    rules["open.pdf"] = (BLOCKER,)
    said, status = run("--outdated", "--format", "json")
    assert status == 1
    assert json.loads(said) == {
        "findings": [
            {
                "outcome": "would-close",
                "document": str(version.document.uuid),
                "version": 1,
                "sha256": version.sha256,
                "state": "cleared",
                "public": True,
                "codes": ["hidden-shape"],
            }
        ],
        "rules_version": RULES_VERSION,
        "counts": {"would-close": 1},
        "public_would_close": 1,
    }


@pytest.mark.parametrize("arguments", [["--apply"], ["--format", "json"]])
def test_options_of_the_comparison_alone_are_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="--outdated") as caught:
        run(*arguments)
    assert caught.value.returncode == 2


def test_a_storage_that_is_away_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    version = outdated("open")
    broken = mock.Mock(open=mock.Mock(side_effect=OSError("away")))
    monkeypatch.setattr(inspections, "get_document_storage", lambda: broken)
    with pytest.raises(CommandError) as caught:
        run("--outdated", "--apply")
    assert caught.value.returncode == 2
    assert fresh(version).state == "cleared"


# --retry


def test_what_could_not_be_read_or_checked_is_tried_again(rules: Any) -> None:
    other = Finding("comment", Severity.BLOCKER, "There is a comment.")
    names = {
        "unread": Finding("uninspectable", Severity.BLOCKER, "It cannot be read."),
        "unchecked": Finding("malware-unchecked", Severity.BLOCKER, "No answer."),
        "comment": other,
    }
    versions = {}
    for name, finding in names.items():
        rules[f"{name}.pdf"] = (finding,)
        versions[name] = factories.cleared_version(name, f"{name}.pdf", text=name)
        assert versions[name].state == "blocked"
    rules.clear()
    assert run() == ("nothing to do.\n", 0)
    said, status = run("--retry")
    assert (said.splitlines()[-1], status) == ("2 cleared.", 0)
    assert fresh(versions["comment"]).state == "blocked"
