"""`make bench`: every benchmark, as a table and in .cache/bench.json.

A goal that is not met is printed as such; only a benchmark that breaks is a failure.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402

django.setup()

from tests.benchmarks import (  # noqa: E402
    download,
    inspection,
    names,
    pages_api,
    register_api,
    upload,
)
from tests.benchmarks.figures import table  # noqa: E402

BENCHMARKS = {
    "download": download.run,
    "inspection": inspection.run,
    "names": names.run,
    "pages_api": pages_api.run,
    "register_api": register_api.run,
    "upload": upload.run,
}


def main(wanted: list[str]) -> None:
    figures = [
        figure
        for name, run in BENCHMARKS.items()
        if not wanted or name in wanted
        for figure in run()
    ]
    print(table(figures))
    path = ROOT / ".cache" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([figure.as_dict() for figure in figures], indent=2) + "\n")


if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(BENCHMARKS)
    if unknown:
        sys.exit(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {list(BENCHMARKS)}")
    main(sys.argv[1:])
