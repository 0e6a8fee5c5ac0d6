"""Lists of documents on a page: the block, and what templates and the API show of a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, StreamBlock, StructBlock, TextBlock

from wagtail_safeguarding.api.shapes import DocumentShape
from wagtail_safeguarding.date_fields import PartialDateBlock, partial_date_as_dict
from wagtail_safeguarding.dates import PartialDate
from wagtail_safeguarding.documents.chooser import DocumentVersionChooserBlock
from wagtail_safeguarding.documents.models import DocumentVersion, versions_by_pk
from wagtail_safeguarding.documents.permissions import admin_user, may_tell
from wagtail_safeguarding.register.answers import Answers
from wagtail_safeguarding.vocabularies.blocks import TermBlock, TermsBlock
from wagtail_safeguarding.vocabularies.defaults import Scheme
from wagtail_safeguarding.vocabularies.lookup import Vocabulary

from .addresses import absolute
from .rich_text import RICH_TEXT_FEATURES, PublicRichTextBlock


@dataclass(frozen=True)
class DocumentRow:
    """One row of a document list. ``version`` is None unless its file may be shown."""

    title: str
    role: str
    audience: list[str]
    language: str
    date: PartialDate | None
    description: str
    version: DocumentVersion | None
    supplied: bool
    """Whether the row names a file at all, shown or not."""

    @property
    def status(self) -> str:
        """``available``, ``not available`` (withdrawn or closed) or ``to be supplied``."""
        if self.version:
            return "available"
        return "not available" if self.supplied else "to be supplied"

    def as_dict(self, vocabulary: Vocabulary, request: Any = None) -> dict[str, Any]:
        """The API form. Without a file that may be read now, the file's part is null."""
        version = self.version
        url = version.get_url() if version else None
        return {
            "title": self.title,
            "role": vocabulary.get_dict(Scheme.DOCUMENT_ROLE, self.role),
            "audience": vocabulary.get_dicts(Scheme.AUDIENCE, self.audience),
            "language": self.language,
            "date": partial_date_as_dict(self.date),
            "description": self.description,
            "status": self.status,
            "id": str(version.document.uuid) if version else None,
            "version": version.number if version else None,
            "url": absolute(request, url) if url else None,
            "file_name": version.public_name if version else None,
            "media_type": version.media_type if version else None,
            "bytes": version.size if version else None,
            "pages": version.pages if version else None,
            "sha256": version.sha256 if version else None,
        }


def document_rows(
    values: Iterable[Any],
    open_versions: set[int],
    *,
    preview: bool = False,
    versions: dict[int, DocumentVersion] | None = None,
) -> list[DocumentRow]:
    """Rows for the values of document blocks; files only of ``open_versions``.

    A ``preview`` (for an editor, who sees the title in the form as well) names the other
    documents too, without their files.
    """
    values = list(values)
    if versions is None:
        versions = versions_by_pk(named_by(values))
    return [_row(value, versions, open_versions, preview) for value in values]


def named_by(values: Iterable[Any]) -> set[int]:
    """The versions that the values of document blocks name."""
    return {version.pk for value in values if (version := value.get("version")) is not None}


def _row(
    value: Any, versions: dict[int, DocumentVersion], open_versions: set[int], preview: bool
) -> DocumentRow:
    chosen = value.get("version")
    version = versions.get(chosen.pk) if chosen is not None else None
    shown = version if version is not None and version.pk in open_versions else None
    # A row's own words come first; what it leaves empty is the document's, but only
    # once the document is public: its title may say more than the page does.
    named = version if preview else shown
    document = named.document if named else None
    return DocumentRow(
        title=value.get("title") or (document.title if document else ""),
        role=value.get("role") or "",
        audience=list(value.get("audience") or (document.audience if document else [])),
        language=value.get("language") or (document.language if document else ""),
        date=value.get("date") or (document.publication_date if document else None),
        description=value.get("description") or "",
        version=shown,
        supplied=version is not None,
    )


def rows_for_request(values: Iterable[Any], request: Any = None) -> list[DocumentRow]:
    """Rows with the files that anybody may read now; a preview opens no others."""
    values = list(values)
    named = named_by(values)
    answers = Answers.for_request(request)
    return document_rows(
        values,
        answers.get_open_versions(named),
        preview=bool(getattr(request, "is_preview", False)),
        versions=answers.get_versions(named),
    )


class DocumentBlock(StructBlock):
    """A document of a page: its file, and what it is to this page."""

    version = DocumentVersionChooserBlock(
        label=_("Document"),
        required=False,
        help_text=_("Leave empty while the file is still to be supplied."),
    )
    title = CharBlock(
        label=_("Title on this page"),
        required=False,
        max_length=255,
        help_text=_(
            "Leave empty to take over the title of the document when you save; "
            "so too with audience, language and date."
        ),
    )
    role = TermBlock(Scheme.DOCUMENT_ROLE, label=_("What it is"), required=False)
    audience = TermsBlock(Scheme.AUDIENCE, label=_("For whom"), required=False)
    language = CharBlock(
        label=_("Language"),
        required=False,
        max_length=35,
        help_text=_("A language code, for example en or cy."),
    )
    date = PartialDateBlock(label=_("Date of the document"), required=False)
    description = TextBlock(label=_("Description"), required=False, rows=2)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "wagtail_safeguarding/blocks/document.html"
        label_format = "{title} {version}"

    def clean(self, value: Any) -> Any:
        """Take over into the page what the document says and the row leaves empty.

        What a page says is then published with the page: what the document says now can
        be edited later, and nothing that is public changes. An audience or date that
        neither has yet is still the document's, once it has one; so is whatever a row
        leaves empty that was not saved in the editor. Nothing is taken over of a document
        that the user of the admin has no right to.
        """
        cleaned = super().clean(value)
        version, user = cleaned.get("version"), admin_user()
        if version is not None and (user is None or may_tell(user, version)):
            document = version.document
            cleaned["title"] = cleaned.get("title") or document.title
            cleaned["language"] = cleaned.get("language") or document.language
            cleaned["audience"] = cleaned.get("audience") or list(document.audience or [])
            cleaned["date"] = cleaned.get("date") or document.publication_date
        return cleaned

    def get_api_representation(self, value: Any, context: Any = None) -> DocumentShape:
        request = (context or {}).get("request")
        (row,) = rows_for_request([value], request)
        return cast(DocumentShape, row.as_dict(Vocabulary.for_request(request), request))

    def get_context(self, value: Any, parent_context: Any = None) -> Any:
        context = super().get_context(value, parent_context=parent_context)
        (context["document"],) = rows_for_request([value], context.get("request"))
        return context


class DocumentsBlock(StreamBlock):
    """A list of documents, read in one go."""

    document = DocumentBlock()

    class Meta:
        required = False
        icon = "doc-full"

    def get_api_representation(self, value: Any, context: Any = None) -> list[DocumentShape]:
        request = (context or {}).get("request")
        rows = rows_for_request((child.value for child in value), request)
        vocabulary = Vocabulary.for_request(request)
        return [cast(DocumentShape, row.as_dict(vocabulary, request)) for row in rows]


class DocumentSectionBlock(StructBlock):
    """A headed group of documents in a collection."""

    heading = CharBlock(label=_("Heading"), max_length=255)
    introduction = PublicRichTextBlock(
        label=_("Introduction"), required=False, features=RICH_TEXT_FEATURES
    )
    documents = DocumentsBlock(label=_("Documents"))

    class Meta:
        icon = "folder-open-inverse"
        label = _("Section")


def iter_values(stream: Any) -> Iterator[Any]:
    """The values of the document blocks of a document list."""
    for child in stream:
        yield child.value
