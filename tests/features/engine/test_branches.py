"""What is tried at a place are the alternatives that may begin there, and no match changes."""

import random

from features.engine import branches


def test_of_an_alternation_the_right_branch_is_tried():
    groups = {"a": r"微信|[\]|微]x|q(?:a|b)", "b": r"q+(?=\|)|(?<=加)微|.号"}
    made = branches.Branches(groups)
    rng = random.Random(6)
    for _ in range(2000):
        text = "".join(rng.choice("微信]|xqab加号") for _ in range(7))
        for place in range(len(text)):
            one, two = made.match(text, place), made.whole.match(text, place)
            assert (one and (one.span(), one.lastgroup)) == (
                two and (two.span(), two.lastgroup)
            ), text
        assert [(one.span(), one.lastgroup) for one in made.finditer(text)] == [
            (one.span(), one.lastgroup) for one in made.whole.finditer(text)
        ], text
