"""What one of something costs, said by nothing but its place: 880一个号, 88/条, 六百一天.

In: a text and a number in it (``quantities.Quantity``) without unit or currency. Out: whether it is such a price. Invariants:
pure; looks at a few characters behind the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from features import quantities

#: One of what is sold, hired or paid for. Shops and people are left out where they are teams (一人团队).
_ONE = re.compile(
    r"(?:一|/)(?:个|条|张|台|位|套|本|件|单|间|次|场|户|份|晚|分钟|小时|秒|站|点|县|城|人(?![一-鿿]{0,2}(?:团|组))|支|部|集|天|月|年)"
)
#: Yuan; smaller bare numbers before 一个 count more often than they cost.
_LEAST: Final = 10


def is_apiece(folded: str, one: quantities.Quantity) -> bool:
    """Whether a bare number is what one of something costs; 二十一个 is a count."""
    return (
        one.low >= _LEAST
        and folded[one.end : one.end + 1] in {"一", "/"}
        and folded[one.end - 1] != "十"
        and _ONE.match(folded, one.end) is not None
    )
