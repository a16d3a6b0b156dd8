"""Answers without what lets somebody in: URLs, headers and bodies go in, the same without secrets come out.

Only what an archive keeps passes here. Invariants: a header that is not on the list of harmless ones is dropped, request
headers are never taken at all; a secret's value is replaced where it stands and nothing else of a body is touched, so
that a body without secrets comes back byte for byte; redacting twice changes nothing more.

Words such as ``signature`` name a signed link's part in a URL and a person's self-description in an answer's fields, and
``code`` a password here and a status there. So URLs lose every parameter of ``urls.SECRET_PARAMETERS``, fields only those
whose name means nothing else.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from crawlers.sources import urls

#: What stands in a secret's place.
MARK: Final = "REDACTED"

#: Response headers that are kept; all others are dropped, those that nobody thought of too.
_HEADERS: Final = frozenset(
    {
        "content-type", "content-language", "date", "last-modified", "etag", "expires", "cache-control", "age", "retry-after",
        "location", "server",
    }
)  # fmt: skip
#: Fields and variables whose value is a secret wherever they stand.
_FIELDS: Final = (
    "xsec_token", "xsecToken", "access_token", "accessToken", "refresh_token", "refreshToken", "id_token", "client_secret",
    "client_token", "clientSecret", "app_secret", "appSecret", "appsecret", "msToken", "ms_token", "decodeKey", "decode_key",
    "a_bogus", "X-Bogus", "_signature", "x-signature", "sessionid", "session_id", "sessionId", "session_key", "sessionKey",
    "csrf_token", "csrfToken", "_csrf", "pass_ticket", "wap_sid2", "ttwid", "odin_tt", "passport_csrf_token", "web_session",
    "cookie", "Cookie", "set-cookie", "Set-Cookie", "authorization", "Authorization", "password", "passwd", "api_key",
    "apiKey", "apikey", "secret", "token", "_m_h5_tk", "_m_h5_tk_enc", "SESSDATA",
)  # fmt: skip
_FIELDS_LOWER: Final = frozenset(name.lower() for name in _FIELDS)
#: Parameters that a post may well write out itself (an invitation ``?code=A8``): in a body only long values are secrets.
_AMBIGUOUS: Final = frozenset(
    {"auth", "code", "cookie", "key", "session", "sid", "sig", "ticket"}
)
_SHORTEST_AMBIGUOUS: Final = 16
#: A known secret is looked for everywhere; shorter ones would be found inside words.
_SHORTEST_KNOWN: Final = 8


#: Names of secrets in lower case as bytes, the longest first: what is looked for before any pattern is tried.
_PARAMETERS: Final = frozenset(name.encode() for name in urls.SECRET_PARAMETERS)
_FIELD_NAMES: Final = frozenset(name.encode() for name in _FIELDS_LOWER)
_NEEDLES: Final = tuple(sorted(_PARAMETERS | _FIELD_NAMES, key=lambda name: (-len(name), name)))  # fmt: skip
#: What stands before a parameter: the separator may be escaped for JSON, HTML or another URL.
_SEPARATOR = re.compile(rb"(?:[?&;]|\\u0026|\\x26|%26|%3F)(?:amp;)?\Z", re.IGNORECASE)
_PARAMETER = re.compile(rb"(=|%3[Dd]|\\u003[Dd])((?:(?!%26|%23)[^&\"'<>\s\\#,;(){}\[\]|])+)")  # fmt: skip
_QUOTE = rb"(?:\\{0,6}[\"']|&quot;|&#3[49];|%22|\\u0022)"
#: ``"token": "…"``, also escaped in another string, as a script's variable or an HTML attribute.
_FIELD = re.compile(rb"(" + _QUOTE + rb"?\s{0,20}(?:[:=]|%3A)\s{0,20}(" + _QUOTE + rb"))((?:(?!\2)[^\r\n<>]){1,8192}?)(?=\2)")  # fmt: skip
_NUMBER = re.compile(rb"(" + _QUOTE + rb"\s{0,20}:\s{0,20})(-?\d+(?:\.\d+)?)(?=\s{0,20}[,}\]])")  # fmt: skip
_NAME_PART: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")  # fmt: skip
#: ``<input name="csrf_token" value="…">`` and ``<meta name="csrf-token" content="…">``.
_TAG = re.compile(rb"<(?:input|meta)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG_NAME = re.compile(rb"\bname\s*=\s*[\"']?[\w-]*(?:token|csrf|secret|password|ticket)", re.IGNORECASE)  # fmt: skip
_TAG_VALUE = re.compile(rb"(\b(?:value|content)\s*=\s*[\"'])([^\"'>]+)", re.IGNORECASE)
_BEARER = re.compile(rb"(\bBearer\s{1,20})([A-Za-z0-9._~+/=-]{16,})", re.IGNORECASE)


def url(address: str) -> str:
    """The URL without user, password, fragment and secret parameters; text that is no URL is redacted as a body is."""
    return body(urls.without_secrets(address).encode()).decode()


def headers(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Response headers that tell nothing but about the page, on one line each, their links redacted."""
    return [
        (name, url(" ".join(value.split())) if name.lower() == "location" else " ".join(value.split()))
        for name, value in pairs
        if name.lower() in _HEADERS
    ]  # fmt: skip


def is_secret_field(name: str) -> bool:
    """Whether a field or column of this name holds a secret, whatever else it might mean elsewhere."""
    return name in _FIELDS or name.lower() in _FIELDS_LOWER


def secrets(address: str, pairs: Iterable[tuple[str, str]] = ()) -> frozenset[bytes]:
    """Secret values that a request or answer showed, to be removed wherever they are repeated.

    Args:
        address: The URL as it was asked.
        pairs: Its headers and cookies; values of cookies and of credentials count.
    """
    found: set[str] = set()
    try:
        query = parse_qsl(urlsplit(address).query)
    except ValueError:
        query = []
    found.update(value for name, value in query if name.lower() in urls.SECRET_PARAMETERS and name.lower() not in _AMBIGUOUS)  # fmt: skip
    for name, value in pairs:
        if name.lower() in {"cookie", "set-cookie"}:
            found.update(part.partition("=")[2].strip() for part in value.split(";"))
        elif name.lower() in {"authorization", "proxy-authorization", "x-csrf-token", "x-xsrf-token", "x-api-key"}:  # fmt: skip
            found.update((value, value.rpartition(" ")[2]))
    return frozenset(value.encode(errors="replace") for value in found if len(value) >= _SHORTEST_KNOWN)  # fmt: skip


def body(content: bytes, *, known: frozenset[bytes] = frozenset()) -> bytes:
    """An answer's body without secrets.

    Args:
        content: Any bytes; UTF-16 with its mark is understood, what is packed or encoded otherwise is not looked into.
        known: Secret values to be removed wherever they stand (``secrets``).

    Returns:
        The body with ``REDACTED`` in the place of each secret (0 for a number), else unchanged.
    """
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):  # fmt: skip
        if content.startswith(mark):
            text = content[2:].decode(encoding, errors="surrogatepass" if len(content) % 2 == 0 else "replace")  # fmt: skip
            plain = text.encode("utf-8", errors="surrogatepass")
            clean = _body(plain, known)
            if clean == plain:
                return content
            return mark + clean.decode("utf-8", errors="surrogatepass").encode(encoding, errors="surrogatepass")  # fmt: skip
    return _body(content, known)


def _body(content: bytes, known: frozenset[bytes]) -> bytes:
    for value in sorted(known, key=lambda each: (-len(each), each)):
        content = content.replace(value, MARK.encode())
    content = _named(content)
    content = _TAG.sub(_tag, content)
    return _BEARER.sub(_marked, content) if b"earer" in content else content


def _named(content: bytes) -> bytes:
    """The body without the values of parameters and fields.

    Names are found by plain search and only the few places found are looked at by patterns: one pattern over everything
    took 2.6 ms for a page of 9 kB, more than fetching it.
    """
    lowered = content.lower()
    places: dict[int, bytes] = {}
    for name in _NEEDLES:
        at = lowered.find(name)
        while at >= 0:
            places.setdefault(at, name)
            at = lowered.find(name, at + len(name))
    written: list[bytes] = []
    done = 0
    for at in sorted(places):
        if at < done:
            continue
        name = places[at]
        found, mark = _value(content, at, name)
        if found is None or found[found.lastindex or 0] == mark:
            continue
        start, end = found.span(found.lastindex or 0)
        written += [content[done:start], mark]
        done = end
    return b"".join([*written, content[done:]]) if written else content


def _value(content: bytes, at: int, name: bytes) -> tuple[re.Match[bytes] | None, bytes]:  # fmt: skip
    """The secret behind a name, as the last group of a match, and what takes its place."""
    end = at + len(name)
    if name in _PARAMETERS and _SEPARATOR.search(content[max(0, at - 10) : at]):
        found = _PARAMETER.match(content, end)
        is_secret = found and (name.decode() not in _AMBIGUOUS or len(found[2]) >= _SHORTEST_AMBIGUOUS)  # fmt: skip
        if is_secret:
            return found, MARK.encode()
    if name in _FIELD_NAMES and (at == 0 or content[at - 1] not in _NAME_PART):
        found = _FIELD.match(content, end)
        if found:
            return found, MARK.encode()
        return _NUMBER.match(content, end), b"0"
    return None, b""


def _tag(found: re.Match[bytes]) -> bytes:
    tag = found[0]
    return _TAG_VALUE.sub(_marked, tag) if _TAG_NAME.search(tag) else tag


def _marked(found: re.Match[bytes]) -> bytes:
    return found[1] + MARK.encode()
