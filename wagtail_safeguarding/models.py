"""The models of the core, gathered from their rooms for Django."""

from wagtail_safeguarding.content.settings import SafeguardingSiteSettings
from wagtail_safeguarding.documents.models import DocumentVersion, ReviewDocument
from wagtail_safeguarding.documents.overrules import Overrule
from wagtail_safeguarding.documents.texts import VersionText
from wagtail_safeguarding.preview.models import PreviewToken
from wagtail_safeguarding.publication.restricted import NameCheck, RestrictedList
from wagtail_safeguarding.register.models import (
    Clock,
    Due,
    Entry,
    Record,
    RecordDocument,
    SiteNotice,
)
from wagtail_safeguarding.register.passages import Passage
from wagtail_safeguarding.vocabularies.models import Term

__all__ = [
    "Clock",
    "DocumentVersion",
    "Due",
    "Entry",
    "NameCheck",
    "Overrule",
    "Passage",
    "PreviewToken",
    "Record",
    "RecordDocument",
    "RestrictedList",
    "ReviewDocument",
    "SafeguardingSiteSettings",
    "SiteNotice",
    "Term",
    "VersionText",
]
