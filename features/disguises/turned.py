"""Ids that a post tells to read backwards: 6633omed 倒着念, 微信反过来写:6633omed.

In: plain text in lower case. Out: where the id that a note means stands. Invariants: pure; linear: a note is found by its word and
looks at a bounded stretch before and behind; an address, and a line that is written backwards as a whole, are left to their readers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.disguises import signs
from features.engine import expressions
from features.writing import numerals

if TYPE_CHECKING:
    import re

#: That an id is written backwards, and where it stands.
TOLD = expressions.compiled(
    r"倒(?:着|过来|序|写|念|读)(?:写|念|读|看|打|抄|输|搜)?|反(?:着|过来)(?:写|念|读|看|打|抄|输|搜|的)?|从后(?:往|向)前(?:念|读|看|打)?|从右(?:往|向|到)左(?:念|读|看|打)?|翻过来|反转过来|反向(?!代理)|镜像(?![一-鿿])|镜像(?=[写念读看打抄过])|逆序|颠倒(?:过来)?"
)
_TO_BE_TURNED: Final = rf"([0-9]{{2,5}}(?:[ \-][0-9]{{2,5}}){{2,3}}|[a-z0-9_\-]{{5,20}}|[0-9{numerals.HAN_DIGITS}幺洞拐勾]{{6,12}})"
_TURNED = expressions.compiled(
    rf"(?<![a-z0-9_\-]){_TO_BE_TURNED}[^a-z0-9\n@.]{{0,10}}\Z"
)
_TO_TURN = expressions.compiled(
    rf"[^a-z0-9。\n]{{0,12}}{_TO_BE_TURNED}(?![a-z0-9_\-@.])"
)
_LED = expressions.compiled("[信薇微威卫电机话号扣鹅]|vx|wx|qq|tg|tel")
_NEXT = expressions.compiled("[ :)\\]】」]*")
#: Of a line that is written backwards as a whole its lead-in follows.
_TURNED_LEAD = expressions.compiled(
    r" ?:? ?(?:[一-鿿❤](?:[薇微威v卫]|信微)|xv|xw|v加|话电|机手|qq)"
)


def token(folded: str, note: re.Match[str]) -> tuple[int, int] | None:
    """The id that a note says to read backwards: the one right before it, else the one behind."""
    if folded[max(note.start() - 4, 0) : note.start()].endswith(signs.ASKED):
        return None
    behind = _TO_TURN.match(folded, note.end(), min(note.end() + 40, len(folded)))
    before = _TURNED.search(folded, max(note.start() - 40, 0), note.start())
    if behind is not None and (
        folded.startswith(":", note.end())
        or (
            before is not None
            and _LED.search(folded, before.end(1), note.start())
            and _NEXT.fullmatch(folded, note.end(), behind.start(1))
        )
    ):
        # 拿走一个区66000,微信倒着打 5301omed: what leads to the id stands behind the number.
        before = None
    match = before or behind
    if match is None or _TURNED_LEAD.match(folded, match.end(1)):
        return None
    start, end = match.span(1)
    start += _stuck_lead(folded, start, end)
    if folded[end : end + 1] in {"@", "."} and folded[end + 1 : end + 2].isalnum():
        return None
    if folded[start - 1 : start] in {"@", "."} and signs.is_part(folded[max(start - 2, 0) : start - 1]):  # fmt: skip
        return None
    return start, end


#: A lead-in that an id is stuck to: TG0196dbuohzom, 加V7552fk.
_STUCK = expressions.compiled(
    r"(?:tg|qq|vx|wx|tel(?=[0-9])|q(?=[0-9]{5}))(?=[a-z0-9_])"
)


def _stuck_lead(folded: str, start: int, end: int) -> int:
    """How many characters of a token lead to the id in it."""
    stuck = _STUCK.match(folded, start, end)
    if stuck:
        return stuck.end() - start
    return int(folded[start] in "vq" and folded[start - 1 : start] in {"+", "加"})
