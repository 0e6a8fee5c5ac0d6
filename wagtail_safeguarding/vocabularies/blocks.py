"""StreamField blocks that hold the key of a term, or a list of keys."""

from __future__ import annotations

from typing import Any

from wagtail.blocks import ChoiceBlock, MultipleChoiceBlock

from .defaults import Scheme
from .lookup import Vocabulary, term_choices


class _TermKeys:
    """Keys are text as they are. Wagtail compares each value with all choices, which would be
    a query for each."""

    def normalize_choice(self, value: Any) -> str | None:
        return None if value is None else str(value)


class TermBlock(_TermKeys, ChoiceBlock):
    """One term of ``scheme``; the stored value is its key."""

    def __init__(self, scheme: Scheme | str, **kwargs: Any) -> None:
        self.scheme = str(scheme)
        super().__init__(choices=lambda: term_choices(self.scheme), **kwargs)

    def normalize_choice(self, value: Any) -> Any:
        """A key is text, as it is stored. Wagtail would read the vocabulary for each value."""
        return value

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        request = (context or {}).get("request")
        return Vocabulary.for_request(request).get_dict(self.scheme, value)


class TermsBlock(_TermKeys, MultipleChoiceBlock):
    """Several terms of ``scheme``; the stored value is a list of keys."""

    def __init__(self, scheme: Scheme | str, **kwargs: Any) -> None:
        self.scheme = str(scheme)
        super().__init__(choices=lambda: term_choices(self.scheme), **kwargs)

    def normalize_choice(self, value: Any) -> Any:
        """A key is text, as it is stored. Wagtail would read the vocabulary for each value."""
        return value

    def get_api_representation(self, value: Any, context: Any = None) -> Any:
        request = (context or {}).get("request")
        return Vocabulary.for_request(request).get_dicts(self.scheme, value or [])
