"""The site's own types: previewed in the front end."""

from __future__ import annotations

from wagtail.models import Page
from wagtail_headless_preview.models import HeadlessPreviewMixin

from wagtail_safeguarding.content.indexes import ReviewIndexMixin
from wagtail_safeguarding.content.reviews import PracticeReviewMixin


class HeadlessIndex(HeadlessPreviewMixin, ReviewIndexMixin, Page):
    pass


class HeadlessReview(HeadlessPreviewMixin, PracticeReviewMixin, Page):
    pass
