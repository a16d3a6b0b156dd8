"""Canonical values of indicators: equal things are equal strings, wherever they were found.

In: kinds and values as sources write them. Out: values as CONTRACT section 9 wants them, hosts, registrable names.

Invariant: canonical values come back unchanged.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import tldextract

KINDS = (
    "wechat", "qq", "qq_group", "phone", "email", "domain", "url", "telegram", "company", "uscc", "icp",
    "police_filing", "analytics_id", "shop", "image", "qr", "template", "account",
)  # fmt: skip


def value_of(kind: str, value: pl.Expr) -> pl.Expr:
    """The canonical form of values of one kind.

    NFKC and trimmed for all. Lower case: ``wechat``, ``qq``, ``email``, ``domain``, ``telegram``, ``account``,
    ``image``, ``analytics_id``. Upper case: ``uscc``. ``domain`` loses ``www.`` and a last dot, ``phone`` all but its
    digits and the country code, ``telegram`` and ``account`` their ``@``, ``company`` and filings all white space.
    ``icp`` keeps its ``-N``: that names one site, and linking drops it (``keys.link_key``). ``url`` stays as it is
    but for a lower-case scheme and host. Telegram invitations keep their case, which matters.

    Args:
        kind: One of ``KINDS``.
        value: Strings; null stays null, what is empty afterwards becomes null.

    Returns:
        Strings. Canonical values come back unchanged.
    """
    clean = value.str.normalize("NFKC").str.strip_chars()
    if kind in {"wechat", "qq", "email", "image", "analytics_id"}:
        clean = clean.str.to_lowercase()
    elif kind == "account":
        clean = clean.str.to_lowercase().str.strip_chars_start("@ ")
    elif kind == "telegram":
        name = clean.str.strip_chars_start("@ ")
        clean = (
            pl.when(name.str.contains(r"^\+|/"))
            .then(name)
            .otherwise(name.str.to_lowercase())
        )
    elif kind == "domain":
        clean = (
            clean.str.to_lowercase()
            .str.replace(r"^(?:www\.|\s)+", "")
            .str.strip_chars_end(". ")
        )
    elif kind == "url":
        clean = clean.str.extract(
            r"^((?:[A-Za-z]+:)?(?://)?[^/?#]*)", 1
        ).str.to_lowercase() + clean.str.extract(
            r"^(?:[A-Za-z]+:)?(?://)?[^/?#]*(.*)$", 1
        )
    elif kind == "uscc":
        clean = clean.str.to_uppercase().str.replace_all(r"\s", "")
    elif kind == "phone":
        clean = clean.str.replace_all(r"\D", "").str.replace(
            r"^(?:00)?86(1\d{10})$", "$1"
        )
    elif kind in {"company", "icp", "police_filing"}:
        clean = clean.str.replace_all(r"\s", "")
    return pl.when(clean.str.len_chars() > 0).then(clean)


def bare_address(url: pl.Expr) -> pl.Expr:
    """A web address as host (as ``domain``), path and query: what two spellings of one page agree in.

    Args:
        url: Addresses with or without scheme.

    Returns:
        Strings; null for other schemes than http(s).
    """
    bare = url.str.replace(r"^(?i:https?:)?//", "").str.replace(r"#.*$", "")
    # mailto:, tel:, an app's own scheme. Without a scheme a colon is a port's, and hosts have a dot before it.
    is_foreign = ~url.str.contains(r"^(?i:https?:)?//") & url.str.contains(
        r"^[A-Za-z][A-Za-z0-9+-]*:"
    )
    # Login data before the host would be somebody's secret.
    address = bare.str.replace(r"^[^/?#]*@", "")
    head = address.str.extract(r"^([^/?#]*)", 1)
    host = (
        head.str.to_lowercase()
        .str.replace(r":\d+$", "")
        .str.strip_prefix("www.")
        .str.strip_chars_end(".")
    )
    tail = address.str.slice(head.str.len_chars()).str.strip_suffix("/")
    return pl.when(~is_foreign).then(host + tail)


def hosts(url: pl.Expr) -> pl.Expr:
    """Host of a web address as a canonical ``domain``; null for other schemes and for what is no host name."""
    bare = bare_address(url.str.normalize("NFKC").str.strip_chars())
    host = bare.str.extract(r"^([^/?#]*)", 1)
    return pl.when(host.str.contains(r"^[^\s.:@]+(?:\.[^\s.:@]+)+$")).then(host)


@functools.cache
def _suffixes() -> tldextract.TLDExtract:
    """The list that ships with the library: nothing is downloaded or written. Tenants of shared hosts stay apart."""
    import tldextract  # noqa: PLC0415 -- it brings a client for HTTP, for which most lookups would wait in vain

    return tldextract.TLDExtract(
        cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True
    )


@functools.lru_cache(maxsize=65_536)
def registrable_name(host: str) -> str:
    """The name that somebody registered: public suffix and one label more.

    Args:
        host: A canonical ``domain``.

    Returns:
        The registrable name; a bare suffix or an address comes back as it is, and under an unknown suffix the last
        two labels do (the default rule of publicsuffix.org).
    """
    found = _suffixes().extract_str(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else host
    if host.replace(".", "").isdigit():
        return host
    return ".".join(host.split(".")[-2:])


def registrable(host: pl.Series) -> pl.Series:
    """``registrable_name`` of each host; nulls stay null."""
    # Most hosts have two labels and are their own registrable name (or a bare suffix, which stays as it is).
    long = (
        host.filter(host.str.count_matches(".", literal=True) >= 2).unique().to_list()
    )
    names = [registrable_name(name) for name in long]
    return host.replace(
        pl.Series(long, dtype=pl.String), pl.Series(names, dtype=pl.String)
    )
