from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """One file of the corpus."""

    name: str
    data: bytes = field(repr=False)
    media_type: str
    producer: str
    """The program, or whose structure was written by hand: "Word (by hand)"."""
    blockers: frozenset[str] = frozenset()
    """The codes that must be found and block: these, and no others."""
    warnings: frozenset[str] = frozenset()
    """The codes that must be found as warnings: these, and no others."""
    notes: frozenset[str] = frozenset()
    """The codes that must be found as notes, others beside them."""
    hidden: str = ""
    """Words that must be among the texts, as not shown."""

    @property
    def is_twin(self) -> bool:
        return not self.blockers and not self.warnings
