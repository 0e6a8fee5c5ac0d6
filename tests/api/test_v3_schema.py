"""What API v3 publishes about our page types: a type for everything, and only what is sent.

``RENEW_SNAPSHOTS=1 pytest tests/api/test_v3_schema.py`` writes the snapshot anew. Read its
difference: whatever is gone from it or narrower breaks a front end.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import wagtail
from django.apps import apps
from django.test import Client
from jsonschema import Draft202012Validator
from wagtail import blocks
from wagtail.models import get_page_models

from tests.api.samples import one_of_each_type
from wagtail_safeguarding.api.blocks import type_of
from wagtail_safeguarding.content.base import ContentPage
from wagtail_safeguarding.content.body import LearningPointBlock

pytestmark = pytest.mark.skipif(wagtail.VERSION < (8, 0), reason="API v3 came with Wagtail 8.0")

SNAPSHOT = Path(__file__).parent / "snapshots" / "v3.json"
REFERENCE = "#/components/schemas/"
WORDS = {"title", "description", "default"}


@pytest.fixture
def openapi(client: Client, db: None) -> dict[str, Any]:
    schema: dict[str, Any] = client.get("/api/v3/openapi.json").json()
    return schema


def our_models() -> list[Any]:
    return [model for model in get_page_models() if issubclass(model, ContentPage)]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(target := node.get("$ref"), str):
            yield target.removeprefix(REFERENCE)
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def without_meta(schema: dict[str, Any]) -> dict[str, Any]:
    """A page's schema without ``meta``, which is Wagtail's."""
    schema = copy.deepcopy(schema)
    del schema["properties"]["meta"]
    schema["required"] = [name for name in schema.get("required", []) if name != "meta"]
    return schema


def our_part(openapi: dict[str, Any], models: list[Any]) -> dict[str, Any]:
    """The schemas of the models, to read, create and patch, and all that they refer to."""
    schemas = openapi["components"]["schemas"]
    found = {
        name: without_meta(schemas[name])
        for model in models
        for suffix in ("", "Create", "Patch")
        if (name := f"{model.__name__}{suffix}Schema") in schemas
    }
    waiting = list(references(found))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = schemas[name]
            waiting += references(schemas[name])
    return found


def untyped(node: Any, path: str) -> Iterator[str]:
    """Where a schema says nothing about a value."""
    if node is True or not set(node) - WORDS:
        yield path
        return
    if node.get("type") == "object" and "properties" not in node:
        yield path
    if node.get("type") == "array":
        yield from untyped(node.get("items", {}), f"{path}[]")
    for name, value in node.get("properties", {}).items():
        yield from untyped(value, f"{path}.{name}")
    for word in ("anyOf", "oneOf", "allOf"):
        for value in node.get(word, []):
            yield from untyped(value, path)


def test_every_property_of_our_page_types_has_a_type(openapi: dict[str, Any]) -> None:
    part = our_part(openapi, our_models())
    assert len([name for name in part if name.endswith("PageSchema")]) == 5
    assert [where for name, node in part.items() for where in untyped(node, name)] == []


@pytest.mark.parametrize(
    "node",
    [
        {"title": "X"},
        {"anyOf": [{}, {"type": "null"}]},
        {"type": "array", "items": {}},
        {"type": "array"},
        {"type": "object", "additionalProperties": True},
        {"type": "object", "properties": {"a": {"default": []}}},
    ],
)
def test_what_has_no_type_is_found(node: Any) -> None:
    assert list(untyped(node, "X"))


def test_snapshot(openapi: dict[str, Any]) -> None:
    pages = apps.get_app_config("safeguarding_pages")
    part = our_part(openapi, [model for model in our_models() if model._meta.app_config is pages])
    if os.environ.get("RENEW_SNAPSHOTS"):
        SNAPSHOT.parent.mkdir(exist_ok=True)
        SNAPSHOT.write_text(json.dumps(part, indent=1, sort_keys=True) + "\n")
    assert part == json.loads(SNAPSHOT.read_text())


def closed(node: Any) -> Any:
    """The schema with no room for a property that it does not name."""
    if isinstance(node, dict):
        node = {key: closed(value) for key, value in node.items()}
        if "properties" in node:
            node["additionalProperties"] = False
    elif isinstance(node, list):
        node = [closed(value) for value in node]
    return node


def test_answers_are_as_the_schema_says(client: Client, openapi: dict[str, Any]) -> None:
    schemas = closed(openapi["components"])
    seen = set()
    for page in one_of_each_type():
        name = f"{type(page).__name__}Schema"
        validator = Draft202012Validator(
            {"$ref": REFERENCE + name, "components": schemas},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        answer = client.get(f"/api/v3/pages/{page.pk}/").json()
        assert [error.message for error in validator.iter_errors(answer)] == []
        assert not validator.is_valid({**answer, "further_information": [{"title": 1}]})
        seen.add(type(page))
    assert len(seen) == 5


def test_v3_sends_what_v2_sends(client: Client, db: None) -> None:
    for page in one_of_each_type():
        v2 = client.get(f"/api/v2/pages/{page.pk}/").json()
        v3 = client.get(f"/api/v3/pages/{page.pk}/").json()
        for field in type(page).api_fields:
            assert v3[field.name] == v2[field.name], field.name


class SilentBlock(blocks.CharBlock):
    def get_api_representation(self, value, context=None):  # type: ignore[no-untyped-def]
        return {"anything": value}


class TellingBlock(SilentBlock):
    def get_api_representation(self, value: Any, context: Any = None) -> dict[str, int]:
        return {"length": len(value)}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (blocks.CharBlock(), str | None),
        (blocks.BlockQuoteBlock(), str | None),
        (blocks.PageChooserBlock(), int | None),
        (blocks.ListBlock(blocks.BooleanBlock()), list[bool]),
        (TellingBlock(), dict[str, int]),
        (SilentBlock(), Any),
        (blocks.StreamBlock([]), list[Any]),
        (blocks.StaticBlock(), Any),
    ],
)
def test_type_of_a_block_of_the_site(block: Any, expected: Any) -> None:
    assert type_of(block) == expected


def test_same_blocks_have_one_type() -> None:
    assert type_of(LearningPointBlock()) is type_of(LearningPointBlock())
