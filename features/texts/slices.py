"""A slice of documents, read: the order of work of reading.

In: some thousand documents and a pack. Out: ``Slice``: all that they say, ready to be written as rows. Invariants: pure;
what a document says depends on its own text alone; memory grows with the slice.

Order of work: normalise; find amounts and contacts; find every word of the pack and every match of its patterns; hear who
speaks; weigh what each document does. What can be said of all documents at once is said in arrays; Python looks at the few
places where something was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features import signals, stance
from features.amounts import sums
from features.identifiers import ownership
from features.matching import scan
from features.purposes import entries, payments
from features.speech import cues, phrases, voice
from features.texts import documents, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from features import pack as pack_module
    from features.engine.trie import Integers


@dataclass(frozen=True, slots=True)
class Slice:
    """What documents say.

    Attributes:
        made: The documents.
        is_read: Whether a document holds words of the pack or amounts; of the others only contacts are told.
        tropes: Their signals, as the whole document is heard.
        amounts: Amounts of the documents.
        amount_voices: Their voices.
        contacts: Contacts of each document.
        is_own_word: Whether the author speaks himself, contact after contact.
        evidence: What tells the stance.
        odds: Log-odds per stance.
        is_on_topic: Whether it is about the pack's trade.
        hidden: The texts with names hidden, as phrases see them.
        patterned: Tropes that patterns show, with their local voice.
        heard: Who speaks where.
    """

    made: Sequence[documents.Document]
    is_read: Integers
    tropes: signals.Tropes
    amounts: sums.Sums
    amount_voices: Integers
    contacts: Sequence[Sequence[documents.Placed]]
    is_own_word: Integers
    evidence: cues.Evidence
    odds: dict[str, cues.Column]
    is_on_topic: Integers
    hidden: phrases.Masked
    patterned: signals.Tropes
    heard: voice.Voices

    def frames(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """DOC_SIGNALS, DOC_AMOUNTS, DOC_CONTACTS, DOC_STANCES of ``warehouse.contracts``."""
        return (
            rows.signals(self.made, self.tropes),
            rows.amounts(self.made, self.amounts, self.amount_voices),
            rows.contacts(self.made, self.contacts, self.is_own_word.tolist()),
            rows.stances(self.made, self.odds, self.is_on_topic),
        )


def read(written: Sequence[documents.Row], *, pack: pack_module.Pack) -> Slice:
    """Read documents.

    Args:
        written: ``doc_id``, ``title``, ``text`` of each; a null or empty field says nothing.
        pack: The scheme to read for.
    """
    made = documents.documents(written)
    texts = [one.joined for one in made]
    size = len(made)
    finds = documents.Finds(made, pack.money, pack.bare)
    amounts, found_contacts = finds.sums, finds.contacts
    seen = scan.scanner(pack.vocabulary).scan(texts, finds.strip)
    for token, places in entries.tokens(amounts).items():
        seen.add(token, *places)
    found = seen.matches()
    heard = voice.Voices(seen, found, pack)
    is_read = seen.may_match.copy()
    is_read[amounts.texts] = True
    tropes = signals.find_signals(found, amounts, heard, seen)
    voices = heard.at(amounts.texts, amounts.starts)
    reach = [one for listed in found_contacts for one in listed]
    counts = np.array([len(listed) for listed in found_contacts], dtype=np.int64)
    whose = np.repeat(np.arange(size), counts)
    where = np.array([one.start for one in reach], dtype=np.int64)
    is_asserted = voices == voice.ASSERTED
    is_own = np.array([one.item.ownership == "own" for one in reach], dtype=bool)
    evidence = cues.gather(
        found,
        tropes,
        heard,
        fee_count=amounts.counted(is_asserted & (amounts.roles == sums.FEE), size),
        price_count=amounts.counted(is_asserted & (amounts.roles == sums.PRICE), size),
        own_contact_count=np.bincount(whose[is_own], minlength=size),
        texts=texts,
    )
    hidden = phrases.masked(
        seen,
        amounts,
        found_contacts,
        nouns=pack.vocabulary.named("noun"),
        towns=pack.vocabulary.named("place_name"),
        is_read=is_read,
    )
    told = phrases.stance_odds(pack.phrases, hidden, size=size)
    odds = {
        name: np.where(is_read, value, stance.NOTHING[name])
        for name, value in stance.document_odds(evidence, pack.stance, told).items()
    }
    likeliest, is_own = stance.best(odds), stance.is_own(odds)
    is_on_topic = stance.is_on_topic(evidence) & is_read
    is_echo = is_asserted & stance.is_echo(odds)[amounts.texts]
    is_own_word = (heard.at(whose, where) == voice.ASSERTED) | ~is_read[whose]
    for number in np.flatnonzero(is_own_word & stance.is_echo(odds)[whose]).tolist():
        is_own_word[number] = ownership.is_own_in_echo(
            reach[number].item.kind, texts[whose[number]], int(where[number])
        )
    return Slice(
        made=made,
        is_read=is_read,
        tropes=signals.weighed(
            signals.in_company(tropes, is_own=is_own),
            seen,
            hidden,
            heard,
            table=pack.clauses,
            stances=stance.numbers(odds),
            is_pitch=stance.is_pitch(odds),
            is_own=is_own,
        ),
        amounts=payments.settled(
            entries.fees(
                amounts,
                found,
                texts,
                is_offer=likeliest == "offer",
                is_complaint=likeliest == "complaint",
            ),
            hidden,
            seen.points,
            seen.first,
            texts,
            stances=likeliest.tolist(),
            table=pack.payments,
            is_job=np.broadcast_to(cues.count(evidence.asserted, "job") > 0, size),
        ),
        amount_voices=np.where(is_echo, voice.QUOTED, voices),
        contacts=found_contacts,
        is_own_word=is_own_word,
        evidence=evidence,
        odds=odds,
        is_on_topic=is_on_topic,
        hidden=hidden,
        patterned=tropes,
        heard=heard,
    )
