"""A proxy in front of the S3 server that loses requests and replies on purpose.

It speaks HTTP/1.1, forwards each request as it came (signatures stay valid), and asks its
faults first. Requests and replies are held in memory: it is made for small files.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Fault(StrEnum):
    BEFORE = "the request is lost"
    AFTER = "the request arrives and its reply is lost"
    HALF = "half of the reply arrives"
    STALL = "nobody answers"
    STALL_AFTER = "the request arrives and nobody answers"


class FaultyProxy:
    """``fail()`` names the method that breaks, and how often; the first few may pass."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.endpoint = ""
        self.seen: list[str] = []
        self.released = threading.Event()
        self._faults: list[tuple[str, Fault, int, int]] = []

    def fail(self, method: str, fault: Fault, *, times: int = 1000, after: int = 0) -> None:
        self._faults.append((method, fault, after, times))

    def heal(self) -> None:
        self._faults.clear()

    def fault_of(self, method: str) -> Fault | None:
        self.seen.append(method)
        for number, (wanted, fault, after, times) in enumerate(self._faults):
            if wanted != method:
                continue
            if after:
                self._faults[number] = (wanted, fault, after - 1, times)
                return None
            if times:
                self._faults[number] = (wanted, fault, 0, times - 1)
                return fault
        return None


@contextmanager
def faulty_proxy(upstream: str) -> Iterator[FaultyProxy]:
    proxy = FaultyProxy(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.fault_of(self.command)
            if fault in {Fault.BEFORE, Fault.STALL}:
                return self.hang_up(fault)
            connection = http.client.HTTPConnection(proxy.upstream, timeout=30)
            try:
                connection.putrequest(
                    self.command, self.path, skip_host=True, skip_accept_encoding=True
                )
                for name, value in self.headers.items():
                    if name.lower() != "expect":
                        connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                data = answer.read()
            finally:
                connection.close()
            if fault in {Fault.AFTER, Fault.STALL_AFTER}:
                return self.hang_up(fault)
            self.send_response_only(answer.status, answer.reason)
            left_out = {"connection", "transfer-encoding"}
            chunked = answer.headers.get("Transfer-Encoding")
            for name, value in answer.headers.items():
                if name.lower() not in left_out:
                    self.send_header(name, value)
            if chunked:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if fault is Fault.HALF else data)
            return self.hang_up(fault) if fault else None

        def hang_up(self, fault: Fault) -> None:
            if fault in {Fault.STALL, Fault.STALL_AFTER}:
                proxy.released.wait(60)
            self.close_connection = True

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handle_any

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        proxy.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.released.set()
            server.shutdown()
            thread.join()
