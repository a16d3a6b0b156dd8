"""Contacts found so far in one text, and the stretches of it that they took.

In: kinds, values and places in the plain text. Out: ``Contact`` records with offsets in the original. Invariants:
``original[start:end] == raw``; nothing stands there twice; what one step took, later steps can leave alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from features.engine import expressions
from features.identifiers import leadins, ownership

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.normalise import Normalised
    from features.writing import digits

#: What announces another number than a telephone's.
ID_BEFORE = expressions.compiled(
    r"(?:订单|单号|编号|运单|快递|身份证|卡号|尾号|流水|票号|(?<!涉)案号|型号|货号|序号|isbn|uid|房号|证号|验证码|工单|凭证|合同|批次|条码|商品id|房间|批号|案件|档案|账户|代码|id)(?:号码?|码|为|是|[ :=#])*+$"
)


class Contact(NamedTuple):
    """One contact as it stands in a text.

    Attributes:
        kind: A kind of ``CONTRACT.md`` §1.
        value: What a reader would type. ``account`` is ``platform:handle``; ``company`` has ASCII brackets.
        raw: What was written, ``original[start:end]``.
        start: Offset in the original.
        end: Offset after it.
        ownership: ``own`` or ``mentioned``, by the wording alone.
        confidence: 0 to 1; see the module.
    """

    kind: str
    value: str
    raw: str
    start: int
    end: int
    ownership: ownership.Ownership
    confidence: float


class Placed(NamedTuple):
    """A contact, and where its lead-in and its value stand in the plain text."""

    contact: Contact
    lead: int
    start: int
    end: int


class Finds:
    """Contacts found so far and the stretches of plain text they took."""

    def __init__(self, text: Normalised, folded: str) -> None:
        self.text = text
        self.folded = folded
        self.contacts: dict[tuple[str, str, int, int], Contact] = {}
        self.taken = bytearray()
        #: The telephone number found last, and its span in the plain text.
        self.phone: tuple[str, tuple[int, int]] | None = None

    def add(
        self,
        kind: str,
        value: str,
        span: tuple[int, int],
        confidence: float,
        *,
        lead: int | None = None,
        whose: ownership.Ownership | None = None,
    ) -> None:
        """Record a contact at a span of the plain text; ``lead`` is where its lead-in begins."""
        start, end = span
        if whose is None:
            whose = ownership.ownership(
                self.folded, start if lead is None else lead, start, end
            )
        first, last = self.text.span(start, end)
        contact = Contact(
            kind, value, self.text.original[first:last], first, last, whose, confidence
        )
        self.contacts.setdefault((kind, value, first, last), contact)
        self.take(start, end)
        if kind == "phone":
            self.phone = value, span

    def put(self, listed: Sequence[Placed]) -> bool:
        """Record contacts whose places are all free, lead-ins included; whether they were."""
        if not all(self.is_free(one.lead, one.end) for one in listed):
            return False
        for contact, _, start, end in listed:
            key = contact.kind, contact.value, contact.start, contact.end
            self.contacts.setdefault(key, contact)
            self.take(start, end)
            if contact.kind == "phone":
                self.phone = contact.value, (start, end)
        return True

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as read."""
        if not self.taken:
            self.taken = bytearray(len(self.folded))
        self.taken[start:end] = b"\x01" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing was read there yet."""
        return not self.taken or 1 not in self.taken[start:end]

    def free_of(self, places: Sequence[int]) -> Sequence[int]:
        """Those of some places that were not read yet."""
        taken = self.taken
        return [one for one in places if not taken[one]] if taken else places

    def add_kinds(
        self, kinds: Sequence[str], number: digits.Number, lead: int | None
    ) -> None:
        """Record one number under several kinds, and under those that a note behind it names (微信同号)."""
        noted = [
            kind
            for kind in leadins.same_as(self.folded, number.end)
            if kind not in kinds and not (kind == "qq" and "qq_group" in kinds)
        ]
        confidence = 0.95 if number.is_plain else 0.85
        span = number.start, number.end
        begin = number.start if lead is None else lead
        whose = ownership.ownership(self.folded, begin, *span)
        for kind in [*kinds, *noted]:
            self.add(kind, number.value, span, confidence, whose=whose)
