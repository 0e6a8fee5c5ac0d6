"""Project pages again that something else has changed: a page above them was moved, one that they
link to was opened or closed, the details of a document or the host of a site were edited.

An edit notes what is due in its own transaction; the work is done after the commit, in batches.
With a task backend that runs in the background, all of it. With the one that runs tasks at once,
inside the editor's request, about a hundred pages; `manage.py register refresh` does the rest, by
the clock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task, task_backends
from django_tasks.backends.immediate import ImmediateBackend
from wagtail.models import ReferenceIndex

from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.pagemodel import get_base_page_model
from wagtail_safeguarding.register.due import work_is_due, working
from wagtail_safeguarding.register.models import Due, Record, RecordState

from .door import project_all

logger = logging.getLogger(__name__)

BATCH = 100
"""Pages projected in one transaction, and at most inside an editor's request."""


def connect() -> None:
    work_is_due.connect(begin, dispatch_uid="safeguarding_refresh")


def begin(**kwargs: Any) -> None:
    if isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], ImmediateBackend):
        work(most=BATCH)
    else:
        refresh_records.enqueue()


@task()
def refresh_records() -> int:
    """Everything that is due. Returns the number of pages looked at."""
    return work()


def work(*, most: int | None = None, tick: Callable[[int], object] = lambda n: None) -> int:
    """Project what is due, oldest first, about so many pages at ``most``. Returns their number.
    Killed in between, it goes on where it was."""
    done = 0
    with working():
        while most is None or done < most:
            count = _work_one_batch()
            if count is None:
                break
            done += count
            tick(count)
    return done


def count_due() -> int:
    """How many pages are due at most; one that is due twice counts twice."""
    return sum(_pages(due).count() for due in _waiting())


def _waiting() -> QuerySet[Due]:
    return Due.objects.exclude(what=Due.What.REBUILD)


def _work_one_batch() -> int | None:
    with transaction.atomic():
        # What somebody else is working on is theirs.
        skip = connection.features.has_select_for_update_skip_locked
        due = _waiting().select_for_update(skip_locked=skip).first()
        if due is None:
            return None
        if not due.after:
            # Whatever is noted by now is seen by now: once is enough.
            same = _waiting().filter(what=due.what, value=due.value, after="")
            taken = same.select_for_update(skip_locked=skip).values_list("pk", flat=True)
            Due.objects.filter(pk__in=set(taken) - {due.pk}).delete()
        batch = list(_pages(due).values_list("pk", "path")[:BATCH])
        if len(batch) < BATCH:
            due.delete()
        else:
            due.after = batch[-1][1]
            due.save(update_fields=["after"])
        if batch:
            project_all(pk for pk, _path in batch)
    return len(batch)


def _pages(due: Due) -> Any:
    """The pages of a due row that are left, and that are or were public, in the tree's order."""
    pages = get_base_page_model().objects.filter(path__gt=due.after).order_by("path")
    known = Record.objects.filter(page_deleted=False, state=RecordState.PUBLIC)
    pages = pages.filter(pk__in=known.values("page_id"))
    if due.what == Due.What.SUBTREE:
        return pages.filter(path__startswith=due.value)
    if due.what == Due.What.DOCUMENT:
        return pages.filter(
            pk__in=pages_that_name(DocumentVersion.objects.filter(document=int(due.value)))
        )
    return pages.filter(_referrers(due.value))


def _referrers(path: str) -> Q:
    base = get_base_page_model()
    named = base.objects.filter(path__startswith=path)
    content_type = ContentType.objects.get_for_model(base)
    references = ReferenceIndex.objects.filter(
        to_content_type=content_type,
        base_content_type=content_type,
        to_object_id__in=named.annotate(text=Cast("pk", CharField())).values("text"),
    )
    referring = {int(pk) for pk in references.values_list("object_id", flat=True)}
    found = Q(pk__in=referring) | Q(alias_of__path__startswith=path)
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        found |= Q(translation_key__in=named.values("translation_key"))
    return found


def referrers_of(page: Any) -> set[int]:
    """Ids of the public pages that name this one."""
    known = Record.objects.filter(page_deleted=False, state=RecordState.PUBLIC)
    found = get_base_page_model().objects.filter(_referrers(page.path)).exclude(pk=page.pk)
    return set(found.filter(pk__in=known.values("page_id")).values_list("pk", flat=True))


def pages_that_name(versions: Any) -> set[int]:
    """Ids of the pages whose stored content names one of these versions."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(DocumentVersion),
        to_object_id__in=[str(pk) for pk in versions.values_list("pk", flat=True)],
        base_content_type=ContentType.objects.get_for_model(get_base_page_model()),
    )
    return {int(pk) for pk in references.values_list("object_id", flat=True)}
