"""Claims that contradict a dated rule of a platform or the state (CONTRACT §5, ``policy_conflicts``; DOMAIN §10).

In: posts with their texts, what each is doing, its signals, and a pack's rules. Out: contracts.POLICY_CONFLICTS. Invariants:
pure; only what an offer or a vendor asserts counts, so that news, warnings, victims and denials never conflict; a rule
binds from its first day in China on, by the post's own date. Texts are read once however many posts repeat them.

Which platform a claim is about: those that its sentence names; where it names none, those that the text names; where that
names none, the one that the post stands on. So an advertisement on 抖音 for streams on 京东 contradicts no rule of 抖音,
and one on 小红书 for streams on 视频号 contradicts that of 视频号.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features import normalise
from features.engine import expressions
from features.matching import scan
from features.speech import voice
from features.texts import documents
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import pack as pack_module

#: How posts name the platforms that have rules or are compared with those; slugs are the contract's source names.
_NAMES: Final = {
    "抖音": "douyin", "斗音": "douyin", "某音": "douyin", "dy": "douyin", "快手": "kuaishou", "ks": "kuaishou",
    "视频号": "wechat_channels", "小红书": "xiaohongshu", "某书": "xiaohongshu", "xhs": "xiaohongshu", "淘宝": "taobao", "天猫": "taobao",
    "京东": "jd", "拼多多": "pinduoduo", "b站": "bilibili", "哔哩哔哩": "bilibili", "微博": "weibo", "闲鱼": "xianyu", "1688": "1688",
}  # fmt: skip
_NAMED = expressions.compiled(
    "|".join(
        rf"(?<![a-z0-9]){name}(?![a-z0-9])" if name.isascii() else name
        for name in sorted(_NAMES, key=lambda one: (-len(one), one))
    )
)
_SENTENCE_END = expressions.compiled(r"[。!?！？\n]")
#: Texts that are in work at once.
_AT_ONCE: Final = 4_000
_TARGET: Final = "policy:"
_PITCHES: Final = ("offer", "vendor")
_CLAIM: Final = {
    "post_id": pl.String(), "rule_id": pl.String(), "field_rank": pl.Int64(), "span_start": pl.Int64(), "span_text": pl.String(),
    "about": pl.List(pl.String()),
}  # fmt: skip


def conflicts(
    posts: pl.DataFrame,
    reads: pl.DataFrame,
    post_signals: pl.DataFrame,
    *,
    pack: pack_module.Pack,
) -> pl.DataFrame:
    """Which posts claim what a rule in force on their day forbids.

    Args:
        posts: One row per post: ``post_id``, ``platform``, ``published_at`` (null where unknown: then ``crawled_at`` counts, as for one after it),
            ``crawled_at``, ``title``, ``text``.
        reads: contracts.POST_READS of the same posts.
        post_signals: contracts.SIGNALS of the same posts.
        pack: The scheme with its rules.

    Returns:
        contracts.POLICY_CONFLICTS: one row per post and rule with the first claim as written, sorted by platform, post and
        rule. Empty in, empty out.
    """
    rules = _rules(pack)
    telling = reads.filter(
        pl.col("stance").is_in(list(_PITCHES)) & pl.col("is_on_topic")
    ).select("post_id", "doc_id")
    # A publication date after the crawl is a mistake or a lie.
    day = pl.min_horizontal("published_at", "crawled_at")
    # Only posts that stand under some rule by date: most history of a platform is older than its rules.
    dated = (
        posts.select("post_id", "platform", day.alias("day"), "title", "text")
        .join(telling, on="post_id")
        .join(rules, how="cross")
        .filter(pl.col("day") >= pl.col("in_force_from"))
        .sort("post_id", "rule_id")
    )
    texts = dated.select("post_id", "doc_id", "title", "text").unique(
        "post_id", maintain_order=True
    )
    claims = pl.concat(
        [_by_patterns(texts, pack), _by_signals(texts, post_signals, rules)]
    )
    is_bound = (pl.col("platforms").list.len() == 0) | (
        pl.col("platforms").list.set_intersection("about").list.len() > 0
    )
    found = (
        dated.join(claims, on=["post_id", "rule_id"])
        .with_columns(
            about=pl.when(pl.col("about").list.len() == 0)
            .then(pl.concat_list("platform"))
            .otherwise("about")
        )
        .filter(is_bound)
        .sort("platform", "post_id", "rule_id", "field_rank", "span_start", "span_text")
        .unique(["post_id", "rule_id"], keep="first", maintain_order=True)
    )
    return contracts.POLICY_CONFLICTS.check(
        found.select(list(contracts.POLICY_CONFLICTS.columns))
    )


def _rules(pack: pack_module.Pack) -> pl.DataFrame:
    """The pack's rules as a frame."""
    return pl.DataFrame(
        [
            (
                rule.rule_id,
                rule.title,
                list(rule.platforms),
                rule.in_force_from,
                list(rule.signals),
            )
            for rule in pack.policies
        ],
        schema={
            "rule_id": contracts.TEXT, "rule_title": contracts.TEXT, "platforms": contracts.TEXTS,
            "in_force_from": contracts.TIME, "signals": contracts.TEXTS,
        },
        orient="row",
    )  # fmt: skip


def _by_signals(
    texts: pl.DataFrame, post_signals: pl.DataFrame, rules: pl.DataFrame
) -> pl.DataFrame:
    """Asserted signals that contradict a rule."""
    forbidden = (
        rules.select("rule_id", pl.col("signals").alias("signal"))
        .explode("signal")
        .drop_nulls("signal")
    )
    spans = (
        post_signals.filter(pl.col("voice") == "asserted")
        .join(forbidden, on="signal")
        .join(texts, on="post_id")
    )
    rows = [
        (
            post_id, rule_id, documents.FIELDS.index(field), start, span,
            _about(title if field == "title" else text, title, text, start, end),
        )
        for post_id, rule_id, field, start, end, span, title, text in spans.select(
            "post_id", "rule_id", "field", "span_start", "span_end", "span_text", "title", "text"
        ).rows()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_CLAIM, orient="row")


def _by_patterns(texts: pl.DataFrame, pack: pack_module.Pack) -> pl.DataFrame:
    """Asserted matches of the rules' own patterns, each text read once."""
    distinct = texts.unique("doc_id", maintain_order=True)
    read = documents.documents(distinct.select("doc_id", "title", "text").rows())
    rows = [
        claim
        for first in range(0, len(read), _AT_ONCE)
        for claim in _claims(read[first : first + _AT_ONCE], pack)
    ]
    schema = {
        "doc_id": pl.String(),
        **{k: v for k, v in _CLAIM.items() if k != "post_id"},
    }
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .join(texts.select("post_id", "doc_id"), on="doc_id")
        .select(list(_CLAIM))
    )


def _claims(
    read: Sequence[documents.Document], pack: pack_module.Pack
) -> Iterator[tuple[str, str, int, int, str, list[str]]]:
    """Document, rule, rank of the field, start, wording and platforms of every claim."""
    seen = scan.scanner(pack.vocabulary).scan([one.joined for one in read])
    found = seen.matches()
    claims = np.flatnonzero(found.are(found.numbers(_TARGET)))
    voices = voice.Voices(seen, found, pack)
    of, at = found.texts[claims], found.starts[claims]
    is_own = (voices.at(of, at) == voice.ASSERTED) & ~voices.in_speech(of, at)
    for claim in claims[is_own].tolist():
        document = read[found.texts[claim]]
        written = {field.name: field.plain.original for field in document.fields}
        field, start, end = document.original(
            int(found.starts[claim]), int(found.ends[claim])
        )
        about = _about(
            field.plain.original, written.get("title"), written.get("text"), start, end
        )
        yield (
            document.doc_id, found.names[found.targets[claim]].removeprefix(_TARGET),
            documents.FIELDS.index(field.name), start, field.plain.original[start:end], about,
        )  # fmt: skip


def _about(
    field: str, title: str | None, text: str | None, start: int, end: int
) -> list[str]:
    """Platforms that a claim is about, by name; empty where nothing is named and the post's own counts alone."""
    first = 0
    for match in _SENTENCE_END.finditer(field, 0, start):
        first = match.end()
    stop = _SENTENCE_END.search(field, end)
    named = _named(field[first : stop.start() if stop else len(field)])
    return named or _named(f"{title or ''}\n{text or ''}")


def _named(text: str) -> list[str]:
    folded = normalise.normalise(text).folded
    return sorted({_NAMES[match[0]] for match in _NAMED.finditer(folded)})
