"""A command waits for the libraries that it uses and for no others."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def loaded(module):
    """Top-level packages that importing a module brings, in a process of its own."""
    told = (
        f"import sys, {module}; print(*{{name.split('.')[0] for name in sys.modules}})"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, check=True, capture_output=True, text=True
    )  # fmt: skip
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "spared"),
    [
        ("flows.cli", {"polars", "prefect", "scrapy", "numba", "duckdb"}),
        ("flows.service.serving", {"numba", "duckdb", "requests", "prefect"}),
        ("flows.looking.explanation", {"scipy", "networkx", "numba", "prefect"}),
        ("models.score", {"lightgbm", "sklearn"}),
        ("flows.nightly", {"lightgbm", "sklearn", "scrapy"}),
    ],
)
def test_what_is_not_used_is_not_loaded(module, spared):
    assert not loaded(module) & spared
