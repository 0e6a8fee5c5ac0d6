"""Put the shipped terms into the database without touching what an editor changed."""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, router

from .defaults import DEFAULT_TERMS
from .models import Term


def load_default_terms(using: str = DEFAULT_DB_ALIAS) -> int:
    """Add the default terms that are missing; return how many were added.

    A term that exists is left exactly as it is, whoever wrote it. Terms cannot be
    deleted in the admin (only deprecated), so none comes back against an editor's wish.
    """
    existing = set(Term.objects.using(using).values_list("scheme", "key"))
    missing = [
        Term(
            scheme=str(default.scheme),
            key=default.key,
            label=default.label,
            abbreviation=default.abbreviation,
            scope_note=default.scope_note,
            formerly=default.formerly,
            jurisdiction=default.jurisdiction,
            sort_order=order,
        )
        for order, default in enumerate(DEFAULT_TERMS)
        if (str(default.scheme), default.key) not in existing
    ]
    Term.objects.using(using).bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def load_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """``post_migrate`` receiver: a new release brings its new terms along."""
    if router.allow_migrate_model(using, Term) and not kwargs.get("plan_only"):
        load_default_terms(using)
