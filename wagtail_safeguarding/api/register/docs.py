"""The API for people: a page made of the OpenAPI document, without scripts or other sites."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from wagtail_safeguarding.conf import safeguarding_settings

from .addresses import absolute

_CODE = re.compile(r"`([^`]+)`")
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_REFERENCE = "#/components/schemas/"

_SUCCESS = "200"


def docs_page(request: HttpRequest, schema: dict[str, Any]) -> HttpResponse:
    models = schema["components"]["schemas"]
    html = render_to_string(
        "wagtail_safeguarding/api_docs.html",
        {
            "info": schema["info"],
            "about": _words(schema["info"]["description"]),
            "operations": [
                _operation(path.lstrip("/"), methods["get"], models)
                for path, methods in schema["paths"].items()
            ],
            "models": [
                {"name": name, "about": _about(model), "fields": _fields(model, models)}
                for name, model in sorted(models.items())
                if model.get("properties")
            ],
            "address": absolute(request, request.path),
            "cache_seconds": safeguarding_settings.public_cache_seconds,
        },
        request,
    )
    response = HttpResponse(html)
    style = "".join(_STYLE.findall(html)).encode()
    digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'"
    )
    return response


def _operation(path: str, operation: dict[str, Any], models: dict[str, Any]) -> dict[str, Any]:
    responses = {str(status): said for status, said in operation["responses"].items()}
    return {
        "path": path,
        "id": operation["operationId"],
        "summary": operation["summary"],
        "about": _words(operation.get("description", "")),
        "can_be_tried": "{" not in path,
        "parameters": [
            {
                "name": parameter["name"],
                "about": _words(parameter.get("description") or "In the address."),
                "kind": _type(parameter["schema"], models),
                "choices": parameter["schema"].get("enum")
                or parameter["schema"].get("items", {}).get("enum"),
                "default": parameter["schema"].get("default"),
            }
            for parameter in operation.get("parameters", ())
        ],
        "answers": [
            (media_type, _type(content["schema"], models) if "json" in media_type else "")
            for media_type, content in responses[_SUCCESS]["content"].items()
        ],
        "others": [
            (status, _words(said["description"]))
            for status, said in sorted(responses.items())
            if status != _SUCCESS
        ],
    }


def _about(model: dict[str, Any]) -> SafeString:
    return _words(model.get("description", ""))


def _fields(model: dict[str, Any], models: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "type": _type(field, models), "about": _about(field)}
        for name, field in model["properties"].items()
    ]


def _words(text: str) -> SafeString:
    """Escaped, with what stands between backticks as code."""
    escaped = conditional_escape(" ".join(text.split()))
    return mark_safe(_CODE.sub(r"<code>\1</code>", escaped))  # noqa: S308


def _type(field: dict[str, Any], models: dict[str, Any]) -> SafeString:
    """A schema in a few words, with links: "list of string", "Snippet or null"."""
    if "$ref" in field:
        name = field["$ref"].removeprefix(_REFERENCE)
        if not models.get(name, {}).get("properties"):
            return _type(models[name], models) if name in models else conditional_escape(name)
        return format_html('<a href="#model-{0}">{0}</a>', name)
    if choices := field.get("anyOf") or field.get("oneOf"):
        return format_html_join(" or ", "{}", ((_type(one, models),) for one in choices))
    if "enum" in field:
        return format_html_join(", ", "<code>{}</code>", ((one,) for one in field["enum"]))
    if "const" in field:
        return format_html("<code>{}</code>", field["const"])
    if field.get("type") == "array":
        items = field.get("items", {})
        return format_html("list of {}", "keys" if "enum" in items else _type(items, models))
    if field.get("type") == "object" and isinstance(field.get("additionalProperties"), dict):
        return format_html("map to {}", _type(field["additionalProperties"], models))
    return conditional_escape(field.get("format") or field.get("type") or "anything")
