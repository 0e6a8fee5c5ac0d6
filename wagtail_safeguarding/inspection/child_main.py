"""Runs one worker under limits and prints its answer as JSON; started by ``child`` only.

Arguments: the worker's path, seconds of processor time, bytes of memory, bytes of output, and the
number of the open file that it writes into, if there is one. Standard input is the file.
"""

import json
import os
import runpy
import sys
from pathlib import Path


def main() -> None:
    path = sys.argv[1]
    seconds, memory, output, *into = (int(argument) for argument in sys.argv[2:])
    try:
        import resource
    except ImportError:  # not on Windows, where only the time is limited, from outside
        pass
    else:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Workers share modules of this package, of the very copy that started them.
    sys.path.insert(0, str(Path(__file__).parents[2]))
    # What a library prints is not part of the answer.
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    worker = runpy.run_path(path)["answer"]
    if into:
        with open(into[0], "r+b") as made:
            answer = worker(sys.stdin.buffer, made)
    else:
        answer = worker(sys.stdin.buffer)
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    with open(answers, "wb") as out:
        # Half a character (a lone surrogate) cannot be written.
        out.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
