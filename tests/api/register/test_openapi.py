"""The OpenAPI document: valid, and changed only on purpose."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from .register_site import RegisterSite, data, publish_site

SNAPSHOT = Path(__file__).parent / "openapi.json"
RENEW = "SAFEGUARDING_RENEW_OPENAPI"
TESTS = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_document_is_valid_openapi():
    OpenAPIV31SpecValidator(data("openapi.json")).validate()


@pytest.mark.django_db
def test_document_is_the_one_that_is_kept():
    document = json.dumps(data("openapi.json"), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get(RENEW):
        SNAPSHOT.write_text(document, encoding="utf-8")
    assert document == SNAPSHOT.read_text(encoding="utf-8"), (
        "The contract of the API has changed. If that is meant, keep it compatible, say so in "
        f"CHANGELOG.md and write the snapshot anew: {RENEW}=1 python -m pytest {__file__}"
    )


CONFIG = """\
seed = 7
continue-on-failure = true

[phases.stateful]
enabled = false

# What other methods get is tested without it.
[phases.coverage]
unexpected-methods = ["POST"]

[generation]
max-examples = 10
deterministic = true
database = "none"

# Keys of vocabularies, cursors and words have more rules than a schema can tell.
[checks.positive_data_acceptance]
enabled = false

# They have the filters of `records`, where each is tried in every way; here, at random.
[[operations]]
include-path-regex = "^/(export|feed)[.]"
phases.coverage.enabled = false

[parameters]
"path.record" = "{record}"
"path.document" = "{document}"
"path.scheme" = "theme"
"""


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_no_fault(live_server, tmp_path):
    site: RegisterSite = publish_site()
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG.format(record=site.uuid("review"), document=site.report.document.uuid))
    address = f"{live_server.url}/api/safeguarding/v1"
    command = [Path(sys.executable).with_name("schemathesis"), "--config-file", config, "run"]
    ran = subprocess.run(
        [*command, f"{address}/openapi.json", "--url", address, "--no-color"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert re.search(r"Tested: +14\b", ran.stdout), ran.stdout
