"""What each finding is called, how bad it is, and what to do about it, in plain words.

One module for each group of codes.
"""

from __future__ import annotations

from .accessibility import ACCESSIBILITY
from .general import GENERAL
from .images import IMAGES
from .malware import MALWARE
from .names import NAMES
from .office import OFFICE
from .pdf import PDF
from .recordings import RECORDINGS
from .rule import Rule, by_code

__all__ = ["GENERAL", "RULES", "Rule"]

_GROUPS = (ACCESSIBILITY, GENERAL, IMAGES, MALWARE, NAMES, OFFICE, PDF, RECORDINGS)

RULES: dict[str, Rule] = by_code(*(rule for group in _GROUPS for rule in group.values()))
"""By code; no two groups share one."""
