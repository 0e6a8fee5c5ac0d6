"""What an edit elsewhere changes in records shows: at once for a few, in batches for many."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from wagtail.models import Locale, Page, PageViewRestriction, Site

from tests import factories
from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication import refresh
from wagtail_safeguarding.publication.drift import find_drift
from wagtail_safeguarding.register.models import Clock, Due, Entry, Event, Record
from wagtail_safeguarding.vocabularies.models import Term

pytestmark = pytest.mark.django_db

BACKGROUND = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


def form(page: Any) -> dict[str, Any]:
    record = Record.objects.get(page_id=page.pk)
    found: dict[str, Any] = json.loads(bytes(record.payload))
    item = json.loads(record.item)
    assert item["url"] == record.address
    return {**found, "url": record.address}


def last_event(page: Any) -> str:
    entry = Entry.objects.filter(record__page_id=page.pk).order_by("pk").last()
    assert entry is not None
    return entry.event


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Any:
    """``with commit():`` what waits for a commit is done at the end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def review(index: Any) -> Any:
    return factories.review(index, slug="child-m")


def link_to(page: Any) -> str:
    return f'<p>See <a linktype="page" id="{page.pk}">there</a>.</p>'


# What a page says of other pages


def test_link_to_a_page_opens_and_closes_with_it(index: Any, commit: Any) -> None:
    other = factories.review(index, title="Other", slug="other", live=False)
    page = factories.review(
        index,
        slug="a",
        summary=link_to(other),
        related_reviews=[("review", other)],
        further_information=[("link", {"title": "Other", "page": other})],
    )
    said = form(page)
    assert said["summary"] == "<p>See there.</p>"
    assert (said["related_reviews"], said["further_information"][0]["url"]) == ([], None)
    with commit():
        other.save_revision().publish()
    said = form(page)
    uuid = str(Record.objects.get(page_id=other.pk).uuid)
    assert 'href="http://localhost/reviews/other/"' in said["summary"]
    assert said["related_reviews"] == [uuid]
    assert said["further_information"][0]["url"] == "http://localhost/reviews/other/"
    assert said["further_information"][0]["record"] == uuid
    with commit():
        Page.objects.get(pk=other.pk).unpublish()
    said = form(page)
    assert uuid not in json.dumps(said)
    assert said["summary"] == "<p>See there.</p>"
    assert list(find_drift()) == []


def test_link_to_a_page_of_another_kind(index: Any, commit: Any) -> None:
    news = factories.home_page().add_child(instance=Page(title="News", slug="news", live=False))
    page = factories.review(index, summary=link_to(news))
    assert "href" not in form(page)["summary"]
    with commit():
        news.save_revision().publish()
    assert 'href="http://localhost/news/"' in form(page)["summary"]
    with commit():
        news = Page.objects.get(pk=news.pk)
        news.slug = "latest"
        news.save_revision().publish()
    assert 'href="http://localhost/latest/"' in form(page)["summary"]
    with commit():
        Page.objects.get(pk=news.pk).unpublish()
    assert "href" not in form(page)["summary"]


def test_link_to_a_page_that_is_deleted(index: Any, commit: Any) -> None:
    other = factories.review(index, title="Other", slug="other")
    page = factories.review(index, slug="a", summary=link_to(other))
    assert "href" in form(page)["summary"]
    with commit():
        other.delete()
    assert "href" not in form(page)["summary"]


def test_link_into_a_section_that_becomes_private(index: Any, commit: Any) -> None:
    hidden = factories.review_index(title="Hidden", slug="hidden")
    other = factories.review(hidden, title="Other", slug="other")
    page = factories.review(index, slug="a", summary=link_to(other))
    assert "href" in form(page)["summary"]
    with commit():
        restriction = PageViewRestriction.objects.create(
            page=hidden.page_ptr, restriction_type=PageViewRestriction.LOGIN
        )
    assert "href" not in form(page)["summary"]
    with commit():
        restriction.delete()
    assert "href" in form(page)["summary"]


@pytest.mark.parametrize("above", [False, True])
def test_link_to_a_page_of_another_kind_that_becomes_private(
    index: Any, commit: Any, above: bool
) -> None:
    section = factories.home_page().add_child(instance=Page(title="Plans", slug="plans"))
    plan = section.add_child(instance=Page(title="Plan", slug="plan"))
    page = factories.review(
        index, summary=link_to(plan), further_information=[("link", {"title": "P", "page": plan})]
    )
    assert "href" in form(page)["summary"]
    with commit():
        restriction = PageViewRestriction.objects.create(
            page=section if above else plan, restriction_type=PageViewRestriction.LOGIN
        )
    assert "/plan/" not in json.dumps(form(page))
    with commit():
        restriction.delete()
    assert form(page)["further_information"][0]["url"] == "http://localhost/plans/plan/"
    assert list(find_drift()) == []


@override_settings(WAGTAIL_I18N_ENABLED=True)
def test_translations_name_each_other_while_both_are_public(review: Any, commit: Any) -> None:
    welsh, _new = Locale.objects.get_or_create(language_code="cy")
    with commit():
        translated = review.copy_for_translation(welsh, copy_parents=True)
    assert form(review)["translations"] == []
    with commit():
        for parent in [*translated.get_ancestors().filter(live=False).specific(), translated]:
            parent.get_latest_revision().publish()
    ((one,), (other,)) = form(review)["translations"], form(translated)["translations"]
    assert one == {
        "language": "cy",
        "record": str(Record.objects.get(page_id=translated.pk).uuid),
    }
    assert other["record"] == str(Record.objects.get(page_id=review.pk).uuid)
    with commit():
        Page.objects.get(pk=translated.pk).unpublish()
    assert form(review)["translations"] == []


# Where a page stands


def test_moved_section_moves_its_records(index: Any, review: Any, commit: Any) -> None:
    with commit():
        index.slug = "reviews-of-practice"
        index.save_revision().publish()
    assert form(review)["url"] == "http://localhost/reviews-of-practice/child-m/"
    assert last_event(review) == Event.MOVED
    below = factories.home_page().add_child(instance=Page(title="About", slug="about"))
    with commit():
        Page.objects.get(pk=index.pk).move(below, pos="last-child")
    assert form(review)["url"] == "http://localhost/about/reviews-of-practice/child-m/"
    assert last_event(review) == Event.MOVED
    assert list(find_drift()) == []


def test_new_host_of_a_site_shows(review: Any, commit: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    site.hostname = "council.example"
    with commit():
        site.save()
    assert form(review)["url"] == "http://council.example/reviews/child-m/"
    assert last_event(review) == Event.MOVED


def test_publisher_comes_from_the_nearest_index_else_the_site(index: Any, commit: Any) -> None:
    review = factories.review(index)
    assert form(review)["publisher"] == ""
    settings = SafeguardingSiteSettings.for_site(Site.objects.get(is_default_site=True))
    settings.publisher = "Ashdown Council"
    with commit():
        settings.save()
    assert form(review)["publisher"] == "Ashdown Council"
    index.publisher = "Ashdown Partnership"
    with commit():
        index.save_revision().publish()
    assert form(review)["publisher"] == "Ashdown Partnership"
    assert Record.objects.get(page_id=review.pk).facets["publisher"] == ["Ashdown Partnership"]
    index.publisher = ""
    with commit():
        index.save_revision().publish()
    assert form(review)["publisher"] == "Ashdown Council"
    assert list(find_drift()) == []


def test_publisher_of_an_index_goes_with_it(index: Any, commit: Any) -> None:
    index.publisher = "A panel that is confidential now"
    with commit():
        index.save_revision().publish()
    review = factories.review(index)
    assert form(review)["publisher"] == index.publisher
    with commit():
        Page.objects.get(pk=index.pk).unpublish()
    assert form(review)["publisher"] == ""
    assert list(find_drift()) == []


def test_own_lines_of_an_index_stand_on_what_is_below(index: Any, commit: Any) -> None:
    review = factories.review(index)
    assert Record.objects.get(page_id=review.pk).lines_from is None
    index.emergency_lines = [("line", {"text": "Call 999.", "number": "999"})]
    before = Entry.objects.count()
    with commit():
        index.save_revision().publish()
    assert Record.objects.get(page_id=review.pk).lines_from == index.pk
    assert Entry.objects.count() == before + 1, "the review itself says nothing new"


def test_details_of_a_document_show(review: Any, index: Any, version: Any, commit: Any) -> None:
    page = factories.review(index, slug="with-file", versions=(version,))
    version.document.licence = "OGL 3"
    with commit():
        version.document.save()
    assert form(page)["documents"][0]["licence"] == "OGL 3"
    assert last_event(page) == Event.UPDATED


def test_jurisdiction_of_a_type_shows(review: Any, commit: Any) -> None:
    term = Term.objects.get(scheme="review-type", key="learning-review")
    term.jurisdiction = "scotland"
    with commit():
        term.save()
    assert form(review)["jurisdiction"] == "scotland"


def test_label_of_a_term_rewrites_no_record(review: Any, commit: Any) -> None:
    before = Entry.objects.count()
    token = Clock.objects.filter(pk=1).values_list("surroundings", flat=True).first()
    term = Term.objects.get(scheme="theme", key="babies")
    term.label = "The youngest"
    with commit():
        term.save()
    assert Entry.objects.count() == before
    assert Clock.objects.get(pk=1).surroundings != token


def test_what_is_noted_again_is_not_lost_with_what_was_noted_before(index: Any) -> None:
    """A row that waits may be worked off before the one who comes later has committed."""
    from wagtail_safeguarding.register import due

    Due.objects.all().delete()
    due.put(Due.What.SUBTREE, index.path)
    due.put(Due.What.SUBTREE, index.path)
    assert Due.objects.count() == 2
    refresh.work()
    assert Due.objects.count() == 0, "seen by then, so once is enough"


# Many pages


@pytest.fixture
def many(index: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    monkeypatch.setattr(refresh, "BATCH", 2)
    return [factories.review(index, title=f"R{n}", slug=f"r{n}") for n in range(9)]


def moved(pages: list[Any]) -> int:
    return sum("/elsewhere/" in form(page)["url"] for page in pages)


def move_section(index: Any) -> None:
    index.slug = "elsewhere"
    index.save_revision().publish()


def test_an_edit_rewrites_no_more_than_a_few_batches_itself(
    index: Any, many: list[Any], commit: Any
) -> None:
    with commit():
        move_section(index)
    assert 0 < moved(many) <= 6, "a batch for each reason"
    assert Due.objects.exists()
    out = StringIO()
    call_command("register", "refresh", stdout=out)
    assert moved(many) == 9
    assert not Due.objects.exists()
    assert "Nothing more is due." in out.getvalue()
    assert list(find_drift()) == []


@override_settings(TASKS=BACKGROUND)
def test_in_the_background_the_edit_itself_rewrites_nothing_below(
    index: Any, many: list[Any], commit: Any
) -> None:
    with commit():
        move_section(index)
    assert moved(many) == 0
    assert refresh.refresh_records.func() >= 9
    assert moved(many) == 9


def test_work_that_is_killed_goes_on_where_it_was(
    index: Any, many: list[Any], commit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with commit():
        move_section(index)
    before = moved(many)
    real = refresh.project_all
    calls: list[Any] = []

    def fail_once(pks: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("killed")
        real(pks)

    monkeypatch.setattr(refresh, "project_all", fail_once)
    with pytest.raises(OSError, match="killed"):
        refresh.work()
    assert moved(many) == before
    refresh.work()
    assert moved(many) == 9


def test_what_is_due_opens_nothing_that_is_not_public(index: Any, commit: Any) -> None:
    hidden = factories.review(index, live=False)
    with commit():
        move_section(index)
    refresh.work()
    assert not Record.objects.filter(page_id=hidden.pk).exists()


def test_rebuild_goes_on_where_it_was_stopped(
    index: Any, many: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from wagtail_safeguarding.publication import drift

    monkeypatch.setattr(drift, "BATCH", 2)
    Record.objects.update(title="damaged")
    real, done = drift._mend, []

    def stop_at_the_third(page_ids: Any, *, dry_run: bool) -> Any:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(page_ids)
        return real(page_ids, dry_run=dry_run)

    monkeypatch.setattr(drift, "_mend", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        call_command("register", "rebuild", stdout=StringIO())
    monkeypatch.setattr(drift, "_mend", real)
    seen: list[Any] = []
    monkeypatch.setattr(
        drift, "_mend", lambda pks, dry_run: (seen.extend(pks), real(pks, dry_run=dry_run))[1]
    )
    out = StringIO()
    call_command("register", "rebuild", stdout=out)
    assert "Going on where the last rebuild was stopped" in out.getvalue()
    assert not set(seen) & {pk for pks in done for pk in pks}, "done before"
    assert not Record.objects.filter(title="damaged").exists()
    assert list(find_drift()) == []
    out = StringIO()
    call_command("register", "rebuild", stdout=out)
    assert "Going on" not in out.getvalue()


def test_readers_keep_the_old_rows_while_the_register_is_rebuilt(
    client: Any, review: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wagtail_safeguarding.publication import drift

    Record.objects.filter(page_id=review.pk).update(lines_from=4)
    uuid = Record.objects.get(page_id=review.pk).uuid
    answers = []
    real = drift._write

    def look(pks: Any, read: Any) -> None:
        answers.append(client.get(f"/api/safeguarding/v1/records/{uuid}").status_code)
        real(pks, read)

    monkeypatch.setattr(drift, "_write", look)
    assert PracticeReviewPage.objects.get(pk=review.pk).live
    list(drift.rebuild())
    assert set(answers) == {200}
