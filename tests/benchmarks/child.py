"""How much memory a transfer takes: in a process of its own, that does nothing else.

    measure(options, source="temporary", size=200 * MIB)

runs this module in a child and gives the growth of its peak, in bytes, over what it used
after a transfer of one byte. Modules and connections are there by then; parts are not.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

MIB = 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]


def measure(options: dict[str, Any], *, source: str, size: int) -> dict[str, Any]:
    """Save ``size`` bytes from ``source`` and read them back.

    ``source`` is "temporary" (what Django's upload handler gives), "file" (an open file),
    "stream" (cannot seek), or "memory" (the whole file in memory: shows that this would
    be seen). Gives "upload", "read" (bytes), "same" (what was read is what was sent),
    "upload_seconds" and "read_seconds".
    """
    asked = json.dumps({"options": options, "source": source, "size": size})
    ended = subprocess.run(
        [sys.executable, "-m", __name__],
        input=asked,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        timeout=300,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    result: dict[str, Any] = json.loads(ended.stdout)
    return result


def peak() -> int:
    """The most memory this process has used, in bytes.

    Linux' ru_maxrss is not it: a child begins with that of the process which started it.
    """
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def piece(number: int) -> bytes:
    """One of the MiB that make up the content; no two are alike."""
    return hashlib.sha256(str(number).encode()).digest() * (MIB // 32)


def write_content(file: IO[bytes], size: int) -> None:
    for number in range(size // MIB):
        file.write(piece(number))
    file.flush()
    file.seek(0)


class Stream(io.RawIOBase):
    """The content without a file: it is made while it is read, and cannot seek."""

    def __init__(self, size: int) -> None:
        self.pieces = iter(range(size // MIB))
        self.rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        # The buffer counts in what is measured, so there is only one.
        data = bytearray(self.rest)
        while size < 0 or len(data) < size:
            number = next(self.pieces, None)
            if number is None:
                break
            data += piece(number)
        end = len(data) if size < 0 else size
        self.rest = bytes(data[end:])
        del data[end:]
        return bytes(data)


def open_source(source: str, size: int) -> Any:
    from django.core.files.uploadedfile import TemporaryUploadedFile

    if source == "stream":
        return Stream(size)
    if source == "temporary":
        file: Any = TemporaryUploadedFile("report.pdf", "application/pdf", size, None)
    elif source == "file":
        file = tempfile.TemporaryFile()  # noqa: SIM115 - given to the caller
    else:
        file = io.BytesIO()
    write_content(file, size)
    return file


def main() -> None:
    import django

    django.setup()

    from django.core.files import File

    from wagtail_safeguarding.documents.storage import S3DocumentStorage, new_storage_key

    asked = json.load(sys.stdin)
    size = asked["size"]
    storage = S3DocumentStorage(**asked["options"])

    small = storage.save(new_storage_key(), File(io.BytesIO(b"x")))
    with storage.open(small) as file:
        file.read()
    storage.delete(small)

    before = peak()
    with open_source(asked["source"], size) as source:
        begun = time.perf_counter()
        key = storage.save(new_storage_key(), File(source))
        upload_seconds = time.perf_counter() - begun
    upload = peak() - before

    begun = time.perf_counter()
    number = 0
    same = True
    with storage.open(key) as file:
        while data := file.read(MIB):
            same = same and data == piece(number)
            number += 1
    read_seconds = time.perf_counter() - begun
    storage.delete(key)
    print(
        json.dumps(
            {
                "upload": upload,
                "read": peak() - before,
                "same": same and number * MIB == size,
                "upload_seconds": upload_seconds,
                "read_seconds": read_seconds,
            }
        )
    )


if __name__ == "__main__":
    main()
