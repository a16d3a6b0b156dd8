"""A Prefect API that several nights report to, as an operator would run one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from flows import home as home_module
from flows.nights import orchestrator


@contextmanager
def api(home: home_module.Home) -> Iterator[None]:
    """Have one for as long as the block runs; what it sets in the environment is gone afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*orchestrator.QUIET, "PREFECT_HOME"):
            patch.setenv(name, os.environ.get(name, ""))
            patch.delenv(name)
        with orchestrator.api(home) as await_api:
            await_api()
            yield
