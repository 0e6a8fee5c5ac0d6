"""What a front end gets of a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from wagtail_safeguarding.register.schema import PublicForm, PublicSchema


class PreviewFile(PublicSchema):
    """A file that the draft names, at an address for this preview alone."""

    uuid: str
    version: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    url: str


class Preview(PublicSchema):
    """A draft: its public form as if it were published, and its files.

    ``page`` is a ``register.schema.PublicForm``, in which each row with a file has the address
    of it for this preview as its ``url``.
    """

    revision: int
    saved_at: dt.datetime
    expires_at: dt.datetime
    page: dict[str, Any]
    files: list[PreviewFile]


def form_with_addresses(form: PublicForm, files: Iterable[PreviewFile]) -> dict[str, Any]:
    """The form, with the addresses of this preview in place of those that the files would have
    in public."""
    urls = {(file.uuid, file.version): file.url for file in files}

    def addressed(value: Any) -> Any:
        if isinstance(value, list):
            return [addressed(item) for item in value]
        if not isinstance(value, dict):
            return value
        found = {name: addressed(item) for name, item in value.items()}
        url = urls.get((value["uuid"], value["version"])) if _names_a_file(value) else None
        return {**found, "url": url} if url else found

    shown: dict[str, Any] = addressed(form.model_dump(mode="json"))
    return shown


def _names_a_file(value: dict[str, Any]) -> bool:
    return isinstance(value.get("uuid"), str) and isinstance(value.get("version"), int)
