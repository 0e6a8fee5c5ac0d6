"""Where the sample page is, for the tests that read the real thing."""

from __future__ import annotations

from pathlib import Path

import pytest

SEED = Path(__file__).resolve().parents[3] / "shared" / "seed" / "000_5dee9fee2887c513.txt"


def seed_path() -> Path:
    if not SEED.exists():
        pytest.skip("the sample page ../shared/seed is not beside this checkout")
    return SEED
