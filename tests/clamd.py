"""A ClamAV daemon of our own, with signatures of our own, and one that misbehaves."""

from __future__ import annotations

import os
import shutil
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.services import find_program, missing

# In two pieces, so that no scanner takes this file for malware.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every virus scanner is tested with; harmless."""

LARGEST = 1024 * 1024
"""What our daemon takes, in bytes (its StreamMaxLength)."""

START_SECONDS = 60


@contextmanager
def clamd() -> Iterator[tuple[str, str]]:
    """Its addresses, on a socket of the file system and on TCP. RuntimeError: it does not start."""
    program = find_program("clamd")
    if program is None:
        raise RuntimeError(missing("clamd"))
    folder = Path(tempfile.mkdtemp(prefix="safeguarding-clamd-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    path = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder}\nLocalSocket {path}\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"StreamMaxLength {LARGEST}\nForeground yes\nLogFile {folder}/log\nPidFile {folder}/pid\n"
        "MaxThreads 2\n"
    )
    process = subprocess.Popen(
        [program, "--config-file", str(folder / "clamd.conf")],
        env={"PATH": os.environ.get("PATH", os.defpath)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + START_SECONDS
        while not _answers(path):
            if process.poll() is not None or time.monotonic() > end:
                log = folder / "log"
                raise RuntimeError(
                    f"clamd did not start: {log.read_text() if log.exists() else ''}"
                )
            time.sleep(0.1)
        yield f"unix:{path}", f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
            connection.sendall(b"zPING\0")
            return connection.recv(5) == b"PONG\0"
        except OSError:
            return False


Behaviour = Callable[[socket.socket], None]


@contextmanager
def fake_clamd(behave: Behaviour) -> Iterator[str]:
    """The address of a server that does this with each connection and then closes it."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            behave(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """The other side has gone, as it should."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def read_stream(connection: socket.socket) -> bytes:
    """All that is sent with INSTREAM."""
    with connection.makefile("rb") as sent:
        assert sent.read(10) == b"zINSTREAM\0"
        said = b""
        while length := struct.unpack(">I", sent.read(4))[0]:
            said += sent.read(length)
        return said


def reset(connection: socket.socket) -> None:
    """Close the connection so that what is on its way is thrown away."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
