"""HTML as bytes: decode, text that a reader sees, and the walls that stand in place of a page.

A wall is named only when little else is on the page: honest sign-up forms also say 请输入验证码, and honest pages also
load a firewall's script. Nothing here raises, whatever the bytes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import parsel
from lxml import etree  # type: ignore[import-untyped]

#: Below this many visible characters a page carries no content of its own (platforms/landing.md: about 200).
THIN_PAGE: Final = 200

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([a-zA-Z0-9_-]{2,20})""",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[ \t]+")
_HTML_SPACES = re.compile(r"[ \t\n\r\f]+")
_HIDDEN_TAGS = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "head",
        "svg",
        "iframe",
        "select",
        "object",
    }
)
_BLOCK_TAGS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "button", "caption", "dd", "div", "dl", "dt",
        "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li",
        "main", "ol", "option", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }
)  # fmt: skip

#: Over the markup: a script that stands in a page's place.
_CHALLENGE = re.compile(
    r"aliyun_waf|_wafchallengeid|_waftokenid|__jsl_clearance|cf-chl|challenge-platform|<title>\s*Just a moment|\$_ts=window|acw_sc__v2",
    re.IGNORECASE,
)
#: (status, what it is, pattern over title and visible text). First match wins.
_WALLS: Final = (
    (
        "blocked",
        "captcha",
        re.compile(
            r"请输入验证码|拖动滑块|滑块验证|安全验证|人机验证|环境异常|完成验证|captcha",
            re.IGNORECASE,
        ),
    ),
    (
        "blocked",
        "refused",
        re.compile(
            r"拒绝访问|访问被拒绝|禁止访问|403 forbidden|access denied|request blocked",
            re.IGNORECASE,
        ),
    ),
    (
        "rate_limited",
        "asked too often",
        re.compile(
            r"(?:访问|操作|请求)(?:过于|太)频繁|too many requests", re.IGNORECASE
        ),
    ),
    (
        "gone",
        "page or site no longer there",
        re.compile(
            r"页面不存在|未备案|停止解析|网站暂时无法访问|(?:网站|站点)(?:已|被)(?:关闭|暂停|停用)|域名(?:已过期|出售|转让)"
            r"|domain (?:is )?for sale|(?:内容|文章|投诉)(?:已被?删除|不存在)|404 not found",
            re.IGNORECASE,
        ),
    ),
    (
        "login_wall",
        "login page",
        re.compile(
            r"请先?登录|登录后(?:查看|继续)|^[^\n]{0,30}登录|log ?in to continue",
            re.IGNORECASE,
        ),
    ),
)
_SCRIPT_REDIRECT = re.compile(
    r"""(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\()\s*["']([^"'<>\s]{1,300})"""
)


def decode(body: bytes) -> str:
    """Text of a page: byte order mark, then the charset that it names itself, then UTF-8, then GB 18030.

    Servers' headers are wrong more often than pages (platforms/landing.md), so they are not asked.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    named = _CHARSET.search(body[:4096])
    charset = named[1].decode("ascii").lower() if named else "utf-8"
    if charset in {"gbk", "gb2312", "gb_2312-80", "x-gbk"}:
        charset = "gb18030"
    for candidate in (charset, "utf-8", "gb18030"):
        try:
            return body.decode(candidate).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", errors="replace").removeprefix("\ufeff")


def selector(text: str) -> parsel.Selector:
    """A forgiving HTML parser over decoded text; empty text gives an empty document."""
    # libxml2 stops at NUL and lone surrogates cannot be encoded for it.
    clean = text.replace("\x00", "").encode("utf-8", errors="replace").decode("utf-8")
    return parsel.Selector(
        text=clean if clean.strip() else "<html></html>", type="html"
    )


def visible_text(node: parsel.Selector | None) -> str:
    """Text that a reader sees, one line per block, without scripts, styles and navigation."""
    root = node.root if node is not None else None
    if not isinstance(root, etree._Element):  # noqa: SLF001 (lxml exports no public name for it)
        return ""
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(
        root, events=("start", "end", "comment", "pi")
    ):
        tag = element.tag if isinstance(element.tag, str) else None
        if event == "start":
            hidden += tag in _HIDDEN_TAGS
            if tag in _BLOCK_TAGS:
                pieces.append("\n")
            if not hidden and element.text:
                pieces.append(_folded(element.text))
            continue
        if event == "end":
            hidden -= tag in _HIDDEN_TAGS
            if tag in _BLOCK_TAGS:
                pieces.append("\n")
        if not hidden and element.tail and element is not root:
            pieces.append(_folded(element.tail))
    return tidy("".join(pieces))


def markup_text(markup: str | None) -> str | None:
    """Plain text of a piece of HTML, or of text without any; blank is null."""
    if not markup:
        return None
    if "<" not in markup and "&" not in markup:
        return tidy(markup) or None
    return visible_text(selector(f"<div>{markup}</div>")) or None


def tidy(text: str) -> str:
    """NFC, no control characters, runs of ASCII spaces folded, no blank lines; full-width spaces stay as written."""
    kept = unicodedata.normalize("NFC", _CONTROLS.sub("", text))
    lines = (_SPACES.sub(" ", line).strip(" ") for line in kept.split("\n"))
    return "\n".join(line for line in lines if line)


def _folded(text: str) -> str:
    """White space of HTML source, which a browser folds (HTML: ASCII white space only)."""
    return _HTML_SPACES.sub(" ", text)


def http_refusal(http_status: int | None) -> tuple[str, str] | None:
    """What an HTTP status alone says.

    Returns:
        Fetch status and reason; null where the body has to tell (2xx, 304, and null for files).
    """
    if http_status is None or http_status < 300 or http_status == 304:
        return None
    named = {
        401: "not_authorised",
        404: "gone",
        410: "gone",
        429: "rate_limited",
        451: "gone",
        503: "rate_limited",
    }
    if http_status in named:
        status = named[http_status]
    elif (
        http_status in {403, 405, 406, 412, 418, 432, 461, 471, 521, 567}
        or http_status < 400
    ):
        # 412, 418, 432, 461, 471, 521 and 567 are the firewalls' own numbers; a redirect that stayed leads nowhere.
        status = "blocked"
    else:
        status = "error"
    return status, f"HTTP {http_status}"


def wall(
    text: str, *, page: parsel.Selector | None = None, seen: str | None = None
) -> tuple[str, str] | None:
    """A wall in place of a page.

    Args:
        text: The decoded page.
        page: The same, parsed; null parses it here.
        seen: Its visible text; null reads it here.

    Returns:
        Fetch status and reason; null for a page with content of its own or without a known wall.
    """
    page = selector(text) if page is None else page
    seen = visible_text(page) if seen is None else seen
    if len(re.sub(r"\s", "", seen)) >= THIN_PAGE:
        return None
    if _CHALLENGE.search(text):
        return "blocked", "firewall challenge"
    # Placeholders and buttons' values are not looked at: honest forms ask for codes too.
    shown = f"{tidy(page.css('title::text').get() or '')}\n{seen}"
    return next(
        ((status, what) for status, what, pattern in _WALLS if pattern.search(shown)),
        None,
    )


def script_redirect(text: str) -> str | None:
    """Where a script on a page without content sends its visitors; it is recorded, never run."""
    found = _SCRIPT_REDIRECT.search(text)
    return found[1] if found else None


def is_html(body: bytes) -> bool:
    """Whether bytes look like a page rather than JSON or a feed."""
    start = body[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(
        (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")
    ) or (b"<html" in start and not start.startswith((b"{", b"[")))
