"""An expression is the same wherever its code came from."""

import array
import re

import pytest

from features.disguises import notes, spelling
from features.engine import expressions, kept
from features.identifiers import leadins

SOURCES = [
    ("", 0),
    ("a|b", 0),
    (r"(?P<han>[一-鿿]{2,5})(?:薇|微)(?P<rest>[^\s]*)\b(?<!x)", 0),
    (r"(?i)[a-zſ]\w+(?=𝟙)", re.ASCII),
    (r"^(a)?(?(1)b|c)$", re.MULTILINE | re.DOTALL),
]


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """``shelf()``: what a process that starts finds in an empty place of its own."""
    monkeypatch.setattr(kept, "_folder", lambda: tmp_path)

    def start():
        made = expressions._Shelf()
        monkeypatch.setattr(expressions, "_SHELF", made)
        return made

    return start


def test_it_is_what_re_compiles_when_made_and_when_kept(shelf):
    first = shelf()
    assert [expressions.compiled(*one) for one in SOURCES] == [re.compile(*one) for one in SOURCES]  # fmt: skip
    first.close()
    second = shelf()
    for one in SOURCES:
        found, expected = expressions.compiled(*one), re.compile(*one)
        # Patterns are equal when their code is.
        assert found == expected
        assert (found.groupindex, found.groups) == (expected.groupindex, expected.groups)  # fmt: skip
    assert second.added == 0


@pytest.mark.parametrize("module", [leadins, notes, spelling])
def test_expressions_of_modules_are_what_re_compiles(module):
    found = [each for each in vars(module).values() if isinstance(each, re.Pattern)]
    assert found
    for one in found:
        assert one == re.compile(one.pattern, one.flags & ~re.UNICODE)


def test_what_is_no_expression_is_refused_and_not_kept(shelf):
    with pytest.raises(re.error, match="unterminated"):
        expressions.compiled("(a")
    assert shelf().codes == {}


@pytest.mark.parametrize("what", [None, [1], {"a": 1}, {("a", 0): (1, 2)}, {("a", 0): 3}, {("a", 0): (32, 1, 0, {}, ())}, {("a", 0): (32, array.array("I", [99]), 0, {}, ())}])  # fmt: skip
def test_what_is_kept_and_cannot_be_used_is_made_anew(shelf, what):
    kept.save("expressions", expressions._KEY, what)
    shelf()
    assert expressions.compiled("a") == re.compile("a")


def test_sources_of_many_releases_do_not_pile_up(shelf, monkeypatch):
    first = shelf()
    for one in SOURCES:
        expressions.compiled(*one)
    first.close()
    monkeypatch.setattr(expressions, "_MOST", len(SOURCES) - 1)
    assert shelf().codes == {}
