"""What was overruled before findings were overruled one by one is kept on record."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Collection, ModelLogEntry

from tests import factories
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.overrules import Overrule, fingerprint, open_blockers

APP = "wagtail_safeguarding"
BEFORE = "0006_restricted_names"
FOUND = [
    {"code": "comment", "severity": "blocker", "page": 2, "excerpt": "x"},
    {"code": "author", "severity": "warning"},
]


def migrate(name: str | None = None) -> Any:
    """To the migration of this name, or to the last one."""
    executor = MigrationExecutor(connection)
    targets = [(APP, name)] if name else executor.loader.graph.leaf_nodes(APP)
    executor.migrate(targets)
    return executor.loader.project_state(targets).apps


@pytest.mark.django_db(transaction=True)
def test_a_decision_on_all_findings_becomes_one_on_each() -> None:
    if not Collection.objects.exists():  # flushed by an earlier test
        Collection.add_root(name="Root")
    lead = factories.superuser("lead")
    version, unknown = (factories.cleared_version(title) for title in ("One", "Two"))
    data = {"version": 1, "from": "blocked", "to": "cleared"}
    log(instance=version.document, action=f"{APP}.version_state", user=lead, data=data)
    when = timezone.now() - dt.timedelta(days=3)
    ModelLogEntry.objects.filter(data__from="blocked").update(timestamp=when)
    DocumentVersion.objects.filter(pk=version.pk).update(
        inspection={"sha256": version.sha256, "rules_version": 2, "findings": FOUND}
    )
    try:
        old = migrate(BEFORE).get_model(APP, "DocumentVersion")
        old.objects.filter(pk=version.pk).update(override_reason="Seen.", overridden_by=lead.pk)
        old.objects.filter(pk=unknown.pk).update(override_reason="Long ago.", inspection=None)
    finally:
        migrate()
    made, other = Overrule.objects.order_by("version")
    assert (made.code, made.page, made.fingerprint) == ("comment", 2, fingerprint(FOUND[0]))
    assert (made.user, made.user_name, made.reason, made.at) == (lead, "lead", "Seen.", when)
    assert open_blockers(DocumentVersion.objects.get(pk=version.pk)) == []
    assert (other.code, other.user_name, other.reason) == ("", "", "Long ago.")
    assert other.at == unknown.uploaded_at
