"""What the importer writes, and above all what it does not."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.html import escape
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision, Site

from tests import factories
from tests.council.models import CouncilAudit, CouncilIndex, CouncilReview
from wagtail_safeguarding.content.comments import CommentsState
from wagtail_safeguarding.content.indexes import Ordering
from wagtail_safeguarding.importing import places
from wagtail_safeguarding.importing.proposal import propose
from wagtail_safeguarding.importing.reader import read_bytes
from wagtail_safeguarding.importing.values import index_values
from wagtail_safeguarding.pages.models import ArticlePage, PracticeReviewPage, ReviewIndexPage
from wagtail_safeguarding.register.models import Entry, Record, RecordState

pytestmark = pytest.mark.django_db

TEXT = """\
The Northmoor Safeguarding Children Partnership

Reviews of practice

LCSPR Child P, 3 May 2021

Overview report

SCR Child B, 2011

Child B report

Child Q

Child Q executive summary

SCR Child B, 2011

A second report of Child B

Useful links

The sites below may help.

The Ashfield Institute holds a library of all published reviews.
"""

HTML = """\
<!doctype html><html lang="en"><head><title>Our reviews</title>
<meta property="og:site_name" content="Westbrook Safeguarding Partnership"></head><body><main>
<h1>Practice reviews in Westbrook</h1>
<p>If a child is in danger now, call 999.</p>
<p>We follow <a href="https://guidance.example/together?a=1&amp;b=2">the guidance</a>, our
<a href="/old/procedures">procedures</a> and write to
<a href="mailto:reviews@westbrook.example">the team</a>. Use &lt;script&gt;alert(1)&lt;/script&gt;
never.</p>
<p><a href="/files/how-to-refer.pdf">How to refer a case</a></p>
<h2>SCR Child W, March 2014</h2>
<ul><li><a href="https://old.example/files/w-report.pdf">Child W report</a></li></ul>
<h2>Learning Review Child Z, May 2019</h2>
<p>It looked at <b>neglect</b> &amp; housing.
<a href="javascript:alert(2)">Watch the film</a></p>
<ul><li><a href="../files/z.pdf">Child Z briefing</a></li></ul>
<h2>Further information</h2>
<ul><li><a href="https://library.example/all">Library of reviews</a></li>
<li><a href="/briefings">Our briefings</a></li></ul>
</main></body></html>
"""


@pytest.fixture
def source(tmp_path):
    factories.home_page()

    def write(text: str = TEXT) -> str:
        path = tmp_path / "page.txt"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def run(path: str, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("import_reviews", path, format="json", stdout=out, **options)
    return json.loads(out.getvalue())


def refused(path: str, **options: Any) -> str:
    """The one line of a refusal; asserts that nothing was written."""
    before = counts()
    with pytest.raises(CommandError) as raised:
        run(path, **options)
    assert raised.value.returncode == 2
    assert counts() == before
    line = str(raised.value)
    assert "\n" not in line
    return line


def counts() -> dict[str, int]:
    models = (Page, Revision, PageLogEntry, Record, Entry, ReferenceIndex)
    return {model.__name__: model.objects.count() for model in models}


def the_index() -> ReviewIndexPage:
    return ReviewIndexPage.objects.get()


def reviews() -> list[PracticeReviewPage]:
    return list(PracticeReviewPage.objects.order_by("path"))


def notes(report: dict[str, Any]) -> str:
    return "\n".join(f"{note['where']}: {note['what']}" for note in report["unsure"])


# Drafts and publication


def test_without_publish_all_pages_are_drafts_that_nobody_sees(source, client):
    report = run(source())
    assert [page["status"] for page in report["created"]] == ["draft"] * 5
    assert not Page.objects.live().type(ReviewIndexPage, PracticeReviewPage).exists()
    assert Record.objects.count() == 0
    assert client.get(report["created"][0]["path"]).status_code == 404
    assert (
        client.get("/api/v2/pages/?type=safeguarding_pages.PracticeReviewPage").json()["items"]
        == []
    )


def test_created_pages_say_where_they_are(source, client):
    report = run(source(), publish=True)
    for page in report["created"]:
        assert Page.objects.get(pk=page["id"]).get_url() == page["path"]
    assert report["created"][0]["path"] == "/reviews-of-practice/"
    assert client.get("/reviews-of-practice/").status_code == 200


def test_publishing_writes_the_register(source):
    run(source(), publish=True)
    public = Record.objects.filter(state=RecordState.PUBLIC).values_list("page_id", flat=True)
    assert set(public) == set(
        Page.objects.live().type(ReviewIndexPage, PracticeReviewPage).values_list("pk", flat=True)
    )
    assert len(public) == 4


def test_a_review_without_a_type_stays_a_draft_and_is_reported(source):
    report = run(source(), publish=True)
    (left,) = report["left"]
    assert left["title"] == "Child Q"
    assert "type" in left["reason"]
    page = PracticeReviewPage.objects.get(title="Child Q")
    assert (page.live, page.review_type) == (False, "")
    assert run(source(), publish=True)["published"] == []


def test_a_type_that_the_site_does_not_know_is_left_out_and_reported(source):
    from wagtail_safeguarding.vocabularies.models import Term

    Term.objects.filter(key="serious-case-review").delete()
    report = run(source(), publish=True)
    assert "no type “serious-case-review”" in notes(report)
    assert [review.live for review in reviews()] == [True, False, False, False]


def test_a_later_run_publishes_the_drafts_of_the_first(source):
    path = source()
    run(path)
    report = run(path, publish=True)
    assert report["created"] == []
    assert len(report["published"]) == 4
    assert the_index().live
    assert len(the_index().get_reviews()) == 3


def test_a_later_run_leaves_a_draft_that_was_edited(source):
    path = source()
    run(path)
    edited = reviews()[0]
    edited.title = "A better title"
    edited.save_revision()
    report = run(path, publish=True)
    assert report["created"] == []
    left = {page["id"]: page["reason"] for page in report["left"]}
    assert "edited" in left[edited.pk]
    edited.refresh_from_db()
    assert not edited.live
    assert not Record.objects.filter(page_id=edited.pk).exists()


def test_a_later_run_does_not_bring_back_what_was_unpublished(source):
    path = source()
    run(path, publish=True)
    page = reviews()[0]
    page.unpublish()
    report = run(path, publish=True)
    assert report["published"] == []
    assert "public before" in {p["id"]: p["reason"] for p in report["left"]}[page.pk]
    assert not Page.objects.get(pk=page.pk).live


def test_a_locked_draft_is_left(source):
    path = source()
    run(path)
    PracticeReviewPage.objects.filter(pk=reviews()[0].pk).update(locked=True)
    report = run(path, publish=True)
    assert "locked" in {p["id"]: p["reason"] for p in report["left"]}[reviews()[0].pk]


def test_a_page_made_by_hand_is_taken_for_its_title_and_never_published(source):
    path = source()
    index = factories.review_index(
        title="Reviews of practice",
        publisher="The Northmoor Safeguarding Children Partnership",
        live=False,
    )
    report = run(path, publish=True)
    assert the_index().pk == index.pk
    assert not the_index().live
    assert "not made by an import" in {p["id"]: p["reason"] for p in report["left"]}[index.pk]
    assert len(reviews()) == 4


# Doing it again


@pytest.mark.parametrize("publish", [False, True])
def test_a_second_run_writes_nothing(source, publish):
    path = source()
    run(path, publish=publish)
    before = counts()
    report = run(path, publish=publish)
    assert counts() == before
    assert report["created"] == report["published"] == []
    assert len(report["existing"]) == 5


def test_existing_pages_are_not_overwritten_and_missing_ones_are_added(source):
    path = source()
    run(path, publish=True)
    changed, deleted = reviews()[0], reviews()[3]
    changed.title, changed.reference = "Another title", "N-1"
    changed.save_revision().publish()
    deleted.delete()
    report = run(path)
    assert [page["title"] for page in report["created"]] == ["SCR Child B, 2011"]
    changed.refresh_from_db()
    assert (changed.title, changed.reference) == ("Another title", "N-1")


def test_equal_headings_are_two_reviews_once_and_again(source):
    path = source()
    run(path)
    run(path)
    twins = PracticeReviewPage.objects.filter(title="SCR Child B, 2011").order_by("path")
    assert [twin.documents[0].value["title"] for twin in twins] == [
        "Child B report",
        "A second report of Child B",
    ]


def test_a_renamed_index_is_still_the_same_index(source):
    path = source()
    run(path, publish=True)
    index = the_index()
    index.title = "Our reviews"
    index.save_revision().publish()
    assert run(path)["created"] == []


def test_another_parent_or_publisher_is_another_index(source):
    factories.home_page().add_child(instance=ArticlePage(title="Children", slug="children"))
    run(source())
    run(source(), parent="/children/")
    run(source(TEXT.replace("Northmoor", "Southmoor")))
    assert ReviewIndexPage.objects.count() == 3
    assert len(run(source(), parent="children")["existing"]) == 5


# What is written


def test_fields_of_an_html_page(source):
    report = run(source(HTML), publish=True)
    index = the_index()
    assert index.title == "Practice reviews in Westbrook"
    assert index.publisher == "Westbrook Safeguarding Partnership"
    assert [(d.value["title"], d.value["version"]) for d in index.documents] == [
        ("How to refer a case", None)
    ]
    links = [child.value for child in index.further_information]
    assert [(link["title"], link["url"]) for link in links] == [
        ("Library of reviews", "https://library.example/all"),
        ("Our briefings", ""),
    ]
    said = notes(report)
    for left_out in (
        "/old/procedures",
        "/files/how-to-refer.pdf",
        "https://old.example/files/w-report.pdf",
        "../files/z.pdf",
        "/briefings",
    ):
        assert left_out in said
    assert [str(review.review_date) for review in reviews()] == ["2014-03", "2019-05"]


def test_links_are_kept_only_where_they_lead_somewhere(source):
    run(source(HTML))
    introduction = the_index().introduction
    assert (
        '<a href="https://guidance.example/together?a=1&amp;b=2">the guidance</a>' in introduction
    )
    assert '<a href="mailto:reviews@westbrook.example">the team</a>' in introduction
    assert "/old/procedures" not in introduction
    assert "procedures" in introduction
    assert "javascript" not in reviews()[1].summary


def test_no_old_address_of_a_document_is_public(source, client):
    run(source(HTML), publish=True)
    found = client.get("/api/v2/pages/?fields=*").content.decode()
    found += client.get(the_index().url).content.decode()
    for review in reviews():
        found += client.get(review.url).content.decode()
    assert "Child W report" in found
    assert "https://library.example/all" in found
    assert "old.example" not in found
    assert ".pdf" not in found


def test_a_script_in_the_source_is_only_text(source, client):
    run(source(HTML), publish=True)
    index = the_index()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in index.introduction
    assert "<script>alert(1)" not in client.get(index.url).content.decode()
    assert "alert(2)" not in client.get(reviews()[1].url).content.decode()


@pytest.mark.parametrize("hostile", ['<img src=x onerror="alert(1)">', '"><svg onload=alert(1)>'])
def test_hostile_text_is_escaped_in_titles_and_texts(source, client, hostile):
    # A text that only mentions markup: it must arrive as it is, and as text.
    text = TEXT.replace("Overview report", f"Overview report\n\nWe saw {hostile} there, once.")
    run(source(text.replace("Child P,", f"Child P {hostile},")), publish=True)
    page = reviews()[0]
    assert page.title == f"LCSPR Child P {hostile}, 3 May 2021"
    for url in (page.url, the_index().url):
        body = client.get(url).content.decode()
        assert "alert(1)" in body
        assert hostile not in body
    assert f"We saw {escape(hostile)} there, once." in page.summary


def test_reviews_out_of_order_keep_the_order_of_the_page(source):
    report = run(source(HTML), publish=True)
    index = the_index()
    assert index.ordering == Ordering.MANUAL
    assert [review.title for review in index.get_reviews()] == [
        "SCR Child W, March 2014",
        "Learning Review Child Z, May 2019",
    ]
    assert "order" in notes(report)


def test_a_page_without_comments_goes_on_saying_nothing_of_them(source):
    run(source(HTML), publish=True)
    assert the_index().comments_state == CommentsState.HIDDEN
    assert the_index().comments["message"] == ""


def test_text_of_further_information_without_a_resource_is_kept_and_reported(source):
    report = run(source())
    assert "<p>The sites below may help.</p>" in the_index().introduction
    assert "The sites below may help." in notes(report)
    assert len(the_index().further_information) == 1


def test_a_page_without_a_title_gets_one_and_the_report_says_so(source):
    report = run(source("SCR Child B, 2011\n\nChild B report\n"))
    assert the_index().title == "Practice reviews"
    assert "the page is called" in notes(report)
    assert run(source("SCR Child B, 2011\n\nChild B report\n"))["created"] == []


def test_a_title_without_letters_for_a_slug_gets_a_slug(source):
    run(source("<h1>Über</h1>".replace("Über", "検討") + "<h2>SCR Child B, 2011</h2>"))
    assert the_index().slug == "review-index"
    run(source("<h1>児童</h1><h2>SCR Child B, 2011</h2>"))
    assert set(ReviewIndexPage.objects.values_list("slug", flat=True)) == {
        "review-index",
        "review-index-2",
    }


def test_a_field_that_is_too_long_is_cut_and_told_in_full():
    name = "Northmoor Partnership " * 20
    page = f'<meta property="og:site_name" content="{name.strip()}"><h1>Reviews</h1><p>Text.</p>'
    values = index_values(propose(read_bytes(page.encode())))
    assert len(values.fields["publisher"]) == 255
    assert values.fields["publisher"].endswith("…")
    assert any(name.strip() in note.what for note in values.unsure)


def test_history_names_the_user(source):
    user = factories.superuser()
    run(source(), user=user.username, publish=True)
    entries = PageLogEntry.objects.filter(page=the_index())
    assert {entry.action for entry in entries} == {"wagtail.create", "wagtail.publish"}
    assert {entry.user_id for entry in entries} == {user.pk}
    assert the_index().owner == user


# A dry run


def test_a_dry_run_writes_nothing(source):
    before = counts()
    report = run(source(), dry_run=True, publish=True)
    assert counts() == before
    assert report["dry_run"] is True
    assert [page["id"] for page in report["created"]] == [None] * 5
    assert len(report["published"]) == 4


def test_a_dry_run_over_existing_drafts_writes_nothing(source):
    path = source()
    run(path)
    before = counts()
    report = run(path, dry_run=True, publish=True)
    assert counts() == before
    assert (len(report["existing"]), len(report["published"])) == (5, 4)
    assert not the_index().live


def test_a_dry_run_prints_the_tree(source):
    out = StringIO()
    call_command("import_reviews", source(), dry_run=True, publish=True, stdout=out)
    text = out.getvalue()
    assert text.startswith("Review index: Reviews of practice\n")
    assert "nothing was written" in text
    assert "create, publish        review index: Reviews of practice" in text
    assert "stays a draft: its type is not known" in text


# Output


def test_text_output_tells_what_was_done_and_what_to_check(source):
    path, out = source(), StringIO()
    call_command("import_reviews", path, publish=True, stdout=out)
    text = out.getvalue()
    assert (
        "created, published     review index: Reviews of practice (/reviews-of-practice/)" in text
    )
    assert "To check:" in text
    out = StringIO()
    call_command("import_reviews", path, stdout=out)
    assert "exists                 review: LCSPR Child P, 3 May 2021" in out.getvalue()


def test_text_output_cannot_steer_a_terminal(source):
    out = StringIO()
    path = source(TEXT.replace("Child P,", "Child \x1b[31mP,").replace("Overview", "\u202eOver"))
    call_command("import_reviews", path, stdout=out)
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


def test_json_output_is_one_document_with_the_proposal(source):
    report = run(source())
    assert set(report) == {
        "created",
        "dry_run",
        "existing",
        "left",
        "proposal",
        "published",
        "unsure",
    }
    assert report["proposal"]["title"] == "Reviews of practice"
    assert set(report["created"][0]) == {"id", "kind", "path", "status", "title"}


# A site with page types of its own


def test_a_site_with_its_own_page_types_gets_pages_of_these(source, monkeypatch, client):
    monkeypatch.setattr(places, "index_models", lambda: [CouncilIndex])
    monkeypatch.setattr(places, "review_models", lambda: [CouncilReview])
    path = source()
    report = run(path, publish=True)
    index = CouncilIndex.objects.get()
    assert index.get_children().type(CouncilReview).count() == 4
    assert not ReviewIndexPage.objects.exists()
    assert [review["title"] for review in index.get_api_reviews()] == [
        page["title"] for page in report["published"][1:]
    ]
    assert client.get(index.url).status_code == 200
    monkeypatch.undo()
    assert run(path)["created"] == []


def test_new_reviews_below_an_index_of_the_site_are_of_its_types(source):
    factories.home_page().add_child(
        instance=CouncilIndex(
            title="Reviews of practice",
            publisher="The Northmoor Safeguarding Children Partnership",
        )
    )
    run(source())
    assert not PracticeReviewPage.objects.exists()
    assert Page.objects.type(CouncilReview, CouncilAudit).count() == 4


# Refusals


def test_a_source_that_is_not_there_is_refused(source, tmp_path):
    source()
    assert "There is no file" in refused(str(tmp_path / "none.txt"))


def test_a_binary_source_is_refused(source, tmp_path):
    source()
    (tmp_path / "page.pdf").write_bytes(b"%PDF-1.7\n")
    assert "PDF" in refused(str(tmp_path / "page.pdf"))


def test_a_parent_that_is_not_there_is_refused(source):
    assert "/nowhere/" in refused(source(), parent="/nowhere/")


def test_a_parent_that_holds_no_reviews_is_refused(source):
    index = factories.review_index(title="Others")
    factories.review(index, title="SCR Child Q", slug="q")
    assert "SCR Child Q" in refused(source(), parent="/reviews/q/")


def test_a_site_without_a_default_site_is_refused(source):
    path = source()
    Site.objects.update(is_default_site=False)
    assert "default site" in refused(path)


@pytest.mark.parametrize("missing", ["index_models", "review_models"])
def test_a_site_without_our_page_types_is_refused(source, monkeypatch, missing):
    monkeypatch.setattr(places, missing, list)
    assert "wagtail_safeguarding.pages" in refused(source())


def test_an_index_that_holds_no_reviews_is_refused(source, monkeypatch):
    monkeypatch.setattr(ReviewIndexPage, "allowed_subpage_models", classmethod(lambda cls: []))
    assert "No review can be created" in refused(source())


def test_an_unknown_user_is_refused(source):
    assert "no user nobody" in refused(source(), user="nobody")


def test_a_user_without_rights_is_refused(source, django_user_model):
    user = django_user_model.objects.create_user("reader", "reader@example.org", "password")
    assert "may not add pages" in refused(source(), user=user.username)
    assert "may not add pages" in refused(source(), user=user.username, dry_run=True)


def test_a_user_who_may_only_add_cannot_publish(source, django_user_model):
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    group = Group.objects.create(name="Authors")
    permission = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_page")
    GroupPagePermission.objects.create(
        group=group, page=factories.home_page(), permission=permission
    )
    user = django_user_model.objects.create_user("author", "author@example.org", "password")
    user.groups.add(group)
    path = source()
    assert "may not publish" in refused(path, user="author", publish=True)
    assert len(run(path, user="author")["created"]) == 5


def test_a_title_that_is_too_long_is_refused_before_anything_is_written(source):
    line = refused(source(f"<title>{'Long ' * 60}</title><h2>SCR Child B, 2011</h2><p>Text.</p>"))
    assert "255" in line


def test_what_the_page_type_refuses_is_one_line(source, monkeypatch):
    from django.core.exceptions import ValidationError

    def refuse(self: Any) -> None:
        raise ValidationError({"title": ["The council wants another title."]})

    monkeypatch.setattr(PracticeReviewPage, "clean", refuse)
    assert "title: The council wants another title." in refused(source())


def test_a_database_that_refuses_is_one_line(source, monkeypatch):
    from django.db import DatabaseError

    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("no such table:\n wagtailcore_page")

    monkeypatch.setattr(places.get_base_page_model(), "add_child", fail)
    assert "no such table: wagtailcore_page" in refused(source())


def test_a_fault_in_the_middle_leaves_nothing(source, monkeypatch):
    path = source()
    before = counts()
    add_child = ReviewIndexPage.add_child
    calls = []

    def fail_third(self: Any, **kwargs: Any) -> Any:
        calls.append(kwargs)
        if len(calls) == 3:
            raise RuntimeError("The power failed.")
        return add_child(self, **kwargs)

    monkeypatch.setattr(ReviewIndexPage, "add_child", fail_third)
    with pytest.raises(RuntimeError):
        run(path, publish=True)
    assert len(calls) == 3
    assert counts() == before
    monkeypatch.undo()
    assert len(run(path, publish=True)["created"]) == 5


def test_the_command_line_exits_with_2_and_one_line(source, capfd):
    from django.core.management.base import BaseCommand

    from wagtail_safeguarding.management.commands.import_reviews import Command

    assert issubclass(Command, BaseCommand)
    source()
    with pytest.raises(SystemExit) as raised:
        Command().run_from_argv(["manage.py", "import_reviews", "/does/not/exist"])
    out, err = capfd.readouterr()
    assert raised.value.code == 2
    assert out == ""
    assert err.count("\n") == 1
