from __future__ import annotations

from typing import Any

from django.db import migrations


def store(form: str) -> Any:
    """PostgreSQL compresses texts of this length, and to unpack those of one list takes it as long
    as all the rest of the query. What is stored already is read as before."""

    def alter(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        table = schema_editor.quote_name(
            apps.get_model("wagtail_safeguarding", "Record")._meta.db_table
        )
        columns = ", ".join(
            f"ALTER COLUMN {schema_editor.quote_name(name)} SET STORAGE {form}"
            for name in ("item", "payload")
        )
        schema_editor.execute(f"ALTER TABLE {table} {columns}")

    return alter


class Migration(migrations.Migration):
    dependencies = [("wagtail_safeguarding", "0008_cleaned_copy")]

    operations = [migrations.RunPython(store("EXTERNAL"), store("EXTENDED"), elidable=False)]
