"""Try the storage of review documents for real: it keeps what it is given, and to itself.

A file of random bytes is written under a new key, asked for in every way that must work
and in every way that must not, and deleted. ``manage.py check --deploy`` and
``manage.py documents check-storage`` show the results.
"""

from __future__ import annotations

import io
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.httpsession import URLLib3Session
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from .exposure import bucket_exposure, folder_exposure, open_to_others
from .storage import PrivateFolderStorage, S3DocumentStorage, new_storage_key

SIZE = 1024
MEDIA_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """``unknown``: it could not be tried, so it is not ``ok`` either."""

    code: str
    ok: bool
    message: str
    hint: str = ""
    unknown: bool = False


def probe_storage(storage: Storage, *, timeout: int = 10) -> list[ProbeResult]:
    """Everything that was tried, in order. Raises nothing, and leaves nothing behind.

    ``timeout``: seconds for each request of an anonymous reader; the storage's own requests
    have those of its ``client_config``.
    """
    if isinstance(storage, S3DocumentStorage):
        return list(_Bucket(storage, timeout).results())
    probe = _Folder(storage) if isinstance(storage, FileSystemStorage) else _Storage(storage)
    results = list(probe.results())
    if not isinstance(storage, PrivateFolderStorage):
        results.append(
            not_tried(
                "storage-type",
                f"Whether a {type(storage).__name__} is private cannot be told.",
                "Use PrivateFolderStorage or S3DocumentStorage of this package.",
            )
        )
    return results


class _Storage:
    """What holds for any storage: it gives back what it got, once, and deletes it."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage
        self.key = new_storage_key()
        self.stored = {self.key}
        self.data = secrets.token_bytes(SIZE)

    def results(self) -> Iterator[ProbeResult]:
        results = []
        try:
            written = self.round_trip()
            results.append(written)
            if written.ok:
                results += self.while_stored()
        finally:
            results.append(self.delete())
        yield from results

    def while_stored(self) -> Iterator[ProbeResult]:
        yield self.overwrite()

    def round_trip(self) -> ProbeResult:
        code = "write-read"
        try:
            self.storage.save(self.key, File(io.BytesIO(self.data)))
            with self.storage.open(self.key, "rb") as file:
                same = file.read() == self.data
        except Exception as error:
            return failed(
                code,
                f"A file cannot be written and read: {first_line(error)}",
                "Give the site's user the rights that docs/storage.md names.",
            )
        if not same:
            return failed(code, "What is read is not what was written.", "Mend the storage first.")
        return ProbeResult(code, True, "A file is written and read back byte for byte.")

    def overwrite(self) -> ProbeResult:
        code = "no-overwrite"
        try:
            with suppress(SuspiciousFileOperation, FileExistsError):
                self.write_again()
            with self.storage.open(self.key, "rb") as file:
                same = file.read() == self.data
        except Exception as error:
            return not_tried(code, f"Overwriting could not be tried: {first_line(error)}")
        if not same:
            return failed(
                code,
                "A file that is stored can be overwritten.",
                "Use a storage that refuses: an S3 server has to know conditional writes "
                "(If-None-Match).",
            )
        return ProbeResult(code, True, "A file that is stored is not overwritten.")

    def write_again(self) -> None:
        # Other storages choose another name then.
        self.stored.add(self.storage.save(self.key, File(io.BytesIO(b"overwritten"))))

    def delete(self) -> ProbeResult:
        code = "delete"
        for key in sorted(self.stored):
            try:
                self.storage.delete(key)
                gone = not self.storage.exists(key)
            except Exception as error:
                return failed(
                    code,
                    f"A file cannot be deleted: {first_line(error)}",
                    f"Give the site's user the right to delete; then delete {self.left_over()}.",
                )
            if not gone:
                return failed(
                    code, "A file is there after it was deleted.", f"Delete {self.left_over()}."
                )
        return ProbeResult(code, True, "A file is deleted.")

    def left_over(self) -> str:
        return "what this check wrote: " + ", ".join(sorted(self.stored))


class _Folder(_Storage):
    def results(self) -> Iterator[ProbeResult]:
        # Folders made for the test go as well: they belong to whoever runs it, and that
        # may not be the user of the server.
        path = Path(self.storage.path(self.key))
        made = [folder for folder in path.parents if not folder.exists()]
        try:
            yield from list(super().results())
            yield self.place()
        finally:
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()

    def while_stored(self) -> Iterator[ProbeResult]:
        yield self.overwrite()
        yield self.permissions()

    def permissions(self) -> ProbeResult:
        code = "permissions"
        path = Path(self.storage.path(self.key))
        known = isinstance(self.storage, PrivateFolderStorage)
        granted = self.storage.file_permissions_mode if known else 0
        try:
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            return not_tried(code, f"The permissions cannot be read: {first_line(error)}")
        if mode & 0o077 & ~granted or open_to_others(self.storage):
            return failed(
                code,
                "Other users of the server can read review documents.",
                f"Take their rights away: chmod -R go-rwx {self.storage.location}",
            )
        return ProbeResult(code, True, "Other users of the server cannot read the files.")

    def place(self) -> ProbeResult:
        exposure = folder_exposure(Path(self.storage.location))
        if exposure:
            return failed(exposure.kind, exposure.message, exposure.hint)
        return ProbeResult("place", True, "The folder lies outside of the site's public folders.")


class _Bucket(_Storage):
    unreachable = False

    def __init__(self, storage: Any, timeout: int) -> None:
        super().__init__(storage)
        # botocore's own sender: same proxies, same certificates, and no redirect is followed.
        self.anybody = URLLib3Session(
            verify=True if storage.verify is None else storage.verify,
            proxies=storage.client_config.proxies,
            timeout=timeout,
        )

    @property
    def client(self) -> Any:
        return self.storage.connection.meta.client

    def results(self) -> Iterator[ProbeResult]:
        results = list(super().results())
        yield from results
        exposure = bucket_exposure(self.storage.bucket_name)
        if exposure:
            yield failed(exposure.kind, exposure.message, exposure.hint)
        if self.unreachable:
            return  # each further question would wait as long again
        yield self.anonymous_listing()
        yield self.public_access_block()
        yield self.ownership()
        yield self.policy_status()

    def round_trip(self) -> ProbeResult:
        result = super().round_trip()
        if not result.ok:
            try:
                self.client.head_bucket(Bucket=self.storage.bucket_name)
            except BotoCoreError:
                self.unreachable = True
            except ClientError:
                pass  # it answers
        return result

    def delete(self) -> ProbeResult:
        if self.unreachable:
            return not_tried("delete", "Deleting could not be tried.")
        return super().delete()

    def while_stored(self) -> Iterator[ProbeResult]:
        yield self.refusal(
            "anonymous-read",
            "reading a file without a signature",
            self.signed(direct=True).partition("?")[0],
            "Turn on Block Public Access and delete a bucket policy that lets everybody read.",
        )
        if self.storage.custom_domain:
            yield self.refusal(
                "anonymous-cdn",
                f"reading a file of {self.storage.custom_domain} without a signature",
                self.signed().partition("?")[0],
                "Restrict viewer access of every behaviour to a trusted key group.",
            )
        yield self.signed_read()
        yield self.refusal(
            "tampered",
            "reading with a signature for another time",
            longer(self.signed()),
            "Restrict viewer access of every behaviour to a trusted key group."
            if self.storage.custom_domain
            else "Use an S3 server that checks signatures.",
        )
        yield self.overwrite()

    def write_again(self) -> None:
        # Not storage.save(), which asks before it writes: here the server has to refuse.
        try:
            self.client.put_object(
                Bucket=self.storage.bucket_name,
                Key=self.storage._normalize_name(self.key),
                Body=b"overwritten",
                **self.storage._get_write_parameters(self.key),
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] not in {403, 409, 412}:
                raise

    def signed(self, *, direct: bool = False) -> str:
        if direct:
            return str(
                self.client.generate_presigned_url(
                    "get_object",
                    Params={
                        "Bucket": self.storage.bucket_name,
                        "Key": self.storage._normalize_name(self.key),
                    },
                )
            )
        return str(
            self.storage.signed_url(
                self.key, seconds=60, media_type=MEDIA_TYPE, disposition="attachment"
            )
        )

    def fetch(self, url: str) -> tuple[int, bytes]:
        """Status and body of what anybody gets. Only for addresses of the storage's making."""
        answer = self.anybody.send(AWSRequest("GET", url).prepare())
        return answer.status_code, answer.content

    def refusal(self, code: str, deed: str, url: str, hint: str) -> ProbeResult:
        """``deed``, as a noun, is refused to whoever asks for ``url``."""
        try:
            status, body = self.fetch(url)
        except Exception as error:
            return not_tried(code, f"Whether {deed} is refused is unknown: {first_line(error)}")
        if status in {401, 403}:
            return ProbeResult(code, True, f"Refused: {deed}.")
        if status < 300 or self.data in body:
            return failed(code, f"Not refused: {deed}.", hint)
        return not_tried(code, f"Whether {deed} is refused is unknown: the answer was {status}.")

    def signed_read(self) -> ProbeResult:
        code = "signed-read"
        try:
            status, body = self.fetch(self.signed())
        except Exception as error:
            return failed(
                code,
                f"A signed URL cannot be read: {first_line(error)}",
                "Readers are redirected there: the address must be reachable.",
            )
        if status != 200 or body != self.data:
            return failed(
                code,
                f"A signed URL does not give the file: the answer was {status}.",
                "Compare the clocks, and with CloudFront see docs/storage.md for what it needs.",
            )
        return ProbeResult(code, True, "A signed URL gives the file.")

    def anonymous_listing(self) -> ProbeResult:
        url = self.client.generate_presigned_url(
            "list_objects_v2", Params={"Bucket": self.storage.bucket_name}
        )
        return self.refusal(
            "anonymous-list",
            "listing the bucket without a signature",
            url.partition("?")[0] + "?list-type=2",
            "Turn on Block Public Access and delete a bucket policy that lets everybody list.",
        )

    def public_access_block(self) -> ProbeResult:
        hint = "Turn on all four settings of Block Public Access for the bucket."

        def judge(found: dict[str, Any]) -> bool:
            block = found["PublicAccessBlockConfiguration"]
            return all(
                block[name]
                for name in (
                    "BlockPublicAcls",
                    "IgnorePublicAcls",
                    "BlockPublicPolicy",
                    "RestrictPublicBuckets",
                )
            )

        return self.setting(
            "block-public-access",
            "Block Public Access",
            lambda: self.client.get_public_access_block(Bucket=self.storage.bucket_name),
            judge,
            hint,
            if_missing="NoSuchPublicAccessBlockConfiguration",
            missing_is_ok=False,
        )

    def ownership(self) -> ProbeResult:
        return self.setting(
            "ownership",
            "Bucket owner enforced (no ACLs)",
            lambda: self.client.get_bucket_ownership_controls(Bucket=self.storage.bucket_name),
            lambda found: all(
                rule["ObjectOwnership"] == "BucketOwnerEnforced"
                for rule in found["OwnershipControls"]["Rules"]
            ),
            "Set Object Ownership of the bucket to 'Bucket owner enforced'.",
            if_missing="OwnershipControlsNotFoundError",
            missing_is_ok=False,
        )

    def policy_status(self) -> ProbeResult:
        return self.setting(
            "bucket-policy",
            "A bucket policy that is not public",
            lambda: self.client.get_bucket_policy_status(Bucket=self.storage.bucket_name),
            lambda found: not found["PolicyStatus"]["IsPublic"],
            "Delete what lets everybody in from the bucket's policy.",
            if_missing="NoSuchBucketPolicy",
            missing_is_ok=True,
        )

    def setting(
        self,
        code: str,
        name: str,
        ask: Callable[[], dict[str, Any]],
        judge: Callable[[dict[str, Any]], bool],
        hint: str,
        *,
        if_missing: str,
        missing_is_ok: bool,
    ) -> ProbeResult:
        """One setting of the bucket, which the site's user need not have the right to ask."""
        try:
            ok = judge(ask())
        except ClientError as error:
            if error.response["Error"]["Code"] != if_missing:
                return not_tried(
                    code,
                    f"{name}: the server does not tell. {first_line(error)}",
                    "For this check give the user the rights of docs/s3-policy-check.json, or "
                    "look at the bucket's settings yourself.",
                )
            ok = missing_is_ok
        except (BotoCoreError, KeyError, TypeError) as error:
            return not_tried(
                code,
                f"{name}: the server's answer says nothing of it ({type(error).__name__}).",
                "Look at the bucket's settings yourself.",
            )
        if ok:
            return ProbeResult(code, True, f"{name}: yes.")
        return failed(code, f"{name}: no.", hint)


def failed(code: str, message: str, hint: str) -> ProbeResult:
    return ProbeResult(code, False, message, hint)


def not_tried(code: str, message: str, hint: str = "Try again, or look yourself.") -> ProbeResult:
    return ProbeResult(code, False, message, hint, unknown=True)


def longer(url: str) -> str:
    """The signed URL with a later end, for which it has not been signed."""
    return re.sub(
        r"([?&](?:X-Amz-Expires|Expires)=)(\d+)",
        lambda found: f"{found[1]}{int(found[2]) + 600}",
        url,
    )


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
