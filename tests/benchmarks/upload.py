"""Storing a file of 200 MB in a bucket, against boto3's own `upload_file`.

Both write to the same bucket of one server on this machine, which takes part in using up
its processors. So the figure says what our storage adds, not how fast a network is.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import boto3
from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import connection
from django.test.utils import override_settings

from tests.s3 import s3_server
from wagtail_safeguarding.documents.models import ReviewDocument
from wagtail_safeguarding.documents.storage import S3DocumentStorage, new_storage_key
from wagtail_safeguarding.documents.upload import add_version

from .child import MIB, measure, write_content
from .figures import Figure, compare, ratio, timed

SIZE = 200 * MIB
RUNS = 7


def run() -> list[Figure]:
    with s3_server() as server:
        options = server.new_bucket()
        with TemporaryUploadedFile("report.pdf", "application/pdf", SIZE, None) as file:
            write_content(file, SIZE)
            figures = compare_with_boto3(options, file)
        for source, name in (("temporary", "temporary file"), ("stream", "stream")):
            figures += memory(options, source, name)
        figures.append(whole_upload(options))
    return figures


def memory(options: dict[str, Any], source: str, name: str) -> list[Figure]:
    """Extra memory of a process of its own, each time a new one."""
    runs = 3
    found = [measure(options, source=source, size=SIZE) for _ in range(runs)]
    return [
        Figure(
            f"extra memory, 200 MB from a {name}: {what}",
            max(measured[key] for measured in found) / MIB,
            "MiB",
            runs,
            of="most",
            at_most=64,
        )
        for what, key in (("store", "upload"), ("store, then read", "read"))
    ]


def compare_with_boto3(options: dict[str, Any], file: TemporaryUploadedFile) -> list[Figure]:
    storage = S3DocumentStorage(**options)
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        aws_access_key_id=options["access_key"],
        aws_secret_access_key=options["secret_key"],
        region_name=options["region_name"],
    )

    def ours() -> None:
        key = storage.save(new_storage_key(), File(file))
        storage.delete(key)  # the server keeps everything in memory

    def plain() -> None:
        key = secrets.token_hex(8)
        client.upload_file(file.temporary_file_path(), options["bucket_name"], key)
        client.delete_object(Bucket=options["bucket_name"], Key=key)

    seconds = compare(ours, plain, runs=RUNS)
    return [
        Figure("storage.save, 200 MB", median(seconds[0]), "s", RUNS),
        Figure("boto3 upload_file, 200 MB", median(seconds[1]), "s", RUNS),
        Figure("speed of storage.save / upload_file", ratio(*seconds), "ratio", RUNS, at_least=0.8),
    ]


def whole_upload(options: dict[str, Any]) -> Figure:
    """`add_version`, and the task after it at once: stores what was sent, reads it back and
    inspects it."""
    runs = 3
    backend = f"{S3DocumentStorage.__module__}.{S3DocumentStorage.__qualname__}"
    storages = {**settings.STORAGES, "safeguarding": {"BACKEND": backend, "OPTIONS": options}}
    with (
        override_settings(STORAGES=storages),
        test_database(),
        TemporaryUploadedFile("report.pdf", "application/pdf", SIZE, None) as file,
    ):
        # Large and a PDF file as far as the inspection looks.
        write_content(file, SIZE)
        file.write(b"%PDF-1.7\n")
        file.seek(-6, 2)
        file.write(b"%%EOF\n")
        seconds = []
        for _ in range(runs):
            document = ReviewDocument(title="Report")
            seconds.append(timed(lambda document=document: add_version(document, file, "r.pdf")))
            S3DocumentStorage(**options).delete(document.versions.get().storage_key)
    return Figure("add_version, 200 MB: store, read back, inspect", median(seconds), "s", runs)


@contextmanager
def test_database() -> Iterator[None]:
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
