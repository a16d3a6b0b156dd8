import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import scripts


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('var ct = "17";', "17"),
        ("window.ct='17'", "17"),
        ('var ct = "" || "" || "17" || "18";', "17"),
        ('var ct = htmlDecode("a&amp;b");', "a&amp;b"),
        ("var ct = '一\\x26amp;二'.html(false);", "一&amp;二"),
        ("var ct = '\\u4e00\\ud83d\\ude00'", "一😀"),
        ('var ct = "say \\"hi\\"";', 'say "hi"'),
        ("var ct = 17 * 1;", "17"),
        ('var ct = "";\nvar ct = "18";', "18"),
        ('var act = "1"; var ctx = "2";', None),
        ('var ct == "1"', None),
        ("var ct = other;\n'no'", None),
    ],
)
def test_a_variable_is_the_first_literal_of_its_statement(script, value):
    assert scripts.variables(script, ["ct"]).get("ct") == value


def test_a_block_is_read_without_being_run():
    script = """
    // it's a comment: { 'x'
    window.data = {
      a: JsDecode('1\\x0a2'), 'b': '5' * 1, c: '' * 1, d: '' || "x", e: [ {u: f('p', 'q')}, 'r' ], /* } */
      nested: { a: 'inner' }, g: list[0]['no'], h: function (z) { return { a: 'never' }; }, i: 7, j: cond ? 'y' : 'n',
    };
    window.data = { a: 'later' };
    """
    found = scripts.block(script, "data")
    assert {name: found[name] for name in "abcdeij"} == {
        "a": "1\n2", "b": "5", "c": "", "d": "x", "e": [{"u": "p"}, "r"], "i": "7", "j": "y",
    }  # fmt: skip
    assert found["nested"] == {"a": "inner"}
    assert scripts.block(script, "other") is None


@given(
    st.recursive(
        st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text("abc", min_size=1), inner, max_size=4)
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict))
)
@settings(deadline=None, max_examples=80)
def test_json_is_read_as_it_is(value):
    assert scripts.block(f"window.x = {json.dumps(value)};", "x") == value


@given(st.text(alphabet="{}[]():,;*'\"`\\/ ax1\n", max_size=120))
@settings(deadline=None, max_examples=200)
def test_no_script_raises(text):
    scripts.block("window.x = {" + text, "x")
    scripts.variables("var x = " + text, ["x"])


@pytest.mark.parametrize("piece", ['\\"', "/*", "'", "`", "{", "[(", "a:", "\\", "// "])
def test_long_scripts_end_in_time(piece):
    began = time.process_time()
    scripts.block("window.x = {" + piece * 20_000, "x")
    scripts.variables(("var x = " + piece) * 10_000, ["x", "y"])
    assert time.process_time() - began < 1
