"""`make test-fuzz`: mutants of the corpus for so many seconds of each kind, led by coverage.

`python -m tests.fuzz SECONDS [KIND ...]`. Every round is a process of its own, with limits. What is
found lies in .cache/fuzz/KIND/found as the file that did it, and what reached new lines in
.cache/fuzz/KIND/corpus, from which the next run goes on. Ends with 1 if anything was found.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.kinds import KINDS
from tests.inspection.corpus.kinds import cases
from tests.inspection.mutants import unpacked

_FOLDER = Path(".cache/fuzz")
_ROUND = 120
"""Seconds of a round: what libraries never give back is given back then."""
_ENOUGH = 5
"""Of a kind that many files are found, then the next one has its turn."""
_LARGEST = 100_000
_DONE = re.compile(r"^#(\d+)\s.*\bcov: (\d+)", re.MULTILINE)


def main(seconds: int, names: list[str]) -> int:
    found = []
    for name in names:
        found += fuzz(name, seconds)
    for path in found:
        print(f"found: {path}", file=sys.stderr)
    return 1 if found else 0


def fuzz(name: str, seconds: int) -> list[Path]:
    """The files that did what must not be."""
    seeds, corpus, found = (_FOLDER / name / folder for folder in ("seeds", "corpus", "found"))
    for folder in (seeds, corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    write_seeds(name, seeds)
    log = found / "last.log"
    known = {*found.iterdir(), log}
    new: list[Path] = []
    ends = time.monotonic() + seconds
    executions = lines = 0
    while (left := int(ends - time.monotonic())) > 0 and len(new) < _ENOUGH:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz.harness", name, str(corpus), str(seeds)),
                f"-max_total_time={min(left, _ROUND)}",
                f"-artifact_prefix={found}/",
                "-print_final_stats=1",
            ],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        counts = _DONE.findall(done.stderr)
        executions += int(counts[-1][0]) if counts else 0
        lines = max(lines, *(int(covered) for _, covered in counts)) if counts else lines
        if done.returncode:
            log.write_text(done.stderr[-20_000:])
            before, new = new, sorted(set(found.iterdir()) - known)
            if new and new == before:
                break  # the same file again: it stands in the way of all others
            if not new:
                print(done.stderr[-2_000:], file=sys.stderr)
                raise SystemExit(f"{name}: libFuzzer ended without a file that tells why")
    print(f"{name}: {executions} files, {lines} edges, {len(list(corpus.iterdir()))} kept")
    return new


def write_seeds(name: str, folder: Path) -> None:
    for case in cases(name):
        if len(case.data) > _LARGEST:
            continue
        (folder / case.name.replace("/", "-").replace(" ", "-")).write_bytes(case.data)
        if name == "pdf" and "password" not in case.name:
            plain = unpacked(case.data)
            (folder / f"{case.name.replace(' ', '-')}.unpacked").write_bytes(plain)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:] or list(KINDS)))
