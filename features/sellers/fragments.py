"""Whom complaints mean by parts of things: a number with stars in it, a company with a slip, a known name in passing, a quotation.

In: complaints, who owns which value, what sellers are called and write. Out: links of complaints to sellers.

Complainants hide digits as boards ask them to, write companies from memory and quote the line they fell for. Each part counts
only where all who fit it are one network or one seller, and only if it is long enough that nobody else fits it by chance.

Invariants: every link says what it rests on; what fits two homes links nobody; the order of rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from features.sellers import names, naming

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How sure a link is: seven shown digits of a mobile are one of some thousand in the country; names and lines are copied.
MASK_CONFIDENCE, SLIP_CONFIDENCE, KNOWN_CONFIDENCE, QUOTE_CONFIDENCE = 0.8, 0.65, 0.6, 0.55  # fmt: skip
#: A number's last digits say little, unless the sum complained about is one that the seller asks for.
ENDING_CONFIDENCE = 0.6
#: Shown characters of a masked account.
MIN_SHOWN: Final = 6
#: Companies shorter than this are too near to each other for a slip; so are brands, if the slip is in them.
MIN_COMPANY_CHARS, MIN_SLIPPED_BRAND_CHARS = 8, 3
#: Known names of fewer characters count only where a name stands (``naming.stands_as_name``).
SURE_NAME_CHARS: Final = 5
#: A target that is this like (0–100, edit ratio) a seller's name is that name with a slip; short names are too near to each
#: other for that.
MIN_LIKENESS, MIN_LIKE_CHARS, LIKE_CONFIDENCE = 85.0, 5, 0.5
#: A shorter line is everybody's.
MIN_QUOTE_CHARS, MAX_QUOTE_CHARS = 8, 40

_STARS: Final = r"[*＊×xX•·﹡]{2,8}"
_MASKED_PHONE: Final = rf"(?:^|\D)(1[3-9]\d{_STARS}\d{{4}})(?:\D|$)"
_MASKED_ACCOUNT: Final = r"([a-zA-Z][a-zA-Z0-9_-]{1,17}[*＊]{2,8}[a-zA-Z0-9_-]{2,18})"
_ENDING: Final = r"尾(?:号|数)\D{0,3}(\d{4})(?:\D|$)"
_QUOTED: Final = rf"[“\"「『《]([^”\"」』》]{{{MIN_QUOTE_CHARS},{MAX_QUOTE_CHARS}}})[”\"」』》]"  # fmt: skip

#: Columns of what is returned.
SCHEMA: Final = {
    "post_id": pl.String,
    "seller_id": pl.String,
    "link_reason": pl.String,
    "link_confidence": pl.Float64,
}


def by_mask(complained: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    """Links by contacts of which some characters are hidden: ``138****1234``, ``abc***789``.

    Args:
        complained: ``post_id``, ``title``, ``text`` (null allowed).
        owned: ``kind``, ``value``, ``seller_id``, ``home``.
    """
    shown = _matches(complained, (_MASKED_PHONE, _MASKED_ACCOUNT))
    parts = shown.with_columns(
        pl.col("found")
        .str.to_lowercase()
        .str.extract_groups(rf"^([^*＊×•·﹡]+?){_STARS}([^*＊×•·﹡]+)$")
        .alias("sides")
    ).select(
        "post_id",
        "found",
        pl.col("sides").struct.field("1").alias("start"),
        pl.col("sides").struct.field("2").alias("end"),
    )
    parts = parts.drop_nulls().filter(
        pl.col("start").str.len_chars() + pl.col("end").str.len_chars() >= MIN_SHOWN
    )
    contacts = owned.filter(
        pl.col("kind").is_in(["phone", "wechat", "qq", "telegram", "email"])
    )
    # Two characters at either end are always shown; what agrees in them is looked at.
    ends = [pl.col("start").str.head(2).alias("first"), pl.col("end").str.tail(2).alias("last")]  # fmt: skip
    known = [pl.col("value").str.head(2).alias("first"), pl.col("value").str.tail(2).alias("last")]  # fmt: skip
    both = (
        parts.with_columns(ends)
        .join(contacts.with_columns(known), on=["first", "last"])
        .filter(
            pl.col("value").str.starts_with(pl.col("start"))
            & pl.col("value").str.ends_with(pl.col("end"))
            & (
                pl.col("value").str.len_chars()
                > pl.col("start").str.len_chars() + pl.col("end").str.len_chars()
            )
        )
    )
    return _linked(both, pl.col("kind") + ":" + pl.col("value"), MASK_CONFIDENCE)


def by_ending(
    complained: pl.DataFrame, owned: pl.DataFrame, agreed: pl.DataFrame
) -> pl.DataFrame:
    """Links by a mobile's last digits and a sum that the seller asks for.

    Args:
        complained: ``post_id``, ``title``, ``text``.
        owned: As in ``by_mask``.
        agreed: ``post_id``, ``home``: complaints that name a sum which the home asks for.
    """
    shown = _matches(complained, (_ENDING,))
    phones = owned.filter(
        (pl.col("kind") == "phone") & (pl.col("value").str.len_chars() == 11)
    )
    both = shown.join(
        phones.with_columns(pl.col("value").str.tail(4).alias("found")), on="found"
    ).join(agreed, on=["post_id", "home"], how="semi")
    return _linked(both, pl.col("kind") + ":" + pl.col("value"), ENDING_CONFIDENCE)


def by_slip(
    complained: pl.DataFrame, companies: pl.DataFrame, agreed: pl.DataFrame
) -> pl.DataFrame:
    """Links by companies with one character wrong, missing or too many.

    Where that character is half of a short brand, the sum must agree as well: namesakes by trade and town are many.

    Args:
        complained: ``post_id``, ``complaint_target``, ``title``, ``text``.
        companies: ``name``, ``seller_id``, ``home``: what sellers' companies are called.
        agreed: As in ``by_ending``.
    """
    known = _formed(companies)
    wanted = naming.companies(complained)
    choices = known["form"].unique().sort().to_list()
    rows = []
    for form in wanted["form"].unique().sort():
        near = process.extract(form, choices, scorer=Levenshtein.distance, score_cutoff=1, limit=None)  # fmt: skip
        rows += [(form, name) for name, _, _ in near]
    pairs = pl.DataFrame(
        rows, schema={"found": pl.String, "form": pl.String}, orient="row"
    )
    brand = pl.col("brand")
    is_kept = (
        pl.col("found").str.contains(brand, literal=True)
        & (brand.str.len_chars() >= names.MIN_BRAND_CHARS)
    ) | (brand.str.len_chars() >= MIN_SLIPPED_BRAND_CHARS)
    both = (
        wanted.rename({"form": "found"})
        .join(pairs, on="found")
        .join(known, on="form")
        .join(_flagged(agreed), on=["post_id", "home"], how="left")
        .filter(is_kept | pl.col("is_agreed"))
    )
    return _linked(both, pl.lit("brand:") + pl.col("form"), SLIP_CONFIDENCE)


def by_known_name(
    complained: pl.DataFrame, known: pl.DataFrame, agreed: pl.DataFrame
) -> pl.DataFrame:
    """Links by names and brands of sellers that stand in a complaint; by brands of two characters if the sum agrees as well.

    Args:
        complained: ``post_id``, ``complaint_target``, ``title``, ``text``.
        known: ``name``, ``seller_id``, ``home``: what sellers, their companies and shops are called.
        agreed: As in ``by_ending``.
    """
    forms = pl.concat(
        [
            known.select(
                "seller_id", "home", make(pl.col("name")).str.to_lowercase().alias("form")
            )
            for make in (names.exact, names.core, names.brand)
        ]
    ).drop_nulls()  # fmt: skip
    forms = forms.filter(
        (pl.col("form").str.len_chars() >= names.MIN_BRAND_CHARS)
        & names.is_distinctive("form")
    ).unique()
    single = forms.filter(pl.col("home").n_unique().over("form") == 1)
    words = single["form"].unique().sort().to_list()
    if not words:
        return pl.DataFrame(schema=SCHEMA)
    found = (
        _texts(complained)
        .with_columns(
            names.exact(pl.col("plain"))
            .str.extract_many(words, overlapping=True)
            .list.unique()
            .alias("form")
        )
        .filter(pl.col("form").list.len() > 0)
        .explode("form", empty_as_null=False)
    )
    is_sure = pl.col("form").str.len_chars() >= SURE_NAME_CHARS
    is_placed = [
        naming.stands_as_name(plain, form)
        for plain, form in found.select("plain", "form").iter_rows()
    ]
    found = found.filter(is_sure | pl.Series(is_placed, dtype=pl.Boolean)).select(
        "post_id", "form"
    )
    both = found.unique().join(single, on="form")
    length = pl.col("form").str.len_chars()
    both = both.join(_flagged(agreed), on=["post_id", "home"], how="left").filter(
        (length >= naming.MIN_CHARS) | pl.col("is_agreed")
    )
    # A longer name says more than a piece of it.
    longest = both.filter(length == length.max().over("post_id"))
    return _linked(longest, pl.lit("brand:") + pl.col("form"), KNOWN_CONFIDENCE)


def by_likeness(complained: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Links by targets that are written a little differently: rapidfuzz over the cores of names.

    Args:
        complained: ``post_id``, ``complaint_target``.
        known: As in ``by_known_name``.
    """
    wanted = complained.select(
        "post_id", names.core(pl.col("complaint_target")).alias("found")
    ).filter(
        (pl.col("found").str.len_chars() >= MIN_LIKE_CHARS)
        & names.is_distinctive("found")
    )
    cores = known.select(
        "seller_id", "home", names.core(pl.col("name")).alias("core")
    ).filter(pl.col("core").str.len_chars() >= MIN_LIKE_CHARS)
    choices = cores["core"].unique().sort().to_list()
    rows = []
    for form in wanted["found"].unique().sort():
        near = process.extract(form, choices, scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS, limit=None)  # fmt: skip
        rows += [(form, name) for name, _, _ in near]
    like = pl.DataFrame(
        rows, schema={"found": pl.String, "core": pl.String}, orient="row"
    )
    both = wanted.join(like, on="found").join(cores, on="core")
    return _linked(both, pl.lit("brand:") + pl.col("found"), LIKE_CONFIDENCE)


def by_quotation(complained: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    """Links by lines in quotation marks that one home alone writes.

    Args:
        complained: ``post_id``, ``title``, ``text``.
        written: ``seller_id``, ``home``, ``text``: what sellers write in their own name.
    """
    quoted = (
        _matches(complained, (_QUOTED,))
        .with_columns(names.exact(pl.col("found")).alias("form"))
        .drop_nulls("form")
        .filter(pl.col("form").str.len_chars() >= MIN_QUOTE_CHARS)
    )
    used = naming.users(
        quoted["form"].unique(),
        written.select("seller_id", "text"),
        written.clear().select("seller_id", pl.col("text").alias("name")),
    )
    homes = used.join(written.select("seller_id", "home").unique(), on="seller_id")
    # A line that somebody wrote once may be anybody's.
    lived = homes.filter(pl.col("text_count").sum().over("form") > 1)
    return _linked(
        quoted.join(lived, on="form"), pl.lit("quote:") + pl.col("form"), QUOTE_CONFIDENCE
    )  # fmt: skip


def _matches(complained: pl.DataFrame, patterns: Iterable[str]) -> pl.DataFrame:
    """``post_id``, ``found``: what a pattern's group finds in titles and texts, distinct."""
    parts = [
        complained.select("post_id", pl.col(field).str.extract_all(pattern).alias("all"), pl.lit(pattern).alias("pattern"))
        .drop_nulls("all")
        .explode("all", empty_as_null=False)
        .with_columns(pl.col("all").str.extract(pattern, 1).alias("found"))
        .select("post_id", "found")
        for pattern in patterns
        for field in ("title", "text")
    ]  # fmt: skip
    return pl.concat(parts).drop_nulls().unique().sort("post_id", "found")


def _texts(complained: pl.DataFrame) -> pl.DataFrame:
    """``post_id``, ``plain``: targets, titles and texts as ``naming.stands_as_name`` takes them."""
    return pl.concat(
        complained.select(
            "post_id",
            pl.col(field).str.normalize("NFKC").str.to_lowercase().alias("plain"),
        )
        for field in ("complaint_target", "title", "text")
    ).drop_nulls()


def _flagged(agreed: pl.DataFrame) -> pl.DataFrame:
    return agreed.select(
        "post_id", "home", pl.lit(value=True).alias("is_agreed")
    ).unique()


def _formed(companies: pl.DataFrame) -> pl.DataFrame:
    return (
        companies.with_columns(
            names.exact(pl.col("name")).alias("form"),
            names.brand(pl.col("name")).fill_null("").alias("brand"),
        )
        .drop_nulls("form")
        .filter(
            (pl.col("form").str.len_chars() >= MIN_COMPANY_CHARS)
            & pl.col("form").str.contains(naming.COMPANY_END)
        )
        .select("form", "brand", "seller_id", "home")
        .unique()
    )


def _linked(both: pl.DataFrame, reason: pl.Expr, confidence: float) -> pl.DataFrame:
    """Rows of complaints that fit one home only."""
    return (
        both.filter(pl.col("home").n_unique().over("post_id") == 1)
        .select(
            "post_id",
            "seller_id",
            reason.alias("link_reason"),
            pl.lit(confidence).alias("link_confidence"),
        )
        .unique()
        .sort("post_id", "seller_id", "link_reason")
    )
