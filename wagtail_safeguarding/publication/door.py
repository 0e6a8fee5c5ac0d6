"""The door between the editors' world and the public one.

Every page type of the package saves through :class:`SafeguardingPage`, and whatever else
moves a page (``signals``) ends here too. The door reads the *database*, never the
instance at hand: saving a draft of a live page calls ``save()`` with the draft's text in
memory.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import connections, models, router, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry
from wagtail.models import get_page_models

from wagtail_safeguarding.documents.models import DocumentVersion, versions_by_pk
from wagtail_safeguarding.fields import ItemsField
from wagtail_safeguarding.pagemodel import base_page_label, get_base_page_model
from wagtail_safeguarding.register import due
from wagtail_safeguarding.register.models import Due, Event, Record, RecordState
from wagtail_safeguarding.register.projection import (
    Opened,
    Projection,
    close_records,
    open_records,
)
from wagtail_safeguarding.register.schema import PublicForm
from wagtail_safeguarding.register.sources import Sources
from wagtail_safeguarding.register.visibility import (
    to_be_closed,
    unrestricted_versions,
    visible_among,
)
from wagtail_safeguarding.statements import Statement, by_keys, marks

from .files import names_in_files, other_reviews
from .forms import ComposedFormClass
from .owners import tell_owner
from .readiness import Level, NotReady, Problem, blockers, judge_versions
from .reading import STEP, projections_of
from .restricted import carry_over, lists_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Before:
    """What a live page makes public before it is saved again, as it was stored."""

    versions: frozenset[int] = frozenset()
    page: Any = None
    """The stored page; None where all text is to be judged: it was not live, or this save publishes
    a revision."""
    standing: Any = None
    """See :func:`standing_of`; None where it was not live."""


FEW = 10
"""For more pages than these, what names them is looked for all at once."""

NOT_PUBLISHED = "wagtail_safeguarding.not_published"


class SafeguardingPage(models.Model):
    """What a page type needs to go through the door. Mix in before the site's base page.

    Subclasses say what is public of them (:meth:`get_public_form`), which files they name
    (:meth:`get_named_versions`) and what else an editor must put right
    (:meth:`get_problems`).
    """

    if TYPE_CHECKING:
        # Of the page model that a site mixes this into.
        pk: Any
        live: bool
        live_revision_id: int | None
        has_unpublished_changes: bool
        title: str
        path: str
        url_path: str
        translation_key: Any
        alias_of_id: int | None
        locale_id: int
        owner: Any
        locale: Any
        get_full_url: Any

    base_form_class = ComposedFormClass()
    # A comment cannot be posted to a page, nor anything else (promise P8).
    allowed_http_methods = ["GET", "HEAD", "OPTIONS"]

    class Meta:
        abstract = True

    def __init_subclass__(cls, **kwargs: Any) -> None:
        ComposedFormClass.adopt(cls)
        super().__init_subclass__(**kwargs)

    def save(
        self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any
    ) -> Any:
        """Save, then project what the database now holds. Raises :class:`NotReady`.

        With ``clean=False`` (Wagtail copies subtrees and updates aliases so, and an
        exception there would corrupt the tree) an unready page becomes a draft instead.
        """
        with transaction.atomic():
            update_fields = kwargs.get("update_fields")
            may_open = self._may_open(update_fields)
            is_new = self.pk is None
            before = self._before() if may_open else Before()
            judged = None
            if may_open and clean and not is_new and update_fields is None:
                # Before anything is written: an index of the search outside of the database, for
                # example, would keep it.
                judged = self._refuse(before)
            self.stood_before = before.standing
            result = super().save(  # type: ignore[call-arg]
                clean=clean, user=user, log_action=log_action, **kwargs
            )
            self.stood_before = None
            if is_new and (source := getattr(self, "_copied_from", None)):
                carry_over(source, self)
            lock_pages([self.pk])
            stored = type(self)._base_manager.get(pk=self.pk)
            if may_open and (judged is None or stored.get_judged() != judged):
                self._refuse_or_fall_back(stored, before, raising=clean)
            shown = visible_among([self.pk])
            # A site's own type may say less than the one that it is saved through.
            write([self.pk], projections_of([_as_itself(stored)] if shown else []))
        return result

    # What a page type says of itself

    def get_public_form(self, sources: Sources) -> PublicForm:
        """The public form of this page. It names no page and no file that ``sources`` lacks."""
        raise NotImplementedError

    def get_named_pages(self) -> set[int]:
        """Primary keys of the pages that the public form of this page may name."""
        return set()

    def get_named_versions(self) -> list[int]:
        """Primary keys of the document versions that the content of this page names."""
        return []

    def get_refused_versions(self) -> set[int]:
        """Versions that this page names and that no page may ever make public."""
        return set()

    def get_problems(self) -> list[Problem]:
        """Blockers and warnings of this page as it stands in memory."""
        versions = versions_by_pk(self.get_named_versions()).values()
        return [
            *judge_versions(versions),
            *closed_by_collection(versions),
            *names_in_files(self, versions, read_now=False),
            *other_reviews(self, versions),
        ]

    # The door

    stood_before: tuple[Any, ...] | None = None
    """While a live page is saved: its :func:`standing_of` until then."""

    def _may_open(self, update_fields: Any) -> bool:
        """Whether this save can make a file public: it writes content, or the live flag."""
        if not self.live:
            return False
        if update_fields is None:
            return True
        content = (ItemsField, models.CharField, models.TextField)
        opening = {"live", *(f.name for f in self._meta.fields if isinstance(f, content))}
        opening -= {"draft_title", "path", "url_path"}  # Wagtail's own
        return not opening.isdisjoint(update_fields)

    def _before(self) -> Before:
        """What the stored page makes public, if that is live now."""
        if self.pk is None:
            return Before()
        manager: Any = type(self)._base_manager
        try:
            stored = manager.get(pk=self.pk, live=True)
        except type(self).DoesNotExist:
            return Before()
        return Before(
            frozenset(stored.get_named_versions()),
            None if self._is_published_by(stored) else stored,
            standing_of(stored),
        )

    def _is_published_by(self, stored: SafeguardingPage) -> bool:
        """Whether this save publishes a revision, the live one again perhaps."""
        return _publishing.get() == self.pk or stored.live_revision_id != self.live_revision_id

    def _refuse(self, before: Before) -> Any:
        """Raise :class:`NotReady` for what stands in memory, or say what was judged."""
        judged = self.get_judged()
        if problems := blockers(self.get_opening_problems(before)):
            raise NotReady(self.title, problems)
        return judged

    def _refuse_or_fall_back(
        self, stored: SafeguardingPage, before: Before, *, raising: bool
    ) -> None:
        problems = blockers(stored.get_opening_problems(before))
        if not problems:
            return
        if raising:
            raise NotReady(self.title, problems)
        logger.warning("Page %s is not ready and was saved as a draft: %s", self.pk, problems)
        pages: Any = type(self)._base_manager.filter(pk=self.pk)
        pages.update(live=False, has_unpublished_changes=True)
        stored.live = self.live = False
        stored.has_unpublished_changes = self.has_unpublished_changes = True

    def get_judged(self) -> Any:
        """Whatever of this page :meth:`get_opening_problems` goes by: what is stored is judged
        again unless the same stands there. A value that no later change of the page changes with
        it. Of a page type that does not say, nothing is the same."""
        return object()

    def get_opening_problems(self, before: Before | None = None) -> list[Problem]:
        """The problems of what publishing this content would newly make public.

        The files that the live page names already are not judged again; closing a file is the
        business of withdrawal. With a page in ``before``, as a plain save gives, its text is not
        either, so that harmless saves of a live page pass.
        """
        versions = (before or self._before()).versions
        opened = versions_by_pk(pk for pk in self.get_named_versions() if pk not in versions)
        return [
            *judge_versions(opened.values()),
            *names_in_files(self, opened.values(), read_now=True),
        ]

    def copy_all_child_relations(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Wagtail asks for this of each page that it copies, by whatever route."""
        target._copied_from = self.translation_key
        return super().copy_all_child_relations(target, *args, **kwargs)  # type: ignore[misc]

    def publish(
        self, revision: Any, user: Any = None, log_action: Any = True, **kwargs: Any
    ) -> Any:
        """Publish a revision, or refuse it whole.

        An unready page whose scheduled hour has come keeps its schedule, holds up no
        other page in the queue, and its owner is told. Anywhere else :class:`NotReady` is
        raised, and nothing has changed.
        """
        scheduled = log_action == "wagtail.publish.scheduled"
        try:
            self._refuse_early(revision)
            with transaction.atomic(), _publication_of(self.pk):
                return super().publish(  # type: ignore[misc]
                    revision, user=user, log_action=log_action, **kwargs
                )
        except ValidationError as error:
            refusal = error if isinstance(error, NotReady) else NotReady.of(self, error)
            if not scheduled:
                raise refusal from error
        except Exception as error:
            # Whatever is wrong with this page, the ones queued behind it are not at fault.
            if not scheduled:
                raise
            logger.exception("Scheduled publication of page %s failed", self.pk)
            refusal = NotReady(self.title, [Problem("fault", Level.BLOCKER, str(error))])
        self._keep_schedule(revision, refusal)
        return None

    def _refuse_early(self, revision: Any) -> None:
        """Raise :class:`NotReady` outside of the transaction, where the page's save is too late.

        A revision that is to wait for its hour is not judged when it is saved, and the editor is
        told now. Files that are compared with a list of names may take long to read, and what was
        found in them is kept although the page is refused.
        """
        may_wait = revision.content.get("go_live_at")
        if may_wait or lists_of(self):
            revision.as_object()._refuse(Before(self._before().versions))

    def _keep_schedule(self, revision: Any, error: NotReady) -> None:
        """Put the refusal on record and tell the owner, once for the same reasons: the queue
        tries again every few minutes."""
        reasons = [str(problem.message) for problem in error.problems]
        logs = log_registry.get_logs_for_instance(self).filter(
            action=NOT_PUBLISHED, revision=revision
        )
        last = logs.order_by("-timestamp", "-pk").first()
        if last is not None and last.data.get("reasons") == reasons:
            return
        logger.error("Scheduled publication refused: %s", error.text)
        log(instance=self, action=NOT_PUBLISHED, revision=revision, data={"reasons": reasons})
        tell_owner(self, error)

    @cached_property
    def public_uuid(self) -> str | None:
        """The permanent id of this page in the register; None while it was never public."""
        records = Record.objects.filter(page_id=self.pk, page_deleted=False)
        uuid = records.values_list("uuid", flat=True).first()
        return str(uuid) if uuid else None


_publishing: ContextVar[Any] = ContextVar("wagtail_safeguarding_publishing", default=None)


@contextmanager
def _publication_of(pk: Any) -> Iterator[None]:
    """Meanwhile, saving this page is publishing it: all of its text is judged."""
    token = _publishing.set(pk)
    try:
        yield
    finally:
        _publishing.reset(token)


def _as_itself(page: SafeguardingPage) -> SafeguardingPage:
    """The page as the class that its editors made it with."""
    kind: Any = page
    found: SafeguardingPage = page if kind.specific_class is type(page) else kind.specific
    return found


def standing_of(page: Any) -> tuple[Any, ...]:
    """What of a page decides on which pages, at it and below it, Wagtail shows."""
    return page.live, page.path, page.alias_of_id, page.translation_key


def closed_by_collection(versions: Iterable[DocumentVersion]) -> list[Problem]:
    """A warning for each version whose file stays closed because of its collection."""
    versions = list(versions)
    found = unrestricted_versions(version.pk for version in versions)
    return [
        Problem(
            "collection-private",
            Level.WARNING,
            _(
                "“%(title)s” is in a private collection. Its file stays closed until the "
                "collection is public or the document is in another one."
            )
            % {"title": version.document.title},
            "documents",
        )
        for version in versions
        if version.pk not in found
    ]


def open_projections(page_ids: Iterable[int]) -> dict[int, Projection]:
    """What the register has to say of those of the pages that are to be open now.

    Writes nothing. A page that is not in the answer is to be closed.
    """
    pages = get_base_page_model().objects.filter(pk__in=visible_among(page_ids)).specific()
    return projections_of(page for page in pages if isinstance(page, SafeguardingPage))


def project_all(page_ids: Iterable[int], *, look_again: bool = True) -> None:
    """Bring the register in line with what the database and Wagtail say of these pages.

    Opens the records of visible pages with the files that are ready; closes the others. Looks
    again after the commit, once.
    """
    wanted = sorted(set(page_ids))
    with transaction.atomic():
        lock_pages(wanted)
        write(wanted, open_projections(wanted), look_again=look_again)


def lock_pages(page_ids: Iterable[int]) -> None:
    """Wait for whoever else writes these pages, and keep others waiting until the commit.

    Otherwise what was read before their commit would be written after it, and a file that they
    dropped would stay open.
    """
    using = router.db_for_write(get_base_page_model())
    if not connections[using].features.has_select_for_update:
        return  # SQLite: there is one writer at a time, and what it reads nobody has changed since
    for _row in by_keys(partial(_locks, using, base_page_label()), sorted(set(page_ids))):
        pass


@cache
def _locks(using: str, of: str, size: int) -> Statement:
    keys = marks(size)
    pages = get_base_page_model().objects.filter(pk__in=keys).order_by("pk")
    rows = pages.select_for_update(of=("self",), no_key=True).values_list("pk")
    return Statement.of(rows, using, keys)


def write(
    page_ids: Iterable[int], projections: dict[int, Projection], *, look_again: bool = True
) -> None:
    """Open the records of the pages that have a projection, and close those of the others."""
    pks = list(page_ids)
    if closing := [pk for pk in pks if pk not in projections]:
        close(closing)
    if opening := [projections[pk] for pk in pks if pk in projections]:
        _pass_on(open_records(opening))
        if look_again:
            transaction.on_commit(partial(_settle, [one.page_id for one in opening]), robust=True)


def close(page_ids: Iterable[int]) -> None:
    """Close the records of these pages: archived where the time of publication ran out."""
    pks = list(page_ids)
    if not pks:
        return
    pages = get_base_page_model().objects.filter(pk__in=pks)
    expired = pages.filter(live=False, expired=True).values_list("pk", flat=True)
    indexes = Record.objects.filter(kind="index", state=RecordState.PUBLIC, page_id__in=pks)
    above = list(pages.filter(pk__in=indexes.values("page_id")).values_list("path", flat=True))
    if close_records(pks, archived=expired):
        for path in above:
            due.put(Due.What.SUBTREE, path)  # what the pages below have from it
        for path in pages.values_list("path", flat=True):
            due.put(Due.What.REFERRERS, path)


def _pass_on(opened: list[Opened]) -> None:
    """What other pages have from these ones, or say of them, is to be projected again."""
    told = [one for one in opened if one.event in {Event.PUBLISHED, Event.MOVED}]
    inherited = [one for one in opened if one.changes_standing]
    pks = {one.record.page_id for one in [*told, *inherited]}
    if not pks:
        return
    pages = get_base_page_model().objects.filter(pk__in=pks)
    paths = dict(pages.values_list("pk", "path"))
    places = [paths[one.record.page_id] for one in told]
    for place in places if len(places) <= FEW else [common_ancestor(places)]:
        due.put(Due.What.REFERRERS, place)
    known = Record.objects.filter(page_deleted=False, state=RecordState.PUBLIC)
    for one in inherited:
        path = paths[one.record.page_id]
        below = get_base_page_model().objects.filter(path__startswith=path).exclude(path=path)
        if known.filter(page_id__in=below.values("pk")).exists():
            due.put(Due.What.SUBTREE, path)


def common_ancestor(paths: list[str]) -> str:
    """The path of the page above all of these; "" where there is none."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(min(paths), max(paths), strict=False))
    prefix = "".join(one for one, _other in alike)
    return prefix[: len(prefix) - len(prefix) % STEP]


def _settle(page_ids: list[int]) -> None:
    """Look again after the commit.

    Somebody may have withdrawn a file or closed a page above while these pages were being
    published: neither saw the other. The gate does not open such a file, since it asks
    Wagtail as well; the register should not name it either.
    """
    if again := to_be_closed(page_ids):
        project_all(again, look_again=False)


def safeguarding_models() -> list[Any]:
    """The concrete page models of this site that go through the door."""
    return [model for model in get_page_models() if issubclass(model, SafeguardingPage)]
