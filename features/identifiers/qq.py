"""Ids of digits alone, as QQ gives them to persons and groups.

In: plain text and the place where a lead-in says that an id begins. Out: the id and its span. Invariants: pure; linear: a run is
matched once (``features.writing.digits``) and looked at group by group.
"""

from __future__ import annotations

from features.writing import digits


def is_qq(number: str) -> bool:
    """Whether digits may be a QQ number and no telephone's: 5 to 11, no zero first, not round."""
    return (
        5 <= len(number) <= 11
        and number[0] != "0"
        and not number.endswith("000")
        and not (digits.is_mobile(number) or digits.is_service(number))
    )


def led_id(text: str, position: int, *, low: int, high: int) -> digits.Number | None:
    """The id of ``low`` to ``high`` digits that begins exactly here, after a lead-in (QQ numbers).

    A first group that is long enough is the id, unless what follows looks like its other half; short groups are read
    together to the end of the run.
    """
    match = digits.LED.match(text, position, position + 60)
    if not match:
        return None
    groups = digits.grouped(text, match.start(), match.end())
    value, used = "", 0
    for count, group in enumerate(groups, start=1):
        if count > 1 and not _continues(text, groups, count - 1, len(value), low=low):
            break
        if len(value) + len(group.digits) > high:
            break
        value += group.digits
        used = count
    if used == 0 or len(value) < low or value[0] == "0":
        return None
    taken = groups[:used]
    if sum(group.true_count for group in taken) * 3 < len(
        value
    ) or not digits.ends_clean(text, taken[-1].end):
        return None
    is_plain = used == 1 and text[taken[0].start : taken[0].end].isascii()
    return digits.Number(value, taken[0].start, taken[-1].end, is_plain)


def _continues(
    text: str, groups: list[digits.Group], index: int, length: int, *, low: int
) -> bool:
    """Whether group ``index`` still belongs to an id of which ``length`` digits have been read."""
    gap = text[groups[index - 1].end : groups[index].start]
    if not gap:
        # The numeral of the next word: 1990000一看就是假的.
        return False
    if length < low:
        return True
    is_same = index > 1 and gap == text[groups[0].end : groups[1].start]
    if (
        ("\n" in gap and not is_same)
        or (not is_same and any(one in "/,;、|或" for one in gap))
        or (len(gap.strip()) > 1 and not is_same)
    ):
        return False
    sizes = [len(group.digits) for group in groups]
    after = text[groups[index].end : groups[index].end + 1]
    # 贰玖零零零零 8426: nobody's number is round.
    is_pictured = (
        len(gap) == 1
        and not gap.isascii()
        and not gap.isalnum()
        and not gap.isspace()
        and gap not in "。、…"
    )
    is_round = index == 1 and groups[0].digits.endswith("000") and sizes[1] >= 3
    return (
        max(sizes[: index + 1]) <= 5 or is_round or is_pictured
    ) and after not in digits.MEASURES
