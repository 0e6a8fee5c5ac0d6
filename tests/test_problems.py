"""Problem responses: the media type and the members of RFC 9457."""

from __future__ import annotations

import json

from wagtail_safeguarding.problems import problem


def test_problem_says_what_and_why() -> None:
    response = problem(403, "Comments are closed.", "Nobody can comment here.", state="closed")
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Comments are closed.",
        "status": 403,
        "detail": "Nobody can comment here.",
        "state": "closed",
    }


def test_problem_without_detail_has_no_empty_one() -> None:
    assert "detail" not in json.loads(problem(404, "Not found").content)


def test_a_problem_may_have_a_type_of_its_own() -> None:
    body = json.loads(problem(422, "Not ready", type="https://example.org/not-ready").content)
    assert body["type"] == "https://example.org/not-ready"
