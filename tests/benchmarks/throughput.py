"""Requests a second, by wrk where it is installed, over one connection.

Where it is not, a loop in Python sends them; that makes the quick answers look slower than they
are, and a pair more alike.
"""

from __future__ import annotations

import http.client
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

RUNS = 9
SECONDS = 1


@dataclass(frozen=True)
class Request:
    """What is asked of a server again and again."""

    port: int
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    status: int = 200

    def send(self) -> tuple[bytes, http.client.HTTPMessage]:
        """Ask once. RuntimeError: not the answer that is expected."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", self.path, headers=dict(self.headers))
        response = connection.getresponse()
        body = response.read()
        connection.close()
        if response.status != self.status:
            raise RuntimeError(f"{self.path}: {response.status}\n{body[:500]!r}")
        return body, response.headers

    def rate(self) -> float:
        """Answers a second."""
        return self._wrk() if shutil.which("wrk") else self._loop()

    def _wrk(self) -> float:
        headers = [part for pair in self.headers.items() for part in ("-H", "{}: {}".format(*pair))]
        url = f"http://127.0.0.1:{self.port}{self.path}"
        command = ["wrk", "-t1", "-c1", f"-d{SECONDS}s", *headers, url]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        if found is None or not float(found[1]):
            raise RuntimeError(f"wrk measured nothing:\n{said}")
        return float(found[1])

    def _loop(self) -> float:
        begun, count = time.perf_counter(), 0
        while time.perf_counter() - begun < SECONDS:
            self.send()
            count += 1
        return count / (time.perf_counter() - begun)


def against(ours: Request, plain: Request, *, runs: int = RUNS) -> float:
    """The rate of ``ours`` as a part of that of ``plain``, in turns: the median of the pairs."""
    ours.send()
    plain.send()
    pairs = []
    for number in range(runs):
        first, second = (ours, plain) if number % 2 else (plain, ours)
        rates = {first: first.rate(), second: second.rate()}
        pairs.append(rates[ours] / rates[plain])
    return median(pairs)


def slowest(request: Request, times: int = 20) -> float:
    """Seconds that 95 of 100 answers do not exceed."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        request.send()
        seconds.append(time.perf_counter() - begun)
    return sorted(seconds)[int(times * 0.95) - 1]
