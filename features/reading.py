"""Reading: what every distinct text says, once; and what every post says, given its text, its account and its kind.

In: documents (distinct title and text), posts and a pack. Out: the frames of ``warehouse.contracts`` for documents
(signals, amounts, contacts, stances) and for posts. Invariants: pure; a document's rows depend on its own text alone, so
they may be kept as long as ``READER_VERSION`` and the pack's version stay; outputs are sorted by their keys; spans are
character offsets in the document's own ``title`` or ``text``: ``field[span_start:span_end] == span_text``.

Order of work for a slice of documents: normalise; one Aho–Corasick pass decides which texts hold anything at all; for
those one more finds every word of the pack, and Python looks at the hits. Memory grows with the slice, not the history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from features import cues, documents, normalise, scan, signals, stance, voice
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from features import contacts, money, patterns
    from features import pack as pack_module

#: Changes whenever the same text may be read differently; kept documents of another version are read again.
READER_VERSION: Final = "3"

#: Documents, and characters, that are in work at once.
_SLICE_ROWS: Final = 4_000
_SLICE_CHARACTERS: Final = 1_000_000
#: Yuan. Entry fees begin where few products of the trade still lie, prices end below them (DOMAIN §3).
LARGE: Final = 8_000
SMALL: Final = 3_000
#: Frames in which a sum at either end buys an entry.
_ENTRIES: Final = frozenset({"frame:entry", "frame:tier_prices", "frame:right"})
_ROLES: Final = {"agency_fee": "#fee", "promised_income": "#income", "price": "#price"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What documents say.

    Attributes:
        signals: contracts.DOC_SIGNALS.
        amounts: contracts.DOC_AMOUNTS.
        contacts: contracts.DOC_CONTACTS.
        stances: contracts.DOC_STANCES, one row for every document.
    """

    signals: pl.DataFrame
    amounts: pl.DataFrame
    contacts: pl.DataFrame
    stances: pl.DataFrame


def read_documents(
    frame: pl.DataFrame,
    *,
    pack: pack_module.Pack,
    on_progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Read distinct texts.

    Args:
        frame: contracts.DOCUMENTS. A null or empty title or text says nothing.
        pack: The scheme to read for.
        on_progress: Called after each slice with the number of documents read and their total.

    Returns:
        All four frames, checked against their contracts and sorted by key. Empty in, empty out.

    Raises:
        ContractError: ``frame`` is not a documents frame.
    """
    contracts.DOCUMENTS.check(frame)
    parts: list[Reading] = []
    read = 0
    for part in slices(frame):
        parts.append(_read_slice(part, pack))
        read += part.height
        if on_progress is not None:
            on_progress(read, frame.height)
    return joined(parts)


def joined(parts: Sequence[Reading]) -> Reading:
    """The reading of all documents from those of its slices, checked and sorted by key."""
    return Reading(
        signals=_joined(contracts.DOC_SIGNALS, [part.signals for part in parts]),
        amounts=_joined(contracts.DOC_AMOUNTS, [part.amounts for part in parts]),
        contacts=_joined(contracts.DOC_CONTACTS, [part.contacts for part in parts]),
        stances=_joined(contracts.DOC_STANCES, [part.stances for part in parts]),
    )


def slices(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Consecutive rows that are in work at once, bounded in number and in characters; a longer single text is a slice of its own."""
    sizes = frame.select(
        pl.sum_horizontal(
            pl.col(name).str.len_chars().fill_null(0) for name in documents.FIELDS
        )
    ).to_series()
    first = characters = 0
    for index, size in enumerate(sizes):
        if index > first and (
            index - first >= _SLICE_ROWS or characters + size > _SLICE_CHARACTERS
        ):
            yield frame.slice(first, index - first)
            first, characters = index, 0
        characters += size
    if first < frame.height:
        yield frame.slice(first)


def _joined(contract: contracts.Contract, parts: list[pl.DataFrame]) -> pl.DataFrame:
    frame = pl.concat([contract.empty(), *parts])
    return contract.check(frame.sort(contract.key))


def evidence_of(
    frame: pl.DataFrame, *, pack: pack_module.Pack
) -> dict[str, cues.Evidence]:
    """What tells the stance of documents, to explain a reading or to fit the pack's weights.

    Args:
        frame: contracts.DOCUMENTS.
        pack: The scheme to read for.

    Returns:
        ``doc_id`` → evidence; documents that hold nothing of the pack are absent.
    """
    return {
        read.document.doc_id: read.evidence
        for part in slices(frame)
        for read in _read(part, pack)
        if isinstance(read, _Understood)
    }


def _read_slice(part: pl.DataFrame, pack: pack_module.Pack) -> Reading:
    rows = _Rows()
    for read in _read(part, pack):
        if isinstance(read, _Understood):
            _add_rows(rows, read)
        else:
            rows.stance(read, stance.NOTHING, is_on_topic=False)
            rows.contacts(read, read.contacts(), None)
    return rows.frames()


def _read(
    part: pl.DataFrame, pack: pack_module.Pack
) -> Iterator[_Understood | documents.Document]:
    """The documents of a slice in order; those that hold nothing of the pack come as they are."""
    read = documents.documents(part.select("doc_id", *documents.FIELDS).rows())
    amounts = [one.amounts(pack.money) for one in read]
    seen = scan.scanner(pack.vocabulary).scan(
        [one.joined for one in read], asked=pack.voice.values()
    )
    for token, (texts, spans) in _tokens(amounts).items():
        seen.add(token, texts, spans)
    matches = seen.matches()
    for index, (one, sums) in enumerate(zip(read, amounts, strict=True)):
        if sums or seen.may_match[index]:
            yield _understood(
                one,
                seen.hits(index),
                matches[index],
                amounts=sums,
                found_contacts=one.contacts(),
                pack=pack,
            )
        else:
            yield one


@dataclass(frozen=True, slots=True)
class _Understood:
    """All that one document says."""

    document: documents.Document
    voices: voice.Voices
    signals: list[signals.Signal]
    amounts: list[documents.Placed[money.Amount]]
    contacts: list[documents.Placed[contacts.Contact]]
    evidence: cues.Evidence
    odds: dict[str, float]
    is_on_topic: bool


def _understood(
    document: documents.Document,
    hits: patterns.Hits,
    matches: list[patterns.Match],
    *,
    amounts: list[documents.Placed[money.Amount]],
    found_contacts: list[documents.Placed[contacts.Contact]],
    pack: pack_module.Pack,
) -> _Understood:
    """Read one document that holds words of the pack or amounts."""
    voices = voice.Voices(hits, pack, signals.places(matches), voice.reports(matches))
    found = signals.find_signals(
        matches, [one.span for one in amounts], voices, hits.text
    )
    asserted = [one for one in amounts if voices.at(one.start) == "asserted"]
    evidence = cues.gather(
        matches,
        found,
        voices,
        fee_count=sum(one.item.role == "agency_fee" for one in asserted),
        price_count=sum(one.item.role == "price" for one in asserted),
        own_contact_count=sum(one.item.ownership == "own" for one in found_contacts),
        text=hits.text,
    )
    odds = stance.document_odds(evidence, pack.stance)
    return _Understood(
        document,
        voices,
        signals.in_company(found, is_pitch=stance.is_pitch(odds)),
        _entry_fees(amounts, matches) if stance.best(odds) == "offer" else amounts,
        found_contacts,
        evidence,
        odds,
        stance.is_on_topic(evidence),
    )


def _tokens(
    amounts: list[list[documents.Placed[money.Amount]]],
) -> dict[str, tuple[list[int], list[patterns.Span]]]:
    """Places of amounts for patterns: by role, and by size where they are neither income nor of a period.

    Args:
        amounts: Amounts of each text.

    Returns:
        For each token in which texts it stands, and where there.
    """
    names = ("#money", "#large", "#small", *_ROLES.values())
    tokens: dict[str, tuple[list[int], list[patterns.Span]]] = {
        name: ([], []) for name in names
    }

    def note(name: str, text: int, span: patterns.Span) -> None:
        tokens[name][0].append(text)
        tokens[name][1].append(span)

    for text, listed in enumerate(amounts):
        for one in listed:
            note("#money", text, one.span)
            if one.item.role in _ROLES:
                note(_ROLES[one.item.role], text, one.span)
            if one.item.role != "promised_income" and one.item.period == "none":
                if one.item.yuan >= LARGE:
                    note("#large", text, one.span)
                elif one.item.yuan < SMALL:
                    note("#small", text, one.span)
    return tokens


def _entry_fees(
    amounts: list[documents.Placed[money.Amount]], matches: list[patterns.Match]
) -> list[documents.Placed[money.Amount]]:
    """Amounts of an offer, where sums that buy an entry are fees whatever the seller calls them (盟金2w8)."""
    bought: set[patterns.Span] = set()
    ends = {one.end: one.span for one in amounts}
    starts = {one.start: one.span for one in amounts}
    for match in matches:
        if match.target in _ENTRIES:
            bought.update(
                span
                for span in (starts.get(match.start), ends.get(match.end))
                if span is not None
            )
    return [
        replace(one, item=replace(one.item, role="agency_fee"))
        if one.span in bought
        and one.item.role == "price"
        and one.item.yuan >= SMALL
        and one.item.period == "none"
        else one
        for one in amounts
    ]


def _add_rows(rows: _Rows, read: _Understood) -> None:
    rows.stance(read.document, read.odds, is_on_topic=read.is_on_topic)
    rows.signals(read)
    rows.amounts(read)
    rows.contacts(read.document, read.contacts, read.voices)


class _Rows:
    """Collects rows and makes frames of them."""

    def __init__(self) -> None:
        self._signals: dict[tuple[object, ...], tuple[object, ...]] = {}
        self._amounts: list[tuple[object, ...]] = []
        self._contacts: dict[tuple[object, ...], tuple[object, ...]] = {}
        self._stances: list[tuple[object, ...]] = []

    def stance(
        self,
        document: documents.Document,
        odds: Mapping[str, float],
        *,
        is_on_topic: bool,
    ) -> None:
        self._stances.append(
            (document.doc_id, is_on_topic, *(odds[name] for name in stance.STANCES))
        )

    def signals(self, read: _Understood) -> None:
        for one in read.signals:
            field, start, end = read.document.original(one.start, one.end)
            doc_id, raw = read.document.doc_id, field.plain.original[start:end]
            self._signals.setdefault(
                (one.signal, doc_id, field.name, start, end),
                (doc_id, one.signal, one.voice, field.name, raw, start, end),
            )

    def amounts(self, read: _Understood) -> None:
        is_echo = stance.is_echo(read.odds)
        for one in read.amounts:
            item = one.item
            heard = read.voices.at(one.start)
            if heard == "asserted" and is_echo:
                heard = "quoted"
            self._amounts.append(
                (
                    read.document.doc_id,
                    item.yuan,
                    item.yuan_max,
                    item.is_approximate,
                    item.role,
                    item.period,
                    heard,
                    one.field.name,
                    item.raw,
                    item.start,
                    item.end,
                )
            )

    def contacts(
        self,
        document: documents.Document,
        found: list[documents.Placed[contacts.Contact]],
        voices: voice.Voices | None,
    ) -> None:
        for one in found:
            item, doc_id = one.item, document.doc_id
            is_own = voices is None or voices.at(one.start) == "asserted"
            self._contacts.setdefault(
                (doc_id, item.kind, item.value, one.field.name, item.start, item.end),
                (
                    doc_id,
                    item.kind,
                    item.value,
                    item.raw,
                    one.field.name,
                    item.ownership if is_own else "mentioned",
                    item.confidence,
                    item.start,
                    item.end,
                ),
            )

    def frames(self) -> Reading:
        return Reading(
            signals=_frame(contracts.DOC_SIGNALS, list(self._signals.values())),
            amounts=_frame(contracts.DOC_AMOUNTS, self._amounts),
            contacts=_frame(contracts.DOC_CONTACTS, list(self._contacts.values())),
            stances=_frame(contracts.DOC_STANCES, self._stances),
        )


def _frame(
    contract: contracts.Contract, rows: list[tuple[object, ...]]
) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(contract.columns), orient="row")


def post_reads(
    posts: pl.DataFrame, doc_stances: pl.DataFrame, *, pack: pack_module.Pack
) -> pl.DataFrame:
    """What each post is doing: its wording with its account, its kind and its listing.

    Args:
        posts: One row per current post: ``post_id``, ``crawled_at``, ``first_crawled_at``, ``doc_id``, ``kind``, and
            where known ``author_verified``, ``author_name``, ``complaint_target``, ``listing_price_yuan``,
            ``is_long``.
        doc_stances: contracts.DOC_STANCES of their documents.
        pack: The scheme; its name words tell a reporter's account from a seller's.

    Returns:
        contracts.POST_READS, sorted by ``post_id``; ``template_id`` is null until templates are known. Empty in, empty
        out.
    """
    names = _names_of(posts, pack)
    stances = stance.post_stances(posts.with_columns(name_says=names), doc_stances)
    frame = posts.select("post_id", "crawled_at", "first_crawled_at", "doc_id").join(
        stances, on="post_id", how="left", maintain_order="left"
    )
    return contracts.POST_READS.check(
        frame.with_columns(template_id=pl.lit(None, dtype=pl.String))
        .select(list(contracts.POST_READS.columns))
        .with_columns(
            pl.col(name).cast(kind)
            for name, kind in contracts.POST_READS.columns.items()
        )
        .sort("post_id")
    )


def _names_of(posts: pl.DataFrame, pack: pack_module.Pack) -> pl.Series:
    """What each account's name alone says of it: ``report`` (a paper, the police), ``offer`` (区域招商), or null."""
    if "author_name" not in posts.columns:
        return pl.Series([None] * posts.height, dtype=pl.String)
    names = posts["author_name"].fill_null("")
    distinct = names.unique(maintain_order=True)
    folded = [normalise.normalise(name).folded for name in distinct]
    says: dict[str, str | None] = {}
    texts = pl.Series(folded, dtype=pl.String)
    for name, hits in zip(distinct, pack.vocabulary.hits(texts), strict=True):
        targets = {match.target for match in pack.vocabulary.matches(hits)}
        if targets & {"frame:news", "frame:law"}:
            says[name] = "report"
        elif targets & {"frame:seek", "frame:right"}:
            says[name] = "offer"
    return names.map_elements(says.get, return_dtype=pl.String)


def post_signals(
    reads: pl.DataFrame, seller_ids: pl.DataFrame, doc_signals: pl.DataFrame
) -> pl.DataFrame:
    """Signals of posts: their documents' signals, heard as the post's stance says.

    Args:
        reads: contracts.POST_READS.
        seller_ids: ``post_id``, ``seller_id``; one row per post.
        doc_signals: contracts.DOC_SIGNALS.

    Returns:
        contracts.SIGNALS, sorted by key; in reports and complaints nothing is asserted.
    """
    return _of_posts(contracts.SIGNALS, reads, seller_ids, doc_signals)


def post_amounts(
    reads: pl.DataFrame, seller_ids: pl.DataFrame, doc_amounts: pl.DataFrame
) -> pl.DataFrame:
    """Amounts of posts: their documents' amounts, heard as the post's stance says.

    Args:
        reads: contracts.POST_READS.
        seller_ids: ``post_id``, ``seller_id``; one row per post.
        doc_amounts: contracts.DOC_AMOUNTS.

    Returns:
        contracts.AMOUNTS, sorted by key; in reports and complaints nothing is asserted.
    """
    return _of_posts(contracts.AMOUNTS, reads, seller_ids, doc_amounts)


def _of_posts(
    contract: contracts.Contract,
    reads: pl.DataFrame,
    seller_ids: pl.DataFrame,
    of_documents: pl.DataFrame,
) -> pl.DataFrame:
    is_echo = pl.col("stance").is_in(list(stance.ECHOES)) & (
        pl.col("voice") == "asserted"
    )
    frame = (
        reads.select("post_id", "doc_id", "stance")
        .join(seller_ids.select("post_id", "seller_id"), on="post_id", how="left")
        .join(of_documents, on="doc_id", how="inner")
        .with_columns(
            voice=pl.when(is_echo).then(pl.lit("quoted")).otherwise(pl.col("voice"))
        )
    )
    return contract.check(frame.select(list(contract.columns)).sort(contract.key))
