"""A simple model of what should be public, kept beside the site and not read out of it.

Every text, name and file that is made here carries a word of its own, so that the attacker
can look for it anywhere. What a *page row* says is remembered when an operation is meant to
publish it; whether a page can be seen is asked of Wagtail page by page, in the plainest way
it offers. Neither the register nor our own queries are asked.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.texts import TextState, VersionText
from wagtail_safeguarding.pages.models import PracticeReviewPage, ReviewIndexPage
from wagtail_safeguarding.register.passages import write_version_passages


@dataclass(frozen=True)
class Content:
    """What one draft of a page says."""

    title: str
    summary: str
    rows: tuple[tuple[int, str], ...]
    """Primary keys of versions, each with the row's own title ("" takes the document's)."""

    @property
    def versions(self) -> frozenset[int]:
        return frozenset(pk for pk, _title in self.rows)

    @property
    def words(self) -> set[str]:
        return {self.title, self.summary, *(title for _pk, title in self.rows if title)}


@dataclass
class File:
    """A version as its uploader knows it."""

    pk: int
    document: int
    number: int
    uuid: str
    name: str
    sha256: str
    key: str
    word: str
    """Stands in the bytes of the file."""
    data: bytes
    state: str = "cleared"
    was_public: bool = False


@dataclass
class World:
    contents: dict[str, Content] = field(default_factory=dict)
    """Every content that was ever made, by its title."""
    published: dict[int, str] = field(default_factory=dict)
    """What each page's row should say: its title names the content."""
    files: dict[int, File] = field(default_factory=dict)
    document_titles: dict[int, str] = field(default_factory=dict)
    deleted_documents: set[int] = field(default_factory=set)
    _numbers: Any = field(default_factory=lambda: count(1))

    # Making things

    def word(self, kind: str) -> str:
        return f"{kind}{next(self._numbers):05d}q"

    def new_content(self, versions: list[int], *, own_titles: bool) -> Content:
        content = Content(
            self.word("title"),
            self.word("summary"),
            tuple((pk, self.word("row") if own_titles else "") for pk in versions),
        )
        self.contents[content.title] = content
        return content

    def remember(self, version: DocumentVersion, word: str, data: bytes) -> File:
        file = File(
            version.pk,
            version.document_id,
            version.number,
            str(version.document.uuid),
            version.public_name,
            version.sha256,
            version.storage_key,
            word,
            data,
        )
        self.files[version.pk] = file
        # What the search keeps of its text: as if the file said its word.
        VersionText.objects.filter(version=version).delete()
        VersionText.objects.create(
            version=version,
            state=TextState.EXTRACTED,
            pages=zlib.compress(json.dumps([word]).encode()),
        )
        write_version_passages(version.pk)
        return file

    def new_bytes(self) -> tuple[str, str, bytes]:
        """A word, a file name and bytes that hold the word."""
        word = self.word("bytes")
        return word, self.word("name") + ".pdf", factories.pdf_bytes(word)

    # What should be

    def pages(self) -> list[Any]:
        return list(PracticeReviewPage.objects.order_by("path"))

    def content_of(self, page: Any) -> Content:
        return self.contents[self.published[page.pk]]

    def unready(self, content: Content) -> bool:
        """Whether the content names a file that nobody may publish now."""
        return any(
            self.files[pk].state != "cleared" or self.files[pk].document in self.deleted_documents
            for pk in content.versions
        )

    def open_files(self) -> set[int]:
        """The versions that should be public: named by what a visible page's row says."""
        named = set().union(
            *(self.content_of(page).versions for page in self.pages() if files_visible(page))
        )
        found = {pk for pk in named if self._may_be_open(self.files[pk])}
        for pk in found:
            self.files[pk].was_public = True
        return found

    def _may_be_open(self, file: File) -> bool:
        document = ReviewDocument.objects.select_related("collection").get(pk=file.document)
        above = document.collection.get_ancestors(inclusive=True)
        return (
            file.state == "cleared"
            and file.document not in self.deleted_documents
            and not CollectionViewRestriction.objects.filter(collection__in=above).exists()
        )

    def readable_titles(self) -> list[str]:
        """The titles of the pages that the register should show."""
        return [self.content_of(page).title for page in self.pages() if files_visible(page)]

    def current(self, open_files: set[int]) -> dict[int, File]:
        """By document: the version that its address gives."""
        found: dict[int, File] = {}
        for file in sorted((self.files[pk] for pk in open_files), key=lambda file: file.number):
            found[file.document] = file
        return found

    def public_words(self, open_files: set[int]) -> set[str]:
        words: set[str] = set()
        for page in self.pages():
            if text_visible(page):
                content = self.content_of(page)
                words |= content.words
                if page.alias_of_id in self.published:
                    # Wagtail's own API names the page that a copy follows, live or not.
                    words.add(self.published[page.alias_of_id])
                for pk, title in content.rows:
                    if pk in open_files and not title:
                        words.add(self.document_titles[self.files[pk].document])
        for pk in open_files:
            words |= {self.files[pk].name, self.files[pk].sha256}
        words |= {file.word for file in self.current(open_files).values()}
        return words

    def all_words(self) -> set[str]:
        words = set(self.document_titles.values())
        for content in self.contents.values():
            words |= content.words
        for file in self.files.values():
            words |= {file.name, file.sha256, file.key, file.word}
        return words


def text_visible(page: Any) -> bool:
    """Whether Wagtail itself shows the page to anybody, as HTML or over its API.

    Its API does not close a copy that follows a private page, and its pages do not mind a
    restriction on such a copy: what either shows, Wagtail has made public.
    """
    if not page.live or page.get_url_parts() is None:
        return False
    by_path = PageViewRestriction.objects.filter(page__in=page.get_ancestors(inclusive=True))
    return not (page.get_view_restrictions().exists() and by_path.exists())


def files_visible(page: Any) -> bool:
    """Whether its files may be open: nothing that the page follows or stands below is private."""
    if not page.live or page.get_url_parts() is None:
        return False
    related: set[int] = set()
    waiting = [page]
    while waiting:
        one = waiting.pop()
        for above in one.get_ancestors(inclusive=True):
            if above.pk not in related:
                related.add(above.pk)
                if above.alias_of_id:
                    waiting.append(Page.objects.get(pk=above.alias_of_id))
    return not PageViewRestriction.objects.filter(page__in=related).exists()


def sections() -> list[Any]:
    return list(ReviewIndexPage.objects.order_by("path"))
