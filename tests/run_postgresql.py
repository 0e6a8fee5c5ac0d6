"""Run the suite on a PostgreSQL server that is started for it: `python -m tests.run_postgresql`.

Arguments go to pytest. Where PostgreSQL is missing the pass is skipped with one line, or
fails with REQUIRE_ALL=1.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from tests.services import missing, postgresql_server


def main(pytest_args: list[str]) -> int:
    reason = missing("postgresql")
    if reason:
        required = os.environ.get("REQUIRE_ALL") == "1"
        print(f"{'FAILED' if required else 'SKIPPED'} PostgreSQL pass: {reason}", flush=True)
        return int(required)
    # A terminated run leaves through the `with`, which removes the server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Django makes test databases beside this one; it is there for what a test starts itself.
    with postgresql_server() as server, server.new_database() as url:
        print(f"PostgreSQL pass on {server.host}:{server.port}", flush=True)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "not once", *pytest_args],
            env={**os.environ, "DATABASE_URL": url},
            check=False,
        ).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
