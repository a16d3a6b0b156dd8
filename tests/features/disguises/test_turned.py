"""Which id a note means that says to read it backwards."""

import pytest

from features.disguises import turned


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("微信:6280omed(倒着看)", "6280omed"), ("交66000拿走一个区,微信倒着打 6280omed", "6280omed"), ("热线19900000628,手机号倒着念 43210000991", "43210000991"), ("tel43210000991(倒过来念)", "43210000991"), ("是不是倒着看:6280omed", None), ("倒着走路", None),
    ],
)  # fmt: skip
def test_a_note_means_the_id_beside_it(text, meant):
    span = turned.token(text, turned.TOLD.search(text))
    assert (span and text[slice(*span)]) == meant
