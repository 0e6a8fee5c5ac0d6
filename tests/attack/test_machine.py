"""Editors do anything in any order; an anonymous attacker looks after each step (P1-P3).

Hypothesis chooses the operations. `make test` runs a bounded, repeatable set of lives;
`make test-attack` runs new ones for long (SAFEGUARDING_ATTACK_EXAMPLES).
"""

from __future__ import annotations

import datetime as dt
import io
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import count
from types import SimpleNamespace
from typing import Any, ClassVar
from unittest import mock

import pytest
import wagtail
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client, TestCase, override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    GroupApprovalTask,
    Locale,
    Page,
    PageViewRestriction,
    Revision,
    Site,
    Workflow,
    WorkflowTask,
)

from tests import factories
from tests.admin.forms import review_form
from tests.libraries import bucket_entry
from tests.s3 import S3Server, s3_server
from wagtail_safeguarding.documents import inspections
from wagtail_safeguarding.documents.inspections import catch_up, inspect_version, left_waiting
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.overrules import fingerprint, open_blockers, overrule
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication import takedown
from wagtail_safeguarding.publication.replacement import replace_file
from wagtail_safeguarding.register import hidden, projection

from .attacker import Attacker
from .world import Content, File, World, sections

pytestmark = [pytest.mark.django_db, pytest.mark.attack]

BLOCKER = {"code": "hidden-shape", "severity": "blocker", "page": 1, "excerpt": "words"}
MAX_PAGES = 9
MAX_FILES = 7
LOGIN = {"restriction_type": "login"}
PICK = st.integers(0, 59)
"""Which of the things there are: whatever is at hand, by number."""


class Refused(Exception):
    """The site said no to an operation, as it should now and then."""


class Fault(Exception):
    """The fault that a step asked for."""


class Life(RuleBasedStateMachine):
    """One life of a council's site."""

    site_settings: ClassVar[dict[str, Any]] = {"ROOT_URLCONF": "tests.attack.urls"}
    bucket_url: str | None = None

    def __init__(self) -> None:
        super().__init__()
        # Everything happens in a transaction of its own and is undone at the end; what waits
        # for a commit is run after each step, as a real commit would.
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        _forget_sites()
        self.clock = timezone.now()
        self.time = mock.patch("django.utils.timezone.now", side_effect=lambda: self.clock)
        self.time.start()
        self.settings = override_settings(**self.site_settings)
        self.settings.enable()
        # Records that are hidden past Wagtail are looked for once a minute; each look is one here.
        ever = SimpleNamespace(monotonic=count(10**12, 10**6).__next__)
        self.minutes = mock.patch.object(hidden, "time", ever)
        self.minutes.start()
        self.looked = mock.patch.object(hidden, "_until", float("-inf"))
        self.looked.start()
        self.world = World()
        self.attacker = Attacker(self.world, bucket_url=self.bucket_url)
        self.admin = factories.superuser()
        self.reviewer = factories.superuser("reviewer")
        self.editor = Client()
        self.editor.force_login(self.admin)
        self.api = _api_headers(self.admin)

    def teardown(self) -> None:
        self.settings.disable()
        self.looked.stop()
        self.minutes.stop()
        self.time.stop()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)
        _forget_sites()

    @initialize(languages=st.booleans())
    def the_site_is_set_up(self, languages: bool) -> None:
        self.settings.disable()
        self.settings = override_settings(**self.site_settings, WAGTAIL_I18N_ENABLED=languages)
        self.settings.enable()
        home = factories.home_page()
        self.home = home.pk
        root = Page.get_first_root_node()
        # Another council's site stays when this one goes: Wagtail's sitemap needs one.
        elsewhere = root.add_child(instance=Page(title="Elsewhere", slug="elsewhere"))
        self.site = {"hostname": "testserver", "root_page_id": self.home}
        Site.objects.update(is_default_site=False, **self.site)
        Site.objects.create(hostname="elsewhere", root_page=elsewhere, is_default_site=True)
        _forget_sites()
        self.index = factories.review_index(home).pk
        factories.review_index(home, title="Other reviews", slug="other")
        outside = root.add_child(instance=Page(title="Store", slug="store"))
        self.places = [self.index, sections()[1].pk, outside.pk]
        self.held = Collection.get_first_root_node().add_child(name="Held back")
        Locale.objects.get_or_create(language_code="cy")
        for _number in range(3):
            self._upload(ReviewDocument(title=self.world.word("document")))
        for picks in ([0], [0, 1], [2]):
            self._write(self._content(picks, own_titles=False), self.place(0))
        for pick in (0, 1):
            page = self.page(pick)
            self.publish(page, self.draft_of(page), page.get_latest_revision().publish)
        assert self.world.open_files()

    @invariant()
    def nothing_is_public_that_should_not_be_and_nothing_is_missing(self) -> None:
        if not hasattr(self, "places"):
            return
        cache.clear()
        self.attacker.attack()

    # What there is

    def page(self, pick: int) -> PracticeReviewPage:
        pages = self.world.pages()
        return pages[pick % len(pages)]

    def file(self, pick: int) -> File:
        files = list(self.world.files.values())
        return files[pick % len(files)]

    def version(self, pick: int) -> DocumentVersion:
        return DocumentVersion.objects.select_related("document").get(pk=self.file(pick).pk)

    def place(self, pick: int) -> Any:
        """Somewhere a page may be: a section, or outside every site."""
        found = Page.objects.filter(pk__in=self.places).order_by("path")
        return found[pick % len(found)].specific

    def draft_of(self, page: Any) -> Content:
        """What publishing the page's latest draft would say."""
        revision = page.get_latest_revision()
        title = revision.content["title"] if revision else self.world.published[page.pk]
        return self.world.contents[title]

    def has_pages(self) -> bool:
        return hasattr(self, "places") and bool(self.world.pages())

    def has_room(self) -> bool:
        return self.has_pages() and len(self.world.pages()) < MAX_PAGES

    def a_live_page(self, pick: int) -> PracticeReviewPage:
        """Mostly one that makes a file public: closing that is what matters."""
        pages = [page for page in self.world.pages() if page.live]
        public = self.world.open_files()
        telling = [page for page in pages if self.world.content_of(page).versions & public]
        if telling and pick % 4:
            return telling[pick % len(telling)]
        return pages[pick % len(pages)]

    def has_live_pages(self) -> bool:
        return hasattr(self, "places") and any(page.live for page in self.world.pages())

    def an_original(self, pick: int) -> PracticeReviewPage | None:
        """A page with drafts of its own; None where there are only aliases."""
        pages = [page for page in self.world.pages() if page.alias_of_id is None]
        return pages[pick % len(pages)] if pages else None

    # How things are done

    @contextmanager
    def step(self) -> Iterator[None]:
        """An operation of its own, with what follows from its commit."""
        self.clock += dt.timedelta(seconds=1)
        with TestCase.captureOnCommitCallbacks(execute=True):
            yield

    def write(self, page: Any, content: Content) -> None:
        page.title = content.title
        page.draft_title = content.title
        page.summary = f"<p>{content.summary}</p>"
        page.documents = [
            factories.document_value(DocumentVersion.objects.get(pk=pk), title=title)
            for pk, title in content.rows
        ]

    def _content(self, picks: list[int], own_titles: bool) -> Content:
        files = {self.file(pick).pk for pick in picks}
        return self.world.new_content(sorted(files), own_titles=own_titles)

    def publish(self, page: Any, content: Content, how: Callable[[], None]) -> None:
        """Run ``how``, which publishes ``content``; refused exactly when a file is not ready."""
        before = self.world.content_of(page).versions if page.live else frozenset()
        opening = content.versions - before
        unready = any(
            self.world.files[pk].state != "cleared"
            or self.world.files[pk].document in self.world.deleted_documents
            for pk in opening
        )
        try:
            with self.step():
                how()
        except (ValidationError, Refused):
            assert unready, f"{content} was refused"
            return
        assert not unready, f"{content} was published with a file that is not ready"
        self._published(page.pk, content)

    def _published(self, pk: int, content: Content) -> None:
        """The page's row says ``content`` now, and so do the copies that follow it."""
        self.world.published[pk] = content.title
        for alias in Page.objects.filter(alias_of=pk):
            self._published(alias.pk, content)

    def duplicate(self, page: Any, how: Callable[[], Any]) -> None:
        """Copy ``page``; refused where the copy would be live with a file that is not ready."""
        try:
            with self.step(), transaction.atomic():
                how()
        except ValidationError:
            assert page.live
            assert self.world.unready(self.world.content_of(page))
        self.adopt()

    def adopt(self) -> None:
        """Take over the pages that a copy has made: what they say, somebody wrote before."""
        for page in self.world.pages():
            if page.pk not in self.world.published:
                assert page.title in self.world.contents
                self.world.published[page.pk] = page.title

    # Files

    def _upload(self, document: ReviewDocument) -> File:
        word, name, data = self.world.new_bytes()
        with self.step():
            version = add_version(document, io.BytesIO(data), name, user=self.admin)
        self.world.document_titles[document.pk] = document.title
        return self.world.remember(version, word, data)

    @precondition(lambda self: self.has_pages() and len(self.world.files) < MAX_FILES)
    @rule(held=st.booleans())
    def upload_a_document(self, held: bool) -> None:
        document = ReviewDocument(title=self.world.word("document"))
        if held:
            document.collection = self.held
        self._upload(document)

    @precondition(lambda self: self.has_pages() and len(self.world.files) < MAX_FILES)
    @rule(held=st.booleans())
    def upload_a_document_whose_inspection_is_lost(self, held: bool) -> None:
        document = ReviewDocument(title=self.world.word("document"))
        if held:
            document.collection = self.held
        with mock.patch.object(inspections, "inspect_stored"):
            file = self._upload(document)
        assert DocumentVersion.objects.get(pk=file.pk).state == VersionState.INSPECTING
        file.state = "inspecting"

    @rule()
    @precondition(has_pages)
    def take_up_lost_inspections(self) -> None:
        with self.step():
            done = list(catch_up(left_waiting(dt.timedelta(0))))
        waiting = {file.pk for file in self.world.files.values() if file.state == "inspecting"}
        assert {step.version.pk for step in done} == waiting
        for pk in waiting:
            self.world.files[pk].state = "cleared"

    @precondition(lambda self: self.has_pages() and len(self.world.files) < MAX_FILES)
    @rule(pick=PICK)
    def replace_a_file(self, pick: int) -> None:
        document = self.version(pick).document
        word, name, data = self.world.new_bytes()
        drafts = {page.pk: self.draft_of(page) for page in self.world.pages()}
        with self.step():
            done = replace_file(document, io.BytesIO(data), name, user=self.admin)
        new = self.world.remember(done.version, word, data)
        for use in done.drafted:
            # A draft with the new file, under a title of its own so that it can be told.
            old = drafts[use.page.pk]
            rows = tuple(
                (new.pk if self.world.files[pk].document == new.document else pk, title)
                for pk, title in old.rows
            )
            content = Content(self.world.word("title"), old.summary, rows)
            self.world.contents[content.title] = content
            page = PracticeReviewPage.objects.get(pk=use.page.pk).get_latest_revision_as_object()
            assert page.get_named_versions() == [pk for pk, _title in rows]
            page.title = content.title
            with self.step():
                page.save_revision(user=self.admin, clean=False)

    @rule(pick=PICK, all_versions=st.booleans())
    @precondition(has_pages)
    def withdraw(self, pick: int, all_versions: bool) -> None:
        version = self.version(pick)
        versions = version.document.versions.all() if all_versions else [version]
        with self.step():
            takedown.withdraw(versions, reason="It names a school.", user=self.admin)
        for one in versions:
            self.world.files[one.pk].state = "withdrawn"

    @rule(pick=PICK)
    @precondition(has_pages)
    def inspect_again(self, pick: int) -> None:
        """Clears as before: while it runs, the file is closed."""
        version = self.version(pick)
        if version.state not in {VersionState.CLEARED, VersionState.BLOCKED}:
            return
        with self.step():
            inspect_version(version, user=self.admin)
        self.world.files[version.pk].state = "cleared"

    @rule(pick=PICK)
    @precondition(has_pages)
    def inspection_blocks(self, pick: int) -> None:
        version = self.version(pick)
        if version.state != VersionState.CLEARED:
            return
        with self.step():
            version.move(VersionState.INSPECTING)
            report = {"sha256": version.sha256, "findings": [BLOCKER]}
            version.move(VersionState.BLOCKED, inspection=report)
        self.world.files[version.pk].state = "blocked"

    @rule(pick=PICK)
    @precondition(has_pages)
    def overrule_the_inspection(self, pick: int) -> None:
        """Its uploader tries first. A finding that was overruled before stays so."""
        version = self.version(pick)
        if version.state != VersionState.BLOCKED:
            return
        reasons = {fingerprint(BLOCKER): "It names nobody."}
        with pytest.raises(PermissionDenied):
            overrule(version, reasons, user=self.admin)
        if not open_blockers(version):
            return
        with self.step():
            assert overrule(version, reasons, user=self.reviewer)
        self.world.files[version.pk].state = "cleared"

    @rule(pick=PICK)
    @precondition(has_pages)
    def delete_a_document(self, pick: int) -> None:
        document = self.version(pick).document
        public = {self.world.files[pk].document for pk in self.world.open_files()}
        try:
            with self.step():
                takedown.delete_document(document, user=self.admin)
        except takedown.StillPublic:
            return
        assert document.pk not in public, "a public document was deleted"
        self.world.deleted_documents.add(document.pk)

    @rule(pick=PICK)
    @precondition(lambda self: self.has_pages() and bool(self.world.deleted_documents))
    def restore_a_document(self, pick: int) -> None:
        pks = sorted(self.world.deleted_documents)
        document = ReviewDocument.objects.get(pk=pks[pick % len(pks)])
        with self.step():
            takedown.restore_document(document, user=self.admin)
        self.world.deleted_documents.discard(document.pk)

    @rule()
    @precondition(has_pages)
    def restrict_or_open_the_collection(self) -> None:
        found = CollectionViewRestriction.objects.filter(collection=self.held)
        with self.step():
            if not found.delete()[0]:
                CollectionViewRestriction.objects.create(collection=self.held, **LOGIN)

    @rule(pick=PICK)
    @precondition(has_pages)
    def move_a_document_to_another_collection(self, pick: int) -> None:
        document = self.version(pick).document
        root = Collection.get_first_root_node()
        document.collection = root if document.collection_id == self.held.pk else self.held
        with self.step():
            document.save()

    # Drafts

    @precondition(lambda self: hasattr(self, "places") and len(self.world.pages()) < MAX_PAGES)
    @rule(picks=st.lists(PICK, max_size=2), where=PICK, own_titles=st.booleans())
    def write_a_page(self, picks: list[int], where: int, own_titles: bool) -> None:
        self._write(self._content(picks, own_titles), self.place(where))

    def _write(self, content: Content, place: Any) -> None:
        page = PracticeReviewPage(
            slug=self.world.word("p"),
            review_type="learning-review",
            live=False,
            has_unpublished_changes=True,
        )
        self.write(page, content)
        with self.step():
            place.add_child(instance=page)
            page.save_revision(user=self.admin)
        self.world.published[page.pk] = content.title

    @rule(pick=PICK, picks=st.lists(PICK, max_size=2), own_titles=st.booleans())
    @precondition(has_pages)
    def save_a_draft(self, pick: int, picks: list[int], own_titles: bool) -> None:
        page = self.an_original(pick)
        if page is None:
            return
        draft = page.get_latest_revision_as_object()
        self.write(draft, self._content(picks, own_titles))
        with self.step():
            draft.save_revision(user=self.admin)

    @rule(pick=PICK, back=PICK)
    @precondition(has_pages)
    def revert_to_an_older_draft(self, pick: int, back: int) -> None:
        page = self.an_original(pick)
        revisions = list(page.revisions.order_by("created_at", "pk")) if page else []
        if not revisions:
            return
        older = revisions[back % len(revisions)]
        with self.step():
            older.as_object().save_revision(user=self.admin, previous_revision=older)

    # Publication

    @rule(
        pick=PICK,
        how=st.sampled_from(["revision", "editor", "bulk", "workflow", "v3 action", "v3 patch"]),
    )
    @precondition(has_pages)
    def publish_the_draft(self, pick: int, how: str) -> None:
        page = self.an_original(pick)
        if page is None:
            return
        if page.get_latest_revision() is None:
            page.save_revision(user=self.admin)
        content = self.draft_of(page)
        locked = not page.permissions_for_user(self.admin).can_publish() or page.get_lock()
        if locked or (how.startswith("v3") and wagtail.VERSION < (8, 0)):
            how = "revision"
        if how == "v3 patch":
            # It brings a title of its own.
            content = Content(self.world.word("title"), content.summary, content.rows)
            self.world.contents[content.title] = content
        elif how == "editor":
            content = self._content_of_the_form(content)
        ways = {
            "revision": lambda: page.get_latest_revision().publish(user=self.admin),
            "editor": lambda: self._publish_in_the_editor(page, content),
            "bulk": lambda: self._bulk(page, "publish"),
            "workflow": lambda: self._approve(page),
            "v3 action": lambda: self._call_v3(page, "post", "actions/publish/"),
            "v3 patch": lambda: self._call_v3(page, "patch", "", title=content.title),
        }
        self.publish(page, content, ways[how])

    def _content_of_the_form(self, content: Content) -> Content:
        """The same content as the editor saves it: rows take over the document's title."""
        rows = tuple(
            (pk, title or self.world.document_titles[self.world.files[pk].document])
            for pk, title in content.rows
        )
        content = Content(self.world.word("title"), content.summary, rows)
        self.world.contents[content.title] = content
        return content

    def _publish_in_the_editor(self, page: Any, content: Content) -> None:
        data = review_form(
            content.rows,
            title=content.title,
            slug=page.slug,
            summary=content.summary,
            **{"action-publish": "action-publish"},
        )
        response = self.editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)
        if response.status_code != 302:
            raise Refused(str(response.context["form"].errors))
        page.refresh_from_db()
        if page.title != content.title:
            raise Refused("not published")

    def _bulk(self, page: Any, action: str) -> None:
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        response = self.editor.post(f"{url}?id={page.pk}&next=/admin/", {"include_descendants": ""})
        said = [str(message) for message in response.wsgi_request._messages]
        if any("cannot be published" in text for text in said):
            raise Refused(said)

    def _approve(self, page: Any) -> None:
        workflow = Workflow.objects.create(name="Four eyes")
        task = GroupApprovalTask.objects.create(name="Approve")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
        if page.current_workflow_state:
            page.current_workflow_state.cancel(user=self.admin)
        state = workflow.start(page, self.admin)
        state.current_task_state.specific.approve(user=self.admin)

    def _call_v3(self, page: Any, method: str, path: str, **values: Any) -> None:
        meta = {"type": "safeguarding_pages.PracticeReviewPage", "action": "publish"}
        response = getattr(Client(), method)(
            f"/api/v3/pages/{page.pk}/{path}",
            {**values, "meta": meta} if values else {},
            content_type="application/json",
            headers=self.api,
        )
        if response.status_code == 422:
            raise Refused(response.content)
        assert response.status_code == 200, response.content

    @rule(pick=PICK, picks=st.lists(PICK, max_size=2), clean=st.booleans())
    @precondition(has_pages)
    def save_the_live_page(self, pick: int, picks: list[int], clean: bool) -> None:
        """A script sets fields and the live flag, and saves."""
        page = self.page(pick)
        content = self._content(picks, own_titles=False)
        before = self.world.content_of(page).versions if page.live else frozenset()
        opening = content.versions - before
        unready = self.world.unready(Content("", "", tuple((pk, "") for pk in opening)))
        self.write(page, content)
        page.live = True
        try:
            with self.step():
                page.save(clean=clean)
        except ValidationError:
            assert unready
            assert clean
            return
        assert not unready or not clean
        page.refresh_from_db()
        assert page.live is not unready
        # Aliases follow a publication, not a save.
        self.world.published[page.pk] = content.title

    @rule(pick=PICK, expires=st.booleans())
    @precondition(has_pages)
    def schedule(self, pick: int, expires: bool) -> None:
        page = self.an_original(pick)
        if page is None:
            return
        draft = page.get_latest_revision_as_object()
        draft.go_live_at = self.clock + dt.timedelta(hours=1)
        draft.expire_at = self.clock + dt.timedelta(hours=3) if expires else None
        with self.step():
            try:
                draft.save_revision(user=self.admin).publish(user=self.admin)
            except ValidationError:
                assert self.world.unready(self.draft_of(page))

    @rule()
    @precondition(has_pages)
    def two_hours_pass(self) -> None:
        self.clock += dt.timedelta(hours=2)
        due = [
            (int(revision.object_id), self.world.contents[revision.content["title"]])
            for revision in Revision.objects.filter(approved_go_live_at__lt=self.clock).order_by(
                "approved_go_live_at", "pk"
            )
        ]
        before = {
            page.pk: self.world.content_of(page).versions if page.live else frozenset()
            for page in self.world.pages()
        }
        with self.step():
            call_command("publish_scheduled")
        for pk, content in due:
            opening = content.versions - before.get(pk, frozenset())
            if not self.world.unready(Content("", "", tuple((v, "") for v in opening))):
                self._published(pk, content)

    # Closing

    @rule(
        pick=PICK,
        how=st.sampled_from(
            ["page", "base", "bulk", "view", "update", "save", "v3 action", "update"]
        ),
    )
    @precondition(has_live_pages)
    def unpublish(self, pick: int, how: str) -> None:
        page = self.a_live_page(pick)
        if how == "v3 action" and (wagtail.VERSION < (8, 0) or page.alias_of_id):
            how = "page"
        if not page.permissions_for_user(self.admin).can_unpublish():
            how = "base"  # a schedule keeps editors out, and nobody else
        view = reverse("wagtailadmin_pages:unpublish", args=[page.pk])
        ways: dict[str, Callable[[], Any]] = {
            "page": page.unpublish,
            "base": lambda: Page.objects.get(pk=page.pk).unpublish(),
            "bulk": lambda: self._bulk(page, "unpublish"),
            "view": lambda: self.editor.post(view),
            "update": lambda: Page.objects.filter(pk=page.pk).update(live=False),
            "save": lambda: self._save_closed(page),
            "v3 action": lambda: Client().post(
                f"/api/v3/pages/{page.pk}/actions/unpublish/",
                {},
                content_type="application/json",
                headers=self.api,
            ),
        }
        with self.step():
            ways[how]()
        page.refresh_from_db()
        assert not page.live, how

    def _save_closed(self, page: Any) -> None:
        page.live = False
        page.save(clean=False)

    @rule(pick=PICK, above=st.booleans(), silent=st.booleans())
    @precondition(has_live_pages)
    def make_private(self, pick: int, above: bool, silent: bool) -> None:
        page = Page.objects.get(pk=self.a_live_page(pick).pk)
        if above and page.depth > 3:
            page = page.get_parent()
        restriction = PageViewRestriction(page=page, **LOGIN)
        with self.step():
            if silent:
                PageViewRestriction.objects.bulk_create([restriction])
            else:
                restriction.save()

    @rule(pick=PICK)
    @precondition(lambda self: self.has_pages() and PageViewRestriction.objects.exists())
    def end_privacy(self, pick: int) -> None:
        found = list(PageViewRestriction.objects.order_by("pk"))
        with self.step():
            found[pick % len(found)].delete()

    @rule()
    @precondition(has_pages)
    def the_site_goes_or_comes_back(self) -> None:
        with self.step():
            if not Site.objects.filter(**self.site).delete()[0]:
                Site.objects.create(**self.site)
        _forget_sites()

    # The tree

    @rule(pick=PICK, where=PICK)
    @precondition(has_pages)
    def move(self, pick: int, where: int) -> None:
        page, place = self.page(pick), self.place(where)
        if place.get_children().filter(slug=page.slug).exists():
            return
        with self.step():
            page.move(place, pos="last-child")

    @rule(pick=PICK, where=PICK, keep_live=st.booleans())
    @precondition(has_room)
    def copy(self, pick: int, where: int, keep_live: bool) -> None:
        page = self.page(pick)
        self.duplicate(
            page,
            lambda: page.copy(
                to=self.place(where),
                update_attrs={"slug": self.world.word("c")},
                keep_live=keep_live,
                user=self.admin,
            ),
        )

    @rule(where=PICK, alias=st.booleans())
    @precondition(lambda self: self.has_pages() and 2 * len(self.world.pages()) <= MAX_PAGES)
    def copy_a_section(self, where: int, alias: bool) -> None:
        section = self.place(0)
        target = Page.objects.get(pk=self.home)
        slug = self.world.word("s")
        with self.step():
            if alias:
                made = section.create_alias(
                    recursive=True, parent=target, update_slug=slug, user=self.admin
                )
            else:
                made = section.copy(
                    recursive=True, to=target, update_attrs={"slug": slug}, user=self.admin
                )
        self.places.append(made.pk)
        self.adopt()

    @rule(pick=PICK, where=PICK)
    @precondition(has_room)
    def follow(self, pick: int, where: int) -> None:
        """Make an alias of a page, or of an alias."""
        page = self.page(pick)
        if page.alias_of_id and Page.objects.get(pk=page.alias_of_id).alias_of_id:
            return
        self.duplicate(
            page,
            lambda: page.create_alias(
                parent=self.place(where), update_slug=self.world.word("a"), user=self.admin
            ),
        )

    @rule(pick=PICK)
    @precondition(has_pages)
    def stop_following(self, pick: int) -> None:
        aliases = [page for page in self.world.pages() if page.alias_of_id]
        if aliases:
            with self.step():
                ConvertAliasPageAction(aliases[pick % len(aliases)], user=self.admin).execute()

    @rule(pick=PICK, alias=st.booleans())
    @precondition(has_room)
    def translate(self, pick: int, alias: bool) -> None:
        page = self.page(pick)
        welsh = Locale.objects.get(language_code="cy")
        inside = page.get_ancestors().filter(pk=self.home).exists()
        if page.locale_id == welsh.pk or page.has_translation(welsh) or not inside:
            return
        self.duplicate(
            page, lambda: page.copy_for_translation(welsh, copy_parents=True, alias=alias)
        )

    @rule(pick=PICK, how=st.sampled_from(["page", "base", "queryset", "section"]))
    @precondition(lambda self: self.has_pages() and len(self.world.pages()) > 2)
    def delete(self, pick: int, how: str) -> None:
        page = self.page(pick)
        if how == "section" and len(self.places) <= 3:
            how = "page"
        if page.get_descendant_count():
            return
        with self.step():
            if how == "page":
                page.delete()
            elif how == "base":
                Page.objects.get(pk=page.pk).delete()
            elif how == "queryset":
                Page.objects.filter(pk=page.pk).delete()
            else:
                Page.objects.get(pk=self.places.pop()).specific.delete()

    # Faults

    @rule(pick=PICK, what=st.sampled_from(["open_records", "close_records"]), op=PICK)
    @precondition(has_live_pages)
    def a_handler_fails(self, pick: int, what: str, op: int) -> None:
        """Whatever fails in the register, what was asked to close is closed or did not happen."""
        page = self.a_live_page(pick)
        base = Page.objects.get(pk=page.pk)
        operations: list[Callable[[], Any]] = [
            lambda: page.unpublish(),
            lambda: base.unpublish(),
            lambda: PageViewRestriction.objects.create(page=base, **LOGIN),
            lambda: page.save(),
            lambda: base.delete() if len(self.world.pages()) > 2 else None,
            lambda: self._move_away(page),
        ]
        fault = mock.Mock(side_effect=Fault)
        targets = [
            f"wagtail_safeguarding.publication.{module}.{what}"
            for module in ("door", "signals")
            if (module, what) != ("signals", "open_records")
        ]
        assert hasattr(projection, what)
        patches = [mock.patch(target, fault) for target in targets]
        for patch in patches:
            patch.start()
        try:
            # What fails in a transaction takes it down; a restriction is saved in none.
            number = op % len(operations)
            with self.step(), nullcontext() if number == 2 else transaction.atomic():
                operations[number]()
        except Fault:
            pass
        finally:
            for patch in patches:
                patch.stop()

    def _move_away(self, page: Any) -> None:
        outside = Page.objects.get(pk=self.places[2])
        if page.get_parent().pk != outside.pk:
            page.move(outside, pos="last-child")


def _forget_sites() -> None:
    """Wagtail caches the roots of sites; a transaction that is undone must not leave them."""
    cache.clear()
    Site.clear_site_root_paths_cache()


def _api_headers(user: Any) -> dict[str, str]:
    if wagtail.VERSION < (8, 0):
        return {}
    from tests.api.test_v3 import token_of

    return token_of(user)


S3 = [pytest.mark.needs("ministack"), pytest.mark.once]
EXAMPLES = int(os.environ.get("SAFEGUARDING_ATTACK_EXAMPLES", "0"))


@pytest.fixture
def quiet() -> Iterator[None]:
    """Without a line for each of some thousand refusals."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


WEIGHTS = {
    "publish_the_draft": 5,
    "save_the_live_page": 2,
    "save_a_draft": 2,
    "unpublish": 3,
    "make_private": 3,
    "inspection_blocks": 2,
}
"""What opens and closes comes more often in the few lives; the rest once."""


def live(kind: type[Life], *, lives: int, steps: int, shard: int = 0) -> None:
    """So many lives of so many steps each, the same ones for each ``shard``.

    Hypothesis's own runner switches most operations off in a life; over many lives that
    finds more, in a few it leaves most of them undone. So this draws from all of them.
    """

    @seed(shard)
    @settings(
        max_examples=lives + 1,
        deadline=None,
        database=None,
        print_blob=True,
        report_multiple_bugs=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def run(data: st.DataObject) -> None:
        if data.draw(st.integers(0, 2**32)) == 0:
            return  # Hypothesis begins with a life in which everything is zero
        life = kind()
        rules = life.rules() if callable(life.rules) else life.rules  # as Hypothesis has it
        try:
            life.the_site_is_set_up(languages=data.draw(st.booleans()))
            for _step in range(steps):
                possible = [
                    rule
                    for rule in rules
                    if all(allows(life) for allows in rule.preconditions)
                    for _weight in range(WEIGHTS.get(rule.function.__name__, 1))
                ]
                chosen = data.draw(st.sampled_from(possible))
                arguments = {name: data.draw(of) for name, of in chosen.arguments.items()}
                note(f"{chosen.function.__name__}({arguments})")
                chosen.function(life, **arguments)
                life.nothing_is_public_that_should_not_be_and_nothing_is_missing()
        finally:
            life.teardown()

    run()


BOUNDED = pytest.mark.skipif(bool(EXAMPLES), reason="the long attack is under way")


@BOUNDED
@pytest.mark.parametrize("shard", range(4))
@pytest.mark.usefixtures("quiet")
def test_a_few_lives_of_a_site(shard: int) -> None:
    live(Life, lives=1, steps=25, shard=shard)


@BOUNDED
@pytest.mark.needs("ministack")
@pytest.mark.once
@pytest.mark.usefixtures("quiet")
def test_a_life_of_a_site_with_a_bucket() -> None:
    with s3_server() as server:
        live(life_with_a_bucket(server), lives=1, steps=20)


@pytest.mark.skipif(not EXAMPLES, reason="only the long attack (make test-attack)")
@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("storage", ["folder", pytest.param("s3", marks=S3)])
def test_many_lives_of_a_site(storage: str) -> None:
    with s3_server() if storage == "s3" else nullcontext() as server:
        run_state_machine_as_test(
            life_with_a_bucket(server) if server else Life,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=40,
                deadline=None,
                print_blob=True,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )


def life_with_a_bucket(server: S3Server) -> type[Life]:
    entry = bucket_entry(server)

    class LifeWithABucket(Life):
        site_settings: ClassVar[dict[str, Any]] = {
            **Life.site_settings,
            "STORAGES": {**django_settings.STORAGES, "safeguarding": entry},
        }
        bucket_url = f"{server.endpoint}/{entry['OPTIONS']['bucket_name']}"

    return LifeWithABucket
