"""Links that lead past the gate: to Wagtail's own documents and to media files."""

from __future__ import annotations

import json

import pytest
from django.core.files.base import ContentFile
from django.db import models
from django.test.utils import isolate_apps
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.documents.models import Document
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Collection, CollectionViewRestriction, Comment

from tests import factories as f
from wagtail_safeguarding.content.unprotected import (
    LinkFinder,
    Reference,
    field_label,
    find_unprotected,
    values_of,
)
from wagtail_safeguarding.publication.readiness import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    document = Document(title="Ordinary leaflet")
    document.file.save("leaflet.pdf", ContentFile(b"%PDF-1.7\n"))
    return document


@pytest.fixture
def page():
    return f.review(f.review_index(), live=False)


def test_page_without_such_links_has_no_warning(page, document):
    page.summary = '<p><a href="https://example.com/documents/1/x.pdf">Elsewhere</a></p>'
    page.further_information = [("link", {"title": "Help", "url": "https://example.com/media/x"})]
    assert find_unprotected(page) == []
    assert not [p for p in page.get_problems() if p.code == "unprotected-document"]


STORED = '<p><a linktype="document" id="%(pk)s">Leaflet</a></p>'
LINK = [("link", {"title": "Leaflet", "url": "http://localhost%(address)s"})]

PLACES = {
    "rich text": ("summary", STORED),
    "rich text, as an address": ("summary", '<a href="%(address)s?a=1&amp;b=2">It</a>'),
    "rich text, with the host": ("summary", '<a href="HTTPS://LOCALHOST:8000%(address)s">It</a>'),
    "rich text, without a scheme": ("summary", "<a href='//localhost%(address)s'>It</a>"),
    "text block": ("body", [("paragraph", STORED)]),
    "quotation": ("body", [("quotation", "Read it (%(address)s).")]),
    "link in the text": ("body", LINK),
    "further information": ("further_information", LINK),
    "media": ("summary", '<a href="%(media)s">x</a>'),
    "media with the host": ("summary", '<a href="http://localhost%(media)s">x</a>'),
    "learning point": (
        "learning_points",
        [("learning_point", {"title": "One", "text": STORED, "themes": []})],
    ),
}
"""Ways in which an editor or an import can link to an ordinary document."""


def filled(value, document):
    """``value`` with the addresses of ``document``."""
    if isinstance(value, str):
        address = f"/documents/{document.pk}/{document.filename}"
        return value % {"pk": document.pk, "address": address, "media": document.file.url}
    if isinstance(value, dict):
        return {key: filled(part, document) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(filled(part, document) for part in value)
    return value


@pytest.mark.parametrize("place", PLACES)
def test_link_is_found_wherever_it_stands(page, document, place):
    field, value = PLACES[place]
    setattr(page, field, filled(value, document))
    page.save_revision()
    for found in (page, page.get_latest_revision_as_object()):
        (link,) = find_unprotected(found)
        assert (link.field, link.title, link.document) == (field, "Ordinary leaflet", document)
    finder = LinkFinder()
    stored = finder.find(type(page), page.latest_revision.content)
    assert [r.field for r in stored] == [field]


def test_warning_says_what_it_means_and_what_to_do(page, document):
    page.summary = f'<a linktype="document" id="{document.pk}">x</a>'
    (problem,) = [p for p in page.get_problems() if p.code == "unprotected-document"]
    assert (problem.level, problem.field) == (Level.WARNING, "summary")
    for words in (
        "“Ordinary leaflet” is an ordinary document: anybody can read it",
        "Upload it as a review document",
        "delete the ordinary document",
    ):
        assert words in problem.message
    page.live = True
    page.save()  # a warning keeps nothing from being published
    assert type(page).objects.get(pk=page.pk).live


def test_document_of_a_private_collection_is_not_called_public(page, document):
    private = Collection.get_first_root_node().add_child(name="Private")
    inner = private.add_child(name="Inner")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    document.collection = inner
    document.save()
    page.summary = f'<a linktype="document" id="{document.pk}">x</a>'
    (link,) = find_unprotected(page)
    assert link.restricted
    assert "anybody" not in link.as_problem().message


def test_media_file_of_no_document_is_named_by_its_file(page):
    page.summary = '<a href="/media/uploads/old%20report.pdf">x</a>'
    (link,) = find_unprotected(page)
    assert (link.title, link.document) == ("old report.pdf", None)


def test_media_of_a_host_of_their_own(page, settings):
    settings.MEDIA_URL = "https://media.example/files/"
    page.summary = '<a href="https://media.example/files/a.pdf">x</a> <a href="/files/b.pdf">y</a>'
    assert [link.title for link in find_unprotected(page)] == ["a.pdf"]
    settings.MEDIA_URL = "/"
    assert find_unprotected(page) == []


def test_site_below_a_path(page, document, settings):
    from django.urls import set_script_prefix

    set_script_prefix("/council/")
    try:
        address = f"/documents/{document.pk}/{document.filename}"
        page.summary = f'<a href="/council{address}">x</a>'
        assert [link.title for link in find_unprotected(page)] == ["Ordinary leaflet"]
        page.summary = f'<a href="{address}">x</a>'
        assert find_unprotected(page) == []
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize(
    "html",
    [
        '<a linktype="document" id="x">x</a>',
        '<a linktype="document">x</a>',
        '<a linktype="document" id="99999999999999999999999">x</a>',
        '<a linktype="document" id="4711">gone</a>',
        '<a href="/documents/4711/gone.pdf">x</a>',
        '<a href="/documents/%(pk)s/guessed.pdf">x</a>',
        '<a href="/documents/99999999999999999999999/x.pdf">x</a>',
        '<a href="http://[localhost/documents/1/x.pdf">x</a>',
        "and/or 1/2 </p> <br/> // /",
    ],
)
def test_nonsense_leads_nowhere(page, document, html):
    page.summary = html.replace("%(pk)s", str(document.pk))
    assert find_unprotected(page) == []


def test_same_link_twice_in_a_field_is_one_warning_and_in_two_fields_two(page, document):
    link = f'<a linktype="document" id="{document.pk}">x</a>'
    page.summary = link * 2
    page.body = [("paragraph", link)]
    assert [found.field for found in find_unprotected(page)] == ["summary", "body"]


def test_comments_of_editors_are_no_content(page, document):
    text = f"Is /documents/{document.pk}/{document.filename} the old one?"
    page.wagtail_admin_comments.add(
        Comment(user=f.superuser(), text=text, contentpath="summary", position="")
    )
    page.save_revision()
    assert find_unprotected(page.get_latest_revision_as_object()) == []
    assert LinkFinder().find(type(page), page.latest_revision.content) == []


def test_number_of_queries_does_not_grow_with_the_links(page, document, django_assert_num_queries):
    others = []
    for number in range(20):
        other = Document(title=f"Other {number}")
        other.file.save(f"other-{number}.pdf", ContentFile(b"%PDF-1.7\n"))
        others.append(other)
    links = [f'<a linktype="document" id="{other.pk}">x</a>' for other in others]
    page.summary = "".join(links) + f'<a href="http://localhost{document.file.url}">x</a>'
    # The hosts, the documents by key and by file, and which of them are private.
    with django_assert_num_queries(4):
        assert len(find_unprotected(page)) == 21


def test_fields_of_the_sites_own():
    """A foreign key, choosers in nested blocks and in a table, and rows of an InlinePanel."""
    with isolate_apps("tests.council"):

        class Own(ClusterableModel):
            handout = models.ForeignKey(
                Document, models.SET_NULL, null=True, verbose_name="hand-out"
            )
            intro = RichTextField()
            website = models.URLField()
            body = StreamField(
                [
                    ("handout", DocumentChooserBlock()),
                    (
                        "boxes",
                        blocks.ListBlock(blocks.StructBlock([("h", DocumentChooserBlock())])),
                    ),
                    ("html", blocks.RawHTMLBlock()),
                    (
                        "table",
                        TypedTableBlock(
                            [("file", DocumentChooserBlock()), ("t", blocks.CharBlock())]
                        ),
                    ),
                ]
            )

            class Meta:
                app_label = "council"

        class Part(models.Model):  # noqa: DJ008
            own = ParentalKey(Own, on_delete=models.CASCADE, related_name="parts")
            file = models.ForeignKey(Document, models.CASCADE)

            class Meta:
                app_label = "council"
                verbose_name_plural = "parts of it"

    titles = [Document(title=str(n), file=f"{n}.pdf") for n in range(7)]
    for document in titles:
        document.save()
    pks = [document.pk for document in titles]
    own = Own(pk=1, handout_id=pks[0], website=f"/documents/{pks[5]}/5.pdf", intro="")
    own.parts = [Part(file_id=pks[6])]
    own.body = json.dumps(
        [
            {"type": "handout", "value": pks[1], "id": "1"},
            {"type": "boxes", "value": [{"type": "item", "value": {"h": pks[2]}, "id": "2"}]},
            {"type": "boxes", "value": [{"h": pks[2]}]},
            {"type": "html", "value": f"<iframe src='/documents/{pks[3]}/3.pdf'></iframe>"},
            {
                "type": "table",
                "value": {
                    "columns": [{"type": "file", "heading": "F"}],
                    "rows": [{"values": [pks[4]]}],
                    "caption": "",
                },
            },
            {"type": "gone", "value": pks[4]},
        ]
    )
    expected = {
        Reference("handout", pks[0]),
        *(Reference("body", pk) for pk in (pks[1], pks[2], pks[4])),
        Reference("body", pks[3], name="3.pdf"),
        Reference("website", pks[5], name="5.pdf"),
        Reference("parts", pks[6]),
    }
    finder = LinkFinder()
    assert set(finder.find(Own, values_of(own))) == expected
    assert set(finder.find(Own, own.serializable_data())) == expected
    found = finder.look_up(expected)
    assert sorted(link.title for link in found.values()) == [str(n) for n in range(7)]
    assert field_label(Own, "handout") == "Hand-out"
    assert field_label(Own, "parts") == "Parts of it"
    damaged = [
        {"type": "handout", "value": {"damaged": True}},
        {"type": "boxes", "value": "damaged"},
        {"type": "boxes", "value": ["damaged"]},
        "damaged",
    ]
    for body in ("no json", json.dumps(damaged), '"text"', "{}"):
        assert finder.find(Own, {"body": body, "website": None}) == []


def test_site_without_wagtails_documents(page, document, monkeypatch):
    monkeypatch.setattr(LinkFinder, "document_model", None)
    page.summary = (
        f'<a linktype="document" id="{document.pk}">x</a> <a href="/media/a.pdf">file</a>'
    )
    assert [link.title for link in find_unprotected(page)] == ["a.pdf"]
