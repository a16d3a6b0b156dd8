"""Learned tables: what is a line of one, and what is read of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from features.engine import runs


def parsed(text, **options):
    return runs.parse(text, **{"width": 2, "longest": 3, **options})


def test_keys_are_told_apart_by_marks_and_names():
    text = "# what it is\n@base\t1 2\n\n招商\t3 -4\n∥招\t5 6\n∥\t7 8\n@\t9 9\n"
    lines = parsed(text, marks="∥", names=("@base", "@sight"))
    assert {name: row.tolist() for name, row in lines.named.items()} == {
        "@base": [1, 2]
    }
    keys, values = lines.behind()
    assert (keys, values.tolist()) == (["招商", "∥", "@"], [[3, -4], [7, 8], [9, 9]])
    keys, values = lines.behind("∥")
    assert (keys, values.tolist()) == (["招"], [[5, 6]])


def test_a_text_without_lines_is_an_empty_table():
    for text in ("", "\n\n", "# nothing\n"):
        keys, values = parsed(text).behind()
        assert (keys, values.shape) == ([], (0, 2))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# told\n代理诚招\t1 2", "2: expected a new key of 1 to 3 characters"),
        ("招\t1 2\n商\t1 2\n\n招\t1 2", "4: expected a new key"),
        ("\t1 2", "1: expected a new key"),
        ("招\t1 2\n#商", "2: expected a key, a tab and 2 whole numbers, found '#商'"),
        ("招\t1 2\n商\t1 2 3", "2: expected a key, a tab"),
        ("招\t1 2\t3", "1: expected a key, a tab"),
        (f"招\t1 {'9' * 19}", "1: expected a key, a tab"),
    ],
)
def test_a_line_that_is_not_as_it_should_be_is_named(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parsed(text)


@given(st.lists(st.sampled_from([" ", "-", "0", "1", "23", "x", "\t", "9" * 17]), max_size=7).map("".join))  # fmt: skip
@example("1 2")
@example("-1 -2")
@example("1 2 ")
def test_exactly_whole_numbers_are_read(written):
    if re.fullmatch("-?[0-9]{1,18} -?[0-9]{1,18}", written):
        _, values = parsed(f"招\t{written}").behind()
        assert values.tolist() == [[int(one) for one in written.split(" ")]]
    else:
        with pytest.raises(ValueError, match=r"^1: expected a key, a tab"):
            parsed(f"招\t{written}")
