"""Who is meant by a name that a complaint uses: whoever uses it of itself.

In: complaints with their texts, what sellers are called, what sellers write. Out: links of complaints to sellers by name.

Complainants rarely know an account. They know the brand of the sales talk, which the account's name need not show but its
posts do. So every name that a complaint gives (its target, a company, what stands where a name stands: 被…骗了, …的业务员) is
looked for in sellers' names and in what sellers themselves post, and counts only if it leads to one home.

Invariants: a name that sellers of several homes use links nobody, unless nearly all of them are one network; a name made
of the trade's own words is no name; the order of rows changes nothing.
"""

from __future__ import annotations

import polars as pl

from features.engine import expressions
from features.sellers import names

#: Names in a complaint: where each was found, the surest first, and how sure a link by it is.
SOURCES = {"target": 0.7, "title": 0.65, "text": 0.6}
#: Two characters are a syllable of many names.
MIN_CHARS = 3
MAX_CHARS = 14
#: Several homes use a name: it is the network's that has so many of the users, at least.
MIN_USERS = 3
MIN_SHARE = 0.6
#: A name of so many characters is hardly an everyday word: a few lone sellers who use it are all meant.
SURE_CHARS, MAX_STRAYS = 4, 2
#: A shorter one counts only where it is a target and its users write it again and again.
MIN_TEXTS = 3

#: Longest stretch behind a lead or before a tail in which a name is looked for.
_STRETCH = rf"[\p{{Han}}a-z0-9]{{{MIN_CHARS},10}}"
#: What stands before a name; the name is a beginning of what follows.
_LEADS = (
    r"(?:被|让|叫|给了|给|找了|找|做了|做|加盟了|加盟|代理了|代理|投诉|曝光|举报|避雷|避坑|警惕|小心|谁交过|交过|听信|听了|参加了|参加|签了|签约了|"
    r"进了|信了|关于|名为|名叫|叫做|我在|在)"
)
#: What follows a name that stands behind a stop.
_TAILS = (
    r"(?:的(?:加盟|代理|业务员|课|会|招商|客服|合同|套路|广告|人|老师|项目|宣传|培训)|忽悠|坑|骗|害|业务员|招商|加盟|代理|拒不|诱导|虚假|承诺|不退|"
    r"不给退|收钱|涉嫌|欺诈|跑路|失联|宣传|公司|团队|客服|这家)"
)
#: Characters of sentences, which names of houses do without.
_NO_NAME = r"[的了就到会做退块个们我你他她这那是不没在有还说给被让都也很再从把跟和与及等过着去来上下收交转付买卖一二三四五六七八九十零壹贰叁肆伍陆柒捌玖拾佰仟该年\d]|[代加]$|代理|加盟|公司"
#: How a company's name ends.
COMPANY_END = r"(?:公司|工作室|商行|经营部)$"
_COMPANY = (
    r"(?:^|[^\p{Han}()]|被|让|向|给了|找)(?:我?被|让|向|找|我?在|给)?(?:投诉|曝光|举报|避雷|关于)?"
    r"(\p{Han}[\p{Han}()]{3,24}?(?:有限公司|有限责任公司|工作室|商行|经营部))"
)
_BEHIND = expressions.compiled(_LEADS + "$")
_BEFORE = expressions.compiled(_TAILS)
_WORD = expressions.compiled(r"\w")


def mentioned_names(complained: pl.DataFrame) -> pl.DataFrame:
    """What may be names in complaints.

    Args:
        complained: ``post_id``, ``complaint_target``, ``title``, ``text``; all but the id may be null.

    Returns:
        ``post_id``, ``source`` (a key of ``SOURCES``), ``form`` (as ``names.exact`` makes it), distinct, sorted. Many
        are no names at all; ``users`` tells.
    """
    target = pl.col("complaint_target")
    parts = [
        complained.select(
            "post_id", pl.lit("target").alias("source"), form(target).alias("form")
        )
        for form in (names.exact, names.core)
    ]
    in_full: list[pl.DataFrame] = []
    for source in ("title", "text"):
        plain = complained.select(
            "post_id",
            pl.lit(source).alias("source"),
            pl.col(source).str.normalize("NFKC").str.to_lowercase().alias("plain"),
        ).drop_nulls("plain")
        company = plain.with_columns(pl.col("plain").str.extract(_COMPANY, 1))
        full = company.select(
            "post_id", "source", names.exact(pl.col("plain")).alias("form")
        )
        in_full.append(full)
        parts += [
            full,
            company.select(
                "post_id", "source", names.core(pl.col("plain")).alias("form")
            ),
        ]
        parts += [_beside(plain, is_before=True), _beside(plain, is_before=False)]
    length = pl.col("form").str.len_chars()
    # Whoever names a target means it: other names beside an unknown target are not tried.
    named = pl.col("source") == "target"
    is_company = pl.col("form").str.contains(COMPANY_END)
    is_name = (
        named
        | is_company
        | ((length >= SURE_CHARS) & ~pl.col("form").str.contains(_NO_NAME))
    )
    found = pl.concat(parts).drop_nulls("form").unique()
    # A piece of a company's name is no name beside it.
    companies = (
        pl.concat(in_full)
        .drop_nulls("form")
        .group_by("post_id")
        .agg(pl.col("form").unique().sort().str.join(" ").alias("companies"))
    )
    is_piece = pl.col("companies").str.contains(pl.col("form"), literal=True) & ~(
        pl.col("companies").str.split(" ").list.contains(pl.col("form"))
    )
    return (
        found.join(companies, on="post_id", how="left")
        .filter(~is_piece.fill_null(value=False))
        .drop("companies")
        .filter(
            length.is_between(MIN_CHARS, MAX_CHARS)
            & names.is_distinctive("form")
            & is_name
            & (named | ~named.any().over("post_id"))
        )
        .unique()
        .sort("post_id", "source", "form")
    )


def companies(complained: pl.DataFrame) -> pl.DataFrame:
    """Companies that complaints name in full, or as their target: ``post_id``, ``form`` (``names.exact``), distinct.

    Args:
        complained: As in ``mentioned_names``.
    """
    parts = [complained.select("post_id", pl.col("complaint_target").alias("name"))]
    parts += [
        complained.select(
            "post_id",
            pl.col(source)
            .str.normalize("NFKC")
            .str.to_lowercase()
            .str.extract(_COMPANY, 1)
            .alias("name"),
        )
        for source in ("title", "text")
    ]
    return (
        pl.concat(parts)
        .select("post_id", names.exact(pl.col("name")).alias("form"))
        .drop_nulls()
        .unique()
        .sort("post_id", "form")
    )


def stands_as_name(plain: str, form: str) -> bool:
    """Whether a name stands in a text (NFKC, lower case) where names stand: alone, behind a lead or before a tail."""
    at = plain.find(form)
    while at >= 0:
        before, after = plain[:at], plain[at + len(form) :]
        is_led = bool(_BEHIND.search(before))
        is_followed = bool(_BEFORE.match(after))
        is_cut = not before or not _WORD.match(before[-1])
        if (
            is_led
            or (is_cut and is_followed)
            or (is_cut and not _WORD.match(after[:1]))
        ):
            return True
        at = plain.find(form, at + 1)
    return False


def users(forms: pl.Series, texts: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Who uses names of itself.

    Args:
        forms: Distinct names as ``names.exact`` makes them.
        texts: ``seller_id``, ``text``: what each writes in its own name.
        known: ``seller_id``, ``name``: what each is called.

    Returns:
        ``form``, ``seller_id``, ``text_count`` (distinct texts and names), sorted by the first two.
    """
    if forms.is_empty():
        return pl.DataFrame(
            schema={"form": pl.String, "seller_id": pl.String, "text_count": pl.Int64}
        )
    shown = pl.concat(
        [
            texts.select("seller_id", "text"),
            known.select("seller_id", pl.col("name").alias("text")),
        ]
    ).drop_nulls()
    # Who writes what another wrote is read once for both.
    plain = (
        shown.select("text")
        .unique()
        .with_columns(
            names.exact(pl.col("text"))
            .str.extract_many(forms.sort().to_list(), overlapping=True)
            .list.unique()
            .alias("form")
        )
        .filter(pl.col("form").list.len() > 0)
        .explode("form", empty_as_null=False)
    )
    return (
        shown.join(plain, on="text")
        .group_by("form", "seller_id")
        .agg(pl.col("text").n_unique().cast(pl.Int64).alias("text_count"))
        .sort("form", "seller_id")
    )


def links(
    mentioned: pl.DataFrame,
    used: pl.DataFrame,
    members: pl.DataFrame,
    *,
    selling: pl.Series,
) -> pl.DataFrame:
    """Complaints and the sellers whose name they give.

    Args:
        mentioned: As from ``mentioned_names``.
        used: As from ``users``.
        members: contracts.NETWORK_MEMBERS.
        selling: Sellers that may be meant. Whoever else uses a name only shows that it is nobody's own.

    Returns:
        ``post_id``, ``seller_id``, ``link_reason`` (``brand:…``), ``link_confidence``: every seller of the one home that
        the complaint's surest telling names lead to. None where equally sure names lead to several.
    """
    homes = used.join(members, on="seller_id", how="left").with_columns(
        pl.coalesce("network_id", "seller_id").alias("home"),
        pl.col("network_id").is_not_null().alias("is_network"),
        pl.col("seller_id").is_in(selling.unique().implode()).alias("is_selling"),
    )
    counted = (
        homes.group_by("form", "home")
        .agg(
            pl.len().alias("users"),
            pl.col("text_count").sum().alias("texts"),
            pl.col("is_network").first(),
            pl.col("is_selling").any(),
        )
        .with_columns(
            pl.len().over("form").alias("homes"),
            pl.col("users").sum().over("form").alias("all_users"),
        )
    )
    networks = pl.col("is_network").sum().over("form")
    is_long = pl.col("form").str.len_chars() >= SURE_CHARS
    strays = pl.col("all_users") - pl.col("users").filter("is_network").sum().over(
        "form"
    )
    # The one network among them, if the rest is few beside it or the name is hardly an everyday word.
    leading = (
        pl.col("is_network")
        & (networks == 1)
        & (
            (
                (pl.col("users") >= MIN_USERS)
                & (pl.col("users") >= MIN_SHARE * pl.col("all_users"))
            )
            | (is_long & (strays <= MAX_STRAYS) & (pl.col("users") > strays))
        )
    )
    few = is_long & (networks == 0) & (pl.col("homes") <= MAX_STRAYS)
    few &= pl.col("is_selling").all().over("form")
    telling = counted.filter(
        pl.col("is_selling") & ((pl.col("homes") == 1) | leading | few)
    ).select("form", "home", "texts")
    rank = pl.col("source").replace_strict(
        list(SOURCES), list(range(len(SOURCES))), return_dtype=pl.Int8
    )
    named = (
        mentioned.join(telling, on="form")
        .filter(
            (pl.col("texts") >= MIN_TEXTS)
            | (pl.col("form").str.len_chars() >= SURE_CHARS)
        )
        .with_columns(rank.alias("rank"))
        .filter(pl.col("rank") == pl.col("rank").min().over("post_id"))
        .with_columns(pl.col("form").str.len_chars().alias("length"))
    )
    # A longer name says more than its beginning, and what it says must be one thing.
    longest = named.filter(pl.col("length") == pl.col("length").max().over("post_id"))
    named = longest.filter(pl.col("form").n_unique().over("post_id") == 1)
    return named.join(homes.select("form", "home", "seller_id"), on=["form", "home"]).select(
        "post_id",
        "seller_id",
        pl.concat_str(pl.lit("brand:"), "form").alias("link_reason"),
        pl.col("source").replace_strict(SOURCES, return_dtype=pl.Float64).alias("link_confidence"),
    )  # fmt: skip


def _beside(plain: pl.DataFrame, *, is_before: bool) -> pl.DataFrame:
    """Beginnings of what follows a lead (``is_before``), ``MIN_CHARS`` or longer; or all from a stop to a tail."""
    pattern = (
        f"{_LEADS}({_STRETCH})"
        if is_before
        else rf"(?:^|[^\p{{Han}}a-z0-9])({_STRETCH}?){_TAILS}"
    )
    found = (
        plain.with_columns(pl.col("plain").str.extract_all(pattern).alias("match"))
        .filter(pl.col("match").list.len() > 0)
        .explode("match", empty_as_null=False)
        .select(
            "post_id", "source", pl.col("match").str.extract(pattern, 1).alias("near")
        )
        .drop_nulls("near")
        .unique()
    )
    if not is_before:
        return found.select("post_id", "source", pl.col("near").alias("form"))
    return pl.concat(
        [
            found.filter(pl.col("near").str.len_chars() >= length).select(
                "post_id", "source", pl.col("near").str.head(length).alias("form")
            )
            for length in range(MIN_CHARS, 11)
        ]
    )
