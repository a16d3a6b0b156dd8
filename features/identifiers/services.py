"""Of which service an id is that no lead-in announces: WeChat, unless words right beside it name another.

In: plain text in lower case, an id and its place. Out: a kind of contact and the value of the id there. Invariants: pure;
looks a few characters before the id and behind it.
"""

from __future__ import annotations

from typing import Final

from features.engine import expressions
from features.identifiers import platforms

_PLATFORMS: Final = "|".join(
    sorted((one for one in platforms.PLATFORMS if len(one) > 1), key=lambda one: (-len(one), one))
)  # fmt: skip
#: The platform right before an id (抖音搜 demo_kf), or in brackets behind it (demo_kf(小红书号)).
_BEFORE = expressions.compiled(
    rf"({_PLATFORMS})(?:账号|帐号|主页)?(?:id|uid|号|名)?(?:搜索?|找|叫|是|[: ]){{0,3}}\Z"
)
_BEHIND = expressions.compiled(rf" ?\(({_PLATFORMS})(?:[账帐]?号|id|同?名)\)")
_TELEGRAM = expressions.compiled(
    r"(?:飞机|电报|telegram|(?<![a-z])tg|小飞象|频道)(?:号|群|频道)?[: ]{0,2}\Z"
)
_REACH: Final = 16


def service(folded: str, name: str, span: tuple[int, int]) -> tuple[str, str]:
    """The kind of an id, and its value.

    Args:
        folded: Plain text in lower case.
        name: The id as a reader would type it.
        span: Where it stands.

    Returns:
        ``account`` with ``platform:name``, ``telegram`` (also where an @ stands before it, or a bot has it), or ``wechat``.
    """
    start, end = span
    before = folded[max(start - _REACH, 0) : start]
    named = _BEFORE.search(before) or _BEHIND.match(folded, end)
    if named:
        return "account", f"{platforms.PLATFORMS[named[1]]}:{name.lower()}"
    is_called = before[-1:] == "@" and "-" not in name
    is_telegram = is_called or name.endswith("bot") or _TELEGRAM.search(before)
    return ("telegram" if is_telegram else "wechat"), name
