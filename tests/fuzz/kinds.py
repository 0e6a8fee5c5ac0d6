"""The kinds of files that are fuzzed, each with the worker that reads it."""

from __future__ import annotations

from wagtail_safeguarding.inspection.inside import WORKERS
from wagtail_safeguarding.inspection.media_types import DOCX, PDF

KINDS = {
    "pdf": WORKERS[PDF],
    "office": WORKERS[DOCX],
    "pictures": WORKERS["image/png"],
    "recordings": WORKERS["video/mp4"],
}
"""By the names that ``tests.inspection.corpus.kinds`` has for them."""
