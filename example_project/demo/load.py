"""The demo content as pages, documents, users and settings of a site.

What is there already is left alone, so the demo can be loaded again and again, and keeps
what somebody changed in it. Pages are found by their slug, documents by their title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.html import escape
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Site

from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.documents.inspections import inspect_waiting
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.pages.models import (
    ArticlePage,
    DocumentCollectionPage,
    FurtherInformationPage,
    PracticeReviewPage,
    ReviewIndexPage,
)

from .content import SITE
from .draft import CHILD_T, CHILD_T_REPORT
from .pdf import document_pdf
from .shapes import CommentsClosed, Document, Link, Review, Section

PASSWORD = "safeguarding"
EDITORS = "Safeguarding editors"
DOCUMENTS = {**SITE.documents, CHILD_T_REPORT.key: CHILD_T_REPORT}

Items = list[tuple[str, Any]]


class DemoSite:
    """Loads the demo. ``say`` is told of each thing that is made."""

    def __init__(self, host: str, port: int, say: Callable[[str], None]) -> None:
        self.host = host
        self.port = port
        self.say = say
        self.made = 0
        self.versions: dict[str, DocumentVersion] = {}

    @transaction.atomic
    def load(self) -> int:
        """Make what is missing; the number of things that were made."""
        self.admin = self._user("admin", superuser=True)
        self.editor = self._user("editor")
        self.site = self._site()
        self.collection = self._collection()
        for document in DOCUMENTS.values():
            self.versions[document.key] = self._version(document)
        self._home()
        pages = [self._index(), *self._other_pages()]
        self._reviews(pages[0])
        self._rights(pages)
        return self.made

    def _tell(self, what: str) -> None:
        self.made += 1
        self.say(what)

    # People and places

    def _user(self, name: str, *, superuser: bool = False) -> Any:
        users = get_user_model()
        user = users.objects.filter(username=name).first()
        if user is None:
            user = users.objects.create_user(
                name,
                f"{name}@marlowevale.example",
                PASSWORD,
                is_superuser=superuser,
                is_staff=superuser,
            )
            self._tell(f"user {name}")
        return user

    def _site(self) -> Site:
        site = Site.objects.get(is_default_site=True)
        name = SITE.home.title
        if (site.hostname, site.port, site.site_name) != (self.host, self.port, name):
            site.hostname, site.port, site.site_name = self.host, self.port, name
            site.save()
            self._tell(f"site {site.root_url}")
        settings = SafeguardingSiteSettings.for_site(site)
        if not settings.publisher:
            line = SITE.review_index.emergency_line
            settings.publisher = SITE.publisher.name
            settings.emergency_lines = [("line", {"text": line.text, "number": line.number})]
            settings.alternative_format_contact = (
                f"{SITE.publisher.email}, telephone {SITE.publisher.telephone}"
            )
            settings.save()
            self._tell("settings of the site")
        return site

    def _collection(self) -> Collection:
        name = SITE.publisher.short_name
        found: Collection | None = Collection.objects.filter(name=name).first()
        if found is None:
            found = Collection.get_first_root_node().add_child(name=name)
            self._tell(f"collection {name}")
        return found

    def _rights(self, pages: Iterable[Any]) -> None:
        """Editors work on the partnership's pages and documents, and on nothing else."""
        group, created = Group.objects.get_or_create(name=EDITORS)
        if not created:
            return
        admin = Permission.objects.get(
            content_type__app_label="wagtailadmin", codename="access_admin"
        )
        group.permissions.add(admin)
        for codename in ("add_page", "change_page", "publish_page"):
            permission = Permission.objects.get(
                content_type__app_label="wagtailcore", codename=codename
            )
            for page in pages:
                GroupPagePermission.objects.create(
                    group=group, page_id=page.pk, permission=permission
                )
        for verb in ("add", "change", "delete", "choose"):
            permission = Permission.objects.get(
                content_type__app_label=ReviewDocument._meta.app_label,
                codename=f"{verb}_reviewdocument",
            )
            GroupCollectionPermission.objects.create(
                group=group, collection=self.collection, permission=permission
            )
        self.editor.groups.add(group)
        self._tell(f"group {EDITORS}")

    # Documents

    def _version(self, document: Document) -> DocumentVersion:
        found = ReviewDocument.objects.filter(
            title=document.title, collection=self.collection
        ).first()
        version = found.latest_version if found else None
        if version is None:
            found = found or ReviewDocument(
                title=document.title,
                language=document.language,
                audience=list(document.audiences),
                publication_date=PartialDate.parse(document.date),
                rights_holder=SITE.publisher.name,
                collection=self.collection,
                created_by=self.editor,
            )
            pdf = BytesIO(document_pdf(document, SITE.publisher))
            version = add_version(found, pdf, document.file_name, user=self.editor)
            # Whatever the site's task backend is: the demo is to be complete when this returns.
            inspect_waiting(version.pk)
            version.refresh_from_db()
            if version.state != VersionState.CLEARED:
                raise RuntimeError(f"{document.file_name} did not pass inspection.")
            self._tell(f"document {document.file_name}")
        return version

    def _rows(self, keys: Iterable[str]) -> Items:
        return [
            (
                "document",
                {
                    "version": self.versions[key],
                    "role": DOCUMENTS[key].role,
                    "description": DOCUMENTS[key].summary,
                },
            )
            for key in keys
        ]

    # Pages

    def _home(self) -> None:
        home = self.site.root_page.specific
        if home.latest_revision_id is None:
            home.title = home.draft_title = SITE.home.title
            home.introduction = SITE.home.introduction
            home.save_revision(user=self.admin).publish(user=self.admin)
            self._tell("home page")

    def _add(self, parent: Any, model: Any, content: Any, **fields: Any) -> tuple[Any, bool]:
        """The page at the slug of ``content``, and whether it was made just now, as a draft."""
        there = parent.get_children().filter(slug=content.slug).first()
        if there is not None:
            return there.specific, False
        page = model(
            title=content.title,
            slug=content.slug,
            search_description=getattr(content, "description", ""),
            owner=self.editor,
            live=False,
            has_unpublished_changes=True,
            **fields,
        )
        parent.add_child(instance=page)
        self._tell(f"page {content.title}")
        return page, True

    def _publish(self, page: Any) -> None:
        page.save_revision(user=self.editor, log_action=True).publish(user=self.admin)

    def _add_public(self, model: Any, content: Any, **fields: Any) -> Any:
        page, is_new = self._add(self.site.root_page, model, content, **fields)
        if is_new:
            self._publish(page)
        return page

    def _index(self) -> Any:
        content = SITE.review_index
        # Publisher and emergency line come from the settings of the site.
        return self._add_public(
            ReviewIndexPage,
            content,
            introduction="".join(content.introduction),
            documents=self._rows(content.documents),
            further_information_heading=content.further_information.heading,
            further_information=_links(content.further_information.links),
            **_comments(content.comments),
        )

    def _other_pages(self) -> list[Any]:
        collection, further, article = SITE.collection, SITE.further_information, SITE.article
        sections = [
            (
                "section",
                {
                    "heading": section.heading,
                    "introduction": section.html,
                    "documents": self._rows(section.documents),
                },
            )
            for section in collection.sections
        ]
        return [
            self._add_public(
                DocumentCollectionPage, collection, introduction=collection.html, sections=sections
            ),
            self._add_public(
                FurtherInformationPage,
                further,
                introduction=further.html,
                further_information=_links(further.links),
            ),
            self._add_public(
                ArticlePage,
                article,
                article_date=PartialDate.parse(article.date),
                summary=article.html,
                body=_body(article.body),
                documents=self._rows(article.documents),
                further_information_heading=article.further_information.heading,
                further_information=_links(article.further_information.links),
                **_comments(article.comments),
            ),
        ]

    def _reviews(self, index: Any) -> None:
        """Five public reviews, and one that is still a draft."""
        pages, new = {}, []
        for review in (*SITE.review_index.reviews, CHILD_T):
            page, is_new = self._add(
                index, PracticeReviewPage, review, **self._review_fields(review)
            )
            pages[review.key] = page
            if is_new:
                new.append(review)
        for review in new:
            page = pages[review.key]
            page.related_reviews = [("review", pages[key]) for key in review.related_reviews]
            if review is CHILD_T:
                page.save_revision(user=self.editor, log_action=True)
            else:
                self._publish(page)

    def _review_fields(self, review: Review) -> dict[str, Any]:
        return {
            "review_type": review.type,
            "subjects": [("subject", subject) for subject in review.subjects],
            "reference": review.reference,
            "review_date": PartialDate.parse(review.date),
            "summary": f"<p>{escape(review.summary)}</p>" if review.summary else "",
            "body": _body(review.body),
            "outcome": review.outcome,
            "age_band": review.age_band,
            "harms": list(review.harms),
            "themes": list(review.themes),
            "learning_points": [
                (
                    "learning_point",
                    {"title": point.title, "text": f"<p>{escape(point.text)}</p>"},
                )
                for point in review.learning_points
            ],
            "recommendations": [
                (
                    "recommendation",
                    {
                        "text": each.text,
                        "owner": each.agency,
                        "status": each.status,
                        "due": PartialDate.parse(each.due),
                        "updated": PartialDate.parse(each.updated).earliest,
                    },
                )
                for each in review.recommendations
            ],
            "documents": self._rows(review.documents),
            "related_documents": self._rows(review.shared_documents),
        }


def _comments(comments: CommentsClosed) -> dict[str, Any]:
    return {
        "comments_heading": comments.heading,
        "comments_prompt": comments.prompt,
        "comments_message": comments.message,
        "comments_closed_on": comments.closed_on,
        "comments_reason": comments.reason,
    }


def _links(links: Iterable[Link]) -> Items:
    return [
        (
            "link",
            {
                "title": link.title,
                "url": link.url,
                "organisation": link.organisation,
                "description": link.description,
            },
        )
        for link in links
    ]


def _body(sections: Iterable[Section]) -> Items:
    items: Items = []
    for section in sections:
        if section.heading:
            items.append(("heading", section.heading))
        html = "".join(f"<p>{escape(text)}</p>" for text in section.paragraphs)
        if section.bullets:
            html += f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in section.bullets)}</ul>"
        if html:
            items.append(("paragraph", html))
    return items
