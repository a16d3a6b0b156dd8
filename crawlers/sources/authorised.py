"""Requests that platforms answer to registered apps only, signed as their own documentation says.

In: an address without secrets (what the source is asked for; it stands in ``fetches`` and in the journal), the operator's
keys, a clock. Out: the request as it leaves, and the address of the next page. Pure: nothing is asked or kept here. Only
documented app signing: no web signature, no login, no captcha. Sources: platforms/douyin.md A, taobao.md A, jd.md A; the
sign rule is TOP's "API calling protocol" (MD5 over secret, sorted names and values, secret), which JD shares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import orjson

from crawlers.records import times

#: Pages per keyword of a shop's search, which is sorted by relevance and so has no natural end.
MOST_PAGES: Final = 5
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Wire:
    """A request as it leaves; what is secret in it is not shown."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """What a platform gives for the keys.

    Attributes:
        value: Null when the keys were refused.
        seconds: How long it is good for.
        reason: Why there is none.
        fetch_status: What that means for what was to be asked.
    """

    value: str | None = field(default=None, repr=False)
    seconds: float = 0.0
    reason: str | None = None
    fetch_status: str = "not_authorised"


class Authority(Protocol):
    """How one platform wants to be asked."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the operator's keys."""

    def starts(self, keywords: Sequence[str], options: Mapping[str, Any]) -> list[str]:
        """The first page of each keyword."""

    def token_wire(self, url: str, keys: Mapping[str, str]) -> Wire | None:
        """How to get a token; null where keys are enough."""

    def read_token(self, body: bytes) -> Token:
        """What was answered to ``token_wire``."""

    def wire(
        self, url: str, keys: Mapping[str, str], *, token: str | None, now: datetime
    ) -> Wire:
        """The request for ``url`` as it leaves."""

    def refuses_token(self, body: bytes) -> bool:
        """Whether an answer says that the token is no longer good."""

    def following(self, url: str, body: bytes) -> str | None:
        """The next page after this answer; null at the end."""


def sign(params: Mapping[str, str], *, secret: str) -> str:
    """TOP's and JD's ``sign``: upper-case MD5 over secret, all parameters sorted by name as name and value, secret.

    Parameters without a name or value take no part.
    """
    text = "".join(
        f"{name}{value}" for name, value in sorted(params.items()) if name and value
    )
    digest = hashlib.md5(f"{secret}{text}{secret}".encode(), usedforsecurity=False)
    return digest.hexdigest().upper()


@dataclass(frozen=True, slots=True)
class Douyin:
    """抖音 video search: a client token (good for two hours) in a header, a cursor from page to page."""

    needs: tuple[str, ...] = ("client_key", "client_secret")

    def starts(self, keywords: Sequence[str], options: Mapping[str, Any]) -> list[str]:
        """Newest of the last week first; the cursor begins at 0."""
        base = f"{options['base_url'].rstrip('/')}/dy_open_api/v2/search/video/"
        fixed = {
            "count": "10",
            "cursor": "0",
            "sort_type": "2",
            "publish_time": "7",
            "device_id": str(options["device_id"]),
        }
        return [f"{base}?{urlencode({'keyword': word, **fixed})}" for word in keywords]

    def token_wire(self, url: str, keys: Mapping[str, str]) -> Wire | None:
        """``client_credential``, as for any server-side app."""
        body = {
            "client_key": keys["client_key"],
            "client_secret": keys["client_secret"],
            "grant_type": "client_credential",
        }
        return Wire(
            urljoin(url, "/oauth/client_token/"),
            method="POST",
            headers={"Content-Type": "application/json"},
            body=orjson.dumps(body),
        )

    def read_token(self, body: bytes) -> Token:
        """``data.access_token``; ``data.error_code`` 0 is success."""
        data = _object(_json(body).get("data"))
        if not {"error_code", "access_token"} & set(data):
            reason = "no token: $.data has neither access_token nor error_code"
            return Token(reason=reason, fetch_status="schema_drift")
        code, value = data.get("error_code", 0), data.get("access_token")
        if code == 0 and isinstance(value, str) and value.isascii() and value:
            seconds = data.get("expires_in")
            return Token(value, float(seconds) if isinstance(seconds, int) else 0.0)
        what = (
            f"error_code {code}" if isinstance(code, int) else "no token in the answer"
        )
        return Token(reason=f"the platform gave no token for the client key ({what})")

    def wire(
        self,
        url: str,
        keys: Mapping[str, str],  # noqa: ARG002 (they went into the token)
        *,
        token: str | None,
        now: datetime,  # noqa: ARG002 (nothing is signed)
    ) -> Wire:
        """The address as it is, the token in its header."""
        return Wire(url, headers={"access-token": token or ""})

    def refuses_token(self, body: bytes) -> bool:
        """``err_no`` or ``data.error_code`` 28001003 (invalid) or 28001008 (expired)."""
        answer = _json(body)
        codes = {answer.get("err_no"), _object(answer.get("data")).get("error_code")}
        return bool(codes & {28001003, 28001008})

    def following(self, url: str, body: bytes) -> str | None:
        """``cursor`` and ``search_id`` of the answer while ``has_more``; the cursor must move on."""
        answer = _json(body)
        data = _object(answer.get("data"))
        inner = _object(data.get("data")) or data
        cursor, search_id = inner.get("cursor"), inner.get("search_id")
        if answer.get("err_no") != 0 or not inner.get("has_more"):
            return None
        if not isinstance(cursor, int) or cursor <= int(
            _params(url).get("cursor", "0")
        ):
            return None
        changes = {"cursor": str(cursor)}
        if isinstance(search_id, str) and search_id:
            changes["search_id"] = search_id
        return _with(url, changes)


class _SignedByKeys:
    """What 淘宝 and 京东 share: every request signed with the app's secret, no token."""

    needs = ("app_key", "app_secret")

    def token_wire(self, url: str, keys: Mapping[str, str]) -> Wire | None:  # noqa: ARG002
        """None is needed."""
        return None

    def read_token(self, body: bytes) -> Token:  # noqa: ARG002
        """Never asked for."""
        return Token(reason="this platform gives no tokens")

    def refuses_token(self, body: bytes) -> bool:  # noqa: ARG002
        """There is none to refuse."""
        return False

    @staticmethod
    def _signed(
        url: str, keys: Mapping[str, str], params: dict[str, str], *, now: datetime
    ) -> Wire:
        common = {
            **params,
            "app_key": keys["app_key"],
            "timestamp": now.astimezone(times.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
            "format": "json",
            "sign_method": "md5",
        }
        body = {**common, "sign": sign(common, secret=keys["app_secret"])}
        # In the body, not in the address: addresses end in logs and messages.
        bare = urlunsplit((*urlsplit(url)[:3], "", ""))
        return Wire(bare, method="POST", headers=_FORM, body=urlencode(body).encode())


class Taobao(_SignedByKeys):
    """淘宝联盟 material search (TOP)."""

    METHOD: Final = "taobao.tbk.dg.material.optional.upgrade"
    _PAGE: Final = 100

    def starts(self, keywords: Sequence[str], options: Mapping[str, Any]) -> list[str]:
        """A hundred goods a page."""
        fixed = {
            "adzone_id": str(options["adzone_id"]),
            "page_no": "1",
            "page_size": str(self._PAGE),
        }
        base = f"{options['base_url'].rstrip('/')}/router/rest"
        return [
            f"{base}?{urlencode({'method': self.METHOD, 'q': word, **fixed})}"
            for word in keywords
        ]

    def wire(
        self,
        url: str,
        keys: Mapping[str, str],
        *,
        token: str | None,  # noqa: ARG002
        now: datetime,
    ) -> Wire:
        """Business and common parameters in one form."""
        return self._signed(url, keys, {**_params(url), "v": "2.0"}, now=now)

    def following(self, url: str, body: bytes) -> str | None:
        """The next ``page_no`` while ``total_results`` has more."""
        answer = _object(_json(body).get("tbk_dg_material_optional_upgrade_response"))
        return _next_page(
            url, "page_no", size=self._PAGE, total=answer.get("total_results")
        )


class Jd(_SignedByKeys):
    """京东联盟 goods search; the business parameters are one JSON text."""

    METHOD: Final = "jd.union.open.goods.query"
    _PAGE: Final = 50

    def starts(self, keywords: Sequence[str], options: Mapping[str, Any]) -> list[str]:
        """Fifty goods a page."""
        base = f"{options['base_url'].rstrip('/')}/routerjson"
        fixed = {"pageIndex": "1", "pageSize": str(self._PAGE)}
        return [
            f"{base}?{urlencode({'method': self.METHOD, 'keyword': word, **fixed})}"
            for word in keywords
        ]

    def wire(
        self,
        url: str,
        keys: Mapping[str, str],
        *,
        token: str | None,  # noqa: ARG002
        now: datetime,
    ) -> Wire:
        """Common parameters in a form, business parameters inside ``360buy_param_json``."""
        asked = _params(url)
        goods = {
            "keyword": asked["keyword"],
            "pageIndex": int(asked["pageIndex"]),
            "pageSize": int(asked["pageSize"]),
        }
        params = {
            "method": asked["method"],
            "v": "1.0",
            "360buy_param_json": orjson.dumps({"goodsReqDTO": goods}).decode(),
        }
        return self._signed(url, keys, params, now=now)

    def following(self, url: str, body: bytes) -> str | None:
        """The next ``pageIndex`` while ``totalCount`` has more."""
        answer = _json(body)
        # Both spellings are the platform's own.
        outer = _object(
            answer.get("jd_union_open_goods_query_responce")
            or answer.get("jd_union_open_goods_query_response")
        )
        text = outer.get("queryResult") or outer.get("result")
        inner = _json(text.encode()) if isinstance(text, str) else _object(text)
        return _next_page(
            url, "pageIndex", size=self._PAGE, total=inner.get("totalCount")
        )


AUTHORITIES: Final[Mapping[str, Authority]] = {
    "douyin": Douyin(),
    "taobao": Taobao(),
    "jd": Jd(),
}


def _next_page(url: str, name: str, *, size: int, total: object) -> str | None:
    page = int(_params(url)[name])
    if not isinstance(total, int) or page >= MOST_PAGES or page * size >= total:
        return None
    return _with(url, {name: str(page + 1)})


def _params(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))


def _with(url: str, changes: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    query = urlencode({**_params(url), **changes})
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def _json(body: bytes) -> dict[str, Any]:
    """The answer's object; empty where it is none."""
    try:
        return _object(orjson.loads(body))
    except orjson.JSONDecodeError:
        return {}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
