"""The probe: what it finds, what it cannot find out, and that nothing of it stays."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.checks import run_checks
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from tests.documents.flaky import FlakyStorage
from tests.s3 import CHECK_POLICY, S3Server, s3_server
from wagtail_safeguarding.documents.probe import ProbeResult, longer, probe_storage
from wagtail_safeguarding.documents.storage import PrivateFolderStorage, S3DocumentStorage

SETTINGS = {"block-public-access", "ownership", "bucket-policy"}


def bad(results: list[ProbeResult]) -> set[str]:
    return {result.code for result in results if not result.ok and not result.unknown}


def unknown(results: list[ProbeResult]) -> set[str]:
    for result in results:
        assert not (result.ok and result.unknown)
        assert result.ok or result.hint
    return {result.code for result in results if result.unknown}


# The folder


@pytest.fixture
def folder(tmp_path: Path) -> PrivateFolderStorage:
    return PrivateFolderStorage(location=tmp_path / "srv" / "private")


def test_good_folder_passes_and_is_left_as_it_was(
    folder: PrivateFolderStorage, tmp_path: Path
) -> None:
    results = probe_storage(folder)
    assert [result.code for result in results if result.ok] == [
        "write-read",
        "no-overwrite",
        "permissions",
        "delete",
        "place",
    ]
    assert list(tmp_path.iterdir()) == []
    kept = Path(folder.path(folder.save("versions/aa/key", io.BytesIO(b"kept"))))
    assert bad(probe_storage(folder)) == set()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert list(kept.parents[1].iterdir()) == [kept.parent]


def test_folder_that_others_can_read(folder: PrivateFolderStorage) -> None:
    Path(folder.location).mkdir(parents=True, mode=0o755)
    Path(folder.location).chmod(0o755)
    assert bad(probe_storage(folder)) == {"permissions"}


def test_files_that_others_can_read(
    folder: PrivateFolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a mount may have it, which knows no permissions."""
    save = folder._save

    def save_for_all(name: str, content: Any) -> str:
        saved = save(name, content)
        Path(folder.path(saved)).chmod(0o644)
        return saved

    monkeypatch.setattr(folder, "_save", save_for_all)
    assert bad(probe_storage(folder)) == {"permissions"}


def test_folder_in_a_public_place(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    results = probe_storage(PrivateFolderStorage(location=tmp_path / "private"))
    assert bad(results) == {"inside-public"}


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    results = probe_storage(PrivateFolderStorage(location=tmp_path / "file" / "private"))
    assert "write-read" in bad(results)
    assert "no-overwrite" not in {result.code for result in results}


def test_folder_that_overwrites(folder: PrivateFolderStorage, tmp_path: Path) -> None:
    class Overwrites(PrivateFolderStorage):
        def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
            assert name is not None
            path = Path(self.path(name))
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(content.read())
            path.chmod(0o600)
            return name

    assert "no-overwrite" in bad(probe_storage(Overwrites(location=tmp_path / "private")))


# Any other storage


def test_storage_that_we_do_not_know_is_tried_and_called_unknown(tmp_path: Path) -> None:
    storage = InMemoryStorage()
    results = probe_storage(storage)
    assert bad(results) == set()
    assert unknown(results) == {"storage-type"}
    assert FlakyStorage.keys(storage) == []
    plain = FileSystemStorage(location=tmp_path / "private")
    results = probe_storage(plain)
    assert bad(results) == {"permissions"}
    assert unknown(results) == {"storage-type"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fail", "expected"),
    [
        ("save", {"write-read"}),
        ("after-save", {"write-read"}),
        ("open", {"write-read"}),
        ("alter", {"write-read"}),
        ("delete", {"delete"}),
    ],
)
def test_storage_that_fails_leaves_nothing_where_it_can_delete(
    fail: str, expected: set[str]
) -> None:
    storage = FlakyStorage()
    storage.fail = frozenset({fail})
    results = probe_storage(storage)
    assert bad(results) == expected
    left = storage.keys()
    assert (left == []) == (fail != "delete")
    for key in left:
        (result,) = (result for result in results if result.code == "delete")
        assert key in result.hint


def test_interrupted_probe_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = InMemoryStorage()

    def interrupt(name: str, mode: str = "rb") -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(storage, "_open", interrupt)
    with pytest.raises(KeyboardInterrupt):
        probe_storage(storage)
    assert FlakyStorage.keys(storage) == []


# The bucket, on a server that really refuses


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(server: S3Server) -> S3DocumentStorage:
    return S3DocumentStorage(**server.new_bucket())


@pytest.fixture
def asking(server: S3Server, bucket: S3DocumentStorage, monkeypatch: Any) -> S3DocumentStorage:
    """A bucket whose user may ask for its settings. ministack does not know the status of a
    policy (it answers with a listing), so that one answer is put in its place."""
    server.allow(bucket.bucket_name, bucket.bucket_name, CHECK_POLICY)
    answers(bucket, monkeypatch, "get_bucket_policy_status", {"PolicyStatus": {"IsPublic": False}})
    return bucket


def answers(storage: S3DocumentStorage, monkeypatch: Any, method: str, answer: Any) -> None:
    def answering(**kwargs: Any) -> Any:
        assert kwargs == {"Bucket": storage.bucket_name}
        if isinstance(answer, str):
            status = {"HTTPStatusCode": 403 if answer == "AccessDenied" else 404}
            error = {"Error": {"Code": answer, "Message": answer}, "ResponseMetadata": status}
            raise ClientError(error, method)
        return answer

    monkeypatch.setattr(storage.connection.meta.client, method, answering)


def left(server: S3Server, storage: S3DocumentStorage) -> list[Any]:
    found: dict[str, Any] = server.client("s3").list_objects_v2(Bucket=storage.bucket_name)
    return found.get("Contents", [])


def open_to_all(server: S3Server, storage: S3DocumentStorage, *actions: str) -> None:
    name = storage.bucket_name
    client = server.client("s3")
    client.delete_public_access_block(Bucket=name)
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": list(actions),
        "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    client.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))


s3 = [pytest.mark.needs("ministack"), pytest.mark.once]


class TestBucket:
    pytestmark = s3

    def test_documented_policy_suffices_but_for_the_settings(
        self, server: S3Server, bucket: S3DocumentStorage
    ) -> None:
        results = probe_storage(bucket)
        assert bad(results) == set()
        assert unknown(results) == SETTINGS
        for result in results:
            if result.unknown:
                assert "AccessDenied" in result.message
                assert "s3-policy-check.json" in result.hint
        assert {result.code for result in results if result.ok} == {
            "write-read",
            "no-overwrite",
            "anonymous-read",
            "signed-read",
            "tampered",
            "anonymous-list",
            "delete",
        }
        assert left(server, bucket) == []

    def test_second_policy_lets_the_settings_be_asked(
        self, server: S3Server, asking: S3DocumentStorage
    ) -> None:
        results = probe_storage(asking)
        assert bad(results) == unknown(results) == set()
        assert {result.code for result in results if result.ok} >= SETTINGS

    def test_answer_that_says_nothing_is_unknown(
        self, server: S3Server, bucket: S3DocumentStorage
    ) -> None:
        """What ministack really answers to the question for a policy's status."""
        server.allow(bucket.bucket_name, bucket.bucket_name, CHECK_POLICY)
        assert unknown(probe_storage(bucket)) == {"bucket-policy"}

    @pytest.mark.parametrize(
        ("action", "expected"),
        [("s3:GetObject", "anonymous-read"), ("s3:ListBucket", "anonymous-list")],
    )
    def test_bucket_that_lets_everybody_in(
        self, server: S3Server, asking: S3DocumentStorage, action: str, expected: str
    ) -> None:
        open_to_all(server, asking, action)
        results = probe_storage(asking)
        assert bad(results) == {expected, "block-public-access"}
        assert left(server, asking) == []

    @pytest.mark.parametrize(
        "off", ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]
    )
    def test_each_setting_of_block_public_access_counts(
        self, server: S3Server, asking: S3DocumentStorage, off: str
    ) -> None:
        block = {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
            off: False,
        }
        server.client("s3").put_public_access_block(
            Bucket=asking.bucket_name, PublicAccessBlockConfiguration=block
        )
        assert bad(probe_storage(asking)) == {"block-public-access"}

    @pytest.mark.parametrize("how", ["deleted", "ObjectWriter", "BucketOwnerPreferred"])
    def test_bucket_that_takes_acls(
        self, server: S3Server, asking: S3DocumentStorage, how: str
    ) -> None:
        client = server.client("s3")
        if how == "deleted":
            client.delete_bucket_ownership_controls(Bucket=asking.bucket_name)
        else:
            client.put_bucket_ownership_controls(
                Bucket=asking.bucket_name,
                OwnershipControls={"Rules": [{"ObjectOwnership": how}]},
            )
        assert bad(probe_storage(asking)) == {"ownership"}

    @pytest.mark.parametrize(
        ("answer", "expected_bad", "expected_unknown"),
        [
            ({"PolicyStatus": {"IsPublic": True}}, {"bucket-policy"}, set()),
            ("NoSuchBucketPolicy", set(), set()),
            ("AccessDenied", set(), {"bucket-policy"}),
            ("MethodNotAllowed", set(), {"bucket-policy"}),
        ],
        ids=str,
    )
    def test_status_of_the_buckets_policy(
        self,
        asking: S3DocumentStorage,
        monkeypatch: pytest.MonkeyPatch,
        answer: Any,
        expected_bad: set[str],
        expected_unknown: set[str],
    ) -> None:
        answers(asking, monkeypatch, "get_bucket_policy_status", answer)
        results = probe_storage(asking)
        assert bad(results) == expected_bad
        assert unknown(results) == expected_unknown

    def test_server_that_does_not_know_conditional_writes(
        self, server: S3Server, asking: S3DocumentStorage
    ) -> None:
        def ignore(params: dict[str, Any], **kwargs: Any) -> None:
            params["headers"].pop("If-None-Match", None)

        asking.connection.meta.client.meta.events.register("before-call.s3.PutObject", ignore)
        assert bad(probe_storage(asking)) == {"no-overwrite"}
        assert left(server, asking) == []

    def test_missing_right_to_write(self, server: S3Server, bucket: S3DocumentStorage) -> None:
        server.client("iam").delete_user_policy(
            UserName=bucket.bucket_name, PolicyName="ReviewDocuments"
        )
        results = probe_storage(bucket)
        assert bad(results) == {"write-read", "delete"}
        assert unknown(results) == SETTINGS

    def test_missing_right_to_delete_names_what_is_left(
        self, server: S3Server, asking: S3DocumentStorage
    ) -> None:
        name = asking.bucket_name
        statement = {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        server.client("iam").put_user_policy(
            UserName=name, PolicyName="no", PolicyDocument=json.dumps(policy)
        )
        (result,) = (result for result in probe_storage(asking) if not result.ok)
        assert result.code == "delete"
        (entry,) = left(server, asking)
        assert entry["Key"] in result.hint

    def test_fault_in_the_middle_leaves_nothing(
        self, server: S3Server, asking: S3DocumentStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupt(*args: Any, **kwargs: Any) -> Any:
            raise KeyboardInterrupt

        monkeypatch.setattr(asking, "signed_url", interrupt)
        with pytest.raises(KeyboardInterrupt):
            probe_storage(asking)
        assert left(server, asking) == []

    def test_deploy_check_reports_the_bucket(
        self, server: S3Server, bucket: S3DocumentStorage, settings: Any
    ) -> None:
        options = server.new_bucket()
        settings.STORAGES = {
            **settings.STORAGES,
            "safeguarding": {
                "BACKEND": "wagtail_safeguarding.documents.storage.S3DocumentStorage",
                "OPTIONS": options,
            },
        }
        open_to_all(server, S3DocumentStorage(**options), "s3:GetObject")
        found = run_checks(tags=["wagtail_safeguarding"], include_deployment_checks=True)
        ids = [message.id.removeprefix("wagtail_safeguarding.") for message in found]
        assert ids == ["E009", "W008", "W008", "W008"]
        assert "anonymous-read" in found[0].msg


# Without a server


def test_server_that_is_not_there_is_said_once() -> None:
    bucket = S3DocumentStorage(
        bucket_name="reviews",
        endpoint_url="http://127.0.0.1:9",
        access_key="key",
        secret_key="secret",
        region_name="eu-west-2",
    )
    results = probe_storage(bucket)
    assert bad(results) == {"write-read"}
    assert unknown(results) == {"delete"}


@pytest.fixture(scope="module")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


class TestDistribution:
    """There is no CloudFront to test on: what its address answers is put in its place."""

    pytestmark = s3

    @pytest.fixture
    def probed(self, server: S3Server, pem: str, monkeypatch: pytest.MonkeyPatch) -> Any:
        bucket = S3DocumentStorage(
            **server.new_bucket(),
            custom_domain="files.example.org",
            cloudfront_key_id="K1",
            cloudfront_key=pem,
        )
        asked: list[str] = []

        def probe(answer: Any) -> tuple[list[ProbeResult], list[str]]:
            from wagtail_safeguarding.documents import probe as module

            fetch = module._Bucket.fetch

            def answering(self: Any, url: str) -> tuple[int, bytes]:
                if not url.startswith("https://files.example.org/"):
                    return fetch(self, url)
                asked.append(url)
                result: tuple[int, bytes] = answer(self, url)
                return result

            monkeypatch.setattr(module._Bucket, "fetch", answering)
            return probe_storage(bucket), asked

        return probe

    def test_distribution_that_asks_for_signatures(self, probed: Any) -> None:
        def answer(probe: Any, url: str) -> tuple[int, bytes]:
            good = url == signed[0] if (signed and "Signature=" in url) else "Signature=" in url
            if good and not signed:
                signed.append(url)
            return (200, probe.data) if good else (403, b"")

        signed: list[str] = []
        results, asked = probed(answer)
        assert bad(results) == set()
        assert {"anonymous-cdn", "anonymous-read", "signed-read", "tampered"} <= {
            result.code for result in results if result.ok
        }
        assert len(asked) == 3

    def test_distribution_with_a_public_behaviour(self, probed: Any) -> None:
        results, _ = probed(lambda probe, url: (200, probe.data))
        assert bad(results) == {"anonymous-cdn", "tampered"}

    def test_distribution_that_leads_elsewhere(self, probed: Any) -> None:
        results, _ = probed(lambda probe, url: (301, b""))
        assert bad(results) == {"signed-read"}
        assert {"anonymous-cdn", "tampered"} <= unknown(results)

    def test_distribution_that_is_not_there(self, probed: Any) -> None:
        def answer(probe: Any, url: str) -> tuple[int, bytes]:
            raise OSError("no such host")

        results, _ = probed(answer)
        assert bad(results) == {"signed-read"}
        assert {"anonymous-cdn", "tampered"} <= unknown(results)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x/k?X-Amz-Expires=60&X-Amz-Date=1", "https://x/k?X-Amz-Expires=660&X-Amz-Date=1"),
        ("https://x/k?a=b&Expires=100&Signature=1", "https://x/k?a=b&Expires=700&Signature=1"),
    ],
)
def test_tampering_changes_the_time_and_nothing_else(url: str, expected: str) -> None:
    assert longer(url) == expected
