"""Compiled loops do what their Python text does."""

import numpy as np

from features import signals
from features.engine import native
from features.matching import sentences
from features.speech import cues


def test_a_compiled_function_answers_as_its_text():
    @native.compiled
    def total(values):
        found = 0
        for value in values:
            found += value
        return found

    values = np.arange(10)
    assert total(values) == total.py_func(values) == 45


def test_where_nothing_can_be_kept_it_compiles_all_the_same():
    # A function of no file has no place beside it.
    made = {}
    exec(compile("def twice(value):\n    return 2 * value", "<nowhere>", "exec"), made)
    assert native.compiled(made["twice"])(4) == 8


def test_functions_of_one_module_call_each_other_and_wait_until_one_is_called():
    text = "@compiled\ndef twice(value):\n    return 2 * value\n\n@compiled\ndef thrice(value):\n    return twice(value) + value\n"
    module = {"compiled": native.compiled}
    exec(compile(text, "<nowhere>", "exec"), module)
    held = module["thrice"]
    assert isinstance(module["twice"], native._Waiting)
    assert held(5) == 15
    assert not any(isinstance(one, native._Waiting) for one in module.values())
    # Whoever took hold of it before it was called may go on with that.
    assert held(5) == module["thrice"](5) == held.py_func(5) == 15


def test_sentences_are_those_of_the_text_of_the_loop():
    points = np.array([ord(one) for one in "一1)二。。三12)\n四"], dtype=np.uint32)
    kinds = np.isin(points, [ord("。"), ord("\n")]).astype(np.uint8)
    fast = sentences._sentences(kinds, points)
    slow = sentences._sentences.py_func(kinds, points)
    assert [one.tolist() for one in fast] == [one.tolist() for one in slow]
    assert fast[0].tolist() == [0, 3, 6, 10, 11]


def test_overlapping_places_are_told_apart_as_by_the_text_of_the_loop():
    rng = np.random.default_rng(1)
    texts = np.sort(rng.integers(0, 4, 60))
    targets, starts = rng.integers(0, 3, (2, 60))
    ends = starts + rng.integers(1, 4, 60)
    wanted = rng.integers(0, 2, 60) > 0
    for loop, rows in (
        (cues._apart, (wanted, texts, targets, starts, ends, 3)),
        (signals._longest, (texts, targets, starts, ends)),
    ):
        assert loop(*rows).tolist() == loop.py_func(*rows).tolist()


def test_a_full_disk_costs_what_would_have_been_kept_and_nothing_else(monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numba.core.caching.IndexDataCacheFile.save", full)

    @native.compiled
    def thrice(value):
        return 3 * value

    assert thrice(5) == 15
    assert thrice(2.0) == 6.0
