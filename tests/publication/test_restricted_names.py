"""Names of a review's list stop its publication, wherever they stand, and are stored nowhere."""

from __future__ import annotations

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page, PageLogEntry

from tests import factories
from tests.inspection.corpus import identified
from tests.inspection.workers import put_worker
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.inspection.restricted import BadName
from wagtail_safeguarding.publication import files as page_files
from wagtail_safeguarding.publication import restricted
from wagtail_safeguarding.publication.readiness import Level, NotReady
from wagtail_safeguarding.publication.restricted import (
    NameCheck,
    NotHashed,
    RestrictedList,
    clear_names,
    lists_of,
    set_names,
)

pytestmark = pytest.mark.django_db

NAME = "Zebedee Quillfeather"
KEY = "a key of the site's own, which is long enough"


@pytest.fixture(autouse=True)
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a PDF says is all that is in it, on its second page."""

    def put(body: str) -> None:
        put_worker(tmp_path, monkeypatch, body)

    put("return asdict(Reading(texts=[Text(file.read().decode(), 'page', 2)]))")
    return put


@pytest.fixture
def draft(index: Any) -> Any:
    page = factories.review(index, live=False, title="Learning Review Child M")
    page.save_revision()
    return page


@pytest.fixture
def listed(draft: Any) -> Any:
    set_names(draft, NAME, user=None)
    return draft


def problems(page: Any, code: str = "restricted-name") -> list[Any]:
    return [problem for problem in page.get_problems() if problem.code == code]


def refused(page: Any) -> str:
    with pytest.raises(NotReady) as error:
        page.save_revision().publish()
    assert not type(page).objects.get(pk=page.pk).live
    return str(error.value)


def with_file(page: Any, version: DocumentVersion) -> Any:
    page.documents = [factories.document_value(version)]
    return page


PLACES = {
    "title": "The case of Zebedee Quillfeather",
    "slug": "zebedee-quillfeather",
    "seo_title": "Zebedee Quillfeather",
    "search_description": "About Quillfeather, Zebedee",
    "reference": "ZEBEDEE QUILLFEATHER",
    "summary": '<p>By <a href="https://example.org">Zebedee <b>Quillfeather</b></a></p>',
    "body": [("paragraph", '<p><embed embedtype="image" alt="Zebedee Quillfeather" id="1"/></p>')],
    "subjects": [("subject", "Zebedee Quillfeather")],
    "further_information": [
        ("link", {"title": "More", "url": "https://example.org/zebedee-quillfeather"})
    ],
    "documents": [("document", {"version": None, "title": "Zebedee Quillfeather's report"})],
}


@pytest.mark.parametrize("field", PLACES)
def test_a_name_in_any_text_of_the_page_stops_it(listed: Any, field: str) -> None:
    first = next(iter(listed.subjects.stream_block.child_blocks))
    value = PLACES[field]
    setattr(listed, field, [(first, NAME)] if field == "subjects" else value)
    (problem,) = problems(listed)
    assert (problem.level, problem.field) == (Level.BLOCKER, field)
    assert "Zebedee" not in problem.message
    assert "•••" in problem.message
    words = refused(listed)
    assert "list of names" in words
    assert "Zebedee" not in words


def test_a_page_without_them_is_published(listed: Any, record_of: Any) -> None:
    listed.summary = "<p>Zebedee was seen. Mr Quillfeather was not.</p>"
    listed.save_revision().publish()
    assert record_of(listed) is not None


@pytest.mark.parametrize("route", ["save", "scheduled", "unchecked"])
def test_by_every_route(listed: Any, route: str, caplog: pytest.LogCaptureFixture) -> None:
    listed.summary = f"<p>{NAME}</p>"
    if route == "save":
        listed.live = True
        with pytest.raises(NotReady):
            listed.save()
    elif route == "scheduled":
        listed.title = NAME
        listed.save_revision().publish(log_action="wagtail.publish.scheduled")
        assert "cannot be published" in caplog.text
        assert "Zebedee" not in caplog.text
    else:
        listed.live = True
        listed.save(clean=False)
    assert not type(listed).objects.get(pk=listed.pk).live
    assert "Zebedee" not in str(list(PageLogEntry.objects.values_list("data", flat=True)))


def test_a_live_page_can_be_saved_as_it_is_but_not_published_again(draft: Any) -> None:
    draft.summary = f"<p>{NAME}</p>"
    draft.save_revision().publish()
    draft.refresh_from_db()
    set_names(draft, NAME, user=None)
    draft = type(draft).objects.get(pk=draft.pk)
    draft.save()
    draft.save(clean=False)
    assert type(draft).objects.get(pk=draft.pk).live
    draft.reference = NAME
    with pytest.raises(NotReady):
        draft.save()
    with pytest.raises(NotReady):
        draft.save(update_fields=["reference"])
    draft.refresh_from_db()
    with pytest.raises(NotReady):
        draft.save_revision().publish()


def test_a_name_in_a_file_stops_the_page_whether_or_not_readers_see_it(
    listed: Any, worker: Any
) -> None:
    version = factories.cleared_version("Report", text="by Zebedee Quillfeather")
    with_file(listed, version)
    listed.save_revision()
    (pending,) = problems(listed, "restricted-name-pending")
    assert pending.level == Level.WARNING
    assert "“Report”" in refused(listed)
    (problem,) = problems(listed)
    assert "page 2" in problem.message
    assert not problems(listed, "restricted-name-pending")
    worker("return asdict(Reading(texts=[Text(file.read().decode(), 'note', None, False)]))")
    NameCheck.objects.all().delete()
    assert "names: note." in refused(listed)
    assert "Zebedee" not in str(list(NameCheck.objects.values()))


@pytest.mark.inspects
def test_a_name_in_the_metadata_of_a_real_file_stops_it(listed: Any) -> None:
    data = identified.word(identified.OPEN, subject=f"Interview with {NAME}")
    briefing = ReviewDocument(title="Briefing")
    version = factories.inspected(add_version(briefing, io.BytesIO(data), "briefing.docx"))
    assert version.state == VersionState.CLEARED
    words = refused(with_file(listed, version))
    assert "“Briefing” has a name" in words
    assert "Zebedee" not in words


def test_a_file_without_names_is_read_once(
    listed: Any, monkeypatch: pytest.MonkeyPatch, is_public: Any
) -> None:
    version = factories.cleared_version("Report", text="nothing")
    with_file(listed, version).save_revision()
    page_files.compare_files.enqueue(listed.pk)
    assert not problems(listed, "restricted-name-pending")
    monkeypatch.setattr(restricted, "find_names", None)
    listed.save_revision().publish()
    assert is_public(version)


def test_what_is_said_about_a_file_counts_too(listed: Any) -> None:
    version = factories.cleared_version("Report on Zebedee Quillfeather", text="nothing")
    with_file(listed, version)
    assert [problem.level for problem in problems(listed)] == [Level.BLOCKER]
    assert "Zebedee" not in refused(listed)
    named = factories.cleared_version("Report", "M_ZebedeeQuillfeather.pdf", text="other")
    with_file(listed, named)
    assert "Zebedee" not in refused(listed)


def test_a_file_that_the_storage_does_not_give_stops_it(
    listed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = factories.cleared_version("Report", text="nothing")
    with_file(listed, version)

    def fail(self: Any) -> Any:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(DocumentVersion, "open", fail)
        assert "could not be compared" in refused(listed)
    listed.save_revision().publish()


def test_a_file_that_nobody_can_read_is_told(listed: Any, worker: Any) -> None:
    version = factories.cleared_version("Report", text="nothing")
    worker("raise ValueError")
    with_file(listed, version).save_revision()
    page_files.compare_files.enqueue(listed.pk)
    (problem,) = problems(listed, "restricted-name-unread")
    assert problem.level == Level.WARNING


def test_a_changed_list_compares_files_anew(listed: Any) -> None:
    version = factories.cleared_version("Report", text="by Ann Other")
    with_file(listed, version).save_revision()
    page_files.compare_files.enqueue(listed.pk)
    assert NameCheck.objects.count() == 1
    assert set_names(listed, "Ann Other", user=None, add=True) == 2
    assert not NameCheck.objects.exists()
    assert "page 2" in refused(listed)
    listed.summary = NAME
    with_file(listed, factories.cleared_version("Other", text="nothing"))
    assert "Summary" in refused(listed)


def test_a_cleared_list_stops_nothing(listed: Any) -> None:
    listed.summary = NAME
    clear_names(listed, user=None)
    assert not RestrictedList.objects.exists()
    listed.save_revision().publish()


def test_pages_without_a_list_read_no_file(draft: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restricted, "find_names", None)
    with_file(draft, factories.cleared_version("Report", text=NAME))
    assert not problems(draft)
    draft.save_revision().publish()


# Copies, translations, deletion


def test_a_copy_has_the_list_too(listed: Any, index: Any) -> None:
    copy = listed.copy(update_attrs={"slug": "copy", "title": "Copy"})
    assert copy.translation_key != listed.translation_key
    copy.summary = NAME
    assert "list of names" in refused(copy)
    clear_names(listed, user=None)
    assert problems(copy)


def test_a_copied_section_has_the_lists_of_its_pages(listed: Any, index: Any) -> None:
    copy = index.copy(recursive=True, update_attrs={"slug": "second", "title": "Second"})
    (child,) = copy.get_children()
    assert len(lists_of(child.specific)) == 1


def test_a_live_copy_with_a_name_is_refused(draft: Any, index: Any) -> None:
    draft.save_revision().publish()
    set_names(draft, NAME, user=None)
    draft = type(draft).objects.get(pk=draft.pk)
    with pytest.raises(NotReady):
        draft.copy(update_attrs={"slug": "copy", "title": NAME}, keep_live=True)
    assert RestrictedList.objects.count() == 1


def test_a_translation_shares_the_list_and_an_alias_has_it(listed: Any, settings: Any) -> None:
    welsh = Locale.objects.create(language_code="cy")
    translation = listed.copy_for_translation(welsh, copy_parents=True)
    assert [one.translation_key for one in lists_of(translation)] == [listed.translation_key]
    listed.save_revision().publish()
    alias = listed.create_alias(update_slug="alias")
    assert len(lists_of(alias)) == 2
    set_names(listed, "Ann Other", user=None)
    alias.title = "Ann Other"
    assert problems(alias)


def test_a_list_goes_with_the_last_page_of_its_review(listed: Any) -> None:
    welsh = Locale.objects.create(language_code="cy")
    translation = listed.copy_for_translation(welsh, copy_parents=True)
    listed.delete()
    assert RestrictedList.objects.count() == 1
    translation.delete()
    assert not RestrictedList.objects.exists()


def test_a_list_goes_with_a_whole_section(listed: Any, index: Any) -> None:
    welsh = Locale.objects.create(language_code="cy")
    listed.copy_for_translation(welsh, copy_parents=True)
    set_names(listed.copy(update_attrs={"slug": "copy"}), NAME, user=None)
    assert RestrictedList.objects.count() == 2
    for page in Page.objects.filter(depth__gt=2).order_by("depth"):
        if Page.objects.filter(pk=page.pk).exists():
            page.delete()
    assert not RestrictedList.objects.exists()


# The key


def test_the_list_needs_its_key(listed: Any, settings: Any) -> None:
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    settings.SECRET_KEY_FALLBACKS = [old]
    listed.summary = NAME
    assert problems(listed)
    settings.SECRET_KEY_FALLBACKS = []
    listed.summary = ""
    assert problems(listed, "restricted-names-lost")
    assert "key" in refused(listed)
    with pytest.raises(NotHashed):
        set_names(listed, "Ann Other", user=None, add=True)
    set_names(listed, NAME, user=None)
    assert not problems(listed, "restricted-names-lost")
    listed.summary = NAME
    assert problems(listed)


def test_a_key_of_its_own_outlives_the_secret_key(draft: Any, settings: Any) -> None:
    settings.SAFEGUARDING = {"RESTRICTED_NAMES_KEY": KEY}
    set_names(draft, NAME, user=None)
    settings.SECRET_KEY = "another"
    draft.summary = NAME
    assert problems(draft)
    # A list of before still holds when a key of its own is set.
    set_names(draft, NAME, user=None)
    settings.SAFEGUARDING = {}
    assert problems(draft, "restricted-names-lost")


def test_lists_of_two_reviews_do_not_look_alike(draft: Any, index: Any) -> None:
    other = factories.review(index, live=False, slug="other", title="Other")
    set_names(draft, NAME, user=None)
    set_names(other, NAME, user=None)
    one, two = RestrictedList.objects.all()
    assert not set(one.hashes) & set(two.hashes)


# Nothing remembers a name


def test_no_name_is_written_anywhere(
    draft: Any, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    user = factories.superuser()
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        set_names(draft, NAME, user=user)
        draft.save_revision()
        set_names(draft, "Ann Other", user=user, add=True)
        with pytest.raises(BadName):
            set_names(draft, f"{NAME}\n123", user=user)
    sql = " ".join(query["sql"] for query in queries.captured_queries).casefold()
    for text in (sql, caplog.text.casefold(), stored_rows().casefold()):
        assert "zebedee" not in text
        assert "quillfeather" not in text
    (first, second) = PageLogEntry.objects.filter(action=restricted.CHANGED).order_by("pk")
    assert (first.data, second.data) == ({"names": 1}, {"names": 2})
    assert first.user == user


def stored_rows() -> str:
    rows = [*RestrictedList.objects.all(), *NameCheck.objects.all(), *PageLogEntry.objects.all()]
    return serializers.serialize("json", rows)


def test_an_error_while_names_are_in_memory_has_no_traceback_with_them(
    draft: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str, key: bytes) -> Any:
        raise RuntimeError(text)

    monkeypatch.setattr(restricted, "hash_names", fail)
    with pytest.raises(NotHashed) as error:
        set_names(draft, NAME, user=None)
    assert error.value.__suppress_context__
    assert error.value.__cause__ is None
    assert str(error.value) == ""
    assert not RestrictedList.objects.exists()


def test_a_fault_while_a_file_is_compared_is_logged_without_what_was_read(
    listed: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError(NAME)

    monkeypatch.setattr(restricted, "find_names", fail)
    with_file(listed, factories.cleared_version("Report", text="nothing")).save_revision()
    page_files.compare_files.enqueue(listed.pk)
    assert "RuntimeError" in caplog.text
    assert "Zebedee" not in caplog.text


def test_a_task_that_cannot_be_made_fails_nobody(
    listed: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(type(page_files.compare_files), "enqueue", fail)
    page_files.compare_later(listed.pk)
    assert "No task" in caplog.text


def test_a_page_that_is_gone_has_nothing_to_compare(listed: Any) -> None:
    pk = listed.pk
    listed.delete()
    page_files.compare_files.enqueue(pk)
    assert not NameCheck.objects.exists()


# Files of another review


def facts(version: DocumentVersion, **values: list[str]) -> DocumentVersion:
    DocumentVersion.objects.filter(pk=version.pk).update(inspection={"facts": values})
    return DocumentVersion.objects.select_related("document").get(pk=version.pk)


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({}, False),
        ({"pseudonyms_in_title": ["Child M"]}, False),
        ({"pseudonyms_in_title": ["Child E", "Child M"]}, False),
        ({"pseudonyms_in_title": ["Child E"], "pseudonyms": ["Child E", "Child M"]}, True),
        ({"pseudonyms": ["Child E", "Family X"]}, True),
        ({"pseudonyms": ["Child E", "Child M"]}, False),
        ({"references_in_title": ["NSCP/2019/05"]}, True),
        ({"references_in_title": ["NSCP-2019-04"]}, False),
        ({"references_in_title": ["ISO 8601-2004"]}, False),
        ({"references_in_title": ["NSCP/2019/05"], "references": ["NSCP 2019/04"]}, False),
    ],
)
def test_a_file_of_another_review_is_a_warning(
    draft: Any, values: dict[str, list[str]], warned: bool
) -> None:
    draft.reference = "NSCP/2019/04"
    version = facts(factories.cleared_version("Report"), **values)
    (found,) = problems(with_file(draft, version), "other-review") or (None,)
    assert bool(found) is warned
    if found:
        assert found.level == Level.WARNING
        assert "“Report”" in found.message


def test_a_page_that_names_no_child_fits_every_file(draft: Any) -> None:
    draft.title = "Annual learning"
    version = facts(factories.cleared_version("Report"), pseudonyms_in_title=["Child E"])
    assert not problems(with_file(draft, version), "other-review")


def test_a_damaged_report_warns_of_nothing(draft: Any) -> None:
    version = factories.cleared_version("Report")
    for stored in (None, {}, {"facts": []}, {"facts": {"pseudonyms": "Child E"}}):
        DocumentVersion.objects.filter(pk=version.pk).update(inspection=stored)
        assert not problems(with_file(draft, version), "other-review")
