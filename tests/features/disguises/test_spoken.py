"""Digits that are spoken are put down, and everyday numerals are left alone."""

import pytest

from features.disguises import spoken


@pytest.mark.parametrize(
    ("step", "text", "digits"),
    [
        (spoken.dictated, "199后面四个零再接2088", ["19900002088"]), (spoken.heard, "妖酒酒,铃铃铃铃,气吧酒伞", ["19900007893"]), (spoken.heard, "伊玖玖铃铃铃铃散肆柒芭", ["19900003478"]),
        (spoken.strokes, "l99oooo83ol", ["19900008301"]), (spoken.counts, "szr三个六", ["666"]), (spoken.heard, "妖酒酒,铃铃铃铃,气吧", []), (spoken.counts, "我们三个六点到", []),
    ],
)  # fmt: skip
def test_spoken_digits_are_put_down(step, text, digits):
    assert [new for _, _, new in step(text)] == digits
