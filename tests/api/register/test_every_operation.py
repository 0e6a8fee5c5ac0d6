"""What holds of every operation: parameters, methods, conditions, compression, schemas, secrecy."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest

from wagtail_safeguarding.api.register.api import schema

from .register_site import SECRET, RegisterSite, asked, get, hide_unpublished_things

KINDS = ("review", "index", "collection", "further-information", "article")

PLAIN = (
    "records",
    "changes",
    "vocabularies",
    "vocabularies/theme",
    "vocabularies/theme/skos",
    "export.csv",
    "export.jsonl",
    "feed.atom",
    "feed.json",
    "catalogue",
    "openapi.json",
    "",
)
OF_A_RECORD = ("records/{}", "records/{}/history", "records/{}/jsonld")
STREAMED = ("export.csv", "export.jsonl")


def addresses(site: RegisterSite) -> list[str]:
    """One of every operation, and of each kind of record."""
    of_records = [path.format(site.uuid(kind)) for path in OF_A_RECORD for kind in KINDS]
    return [*PLAIN, *of_records, f"documents/{site.report.document.uuid}"]


def test_no_operation_is_forgotten_here():
    tried = {*PLAIN, *(path.format("{record}") for path in OF_A_RECORD), "documents/{document}"}
    for path in schema()["paths"]:
        assert path.strip("/").replace("{scheme}", "theme") in tried


def test_answers_conform_to_the_openapi_document(site):
    document = json.loads(json.dumps(schema()))
    for path in addresses(site):
        template = path
        for part, name in (
            (r"^records/[-0-9a-f]{36}", "records/{record}"),
            (r"^documents/[-0-9a-f]{36}", "documents/{document}"),
            (r"^vocabularies/theme", "vocabularies/{scheme}"),
        ):
            template = re.sub(part, name, template)
        if f"/{template}" not in document["paths"]:
            continue
        response = get(path)
        assert response.status_code == 200, path
        described = document["paths"][f"/{template}"]["get"]["responses"]["200"]["content"]
        media_type = response["Content-Type"].partition(";")[0]
        assert list(described) == [media_type], path
        if media_type != "application/x-ndjson" and "json" in media_type:
            wanted = {**described[media_type]["schema"], "components": document["components"]}
            validator = jsonschema.Draft202012Validator(
                wanted, format_checker=jsonschema.FormatChecker()
            )
            validator.validate(json.loads(response.body))


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("colour=", "colour"),
        ("limit=5&limit=6", None),
        ("%ff=1", "query"),
        ("&".join(f"x{number}=1" for number in range(99)), "query"),
    ],
)
def test_parameters_that_are_unknown_are_refused_by_name(site, query, named):
    for path in addresses(site):
        response = get(f"{path}?{query}")
        assert response.status_code == 422, path
        assert response["Content-Type"] == "application/problem+json"
        assert "no-store" in response["Cache-Control"]
        errors = json.loads(response.body)["errors"]
        assert {error["parameter"] for error in errors} == {named or "limit"}, path


def malformed() -> list[tuple[str, str]]:
    """For each parameter of each operation: what it cannot be."""
    bad = {
        "integer": ["", "0", "-1", "1.5", "x", "١", "99999999999999999999", "1e2"],
        "string": ["", "%00", "\N{PILE OF POO}" * 500],
        "array": ["", ",", "nothing%20like%20this", "%00", "x" * 100],
    }
    found = []
    for path, methods in schema()["paths"].items():
        for parameter in methods["get"].get("parameters", ()):
            if parameter["in"] == "query":
                values = bad[parameter["schema"]["type"]]
                found += [(path.lstrip("/"), f"{parameter['name']}={value}") for value in values]
    return found


def test_malformed_parameters_are_refused_by_name(site):
    for path, query in malformed():
        asked_for = path.format(
            record=site.uuid("review"), document=site.report.document.uuid, scheme="theme"
        )
        response = get(f"{asked_for}?{query}")
        assert response.status_code == 422, (path, query)
        errors = json.loads(response.body)["errors"]
        assert [error["parameter"] for error in errors] == [query.partition("=")[0]], query


def test_a_known_answer_is_not_sent_again(site):
    for path in addresses(site):
        first = get(path)
        assert re.fullmatch(r'"[0-9a-f]{32}"', first["ETag"]), path
        assert first["Cache-Control"] == "public, max-age=60"
        for known in (first["ETag"], f"W/{first['ETag']}", f'"other", {first["ETag"]}'):
            again = get(path, **{"If-None-Match": known})
            assert (again.status_code, again.body) == (304, b""), path
            assert again["ETag"] == first["ETag"]
        assert get(path, **{"If-None-Match": '"other"'}).status_code == 200


def test_head_says_what_get_would(site):
    for path in addresses(site):
        full, head = get(path), asked("head", path)
        assert (head.status_code, head.body) == (200, b""), path
        assert head["ETag"] == full["ETag"]
        assert head["Content-Type"] == full["Content-Type"]
        if path not in STREAMED:
            assert head["Content-Length"] == str(len(full.body))


def test_answers_are_compressed_on_request(site):
    for path in addresses(site):
        full = get(path)
        packed = get(path, **{"Accept-Encoding": "gzip"})
        assert packed.body == full.body, path
        assert "Accept-Encoding" in packed["Vary"]
        if len(full.body) >= 400:
            assert packed["Content-Encoding"] == "gzip", path
            assert packed["ETag"] != full["ETag"]
        again = get(path, **{"Accept-Encoding": "gzip", "If-None-Match": packed["ETag"]})
        assert again.status_code == 304, path


def test_any_site_may_read_and_nobody_may_write(site):
    for path in addresses(site):
        assert get(path)["Access-Control-Allow-Origin"] == "*"
        options = asked("options", path)
        assert options.status_code == 204
        assert options["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
        for method in ("post", "put", "patch", "delete"):
            refused = asked(method, path)
            assert refused.status_code == 405, (method, path)
            assert refused["Allow"] == "GET, HEAD, OPTIONS"
            assert refused["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "records/00000000-0000-4000-8000-000000000000",
        "records/00000000-0000-4000-8000-000000000000/jsonld",
        "records/00000000-0000-4000-8000-000000000000/history",
        "documents/00000000-0000-4000-8000-000000000000",
        "vocabularies/colours",
        "vocabularies/colours/skos",
        "records/x/jsonld",
        "documents/x",
        "changes/",
        "export.xml",
    ],
)
def test_what_is_unknown_is_one_404(site, path):
    response = get(path)
    assert response.status_code == 404
    assert json.loads(response.body) == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
    }


def test_a_strange_host_is_no_server_error(site, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    for path in addresses(site):
        assert get(path, Host="evil.example").status_code == 400


# Nothing of what is not public


def every_answer(site: RegisterSite) -> dict[str, Any]:
    queries = [
        "records?facets=*&fields=*&limit=100",
        "records?state=withdrawn",
        f"records?q={SECRET}",
        "records?year=1991&facets=*",
        f"export.csv?q={SECRET}",
        "export.jsonl?year=1991",
        "feed.atom?date_to=1999",
        f"documents/{site.report.document.uuid}",
    ]
    return {path: get(path) for path in [*addresses(site), *queries]}


def test_no_answer_has_a_trace_of_what_is_not_public(hiding_site):
    site = hiding_site
    assert SECRET in site.secrets
    for path, response in every_answer(site).items():
        said = response.body.decode() + str(sorted(response.headers.items()))
        said = said.replace(f"q={SECRET}", "")
        assert [word for word in site.secrets if word in said] == [], path


def test_no_count_has_a_trace_of_what_was_never_public(site, django_capture_on_commit_callbacks):
    """The silently hidden page is left out: the overview learns of it from `register check`."""
    paths = addresses(site)
    before = {path: get(path).body for path in paths}
    with django_capture_on_commit_callbacks(execute=True):
        hide_unpublished_things(site)
    for path in paths:
        assert get(path).body == before[path], path
