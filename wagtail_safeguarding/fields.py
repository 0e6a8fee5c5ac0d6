"""``ItemsField``: a StreamField whose blocks stay out of migrations."""

from __future__ import annotations

from typing import Any

from wagtail.fields import StreamField


class ItemsField(StreamField):
    """A StreamField that leaves its block definitions out of ``deconstruct()``.

    Sites subclass our mixins, so the migrations live in *their* apps. A block that a
    release of ours adds or renames must not make a migration there; the stored JSON
    does not depend on it.
    """

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs
