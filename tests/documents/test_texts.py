"""The text of a version is read once, off the request, and erased with a takedown."""

from __future__ import annotations

import io
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import TestCase

from tests.factories import cleared_version, superuser
from tests.inspection.test_text import docx, paragraph, pdf
from wagtail_safeguarding.documents import texts
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.texts import (
    TextState,
    VersionText,
    erase_texts,
    extract_version_text,
)
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.publication.takedown import delete_document, restore_document
from wagtail_safeguarding.register.passages import Passage

pytestmark = pytest.mark.django_db


def version_of(file: io.BytesIO, name: str = "report.pdf") -> DocumentVersion:
    return add_version(ReviewDocument(title="Report"), file, name)


def test_a_stored_version_is_read_once(monkeypatch: Any) -> None:
    version = version_of(pdf(["First"], ["Second"]))
    found = extract_version_text(version.pk)
    assert found is not None
    assert (found.state, found.get_pages(), found.characters) == (
        TextState.EXTRACTED,
        ["First", "Second"],
        11,
    )
    monkeypatch.setattr(texts, "get_document_storage", None)
    assert extract_version_text(version.pk) == found


def test_a_word_file_is_read() -> None:
    version = version_of(docx(paragraph("In Word")), "report.docx")
    found = extract_version_text(version.pk)
    assert found is not None
    assert found.get_pages() == ["In Word"]


def test_what_has_no_text_and_what_cannot_be_read_is_on_record() -> None:
    scanned = extract_version_text(version_of(pdf([])).pk)
    damaged = extract_version_text(cleared_version().pk)
    assert scanned is not None
    assert damaged is not None
    assert (scanned.state, damaged.state) == (TextState.NONE, TextState.FAILED)
    assert scanned.get_pages() == damaged.get_pages() == []


def test_a_storage_that_fails_leaves_nothing() -> None:
    version = version_of(pdf(["First"]))
    broken = mock.Mock(open=mock.Mock(side_effect=OSError("away")))
    with (
        mock.patch.object(texts, "get_document_storage", return_value=broken),
        pytest.raises(OSError, match="away"),
    ):
        extract_version_text(version.pk)
    assert not VersionText.objects.exists()


def test_withdrawn_deleted_and_unknown_versions_are_not_read() -> None:
    withdrawn, deleted = version_of(pdf(["One"])), version_of(pdf(["Two"]))
    withdrawn.move(VersionState.WITHDRAWN, reason="Names a child")
    delete_document(deleted.document)
    for pk in (withdrawn.pk, deleted.pk, 0):
        assert extract_version_text(pk) is None
    assert not VersionText.objects.exists()


def test_a_takedown_that_comes_while_the_file_is_read_wins(monkeypatch: Any) -> None:
    version = version_of(pdf(["One"]))

    def withdraw(*args: Any) -> list[str]:
        DocumentVersion.objects.get(pk=version.pk).move(VersionState.WITHDRAWN, reason="x")
        return ["One"]

    monkeypatch.setattr(texts.text, "extract_text", withdraw)
    assert extract_version_text(version.pk) is None
    assert not VersionText.objects.exists()
    assert not Passage.objects.exists()


def test_somebody_who_was_faster_is_no_error(monkeypatch: Any) -> None:
    version = version_of(pdf(["One"]))

    def other(*args: Any) -> list[str]:
        VersionText.objects.create(version=version, state=TextState.NONE)
        return ["One"]

    monkeypatch.setattr(texts.text, "extract_text", other)
    found = extract_version_text(version.pk)
    assert found is not None
    assert found.state == TextState.NONE


@pytest.mark.parametrize("takedown", ["withdrawn", "deleted"])
def test_a_takedown_erases_the_text(takedown: str) -> None:
    version, other = version_of(pdf(["One"])), version_of(pdf(["Two"]))
    for each in (version, other):
        extract_version_text(each.pk)
    if takedown == "withdrawn":
        version.move(VersionState.WITHDRAWN, reason="Names a child")
    else:
        delete_document(version.document, user=superuser())
    assert [found.version_id for found in VersionText.objects.all()] == [other.pk]
    assert [found.version_id for found in Passage.objects.all()] == [other.pk]


def test_a_blocked_file_keeps_no_text_until_it_is_cleared() -> None:
    version = version_of(pdf(["One"]))
    extract_version_text(version.pk)
    version.move(VersionState.BLOCKED)
    assert not VersionText.objects.exists()
    assert not Passage.objects.exists()
    assert extract_version_text(version.pk) is None
    version.move(VersionState.INSPECTING)
    with TestCase.captureOnCommitCallbacks(execute=True):
        version.move(VersionState.CLEARED)
    assert VersionText.objects.get().get_pages() == ["One"]


def test_a_text_that_cannot_be_erased_holds_up_no_withdrawal(monkeypatch: Any) -> None:
    version = version_of(pdf(["One"]))
    extract_version_text(version.pk)
    monkeypatch.setattr("wagtail_safeguarding.register.receivers.erase_texts", None)
    version.move(VersionState.WITHDRAWN, reason="Names a child")
    assert DocumentVersion.objects.get().state == VersionState.WITHDRAWN
    monkeypatch.undo()
    call_command("documents", "extract-text")
    assert not VersionText.objects.exists()
    assert not Passage.objects.exists()


def test_if_the_passages_fail_there_is_no_text_either(monkeypatch: Any) -> None:
    version = version_of(pdf(["One"]))

    def fail(pk: int) -> None:
        raise RuntimeError

    monkeypatch.setattr("wagtail_safeguarding.register.receivers.write_version_passages", fail)
    with pytest.raises(RuntimeError):
        extract_version_text(version.pk)
    assert not VersionText.objects.exists()


def test_an_upload_has_its_text_read_when_it_is_committed() -> None:
    with TestCase.captureOnCommitCallbacks(execute=True):
        version = version_of(pdf(["One"]))
        assert not VersionText.objects.exists()
    assert VersionText.objects.get().version == version
    assert Passage.objects.get().text == "One"


@pytest.mark.parametrize("fault", ["task", "backend"])
def test_no_fault_of_the_task_fails_an_upload(fault: str, monkeypatch: Any) -> None:
    fails = mock.Mock(side_effect=RuntimeError)
    if fault == "task":
        monkeypatch.setattr(texts, "extract_version_text", fails)
    else:
        monkeypatch.setattr(texts, "extract_text", mock.Mock(enqueue=fails))
    with TestCase.captureOnCommitCallbacks(execute=True):
        version = version_of(pdf(["One"]))
    fails.assert_called_once_with(version.pk)
    assert DocumentVersion.objects.get() == version
    assert not VersionText.objects.exists()


def test_a_restored_document_is_read_again() -> None:
    version = version_of(pdf(["One"]))
    delete_document(version.document)
    with TestCase.captureOnCommitCallbacks(execute=True):
        restore_document(version.document)
    assert VersionText.objects.get().get_pages() == ["One"]


# manage.py documents extract-text


def run(*arguments: str) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("documents", "extract-text", *arguments, stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(str(ended.code))
    return out.getvalue(), 0


def test_the_command_reads_what_has_not_been_read() -> None:
    version_of(pdf(["One"]))
    lost = version_of(pdf(["Two"]))
    extract_version_text(lost.pk)
    Passage.objects.all().delete()
    version_of(pdf([]))
    assert run() == ("2 extracted, 1 without text.\n", 0)
    assert set(Passage.objects.values_list("text", flat=True)) == {"One", "Two"}
    assert run() == ("nothing to do.\n", 0)


def test_the_command_tells_what_cannot_be_read_without_its_title() -> None:
    damaged = cleared_version("Child E")
    missing = version_of(pdf(["One"]))
    get_document_storage().delete(missing.storage_key)
    said, status = run()
    assert status == 1
    assert f"unreadable          {damaged.document.uuid} version 1" in said
    assert f"missing             {missing.document.uuid} version 1" in said
    assert "Child E" not in said
    assert run() == (f"missing             {missing.document.uuid} version 1\n1 missing.\n", 1)
    assert run("--retry")[0].endswith("1 unreadable, 1 missing.\n")


def test_a_storage_that_cannot_be_read_ends_the_command(monkeypatch: Any) -> None:
    from django.core.management.base import CommandError

    version_of(pdf(["One"]))
    broken = mock.Mock(open=mock.Mock(side_effect=OSError("away")))
    monkeypatch.setattr(texts, "get_document_storage", lambda: broken)
    with pytest.raises(CommandError) as caught:
        run()
    assert caught.value.returncode == 2
    assert not VersionText.objects.exists()


def test_erasing_what_is_not_there_is_no_error() -> None:
    erase_texts([1, 2, 3])
