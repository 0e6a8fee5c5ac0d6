"""Put passages into the index of the search, and take them out.

Wagtail's own signals are not used: ``bulk_create`` sends none, and a text that the index does
not take must not undo a publication.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router, transaction
from django.db.models.functions import Cast
from modelsearch.conf import get_app_config
from wagtail.search.backends import get_search_backend

from wagtail_safeguarding.conf import safeguarding_settings

logger = logging.getLogger(__name__)


def search_backend() -> Any:
    return get_search_backend(safeguarding_settings.search_backend)


def is_outside() -> bool:
    """Whether the index is a service outside of the database, as Elasticsearch is."""
    # Wagtail catches the errors of those, so that a save does not fail for them.
    outside: bool = search_backend().catch_indexing_errors
    return outside


def add(objects: Sequence[models.Model]) -> None:
    """Index ``objects``, all of one model: at once where the index is in the database,
    otherwise when the transaction is committed."""
    if not objects:
        return
    backend = search_backend()
    if is_outside():
        transaction.on_commit(partial(_add, backend, objects), robust=True)
    else:
        _add(backend, objects)


def _add(backend: Any, objects: Sequence[models.Model]) -> None:
    """All together, or one by one, so that one refused text costs no other its place."""
    model = type(objects[0])
    entries = backend.get_index_for_model(model)
    # It would go through the titles of the whole index each time, and ours have none.
    entries._refresh_title_norms = _nothing
    try:
        with transaction.atomic(using=router.db_for_write(model)):
            entries.add_items(model, objects)
    except Exception:
        if len(objects) == 1:
            logger.exception("Not indexed: %s %s", model.__name__, objects[0].pk)
            # What it said before may be what it must not say any more.
            remove(model._default_manager.filter(pk=objects[0].pk))
            return
        for each in objects:
            _add(backend, [each])


def _nothing(full: bool = False) -> None:
    pass


def remove(queryset: models.QuerySet[Any]) -> None:
    """Take the rows of ``queryset`` out of the index, before they are deleted."""
    if is_outside():
        gone = list(queryset.only("pk"))
        transaction.on_commit(partial(_remove, search_backend(), gone), robust=True)
    entry = get_app_config().get_model("IndexEntry")
    key = Cast("pk", entry._meta.get_field("object_id"))
    entries = entry.objects.filter(
        content_type=ContentType.objects.get_for_model(queryset.model),
        object_id__in=queryset.order_by().annotate(_key=key).values("_key"),
    )
    entries._raw_delete(using=entries.db)


def _remove(backend: Any, objects: Sequence[models.Model]) -> None:
    for each in objects:
        try:
            backend.delete(each)
        except Exception:
            logger.exception("Not taken out of the index: %s", each.pk)


def update_statistics() -> None:
    """Tell SQLite how large the index has become; without that it joins it the wrong way
    round, and a search takes seconds. PostgreSQL finds out by itself."""
    entry = get_app_config().get_model("IndexEntry")
    connection = connections[router.db_for_write(entry)]
    if connection.vendor != "sqlite":
        return
    table = connection.ops.quote_name(entry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 400")  # some ms, whatever the size
        cursor.execute(f"ANALYZE {table}")
