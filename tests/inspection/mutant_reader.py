"""One process that reads many mutants with the real workers; its death is told, and by which.

As a script it is that process: limited as the real child is, it reads lengths and files from its
standard input and answers each with a line of JSON.
"""

from __future__ import annotations

import io
import json
import resource
import runpy
import signal
import struct
import subprocess
import sys
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, cast
from unittest import mock

import pikepdf
import pypdfium2
from PIL import Image
from pydantic import TypeAdapter

from wagtail_safeguarding.inspection import inside
from wagtail_safeguarding.inspection.child import ChildFailed, Limits
from wagtail_safeguarding.inspection.inspect import inspect_file
from wagtail_safeguarding.inspection.media_types import KNOWN, PDF, sniff
from wagtail_safeguarding.inspection.report import Severity

SECONDS = 20
"""Of the processor, for one mutant."""
_HEAD = struct.Struct(">L")


@dataclass(frozen=True)
class Answer:
    """What an inspection came to."""

    blockers: list[str]
    """The codes that block; "died" where the process did."""
    refused: str = ""
    """The name of the exception for which the worker gave no answer, and where it was raised."""
    died: int = 0
    """The signal that ended the process."""
    opens: bool = False
    """Whether others can open the file."""


class MutantReader:
    """Starts the process, and another one when it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes) -> Answer:
        """Raises where the inspection itself raised."""
        process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(_HEAD.pack(len(data)) + data)
        process.stdin.flush()
        line = process.stdout.readline()
        if line:
            found = json.loads(line)
            if isinstance(found, str):
                raise AssertionError(found)
            return Answer(**found)
        self._process = None
        return Answer(["died"], died=-process.wait())

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.inspection.mutant_reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
        )
        return self._process

    def close(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait()
            self._process = None


def opens(data: bytes, media_type: str) -> bool:
    """A second look, by others than the worker: whether the file can be opened and is whole."""
    if media_type == PDF:
        return _pdf_opens(data)
    if media_type.startswith("image/"):
        return _picture_opens(data)
    if media_type.startswith("application/"):
        return _zip_opens(data)
    return True  # of recordings there is no other reader here


def _pdf_opens(data: bytes) -> bool:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            count = len(pdf.pages)
            for page in pdf.pages:
                content = page.obj.get("/Contents")
                for part in content if isinstance(content, pikepdf.Array) else [content]:
                    if isinstance(part, pikepdf.Stream):
                        part.read_bytes()
        shown = pypdfium2.PdfDocument(data)
        try:
            for number in range(len(shown)):
                shown[number].close()
            return count == len(shown) > 0
        finally:
            shown.close()
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, RuntimeError):
        return False


def _picture_opens(data: bytes) -> bool:
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            image.load()
    except Exception:  # of many kinds; that there is one is the answer
        return False
    return True


def _zip_opens(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return file.testzip() is None
    except Exception:
        return False


@cache
def answer_of(worker: Path) -> Callable[[IO[bytes]], Any]:
    return cast(Callable[[IO[bytes]], Any], runpy.run_path(str(worker))["answer"])


class InProcess:
    """In the place of ``child.ask``: the worker is asked in this process."""

    def __init__(self) -> None:
        self.refused = ""

    def ask(self, worker: Path, file: IO[bytes], limits: Limits, answer: TypeAdapter[Any]) -> Any:
        file.seek(0)
        try:
            said = json.dumps(answer_of(worker)(file), ensure_ascii=False, allow_nan=False)
            return answer.validate_json(said.encode("utf-8", "replace"), strict=True)
        except Exception as error:  # as the child ends for each of them
            self.refused = f"{type(error).__name__} at {_place(error)}"
            raise ChildFailed(self.refused) from error


def inspected(data: bytes) -> Answer:
    """What :func:`inspect_file` says, with the worker in this process. Raises if it does."""
    here = InProcess()
    media_type = sniff(io.BytesIO(data))
    known = KNOWN.get(media_type)
    name = f"report.{known.extensions[0]}" if known else "report"
    with mock.patch.object(inside, "ask", here.ask):
        report = inspect_file(io.BytesIO(data), name, max_bytes=len(data) + 1)
    blockers = {one.code for one in report.findings if one.severity is Severity.BLOCKER}
    if report.looked_inside:
        blockers.discard("type-refused")
    return Answer(sorted(blockers), here.refused, opens=opens(data, media_type))


def _place(error: BaseException) -> str:
    place = ""
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "inspection" in file.parts and "wagtail_safeguarding" in file.parts:
            place = f"{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (inside.LIMITS.memory, inside.LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    given, out = sys.stdin.buffer, sys.stdout.buffer
    while head := given.read(_HEAD.size):
        data = given.read(*_HEAD.unpack(head))
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        found: object
        try:
            found = vars(inspected(data))
        except Exception:
            found = traceback.format_exc()
        signal.setitimer(signal.ITIMER_PROF, 0)
        out.write(json.dumps(found).encode() + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
