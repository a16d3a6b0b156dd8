"""What stands in a platform's place in a bad state, and how an answer of the sandbox is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

STATES: Final = (
    "ok",
    "blocked",
    "captcha",
    "login_wall",
    "silent_empty",
    "rate_limited",
    "drifted",
    "hanging",
    "robots_disallowed",
)

#: What an operator may find saved where everything else fails.
DROP_STATES: Final = (
    "ok",
    "blocked",
    "captcha",
    "login_wall",
    "silent_empty",
    "drifted",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``is_hanging`` never comes."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_hanging: bool = False


def _page(title: str, body: str) -> bytes:
    head = f"<head><meta charset=utf-8><title>{title}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>".encode()


#: Answers in the states that hide everything.
WALLS: Final[Mapping[str, Answer]] = {
    "blocked": Answer(_page("403", "拒绝访问"), status=403),
    "captcha": Answer(_page("安全验证", "<p>请输入验证码</p><input id=code>")),
    "login_wall": Answer(_page("登录", "请先登录")),
    "rate_limited": Answer(
        b"slow down",
        status=429,
        content_type="text/plain",
        headers={"Retry-After": "1"},
    ),
    "hanging": Answer(b"", is_hanging=True),
}
_HEIMAO_LOGIN: Final = Answer(
    b'{"result": {"status": {"code": 10005, "msg": "login"}, "data": []}}',
    content_type="application/json",
)


def walled(source: str, state: str) -> Answer | None:
    """The answer in a state that hides everything; null where posts are shown."""
    if source == "heimao" and state == "login_wall":
        return _HEIMAO_LOGIN
    return WALLS.get(state)


def json_or_missing(found: dict[str, Any] | None) -> Answer:
    """A JSON answer; missing where there is none."""
    if found is None:
        return missing()
    body = json.dumps(found, ensure_ascii=False).encode()
    return Answer(body, content_type="application/json; charset=utf-8")


def missing() -> Answer:
    """The answer for what the platform does not know."""
    return Answer(_page("404 Not Found", "页面不存在"), status=404)
