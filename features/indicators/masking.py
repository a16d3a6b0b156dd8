"""Other people's contacts are masked in what complaints and comments show.

In: posts, what was read in them, who owns which indicator. Out: masked texts and sightings for the published snapshot.

Invariants: a contact that no seller owns and that is no public hotline never leaves; masking keeps every character's place.
"""

from __future__ import annotations

import polars as pl

from features.indicators import hubs, keys, sightings

#: Contacts of people. Companies, registry codes and sites are public.
PERSONAL_KINDS = ("wechat", "qq", "qq_group", "phone", "email", "telegram", "account")


def masked_texts(
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    doc_contacts: pl.DataFrame,
    owners: pl.DataFrame,
) -> pl.DataFrame:
    """Texts of complaints and comments without contacts that belong to no seller.

    Args:
        posts: ``post_id``, ``kind``, ``title``, ``text`` of current posts.
        post_reads: contracts.POST_READS.
        doc_contacts: contracts.DOC_CONTACTS.
        owners: ``network.Links.owners``. Public hotlines stay readable too.

    Returns:
        ``post_id``, ``title``, ``text``, sorted by ``post_id``; only posts in which something was masked. Each masked
        character is one ``*``, so lengths and spans stay. Spans of other tables must be cut from these texts again.
    """
    private = _bystanders(posts, post_reads)
    spans = private.join(doc_contacts, on="doc_id").filter(
        pl.col("kind").is_in(PERSONAL_KINDS)
    )
    spans = spans.with_columns(_is_known(spans, owners).alias("is_known"))
    hidden = spans.filter(~pl.col("is_known")).select("post_id").unique()
    texts = (
        posts.join(hidden, on="post_id")
        .select("post_id", "title", "text")
        .sort("post_id")
    )
    by_post: dict[str, list[tuple[str, int, int, bool]]] = {}
    chosen = spans.join(hidden, on="post_id").select(
        "post_id", "field", "span_start", "span_end", "is_known"
    )
    for post_id, field, start, end, is_known in chosen.iter_rows():
        by_post.setdefault(post_id, []).append((field, start, end, is_known))
    rows = [
        (
            post_id,
            _masked(title, by_post[post_id], "title"),
            _masked(text, by_post[post_id], "text"),
        )
        for post_id, title, text in texts.iter_rows()
    ]
    schema = {"post_id": pl.String(), "title": pl.String(), "text": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def public_sightings(
    sightings: pl.DataFrame,
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    owners: pl.DataFrame,
) -> pl.DataFrame:
    """Sightings that may be published: all but what ``masked_texts`` masks.

    Args:
        sightings: contracts.SIGHTINGS.
        posts: ``post_id``, ``kind`` of current posts.
        post_reads: contracts.POST_READS.
        owners: ``network.Links.owners``.

    Returns:
        contracts.SIGHTINGS in the given order.
    """
    private = _bystanders(posts, post_reads)["post_id"]
    is_private = pl.col("post_id").is_in(private.implode()).fill_null(value=False)
    is_personal = pl.col("kind").is_in(PERSONAL_KINDS)
    return sightings.filter(~(is_private & is_personal) | _is_known(sightings, owners))


def _masked(
    text: str | None, spans: list[tuple[str, int, int, bool]], field: str
) -> str | None:
    """``text`` with unknown spans starred, except where a known contact stands in the same characters."""
    if text is None:
        return None
    here = [span for span in spans if span[0] == field]
    kept = {
        at for _, start, end, is_known in here if is_known for at in range(start, end)
    }
    gone = {
        at
        for _, start, end, is_known in here
        if not is_known
        for at in range(start, end)
    } - kept
    return "".join(
        "*" if at in gone else character for at, character in enumerate(text)
    )


def _bystanders(posts: pl.DataFrame, post_reads: pl.DataFrame) -> pl.DataFrame:
    """Posts whose writers are not our subject: complaints and comments, by kind or by what they say."""
    return (
        posts.select("post_id", "kind")
        .join(
            post_reads.select("post_id", "doc_id", "stance"), on="post_id", how="left"
        )
        .filter(
            pl.col("kind").is_in(sightings.BYSTANDER_KINDS)
            | (pl.col("stance") == "complaint").fill_null(value=False)
        )
        .select("post_id", "doc_id")
    )


def _is_known(values: pl.DataFrame, owners: pl.DataFrame) -> pl.Series:
    """Whether each ``kind``, ``value`` is a seller's or a public hotline."""
    held = owners.select(
        pl.col("kind").alias("link_kind"), pl.col("value").alias("link_value")
    ).unique()
    owned = (
        keys.keys_of(values.select("kind", "value").unique())
        .join(held, on=["link_kind", "link_value"])
        .select("kind", "value", pl.lit(value=True).alias("is_owned"))
    )
    listed = hubs.is_listed(pl.col("kind"), pl.col("value"))
    joined = values.select("kind", "value").join(
        owned, on=["kind", "value"], how="left", maintain_order="left"
    )
    return joined.select(pl.col("is_owned").fill_null(value=False) | listed).to_series()
