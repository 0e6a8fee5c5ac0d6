"""One kind of files for libFuzzer: `python -m tests.fuzz.harness KIND FOLDERS... -OPTIONS...`.

Ended by what must not be: an inspection that raises, takes more memory than it may have, or passes
what nobody can open. Crashes and hangs libFuzzer sees by itself; it saves the file of each of them.
"""

from __future__ import annotations

import logging
import random
import resource
import sys

import atheris

with atheris.instrument_imports(include=["wagtail_safeguarding"]):
    from tests.fuzz.kinds import KINDS
    from tests.inspection import mutant_reader
    from tests.inspection.mutants import within
    from wagtail_safeguarding.inspection import inside

_LONGEST = 128 * 1024


def _inspect(data: bytes) -> None:
    if not data:
        return
    answer = mutant_reader.inspected(data)
    assert "MemoryError" not in answer.refused, answer.refused
    assert answer.opens or answer.blockers, "nobody can open it, and it passed"


def _mutate(data: bytes, longest: int, seed: int) -> bytes:
    """As libFuzzer does it: half of the time in what is packed inside of the file."""
    chosen = random.Random(seed)
    if chosen.random() < 0.5:

        def change(inner: bytes) -> bytes:
            return bytes(atheris.Mutate(inner, max(64, 2 * len(inner)))) if inner else inner

        changed = within(data, chosen.random(), change)
        if len(changed) <= longest:
            return changed
    return bytes(atheris.Mutate(data, longest))


def main() -> None:
    worker = KINDS[sys.argv[1]]
    logging.disable()
    with atheris.instrument_imports(include=["wagtail_safeguarding"]):
        mutant_reader.answer_of(worker)
    resource.setrlimit(resource.RLIMIT_AS, (inside.LIMITS.memory, inside.LIMITS.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    options = [f"-max_len={_LONGEST}", "-timeout=60", f"-rss_limit_mb={inside.LIMITS.memory >> 20}"]
    atheris.Setup([sys.argv[0], *options, *sys.argv[2:]], _inspect, custom_mutator=_mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
