"""URLs without what must not be stored, hosts without what differs by accident, registrable domains without a network."""

from __future__ import annotations

import functools
import ipaddress
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import tldextract

#: Query parameters that let the bearer in, or that sign a link for a while. Compared in lower case.
SECRET_PARAMETERS = frozenset(
    {
        # What anybody calls them.
        "_signature", "access_key", "access_token", "accesskey", "api_key", "apikey", "app_secret", "auth", "auth_key",
        "authorization", "client_secret", "client_token", "code", "cookie", "csrf_token", "decode_key", "decodekey", "hmac",
        "key", "pass_ticket", "passwd", "password", "pwd", "refresh_token", "secret", "session", "session_key", "sessionkey",
        "sid", "sig", "sign", "signature", "ticket", "token",
        # What stores of files call them.
        "hdnts", "ossaccesskeyid", "q-ak", "q-signature", "security-token", "txsecret", "wssecret", "x-amz-credential",
        "x-amz-security-token", "x-amz-signature", "x-oss-credential", "x-oss-security-token", "x-oss-signature",
        "x-signature", "x-tos-credential", "x-tos-security-token", "x-tos-signature",
        # The platforms' own.
        "__ns_hxfalcon", "a_bogus", "encfilekey", "h5st", "mstoken", "pkey", "share_sign", "sld", "w_rid", "x-bogus", "x5sec",
        "x5secdata", "xsec_token",
    }
)  # fmt: skip
#: Parameters of any RSSHub route (docs.rsshub.app): how the feed is shown, not which feed it is.
FEED_PARAMETERS = frozenset(
    {"brief", "format", "limit", "mode", "opencc", "scihub", "sorted", "tgiv"}
)

#: The list that ships with the library; no download, no cache directory. Shared hosts (``*.github.io``) count as
#: suffixes, so that two tenants of one site builder stay two sellers.
_SUFFIXES = tldextract.TLDExtract(
    cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True
)


def without_secrets(url: str) -> str:
    """The URL without user, password, fragment and secret parameters; text that is no URL comes back unchanged."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        if parts.query:
            pairs = parse_qsl(parts.query, keep_blank_values=True)
            kept = [
                (name, value)
                for name, value in pairs
                if name.lower() not in SECRET_PARAMETERS
            ]
            # Left as written where nothing had to go: re-encoding would change ids inside.
            query = parts.query if len(kept) == len(pairs) else urlencode(kept)
        else:
            query = ""
        return urlunsplit((parts.scheme, host, parts.path, query, ""))
    except ValueError:
        return url


#: A path that carries its own signature: a digest and, beside it, the hour at which it ends.
_SIGNED_PATH = re.compile(r"/[0-9a-f]{32}/[0-9a-f]{8}/", re.IGNORECASE)


def unsigned(link: str | None) -> str | None:
    """A medium's link without what signs it: no user, query or fragment; null for no web address or a signed path.

    Platforms sign such links for hours only, so that nothing is lost that would have been of use later.
    """
    text = (link or "").strip()
    if text.startswith("//"):
        text = f"https:{text}"
    try:
        parts = urlsplit(text)
        name = parts.netloc.rpartition("@")[2]
    except ValueError:
        return None
    if (
        parts.scheme not in {"http", "https"}
        or not name
        or _SIGNED_PATH.search(parts.path)
    ):
        return None
    return urlunsplit((parts.scheme, name, parts.path, "", ""))


def host(url: str | None) -> str | None:
    """Lower-case host without ``www.`` and port; null where there is none."""
    try:
        name = urlsplit(url or "").hostname
    except ValueError:
        return None
    return name.removeprefix("www.").rstrip(".") or None if name else None


def joined(base: str, link: str | None) -> str | None:
    """``link`` made absolute, secrets removed; null unless it is http(s)."""
    if not link:
        return None
    try:
        absolute = urljoin(base, link.strip())
        if urlsplit(absolute).scheme not in {"http", "https"} or not host(absolute):
            return None
    except ValueError:
        return None
    return without_secrets(absolute)


@functools.lru_cache(maxsize=4096)
def registrable_domain(name: str) -> str:
    """The name that somebody registered: public suffix and one label more.

    Args:
        name: A host, lower case.

    Returns:
        The registrable domain; an address or a bare suffix is returned as it is. Under a suffix that the list does not
        know, the last two labels (the list's own default rule).
    """
    if is_address(name):
        return name
    found = _SUFFIXES.extract_str(name)
    if found.suffix:
        return found.top_domain_under_public_suffix or name
    return ".".join(name.split(".")[-2:])


def parameter(url: str, name: str) -> str | None:
    """The first value of a query parameter; null where there is none or no URL."""
    try:
        values = parse_qs(urlsplit(url).query).get(name)
    except ValueError:
        return None
    return values[0] if values else None


def is_address(name: str) -> bool:
    """Whether a host is an IP address."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(name: str | None) -> bool:
    """Whether a host means this machine."""
    if name is None:
        return False
    return name == "localhost" or (
        is_address(name) and ipaddress.ip_address(name.strip("[]")).is_loopback
    )


def page_id(url: str) -> str:
    """Host and path of a page: what stays when scheme, ``www.``, port, query, fragment and a last slash differ."""
    return f"{host(url)}{urlsplit(url).path.rstrip('/')}"


def feed_id(url: str) -> str:
    """Host, path and what else tells one feed from another of the same path; no secrets, no display parameters."""
    parts = urlsplit(without_secrets(url))
    pairs = [
        (name, value)
        for name, value in sorted(parse_qsl(parts.query))
        if name not in FEED_PARAMETERS and not name.startswith("filter")
    ]
    name = f"{parts.hostname}{parts.path.rstrip('/')}"
    return name + (f"?{urlencode(pairs)}" if pairs else "")
