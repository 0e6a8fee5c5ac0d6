"""The private bucket, on a server that really refuses (promises P1 and P4)."""

from __future__ import annotations

import io
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File

from tests import factories
from tests.s3 import CHECK_POLICY, POLICY, S3Server, s3_server
from wagtail_safeguarding.documents.models import DocumentVersion
from wagtail_safeguarding.documents.storage import (
    S3DocumentStorage,
    get_document_storage,
    new_storage_key,
)

pytestmark = [pytest.mark.needs("ministack"), pytest.mark.once]

PUBLIC_MEDIA_SETTINGS = {
    "AWS_S3_CUSTOM_DOMAIN": "media.example.org",
    "AWS_DEFAULT_ACL": "public-read",
    "AWS_QUERYSTRING_AUTH": False,
    "AWS_S3_FILE_OVERWRITE": True,
    "AWS_S3_OBJECT_PARAMETERS": {"ACL": "public-read", "CacheControl": "max-age=86400"},
    "AWS_S3_URL_PROTOCOL": "http:",
    "AWS_IS_GZIPPED": True,
    "AWS_LOCATION": "media",
}


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(server: S3Server, settings: Any) -> Any:
    """The site's storage: a bucket of its own, a user with the documented policy, and media
    settings that would make every object public if they were followed."""
    for setting, value in PUBLIC_MEDIA_SETTINGS.items():
        setattr(settings, setting, value)
    settings.STORAGES = {
        **settings.STORAGES,
        "safeguarding": {
            "BACKEND": "wagtail_safeguarding.documents.storage.S3DocumentStorage",
            "OPTIONS": server.new_bucket(),
        },
    }
    return get_document_storage()


def save(storage: Any, data: bytes = b"secret") -> str:
    return str(storage.save(new_storage_key(), File(io.BytesIO(data))))


def sign(storage: S3DocumentStorage, key: str, seconds: int = 60) -> str:
    return storage.signed_url(
        key, seconds=seconds, media_type="application/pdf", disposition='inline; filename="r.pdf"'
    )


def fetch(url: str) -> tuple[int, bytes, Any]:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read(), response.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def test_write_read_delete_with_the_documented_policy(bucket: Any) -> None:
    key = save(bucket, b"x" * 10_000)
    with bucket.open(key) as file:
        assert file.read() == b"x" * 10_000
    bucket.delete(key)
    assert not bucket.exists(key)


def test_signed_url_sets_type_and_name(bucket: Any) -> None:
    status, data, headers = fetch(sign(bucket, save(bucket)))
    assert (status, data) == (200, b"secret")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="r.pdf"'


def test_anonymous_and_tampered_requests_are_refused(bucket: Any, server: S3Server) -> None:
    key, other = save(bucket), save(bucket, b"other")
    url = sign(bucket, key)
    attempts = {
        "unsigned": url.partition("?")[0],
        "longer": url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        "other object": url.replace(key, other),
        "other type": url.replace("application%2Fpdf", "text%2Fhtml"),
        "listing": f"{server.endpoint}/{bucket.bucket_name}/?list-type=2",
    }
    for name, attempt in attempts.items():
        assert attempt != url, name
        status, data, _ = fetch(attempt)
        assert status == 403, name
        assert b"secret" not in data


def test_expired_url_is_refused(bucket: Any) -> None:
    url = sign(bucket, save(bucket), seconds=1)
    assert fetch(url)[0] == 200
    time.sleep(2.5)
    assert fetch(url)[0] == 403


def test_nothing_is_overwritten(bucket: Any) -> None:
    key = save(bucket)
    with pytest.raises(SuspiciousFileOperation):
        bucket.save(key, File(io.BytesIO(b"replaced")))
    with bucket.open(key) as file:
        assert file.read() == b"secret"


def test_the_policy_allows_no_acl_and_no_other_bucket(bucket: Any, server: S3Server) -> None:
    key = save(bucket)
    server.add_bucket(f"{bucket.bucket_name}-other")
    client = server.client("s3", bucket.access_key, bucket.secret_key)
    with pytest.raises(ClientError, match="AccessDenied"):
        client.put_object_acl(Bucket=bucket.bucket_name, Key=key, ACL="public-read")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.put_object(Bucket=f"{bucket.bucket_name}-other", Key="x", Body=b"x")


def begin(bucket: Any) -> str:
    """An upload that was begun and has one part."""
    client, key = bucket.connection.meta.client, new_storage_key()
    where = {"Bucket": bucket.bucket_name, "Key": key}
    upload_id = str(client.create_multipart_upload(**where)["UploadId"])
    client.upload_part(**where, UploadId=upload_id, PartNumber=1, Body=b"part")
    return upload_id


def unfinished(bucket: Any) -> list[Any]:
    client = bucket.connection.meta.client
    found = client.list_multipart_uploads(Bucket=bucket.bucket_name)
    return list(found.get("Uploads", []))


def abort(bucket: Any) -> None:
    for upload in unfinished(bucket):
        bucket.connection.meta.client.abort_multipart_upload(
            Bucket=bucket.bucket_name, Key=upload["Key"], UploadId=upload["UploadId"]
        )


def listing(bucket: Any) -> Any:
    return bucket.connection.meta.client.list_objects_v2(Bucket=bucket.bucket_name)


def test_the_policy_lets_what_was_left_behind_be_found_and_aborted(bucket: Any) -> None:
    upload_id = begin(bucket)
    assert [upload["UploadId"] for upload in unfinished(bucket)] == [upload_id]
    abort(bucket)
    assert unfinished(bucket) == []
    key = save(bucket)
    assert [entry["Key"] for entry in listing(bucket)["Contents"]] == [key]


@pytest.mark.parametrize(
    ("right", "deed"),
    [
        ("s3:PutObject", save),
        ("s3:GetObject", lambda bucket: bucket.open("versions/there")),
        ("s3:DeleteObject", lambda bucket: bucket.delete("versions/there")),
        ("s3:AbortMultipartUpload", abort),
        ("s3:ListBucket", listing),
        ("s3:ListBucketMultipartUploads", unfinished),
    ],
)
def test_the_policy_has_no_right_that_is_not_needed(
    bucket: Any, server: S3Server, right: str, deed: Any
) -> None:
    bucket.save("versions/there", File(io.BytesIO(b"x")))
    begin(bucket)
    policy = json.loads(POLICY)
    for statement in policy["Statement"]:
        statement["Action"] = [action for action in statement["Action"] if action != right]
    assert json.dumps(policy) != json.dumps(json.loads(POLICY))
    server.allow(bucket.bucket_name, bucket.bucket_name, json.dumps(policy))
    with pytest.raises(ClientError, match=r"AccessDenied|Forbidden"):
        deed(bucket)
    server.allow(bucket.bucket_name, bucket.bucket_name, POLICY)
    deed(bucket)


def test_the_policies_have_nothing_else() -> None:
    def rights(policy: str) -> set[str]:
        statements = json.loads(policy)["Statement"]
        assert all(statement["Effect"] == "Allow" for statement in statements)
        return {action for statement in statements for action in statement["Action"]}

    assert rights(POLICY) == {
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListBucketMultipartUploads",
        "s3:PutObject",
    }
    assert all(right.startswith("s3:GetBucket") for right in rights(CHECK_POLICY))


@pytest.mark.django_db
def test_a_review_goes_through_the_gate_to_the_bucket(client: Any, bucket: Any) -> None:
    version = factories.cleared_version("Overview report")
    page = factories.review(factories.review_index(), versions=(version,), live=False)
    page.save_revision()
    assert client.get(version.get_url()).status_code == 404
    page.get_latest_revision().publish()
    response = client.get(version.get_url())
    assert response.status_code == 302
    assert response["Cache-Control"] == "private, no-store"
    status, data, headers = fetch(response["Location"])
    assert (status, data) == (200, factories.pdf_bytes("Overview report"))
    assert headers["Content-Type"] == "application/pdf"
    assert "report.pdf" in headers["Content-Disposition"]
    type(page).objects.get(pk=page.pk).unpublish()
    assert client.get(version.get_url()).status_code == 404


@pytest.mark.django_db
def test_bucket_that_refuses_leaves_nothing_on_record(bucket: Any, server: S3Server) -> None:
    bucket.connection.meta.client.close()
    server.client("s3").delete_bucket(Bucket=bucket.bucket_name)
    with pytest.raises(ClientError):
        factories.cleared_version("Overview report")
    assert not DocumentVersion.objects.exists()
