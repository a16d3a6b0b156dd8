"""E-mail addresses, web addresses and host names, also where dot and at-sign are spelt out.

In: ``Normalised``. Out: ``Address``: kind (``email``, ``domain``, ``url``, ``telegram``), canonical value, span in the plain
text. Invariants: pure; linear: patterns start at ``@``, a dot or a scheme and look at bounded surroundings.

A host is only one with a known ending (``TOPS``), because 1.5版 and node.js also have dots. ``t.me`` links are Telegram
names, not sites. Source of the endings: IANA root zone, those that occur in Chinese trade, plus the reserved ones of
RFC 2606 (tests and samples live there).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import instructions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.normalise import Normalised

TOPS: Final = (
    "com|cn|net|org|top|vip|xyz|cc|co|io|ai|me|tv|app|shop|store|site|online|tech|club|info|biz|ltd|group|link|live|ink|fun|pro"
    "|mobi|asia|name|wang|ren|edu|gov|tel|work|win|dev|page|cloud|space|icu|cyou|buzz|hk|tw|jp|kr|us|uk|ru|sg|my|plus|art|team"
    "|center|video|social|website|press|host|fit|love|run|law|cool|zone|world|today|city|company|email|chat|show|gold|market"
    "|beer|luxe|example|test|invalid"
)
_TOP_SET: Final = frozenset(TOPS.split("|"))

_DOT: Final = (
    r"(?:\.|。|·|•| ?点 ?| ?[(\[【{<](?:dot|\.|点|dian)[)\]】}>] ?| dot | ?\. ?| 。 )"
)
_AT: Final = r"(?:@|[(\[【](?:at|a|@|艾特|圈a|小老鼠)[)\]】]|艾特|爱特|圈a|花a|a圈|小老鼠|老鼠号|🐭|🐁| at | 在 |#)"
#: A dash that nothing follows is none of its: …example.cn——其余.
_LABEL: Final = r"[a-z0-9](?:-{0,3}[a-z0-9]){0,62}+"

#: Every host has an ending of letters behind a dot in some spelling, or stands behind a scheme; one written backwards begins
#: with its ending.
TRIGGER = expressions.compiled(
    r"://|(?:\.|点) ?[a-z]|[。·•][a-z]|(?:\.|点|dot|dian)[)\]】}>] ?[a-z]|dot [a-z]|。 [a-z]|[a-z]\.[0-9]"
)
_EMAIL = expressions.compiled(
    rf"(?P<local>[a-z0-9](?:[a-z0-9._+\-]|[。·](?=[a-z0-9])|[(\[](?:dot|点|\.)[)\]]| \. (?=[a-z0-9])){{0,63}}+) ?{_AT} ?(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{1,4}}+)"
)
_HOST = expressions.compiled(
    rf"(?P<scheme>h(?:tt|xx)ps?://)?(?P<host>{_LABEL}(?:{_DOT}{_LABEL}){{1,5}}+)(?P<port>:\d{{2,5}})?"
)
_URL_BARE = expressions.compiled(
    r"h(?:tt|xx)ps?://(?P<host>(?:\d{1,3}\.){3}\d{1,3}|[a-z0-9.-]{1,253})(?P<port>:\d{2,5})?"
)
#: What names of mailboxes hold and tags do not.
_MAILBOX = expressions.compiled(r"[0-9_.+\-]")
_PATH = expressions.compiled(r"[/?#][!-~]*+")
_SPELT_DOT = expressions.compiled(_DOT)
_TELEGRAM_HOSTS: Final = frozenset({"t.me", "telegram.me", "telegram.dog"})
_TELEGRAM_PATH = expressions.compiled(r"/(?:s/|joinchat/)?(\+?[A-Za-z0-9_\-]{4,40})")
_TRAIL: Final = ".,;:!?()[]{}'\"*>~"
#: What a post tells to read as an at-sign: #换成@, &改@, 井号改成艾特.
_NAMES: Final = "|".join(
    sorted(
        (
            name
            for name, signs in instructions.SIGN_NAMES.items()
            if signs[0] in "#*&+|~="
        ),
        key=lambda name: (-len(name), name),
    )
)
_AT_SIGNS: Final = ("@", "艾特", "爱特", "圈a", "小老鼠")
_TOLD_AT = expressions.compiled(
    rf"(?P<sign>[^\w\s@()\[\]]|{_NAMES})(?:号|键)?[ ”\"』」]?(?:请|自[己行]|记得|要)?(?:改|换|替换?|代替?|当作?|变|是|=|→)(?:成|为|换|写)?[ “\"『「]?(?:{'|'.join(_AT_SIGNS)})"
)
#: What tells that an address is written backwards, and such an address.
_BACKWARDS = expressions.compiled(
    "逆序|反向|镜像|倒(?:着|过来|序|写)|反(?:着|过来)|从后往前|从右往左|翻过来"
)
_REVERSED = expressions.compiled(
    r"(?<![a-z0-9])(?:[a-z]{2,6}\.)[a-z0-9.\-]{2,60}@[a-z0-9._+\-]{1,40}"
)
_REVERSED_HOST = expressions.compiled(
    r"(?<![a-z0-9@.\-])[a-z]{2,7}\.[a-z0-9\-]{2,30}(?:\.[a-z0-9\-]{2,30}){0,3}(?![a-z0-9@.\-])"
)
#: Nobody's host: RFC 1918, loopback.
_LOCAL = expressions.compiled(r"(?:127|10|192\.168|0\.0)\.[0-9.]+\Z|localhost\b")
_PLAIN_HOST = expressions.compiled(r"[a-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Address:
    """An address: kind, canonical value, span in the plain text, and whether it was spelt out or broken up."""

    kind: str
    value: str
    start: int
    end: int
    is_plain: bool


def addresses(text: Normalised, folded: str) -> Iterator[Address]:
    """All addresses, left to right. A URL gives two: ``domain`` and, where it has a path, ``url``.

    Args:
        text: The plain text with its map.
        folded: Its lower-case twin.
    """
    if not TRIGGER.search(folded):
        return
    folded = _with_at_sign(folded)
    taken = 0
    if _BACKWARDS.search(folded):
        for address in _backwards(folded):
            yield address
            taken = address.end
    for start in _starts(folded):
        if start < taken:
            continue
        email = _email(folded, start)
        if email:
            yield email
            taken = email.end
            continue
        found = list(_site(text, folded, start))
        yield from found
        taken = max((one.end for one in found), default=taken)


def _with_at_sign(folded: str) -> str:
    """A text with the at-sign where it tells to read another sign as one, but for #, which is one anyway where it is told."""
    if not any(one in folded for one in _AT_SIGNS):
        return folded
    told = _TOLD_AT.search(folded)
    if told is None:
        return folded
    sign = instructions.SIGN_NAMES.get(told["sign"], told["sign"])[0]
    return folded if sign == "#" else folded.replace(sign, "@")


def _backwards(folded: str) -> Iterator[Address]:
    """Mail addresses, then hosts, that a text writes backwards."""
    taken = 0
    for match in _REVERSED.finditer(folded):
        turned = _email(match[0][::-1], 0)
        if turned and turned.end == len(match[0]):
            yield Address("email", turned.value, *match.span(), is_plain=False)
            taken = match.end()
    for match in _REVERSED_HOST.finditer(folded, taken):
        turned_host = match[0][::-1]
        if _host(match[0]) is None and _host(turned_host) == turned_host:
            bare = turned_host.removeprefix("www.")
            yield Address("domain", bare, *match.span(), is_plain=False)


_WORD = expressions.compiled(r"[a-z0-9][a-z0-9._+\-]*+")


def _starts(folded: str) -> Iterator[int]:
    """Where a Latin word begins that may be part of an address."""
    for match in _WORD.finditer(folded):
        if match.start() == 0 or folded[match.start() - 1] not in "_@":
            yield match.start()


def _host(written: str) -> str | None:
    """Canonical host of labels joined by dots in any spelling: as far as the last known ending, else None."""
    labels = _SPELT_DOT.sub(".", written).split(".")
    while len(labels) > 1 and labels[-1] not in _TOP_SET:
        labels.pop()
    if len(labels) < 2 or any(
        not one or one[0] == "-" or one[-1] == "-" for one in labels
    ):
        return None
    if (
        all(one in _TOP_SET for one in labels)
        and len(labels) == 2
        and labels[0] in {"com", "net", "org"}
    ):
        return None
    return ".".join(labels)


def _extent(written: str, host: str) -> int:
    """How many characters of ``written`` spell ``host``."""
    at = 0
    for index, label in enumerate(host.split(".")):
        if index:
            dot = _SPELT_DOT.match(written, at)
            at = dot.end() if dot else at
        at += len(label)
    return at


def _email(folded: str, start: int) -> Address | None:
    match = _EMAIL.match(folded, start)
    if not match:
        return None
    host = _host(match["host"])
    local = _SPELT_DOT.sub(".", match["local"]).rstrip(".")
    if host is None or not local:
        return None
    end = match.start("host") + _extent(match["host"], host)
    value = f"{local}@{host}"
    is_plain = folded[start:end] == value
    if (
        "#" in folded[match.end("local") : match.start("host")]
        and _TOLD_AT.search(folded, end, end + 30) is None
        and (not _MAILBOX.search(match["local"]) or folded[start - 1 : start] == "#")
    ):
        # A tag before an address: ai#www.….
        return None
    return Address("email", value, start, end, is_plain)


def _site(text: Normalised, folded: str, start: int) -> Iterator[Address]:
    match = _HOST.match(folded, start)
    host = _host(match["host"]) if match else None
    scheme = match["scheme"] if match else None
    if host is None or match is None:
        match = _URL_BARE.match(folded, start)
        if match is None:
            return
        host, scheme = match["host"].strip(".-"), "http"
        if "." not in host:
            return
        end = match.end()
    else:
        end = match.start("host") + _extent(match["host"], host)
        if match["port"] and end == match.end("host"):
            end = match.end()
    if _LOCAL.match(host):
        return
    written = folded[match.start("host") : end]
    is_plain = (
        _PLAIN_HOST.match(written) is not None
        and " " not in written
        and "。" not in written
    )
    after = folded[end : end + 1]
    if after in {"_", "@"} or (after.isascii() and after.isalnum()):
        return
    if not scheme and not (
        _is_host_alone(folded, written, host)
        or (host in _TELEGRAM_HOSTS and after == "/")
    ):
        return
    path, path_end = _path(text, end)
    if host in _TELEGRAM_HOSTS:
        name = _TELEGRAM_PATH.match(path)
        if name:
            value = (
                name[1]
                if name[1][0] == "+" or "/joinchat/" in path
                else name[1].lower()
            )
            stop = end + name.end()
            yield Address("telegram", value, start, stop, is_plain=True)
            return
    bare = host.removeprefix("www.")
    yield Address("domain", bare, start, path_end, is_plain)
    if path.strip("/"):
        prefix = text.text[start : match.start("host")].lower().replace("hxxp", "http")
        port = match["port"] if match["port"] and end == match.end() else ""
        yield Address(
            "url", f"{prefix}{host}{port or ''}{path}", start, path_end, is_plain
        )


def _is_host_alone(folded: str, written: str, host: str) -> bool:
    """Whether dotted words without a scheme are meant as a host: not a decimal, not a sentence end, not a file."""
    labels = host.split(".")
    if labels[0].isdigit() and len(labels) == 2 and len(labels[0]) < 3:
        return False
    if " " in written or "。" in written or "点" in written:
        return labels[-1] in {
            "com",
            "cn",
            "net",
            "org",
            "top",
            "vip",
            "xyz",
            "cc",
            "example",
            "shop",
            "site",
            "club",
        }
    return len(folded) > 0 and len(labels[0]) > (1 if len(labels) == 2 else 0)


def _path(text: Normalised, end: int) -> tuple[str, int]:
    """Path, query and fragment from ``end`` on: plain ASCII, cut at punctuation that was written full width."""
    match = _PATH.match(text.text, end)
    if not match:
        return "", end
    path = match[0]
    # Where all of an address is written full width its signs are too.
    is_narrow = text.original[text.starts[end - 1]].isascii()
    for offset, one in enumerate(path):
        if (
            one in ",;:!?()[]-"
            and is_narrow
            and not text.original[text.starts[end + offset]].isascii()
        ):
            path = path[:offset]
            break
        # …/lp;+v szr88: what follows is another contact.
        is_cut = one == ";" and not path[offset + 1 : offset + 2].isalnum()
        if one in "\"'<>" or is_cut:
            path = path[:offset]
            break
    path = path.rstrip(_TRAIL)
    if path.endswith("/") and is_narrow and text.original[text.starts[end + len(path) - 1]] == "／":  # fmt: skip
        # …/city／QQ: it parts two contacts.
        path = path[:-1]
    return path, end + len(path)
