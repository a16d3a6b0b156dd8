"""Writes clauses of the grammar and keeps the truth of what it wrote.

In: ``facts.Facts``. Out: ``Draft``, one title or text with every contact, sum and signal in it. Invariants: a planted
``raw`` stands in the text; disguises of words never touch a planted piece; values are canonical after CONTRACT §9.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crawlers.sandbox import dice
from crawlers.sandbox.language import disguise, grammar, leads, pitch, sums, vocabulary
from crawlers.sandbox.language import facts as knowledge

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence


class PlantedContact(NamedTuple):
    """One contact in a text. ``raw`` is its written form, ``disguise`` the family, ``is_hub`` a public value."""

    kind: str
    value: str
    ownership: str
    raw: str
    disguise: str = "plain"
    is_hub: bool = False


def planted(
    kind: str,
    value: str,
    ownership: str,
    *,
    raw: str | None = None,
    family: str = "plain",
) -> PlantedContact:
    """A contact with its canonical value: NFKC, which matters for brackets in companies' names."""
    return PlantedContact(
        kind, unicodedata.normalize("NFKC", value), ownership, raw or value, family
    )


class PlantedSum(NamedTuple):
    """One sum in a text."""

    amount: sums.Sum
    role: str
    period: str
    voice: str


@dataclass(slots=True)
class Draft:
    """A finished title or text with its truth."""

    text: str
    contacts: list[PlantedContact]
    sums: list[PlantedSum]
    signals: set[tuple[str, str]]


class Writer:
    """Writes one title or text. Not reusable: make one per text.

    Args:
        rng: The generator.
        facts: What the speaker has to say.
        voice: Voice of everything claimed: ``asserted`` in the speaker's own pitch, ``quoted`` in reports and complaints.
    """

    __slots__ = (
        "_contacts",
        "_facts",
        "_fixed",
        "_parts",
        "_rng",
        "_signals",
        "_sums",
        "_used",
        "_voice",
    )

    def __init__(
        self, rng: random.Random, facts: knowledge.Facts, *, voice: str = "asserted"
    ) -> None:
        self._rng = rng
        self._facts = facts
        self._parts: list[str] = []
        self._fixed: set[int] = set()
        self._contacts: list[PlantedContact] = []
        self._sums: list[PlantedSum] = []
        self._signals: set[tuple[str, str]] = set()
        self._used: set[int] = set()
        self._voice = voice

    # ---------------------------------------------------------------- writing

    def clause(self, bank: Sequence[grammar.Clause]) -> None:
        """Write one clause of a bank, if possible one that this text does not hold yet."""
        rng = self._rng
        chosen = bank[int(rng.random() * len(bank))]
        for _ in range(3):
            if id(chosen) not in self._used:
                break
            chosen = bank[int(rng.random() * len(bank))]
        self._used.add(id(chosen))
        for claim in chosen.claims:
            self._signals.add(
                (claim.signal, "negated" if claim.is_denied else self._voice)
            )
        self.node(chosen.node)

    def raw(self, text: str) -> None:
        """Write text as it is: a joiner, a frame."""
        if text:
            self._parts.append(text)

    def node(self, node: grammar.Node) -> None:
        """Write a template."""
        # Exact types and children in line: this is the stream's innermost loop, and a Slot is a str too.
        if type(node) is list:
            node = node[int(self._rng.random() * len(node))]
        if type(node) is str:
            self._parts.append(node)
        elif type(node) is tuple:
            for child in node:
                if type(child) is str:
                    self._parts.append(child)
                else:
                    self.node(child)
        elif type(node) is list:
            self.node(node)
        else:
            self._slot(str(node))

    @contextlib.contextmanager
    def drawing(self, rng: random.Random) -> Iterator[None]:
        """Inside, wording and slots are drawn from another generator."""
        before, self._rng = self._rng, rng
        try:
            yield
        finally:
            self._rng = before

    def signal(self, name: str) -> None:
        """Note a signal that something other than a tagged clause carries."""
        self._signals.add((name, self._voice))

    def finish(
        self, *, word_disguise: float = 0.0, is_traditional: bool = False
    ) -> Draft:
        """The text, stripped at both ends, with its truth."""
        parts = self._parts
        if word_disguise:
            parts = [
                part
                if place in self._fixed or len(part) < 2
                else disguise.words(self._rng, part, rate=word_disguise)
                for place, part in enumerate(parts)
            ]
        text = "".join(parts).strip()
        if not is_traditional:
            return Draft(text, self._contacts, self._sums, self._signals)
        convert = disguise.traditional
        contacts = [item._replace(raw=convert(item.raw)) for item in self._contacts]
        amounts = [
            item._replace(amount=item.amount._replace(raw=convert(item.amount.raw)))
            for item in self._sums
        ]
        return Draft(convert(text), contacts, amounts, self._signals)

    # ---------------------------------------------------------------- planting

    def _fix(self, text: str) -> None:
        self._fixed.add(len(self._parts))
        self._parts.append(text)

    def sum_of(self, figure: knowledge.Figure) -> None:
        """Write a sum in some notation."""
        yuan = max(1, round(figure.yuan(self._rng, self._facts)))
        if figure.is_large:
            written = sums.large(self._rng, yuan)
        else:
            written = sums.any_sum(self._rng, yuan, vagueness=figure.vagueness)
        self._sums.append(PlantedSum(written, figure.role, figure.period, self._voice))
        self._fix(written.raw)

    def contact(
        self,
        contact: knowledge.Contact,
        *,
        ownership: str = "own",
        plainness: float = 0.4,
        has_lead: bool = True,
    ) -> None:
        """Write a contact with its lead-in, disguise, hint and tail.

        Args:
            contact: What to write.
            ownership: Of the truth.
            plainness: Chance that it is written as it is.
            has_lead: Whether a lead-in stands before it and a note may stand behind it.
        """
        rng, kind = self._rng, contact.kind
        if has_lead:
            self.raw(leads.before(rng, kind))
        if kind == "domain":
            written = disguise.host(rng, contact.value)
        else:
            written = disguise.contact(rng, kind, contact.value, plainness=plainness)
        self._fix(written.raw)
        self._contacts.append(
            planted(
                kind, contact.value, ownership, raw=written.raw, family=written.family
            )
        )
        if contact.is_same_number:
            self.raw(dice.pick(rng, leads.SAME_NUMBER))
            self._contacts.append(
                PlantedContact(
                    "wechat", contact.value, ownership, written.raw, written.family
                )
            )
        self.raw(written.hint)
        if has_lead and ownership == "own":
            self.raw(leads.after(rng))

    def hub(self, kind: str, value: str, raw: str | None = None) -> None:
        """Write a public value that belongs to nobody here."""
        self._fix(raw or value)
        self._contacts.append(
            PlantedContact(kind, value, "mentioned", raw or value, is_hub=True)
        )

    def quote(self) -> None:
        """Write one to three clauses of the pitch as somebody else's words."""
        before, self._voice = self._voice, "quoted"
        rng = self._rng
        for turn in range(1 + int(rng.random() * 3)):
            if turn:
                self.raw(dice.pick(rng, ("，", "、", "；", "，", "！")))
            self.clause(dice.pick(rng, pitch.QUOTABLE))
        self._voice = before

    # ---------------------------------------------------------------- slots

    def _slot(self, name: str) -> None:
        figure = knowledge.FIGURES.get(name)
        if figure is not None:
            self.sum_of(figure)
            return
        words = vocabulary.LISTS.get(name)
        if words is None:
            _SLOTS[name](self)
        elif name == "city" and self._rng.random() < 0.6:
            self._parts.append(self._facts.city)
        else:
            self._parts.append(words[int(self._rng.random() * len(words))])

    def _brand(self) -> None:
        self._parts.append(self._facts.brand)

    def _company(self) -> None:
        name = self._facts.company
        self._fix(name)
        self._contacts.append(
            planted("company", name, "own" if self._facts.owns_company else "mentioned")
        )

    def _own(self) -> None:
        if self._facts.contacts:
            self.contact(dice.pick(self._rng, self._facts.contacts), plainness=0.9)

    def _theirs(self) -> None:
        if self._facts.theirs:
            chosen = dice.pick(self._rng, self._facts.theirs)._replace(
                is_same_number=False
            )
            self.raw(dice.pick(self._rng, leads.THEIRS[chosen.kind]))
            self.contact(chosen, ownership="mentioned", plainness=0.75, has_lead=False)

    def _courier(self) -> None:
        number = knowledge.COURIER
        self.hub("phone", number, f"{number[:3]}-{number[3:6]}-{number[6:]}")

    def _platform_link(self) -> None:
        name = dice.pick(self._rng, leads.PLATFORM_HOSTS)
        self.hub(
            "domain", name, f"https://{name}/demo{self._rng.randrange(10**6):06d}/"
        )

    def _rate(self) -> None:
        self._parts.append(f"{dice.pick(self._rng, (3, 5, 8, 10, 12, 15, 20, 30))}%")


#: Slots that are neither words nor sums.
_SLOTS: dict[str, Callable[[Writer], None]] = {
    "brand": Writer._brand,  # noqa: SLF001 - the table belongs to the class
    "company": Writer._company,  # noqa: SLF001
    "contact": Writer._own,  # noqa: SLF001
    "theirs": Writer._theirs,  # noqa: SLF001
    "hotline": lambda writer: writer.hub("phone", "96110"),
    "hotline2": lambda writer: writer.hub("phone", "12377"),
    "consumer": lambda writer: writer.hub("phone", "12315"),
    "courier": Writer._courier,  # noqa: SLF001
    "platform_link": Writer._platform_link,  # noqa: SLF001
    "rate": Writer._rate,  # noqa: SLF001
    "quote": Writer.quote,
}
#: Every slot that a template may use.
KNOWN_SLOTS = (
    frozenset(_SLOTS) | frozenset(knowledge.FIGURES) | frozenset(vocabulary.LISTS)
)
