"""A real S3 server for the tests: ministack, with signatures and access rules in force.

It refuses expired and tampered signatures, ACLs and what a policy does not allow, which
fakes do not. `make test` sets it up in an environment of its own (it pins a botocore).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

ROOT = Path(__file__).resolve().parent.parent
REGION = "eu-west-2"
START_SECONDS = 60

# The least a site needs; docs/storage.md shows it to integrators.
POLICY = json.loads((ROOT / "docs" / "s3-policy.json").read_text())


def find_ministack() -> Path | None:
    program = Path(os.environ.get("MINISTACK", ROOT / ".cache" / "ministack")) / "bin/ministack"
    return program if program.exists() else None


@dataclass(frozen=True)
class S3Server:
    """A running server; ``key`` and ``secret`` are those of its root user."""

    endpoint: str
    key: str = "test"
    secret: str = "test"

    def client(self, service: str, key: str = "", secret: str = "") -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            aws_access_key_id=key or self.key,
            aws_secret_access_key=secret or self.secret,
            region_name=REGION,
        )

    def add_bucket(self, name: str) -> None:
        self.client("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    def add_user(self, name: str, bucket: str) -> tuple[str, str]:
        """A user with exactly the documented policy on ``bucket``; its key and secret."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        document = json.dumps(POLICY).replace("BUCKET", bucket)
        iam.put_user_policy(UserName=name, PolicyName="documents", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A server on 127.0.0.1 and a port of its own, ended on leaving."""
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
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(
                [str(program)], cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            _wait(process, port, Path(folder) / "log")
            yield S3Server(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait(timeout=30)


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
