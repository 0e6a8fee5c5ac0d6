"""Have an untrusted file read in a process of its own, and its answer back as typed JSON.

A parser may crash, hang or fill the memory with such a file. So it runs in a child process
with limits on time, memory and output, which is killed when it goes beyond them; whatever goes
wrong there is one :class:`ChildFailed` here.

A *worker* is a Python file with a function ``answer(file)``, which returns something that JSON
can hold. It is run by its path, outside of the site: it imports libraries, and of this package
what imports nothing of Django.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from pydantic import TypeAdapter, ValidationError

_MAIN = Path(__file__).with_name("child_main.py")

Answer = TypeVar("Answer")


class ChildFailed(Exception):
    """There is no answer: the file is damaged, or reading it went beyond a limit."""


@dataclass(frozen=True)
class Limits:
    """What a child may take: ``seconds`` (of the clock, and of the processor), ``memory``
    (bytes of address space) and ``output`` (bytes of its answer, and of any file it writes).
    Memory and output are limited on Unix only."""

    seconds: int
    memory: int
    output: int


def ask(
    worker: Path,
    file: IO[bytes],
    limits: Limits,
    answer: TypeAdapter[Answer],
    *,
    into: IO[bytes] | None = None,
) -> Answer:
    """What ``worker`` answers about the seekable ``file``, of the type that ``answer`` tells.

    A worker that makes another file of it writes that ``into`` an open file of the disk (its
    second argument); not on Windows. Raises :class:`ChildFailed`, and never anything else for a
    bad file.
    """
    try:
        return answer.validate_json(_run(worker, file, limits, into), strict=True)
    except subprocess.CalledProcessError as error:
        raise ChildFailed(f"{worker.name} ended with status {error.returncode}") from error
    except subprocess.TimeoutExpired as error:
        raise ChildFailed(f"{worker.name} took longer than {limits.seconds} s") from error
    except ValidationError as error:
        # Its own message would quote the file.
        raise ChildFailed(f"{worker.name} gave no answer of the kind expected") from error
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise ChildFailed(f"{worker.name} could not be run: {error}") from error


def _run(worker: Path, file: IO[bytes], limits: Limits, into: IO[bytes] | None) -> bytes:
    passed = () if into is None else (into.fileno(),)
    with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as said:
        # A copy, since the child shares the position in what it is given.
        file.seek(0)
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.seek(0)
        numbers = (limits.seconds, limits.memory, limits.output)
        # -P: the modules beside the script are not to be found under their short names.
        subprocess.run(
            [_python(), "-P", str(_MAIN), str(worker), *map(str, (*numbers, *passed))],
            pass_fds=passed,
            stdin=copy,
            stdout=said,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name == "PYTHONPATH"},
            timeout=limits.seconds,
            check=True,
        )
        length = said.seek(0, os.SEEK_END)
        said.seek(0)
        # Memory is taken for as much as is asked for.
        return said.read(min(length, limits.output + 1))


def _python() -> str:
    """The interpreter; inside of a server that embeds one, ``sys.executable`` is that server."""
    executable = Path(sys.executable or "")
    if "python" in executable.name.lower():
        return str(executable)
    return str(Path(sys.prefix) / "bin" / "python")
