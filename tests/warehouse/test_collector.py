from __future__ import annotations

import gc

import pytest

from warehouse import collector


@pytest.mark.parametrize("was_on", [True, False])
def test_no_cycles_are_looked_for_inside_and_after_it_all_is_as_before(was_on):
    before = gc.isenabled()
    try:
        (gc.enable if was_on else gc.disable)()
        with collector.paused():
            assert not gc.isenabled()
        assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()
