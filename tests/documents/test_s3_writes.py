"""Writing to a bucket: whole, once, verified by the server, in little memory (promise P6)."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore import httpchecksum
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.httpchecksum import Sha256Checksum
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File

from tests.benchmarks.child import MIB, measure
from tests.s3 import S3Server, s3_server
from wagtail_safeguarding.documents.storage import S3DocumentStorage, new_storage_key

pytestmark = [pytest.mark.needs("ministack"), pytest.mark.once]

SMALL, LARGE = 1000, 9 * MIB  # one request; several parts
LIMIT = 64 * MIB


@pytest.fixture(scope="module", params=["http", "https"])
def server(request: Any) -> Iterator[S3Server]:
    """Over https the checksum travels behind the body and not in a header."""
    with s3_server(tls=request.param == "https") as server:
        yield server


@pytest.fixture
def bucket(server: S3Server) -> S3DocumentStorage:
    return S3DocumentStorage(**server.new_bucket())


def content(size: int) -> bytes:
    return (b"0123456789abcdef" * (size // 16 + 1))[:size]


def save(storage: S3DocumentStorage, data: bytes, key: str = "") -> str:
    return storage.save(key or new_storage_key(), File(io.BytesIO(data)))


def client(storage: S3DocumentStorage) -> Any:
    return storage.connection.meta.client


def left(storage: S3DocumentStorage) -> list[str]:
    """Every object and every unfinished upload, as the server tells."""
    found = client(storage).list_objects_v2(Bucket=storage.bucket_name).get("Contents", [])
    begun = client(storage).list_multipart_uploads(Bucket=storage.bucket_name)
    return [entry["Key"] for entry in (*found, *begun.get("Uploads", []))]


def operation(size: int) -> str:
    return "PutObject" if size == SMALL else "UploadPart"


def final(size: int) -> str:
    return "PutObject" if size == SMALL else "CompleteMultipartUpload"


@pytest.mark.parametrize("size", [0, SMALL, LARGE])
def test_what_is_read_is_what_was_written(bucket: S3DocumentStorage, size: int) -> None:
    source = io.BytesIO(content(size))
    source.seek(size // 2)  # somebody has looked at it
    key = bucket.save(new_storage_key(), File(source))
    assert not source.closed
    with bucket.open(key) as file:
        assert file.read() == content(size)
    assert left(bucket) == [key]


def test_server_keeps_the_checksum(bucket: S3DocumentStorage) -> None:
    key = save(bucket, content(SMALL))
    head = client(bucket).head_object(Bucket=bucket.bucket_name, Key=key, ChecksumMode="ENABLED")
    expected = base64.b64encode(hashlib.sha256(content(SMALL)).digest()).decode()
    assert head["ChecksumSHA256"] == expected
    key = save(bucket, content(LARGE))
    head = client(bucket).head_object(Bucket=bucket.bucket_name, Key=key, ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"].endswith("-2")  # of both parts' checksums


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_server_refuses_what_was_altered_on_the_way(bucket: S3DocumentStorage, size: int) -> None:
    def alter(request: Any, **kwargs: Any) -> None:
        request.body = Altered(request.body)

    client(bucket).meta.events.register(f"before-send.s3.{operation(size)}", alter)
    with pytest.raises(ClientError, match=r"BadDigest|SHA256Mismatch"):
        save(bucket, content(size))
    assert left(bucket) == []


class Altered:
    """A request's body of which one byte changes while it is sent."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def __getattr__(self, name: str) -> Any:
        return getattr(self.body, name)

    def __iter__(self) -> Iterator[bytes]:
        for data in self.body:
            yield data.replace(b"f0123456789abcdef", b"f0123456789ABCDEF", 1)

    def read(self, size: int | None = -1) -> bytes:
        data: bytes = self.body.read(size)
        return data.replace(b"f0123456789abcdef", b"f0123456789ABCDEF", 1)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_server_refuses_a_wrong_checksum(
    bucket: S3DocumentStorage, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The bytes and the signature are right, so nothing but the checksum can have told."""

    class Wrong(Sha256Checksum):
        def digest(self) -> bytes:
            return hashlib.sha256(b"other bytes").digest()

    monkeypatch.setitem(httpchecksum._CHECKSUM_CLS, "sha256", Wrong)
    with pytest.raises(ClientError, match="BadDigest"):
        save(bucket, content(size))
    assert left(bucket) == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_server_itself_refuses_the_second_of_two_writers(
    bucket: S3DocumentStorage, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    key = save(bucket, b"first")
    monkeypatch.setattr(bucket, "exists", lambda name: False)  # asked before the first was there
    with pytest.raises(SuspiciousFileOperation, match="never used twice"):
        save(bucket, content(size), key)
    with bucket.open(key) as file:
        assert file.read() == b"first"
    assert left(bucket) == [key]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_own_write_whose_answer_was_lost_is_recognised(
    bucket: S3DocumentStorage, size: int
) -> None:
    statuses = []

    def lose_first(response: Any, **kwargs: Any) -> int | None:
        statuses.append(response[0].status_code)
        return 0 if len(statuses) == 1 else None  # repeat at once

    client(bucket).meta.events.register_first(f"needs-retry.s3.{final(size)}", lose_first)
    key = save(bucket, content(size))
    # A multipart upload that was completed is completed again: the same 200, for a while.
    assert statuses == [200, 412 if size == SMALL else 200]
    with bucket.open(key) as file:
        assert file.read() == content(size)
    assert left(bucket) == [key]


def answer(code: str) -> tuple[Any, dict[str, Any]]:
    status = {"PreconditionFailed": 412, "NoSuchUpload": 404}[code]
    parsed = {
        "Error": {"Code": code, "Message": ""},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return SimpleNamespace(status_code=status), parsed


@pytest.mark.parametrize("code", ["PreconditionFailed", "NoSuchUpload"])
def test_completing_again_may_be_answered_with_a_refusal(
    bucket: S3DocumentStorage, code: str
) -> None:
    """What S3 may answer once it has forgotten the upload; ministack does not forget."""

    def forget(http_response: Any, parsed: dict[str, Any], **kwargs: Any) -> None:
        http, refused = answer(code)
        http_response.status_code = http.status_code
        parsed.update(refused)

    client(bucket).meta.events.register("after-call.s3.CompleteMultipartUpload", forget)
    key = save(bucket, content(LARGE))
    with bucket.open(key) as file:
        assert file.read() == content(LARGE)
    assert left(bucket) == [key]


@pytest.mark.parametrize(
    ("code", "error"),
    [("PreconditionFailed", SuspiciousFileOperation), ("NoSuchUpload", ClientError)],
)
def test_refusal_is_an_error_where_our_object_is_not_there(
    bucket: S3DocumentStorage, code: str, error: type[Exception]
) -> None:
    client(bucket).meta.events.register(
        "before-call.s3.CompleteMultipartUpload", lambda **kwargs: answer(code)
    )
    with pytest.raises(error):
        save(bucket, content(LARGE))
    assert left(bucket) == []


def test_failed_multipart_upload_leaves_no_parts(bucket: S3DocumentStorage) -> None:
    class Breaks(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= LARGE // 2:
                raise OSError("the disk is gone")
            return super().read(size)

    with pytest.raises(OSError, match="the disk is gone"):
        bucket.save(new_storage_key(), File(Breaks(content(LARGE))))
    assert left(bucket) == []


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"server_side_encryption": "AES256"}, ("AES256", None)),
        ({"server_side_encryption": "aws:kms", "kms_key_id": "key-7"}, ("aws:kms", "key-7")),
    ],
)
def test_encryption_is_asked_of_the_server(
    server: S3Server, options: dict[str, str], expected: tuple[str, str | None], size: int
) -> None:
    bucket = S3DocumentStorage(**server.new_bucket(), **options)
    key = save(bucket, content(size))
    head = client(bucket).head_object(Bucket=bucket.bucket_name, Key=key)
    assert head["ServerSideEncryption"] == expected[0]
    if expected[1]:
        assert head["SSEKMSKeyId"].endswith(expected[1])
    with bucket.open(key) as file:
        assert file.read() == content(size)


def test_type_that_the_uploader_claims_is_not_stored(bucket: S3DocumentStorage) -> None:
    file = File(io.BytesIO(b"<script>"))
    file.content_type = "text/html"
    key = bucket.save(new_storage_key(), file)
    head = client(bucket).head_object(Bucket=bucket.bucket_name, Key=key)
    assert head["ContentType"] == "application/octet-stream"
    assert "ContentEncoding" not in head


def test_server_that_is_not_there_is_given_up_soon(server: S3Server) -> None:
    options = {**server.new_bucket(), "endpoint_url": "http://127.0.0.1:9"}
    bucket = S3DocumentStorage(**options)
    with pytest.raises(EndpointConnectionError):
        save(bucket, b"x")


@pytest.mark.parametrize(
    ("server", "source"), [("https", "temporary"), ("http", "stream")], indirect=["server"]
)
def test_large_file_takes_little_memory(server: S3Server, source: str) -> None:
    measured = measure(server.new_bucket(), source=source, size=200 * MIB)
    assert measured["same"]
    assert measured["upload"] < LIMIT
    assert measured["read"] < LIMIT


@pytest.mark.parametrize("server", ["http"], indirect=True)
def test_a_file_held_in_memory_would_be_seen(server: S3Server) -> None:
    assert measure(server.new_bucket(), source="memory", size=100 * MIB)["upload"] > 100 * MIB
