"""Link keys: what two indicators must agree in to be the same thing behind.

In: canonical kinds and values. Out: the kind and value to join by. A key is coarser than the value that a reader types:
two sites of one registrant, a WeChat id that is a mobile number.

Invariant: a key of a key is that key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.indicators import canonical, hubs

if TYPE_CHECKING:
    from collections.abc import Callable

#: Kinds that can join sellers. Pictures and texts come as families; ``brand`` is made of names (``holders``).
LINK_KINDS = (
    "wechat", "qq", "qq_group", "phone", "email", "domain", "url", "telegram", "company", "uscc", "icp",
    "police_filing", "analytics_id", "shop", "account", "qr", "image", "template", "brand",
)  # fmt: skip
#: A page's path is its own from about this length on; shorter ones are sections (``/help``).
MIN_PATH_CHARS = 6


def link_key(frame: pl.DataFrame) -> pl.DataFrame:
    """Replace ``kind`` and ``value`` by the link key.

    A mobile number used as WeChat id is that ``phone``; a QQ mailbox is that ``qq``; a ``domain`` is its registrable
    name (but at site builders the tenant's host); an ``icp`` number is the registrant's, without the ``-N`` of the
    site. A ``url`` counts only on a platform's own domain, where the domain itself says nothing.

    Args:
        frame: Canonical ``kind`` and ``value`` beside any other columns.

    Returns:
        The same columns; rows whose kind or value cannot link are gone. Row order stays.
    """
    kind, value = pl.col("kind"), pl.col("value")
    kept = frame.filter(kind.is_in(LINK_KINDS))
    kept = kept.with_columns(page=_of_kind(kept, "url", _own_pages))
    kept = kept.filter((kind != "url") | pl.col("page").is_not_null())
    kept = kept.with_columns(
        registrable=_of_kind(kept, "domain", canonical.registrable)
    )
    builder = pl.col("registrable").is_in(hubs.BUILDERS)
    # Everything else is null here: patterns are matched against values of their own kind only.
    wechat, mail, filing = (
        pl.when(kind == name).then(value) for name in ("wechat", "email", "icp")
    )
    is_mobile = wechat.str.contains(r"^1[3-9]\d{9}$").fill_null(value=False)
    is_qq_mail = mail.str.contains(r"^[1-9]\d{4,11}@qq\.com$").fill_null(value=False)
    return kept.with_columns(
        pl.when(is_mobile)
        .then(pl.lit("phone"))
        .when(is_qq_mail)
        .then(pl.lit("qq"))
        .otherwise(kind)
        .alias("kind"),
        pl.when(is_qq_mail)
        .then(mail.str.strip_suffix("@qq.com"))
        .when((kind == "domain") & ~builder)
        .then(pl.col("registrable"))
        .when(kind == "url")
        .then(pl.col("page"))
        .when(kind == "icp")
        .then(filing.str.replace(r"-\d+$", ""))
        .otherwise(value)
        .alias("value"),
    ).drop("page", "registrable")


def _own_pages(addresses: pl.Series) -> pl.Series:
    """Pages on platforms' own domains, null for front pages and sections and for all other sites."""
    address = pl.col("address")
    page = canonical.bare_address(address)
    is_long = page.str.extract(r"^[^/?#]*(.*)$", 1).str.len_chars() >= MIN_PATH_CHARS
    on_platform = hubs.is_listed(pl.lit("domain"), canonical.hosts(address))
    return (
        pl.DataFrame({"address": addresses})
        .select(pl.when(is_long & on_platform).then(page))
        .to_series()
    )


def _of_kind(
    frame: pl.DataFrame, kind: str, made: Callable[[pl.Series], pl.Series]
) -> pl.Series:
    """What is made of the values of one kind, null in all other rows: costs nothing where there are none."""
    at = (frame["kind"] == kind).arg_true()
    out = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    return out.scatter(at, made(frame["value"].gather(at))) if at.len() else out


def keys_of(values: pl.DataFrame) -> pl.DataFrame:
    """The link key of each value.

    Args:
        values: Distinct canonical ``kind``, ``value``.

    Returns:
        ``kind``, ``value``, ``link_kind``, ``link_value``; values that cannot link are gone.
    """
    keys = link_key(values.with_columns(pl.struct("kind", "value").alias("written")))
    return keys.rename({"kind": "link_kind", "value": "link_value"}).unnest("written")
