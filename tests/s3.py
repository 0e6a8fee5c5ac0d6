"""A real S3 server for the tests: ministack, with signatures and access rules in force.

It refuses expired and tampered signatures, ACLs and what a policy does not allow, which
fakes do not. `make test` sets it up in an environment of its own (it pins a botocore).
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ROOT = Path(__file__).resolve().parent.parent
REGION = "eu-west-2"
START_SECONDS = 60

# What docs/storage.md gives to integrators: the least a site needs, and what the check of
# the storage asks besides.
POLICY = (ROOT / "docs" / "s3-policy.json").read_text()
CHECK_POLICY = (ROOT / "docs" / "s3-policy-check.json").read_text()


def find_ministack() -> Path | None:
    program = Path(os.environ.get("MINISTACK", ROOT / ".cache" / "ministack")) / "bin/ministack"
    return program if program.exists() else None


@dataclass(frozen=True)
class S3Server:
    """A running server; ``key`` and ``secret`` are those of its root user."""

    endpoint: str
    key: str = "test"
    secret: str = "test"
    certificate: str | None = None

    def client(self, service: str, key: str = "", secret: str = "") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            aws_access_key_id=key or self.key,
            aws_secret_access_key=secret or self.secret,
            region_name=REGION,
            verify=self.certificate,
        )

    def add_bucket(self, name: str) -> None:
        self.client("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def add_user(self, name: str, bucket: str) -> tuple[str, str]:
        """A user with exactly the documented policy on ``bucket``; its key and secret."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        self.allow(name, bucket, POLICY)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def allow(self, user: str, bucket: str, policy: str) -> None:
        self.client("iam").put_user_policy(
            UserName=user,
            PolicyName=json.loads(policy)["Statement"][0]["Sid"],
            PolicyDocument=policy.replace("BUCKET", bucket),
        )

    def new_bucket(self) -> dict[str, Any]:
        """A bucket and its user, as OPTIONS of ``S3DocumentStorage``; both have one name."""
        name = f"documents-{secrets.token_hex(6)}"
        self.add_bucket(name)
        key, secret = self.add_user(name, name)
        return {
            "bucket_name": name,
            "endpoint_url": self.endpoint,
            "access_key": key,
            "secret_key": secret,
            "region_name": REGION,
            "verify": self.certificate,
        }


@contextmanager
def s3_server(*, tls: bool = False) -> Iterator[S3Server]:
    """A server on 127.0.0.1 and a port of its own, ended on leaving.

    With ``tls`` as S3 is used: over https, with a certificate that is checked.
    """
    program = find_ministack()
    if program is None:
        raise RuntimeError("ministack not found")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="safeguarding-s3-") as folder:
        env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": folder,
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "SERVICES": "s3,iam,sts",
        }
        certificate = None
        if tls:
            certificate = str(_write_certificate(Path(folder)))
            env |= {
                "USE_SSL": "1",
                "MINISTACK_SSL_CERT": certificate,
                "MINISTACK_SSL_KEY": certificate,
            }
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(
                [str(program)], cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            _wait(process, port, Path(folder) / "log")
            scheme = "https" if tls else "http"
            yield S3Server(f"{scheme}://127.0.0.1:{port}", certificate=certificate)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:  # it waits for connections that are open
                process.kill()
                process.wait(timeout=10)


def _write_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    return path


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(START_SECONDS * 10):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"ministack did not start:\n{log.read_text()}")
