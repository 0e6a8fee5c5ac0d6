"""Kill a process at a chosen point of its work and look at what it leaves behind.

`python -m tests.faults.driver` reads jobs, a line of JSON each: the operation, the point,
the name of a database with empty tables and entries of ``STORAGES``. For each it fills the site,
forks a victim that does the operation, kills it (SIGKILL) where it has reached the point,
and prints as JSON what the database, the storage, the register and the gate say then.
"""

# ruff: noqa: E402 - Django has to be set up before models are imported

from __future__ import annotations

import datetime as dt
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection, connections
from django.test import Client, override_settings
from wagtail.models import Collection, PageViewRestriction

from tests import factories
from wagtail_safeguarding.documents import inspections
from wagtail_safeguarding.documents.inspections import catch_up, left_waiting
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.relocation import Relocation, storage_of
from wagtail_safeguarding.documents.states import VersionState
from wagtail_safeguarding.documents.storage import get_document_storage
from wagtail_safeguarding.documents.upload import add_version
from wagtail_safeguarding.documents.verification import Options, verify
from wagtail_safeguarding.inspection import inside
from wagtail_safeguarding.pages.models import PracticeReviewPage
from wagtail_safeguarding.publication import signals
from wagtail_safeguarding.publication.drift import find_drift, rebuild
from wagtail_safeguarding.publication.replacement import replace_file
from wagtail_safeguarding.register.models import Entry, Record

# The files here are no more than the beginning and the end of a PDF.
inside.WORKERS.clear()

SECONDS = 30
LARGE = 20 * 1024 * 1024
NOW = Options(grace=dt.timedelta(0))
LOGIN = PageViewRestriction.LOGIN

TITLES = {"open": "Open review", "draft": "Draft review"}


# The site: a public review and a draft, with a file each


def fill() -> None:
    Collection.add_root(instance=Collection(name="Root"))
    index = factories.review_index()
    for slug, title in TITLES.items():
        version = factories.cleared_version(title, name=f"{slug}.pdf")
        live = slug == "open"
        page = factories.review(index, versions=(version,), live=live, title=title, slug=slug)
        page.save_revision()


def page(slug: str) -> PracticeReviewPage:
    return PracticeReviewPage.objects.get(slug=slug)


def document(slug: str) -> ReviewDocument:
    return ReviewDocument.objects.get(title=TITLES[slug])


# What the victim does


def upload(size: int = 0) -> None:
    data = factories.pdf_bytes("new").ljust(size, b"%")
    add_version(ReviewDocument(title="New"), io.BytesIO(data), "new.pdf")


def restrict() -> None:
    index = page("open").get_parent()
    PageViewRestriction.objects.create(page=index, restriction_type=LOGIN)


def unrestrict() -> None:
    PageViewRestriction.objects.get().delete()


def move_storage() -> None:
    list(Relocation(storage_of("safeguarding"), storage_of("new")).copy())


OPERATIONS: dict[str, Callable[[], object]] = {
    "upload": upload,
    "upload-large": lambda: upload(LARGE),
    "replace": lambda: replace_file(
        document("open"), io.BytesIO(factories.pdf_bytes("replaced")), "new.pdf"
    ),
    "publish": lambda: page("draft").get_latest_revision().publish(),
    "unpublish": lambda: page("open").unpublish(),
    "restrict": restrict,
    "unrestrict": unrestrict,
    "delete": lambda: page("open").delete(),
    "withdraw": lambda: (
        document("open").versions.get().move(VersionState.WITHDRAWN, reason="Names a child.")
    ),
    "move-storage": move_storage,
}

BEFORE: dict[str, Callable[[], object]] = {"unrestrict": restrict}
"""What has to be so before the operation."""


# Where it is killed


def before_store(reached: Callable[[], None]) -> None:
    around(get_document_storage(), "_save", before=reached)


def after_store(reached: Callable[[], None]) -> None:
    around(get_document_storage(), "_save", after=reached)


def half_stored(reached: Callable[[], None], alias: str = "safeguarding") -> None:
    """When half of the bytes are in the folder."""
    storage: Any = storages[alias]
    real = storage._save

    def save(name: str, content: Any) -> Any:
        chunks = content.chunks

        def half(*args: Any) -> Any:
            total = content.size
            sent = 0
            for chunk in chunks(*(args or (max(total // 4, 1),))):
                if sent * 2 >= total:
                    reached()
                yield chunk
                sent += len(chunk)

        content.chunks = half
        return real(name, content)

    storage._save = save


def half_copied(reached: Callable[[], None]) -> None:
    """The second object, when the first is there already.

    Before them comes one that is no document: it is to tell the two storages apart.
    """
    storage: Any = storages["new"]
    real = storage._save
    saved: list[str] = []

    def save(name: str, content: Any) -> Any:
        done = real(name, content)
        saved.append(name)
        if len(saved) == 2:
            storage._save = real
            half_stored(reached, "new")
        return done

    storage._save = save


def first_part(reached: Callable[[], None]) -> None:
    """When the bucket has answered the first part of a multipart upload."""
    storage: Any = get_document_storage()
    events = storage.connection.meta.client.meta.events
    events.register("after-call.s3.UploadPart", lambda **kwargs: reached())


def before_commit(reached: Callable[[], None], number: int = 1) -> None:
    count_commits(reached, None, number)


def after_commit(reached: Callable[[], None], number: int = 1) -> None:
    count_commits(None, reached, number)


def count_commits(before: Any, after: Any, number: int) -> None:
    real = connection._commit
    done: list[int] = []

    def commit() -> None:
        done.append(1)
        if before and len(done) == number:
            before()
        real()
        if after and len(done) == number:
            after()

    connection._commit = commit


POINTS: dict[str, Callable[[Callable[[], None]], None]] = {
    "before-store": before_store,
    "half-stored": half_stored,
    "half-copied": half_copied,
    "first-part": first_part,
    "after-store": after_store,
    "before-commit": before_commit,
    "after-commit": after_commit,
    "while-inspecting": lambda reached: around(inspections, "inspect_file", before=reached),
    "before-concluding": lambda reached: around(inspections, "conclude", before=reached),
    "before-closing": lambda reached: around(signals, "close", before=reached),
    "before-opening": lambda reached: around(signals, "project_all", before=reached),
}


def around(
    owner: Any,
    name: str,
    before: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
) -> None:
    real = getattr(owner, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        if before:
            before()
        result = real(*args, **kwargs)
        if after:
            after()
        return result

    setattr(owner, name, call)


def kill_at(operation: str, point: str) -> None:
    # The victim opens connections of its own, to the database and to the storage.
    connections.close_all()
    storages._storages.clear()
    read, write = os.pipe()
    victim = os.fork()
    if victim == 0:
        os.close(read)
        become_victim(operation, point, write)
    os.close(write)
    try:
        ready, _, _ = select.select([read], [], [], SECONDS)
        told = os.read(read, 1) if ready else b""
    finally:
        os.kill(victim, signal.SIGKILL)
        _pid, status = os.waitpid(victim, 0)
        os.close(read)
    if told != b"!" or os.WTERMSIG(status) != signal.SIGKILL:
        raise AssertionError(f"{operation} never came to {point}.")


def become_victim(operation: str, point: str, write: int) -> None:
    def reached() -> None:
        os.write(write, b"!")
        time.sleep(SECONDS)

    try:
        POINTS[point](reached)
        OPERATIONS[operation]()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)  # it should have been killed


# What is left


def gate() -> dict[str, int]:
    """The status for each file that was there at the start. 302 leads to the bucket."""
    found = {}
    for slug in TITLES:
        version = document(slug).versions.get(number=1)
        status = Client().get(version.get_url()).status_code
        found[slug] = 200 if status == 302 else status
    return found


def problems(options: Options) -> list[str]:
    return sorted(finding.problem.value for finding in verify(options))


def drift() -> list[list[str]]:
    return sorted([found.kind.value, found.direction.name, *found.served] for found in find_drift())


def look() -> dict[str, Any]:
    return {
        "gate": gate(),
        "documents": sorted(ReviewDocument.objects.values_list("title", flat=True)),
        "versions": DocumentVersion.objects.count(),
        "uncleared": list(
            DocumentVersion.objects.exclude(state="cleared").values_list("state", flat=True)
        ),
        "live": sorted(PracticeReviewPage.objects.filter(live=True).values_list("slug", flat=True)),
        "records": sorted(
            f"{title} {state}" if title else str(state)
            for title, state in Record.objects.filter(kind="review").values_list("title", "state")
        ),
        "entries": Entry.objects.count(),
    }


def report(operation: str) -> dict[str, Any]:
    found: dict[str, Any] = {"left": look(), "drift": drift()}
    if operation == "move-storage":
        target = Relocation(storage_of("safeguarding"), storage_of("new"))
        found["moved"] = [sorted(step.outcome.value for step in target.copy()) for _ in range(2)]
    found["verified"] = problems(NOW)
    left = left_waiting(dt.timedelta(0))
    found["inspected"] = [step.outcome.value for step in catch_up(left)]
    list(verify(Options(grace=NOW.grace, repair=True)))
    found["repaired"] = problems(NOW)
    found["rebuilt"] = sum(1 for _ in rebuild())
    found["after"] = {**look(), "drift": drift()}
    return found


def work(operation: str, point: str, database: str, entries: dict[str, Any]) -> None:
    connections.settings["default"]["NAME"] = database
    override_settings(STORAGES={**settings.STORAGES, **entries}).enable()
    fill()
    BEFORE.get(operation, lambda: None)()
    before = look()
    kill_at(operation, point)
    print(json.dumps({"before": before, **report(operation)}), flush=True)


def main() -> None:
    for line in sys.stdin:
        # A fork for each job spares it the start of Django and shares no connection.
        pid = os.fork()
        if pid == 0:
            try:
                work(**json.loads(line))
            except BaseException:
                sys.excepthook(*sys.exc_info())
                print("{}", flush=True)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
