"""Numbers in noise: runs of digits with anything short between them, and the telephone numbers inside.

In: plain text (``features.normalise``). Out: ``Run``: the groups of digits as they stand, and ``Number``: a value with its
span. Invariants: pure; linear in the text, because a run is matched possessively and every later step looks at one run.

A digit may be ASCII, a Chinese numeral (一, 壹, 幺), or l / I / O between true digits. How a number may be broken up is
known (3-4-4, one by one, by one repeated sign …); digits broken up in another way are a date, a price or an id.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from features.engine import expressions
from features.writing import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NUMERALS: Final = f"{numerals.HAN_DIGITS}〇○洞幺弌弍弎拐"
_DIGIT: Final = f"0-9{NUMERALS}"
#: A character class: one digit in any costume that reads as a digit by itself.
ANY: Final = f"[{_DIGIT}]"
#: What stands in it.
EACH: Final = _DIGIT
#: Characters that count as digits of a number without a lead-in.
LOOSE: Final = f"0123456789{NUMERALS}勾lIioO"
_VALUE_OF: Final = {**numerals.SOUNDS_OF, **numerals.DIGIT_OF}
#: With which digits a number begins: 0 of an area, 1 of a mobile, 400 and 800, 86 of the country.
_OPENS: Final = frozenset("0148")
FIRST: Final = "".join(one for one in LOOSE if _VALUE_OF[one] in _OPENS)
#: Least digits of one, and most characters from one of them to the next.
LEAST, WIDEST_STEP = 10, 4
_SOUND: Final = f"{_DIGIT}{''.join(sorted(numerals.SOUNDS_OF))}"
# Between digits: signs, space, line break, and the words that people put for a sign.
_SIGN: Final = r"(?:[^\w¥%]|[_空杠点横丨]){0,3}+"
_ANYTHING: Final = rf"(?:。(?=[{_DIGIT}])|[^0-9A-Za-z{_SOUND}¥%。!?]{{0,3}}+)"

_BARE = expressions.compiled(rf"[{LOOSE}](?:{_SIGN}[{LOOSE}]){{6,}}+")
#: Digits behind a lead-in, with almost anything between them.
LED: Final = expressions.compiled(rf"[{_SOUND}](?:{_ANYTHING}[{_SOUND}])*+")
#: Behind digits that no others follow.
ALONE: Final = rf"(?!{_ANYTHING}[{_SOUND}])"
# As most are written: a mobile number in plain digits without anything between, a service number with hyphens or blanks or without;
# behind it perhaps a numeral of the next word (400-000-8000一直占线).
USUAL: Final = rf"(?:1[3-9][0-9]{{9}}|[48]00[\- ]?[0-9]{{3}}[\- ]?[0-9]{{4}})(?:(?![{_SOUND}])|(?=[{NUMERALS}](?![{_SOUND}])[一-鿿]))"
_USUAL = expressions.compiled(USUAL)
_GROUP = expressions.compiled(rf"[{_SOUND}]+")
_PLAIN = expressions.compiled(r"[0-9]+")

#: A note that only a telephone number has behind it: (微信同号), 微电同步.
_NOTED = expressions.compiled(
    r"[ ,(]{0,3}(?:(?:微信|微|薇|威|v|vx|wx|电话?|手机)[/、]?){1,2}(?:同|一个号|都是)"
)
_SERVICES_BEHIND: Final = frozenset("vw")
#: Sizes into which a mobile number is broken by people who mean it to be read.
_MOBILE_SIZES: Final = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 8),
        (7, 4),
        (4, 4, 3),
        (4, 3, 4),
        (3, 3, 5),
        (5, 6),
        (6, 5),
        (3, 4, 2, 2),
        (3, 2, 2, 2, 2),
        (2, 3, 3, 3),
        (3, 3, 3, 2),
    }
)
_THOUSANDS: Final = (2, 3, 3, 3)
_SERVICES: Final = frozenset({"400", "800"})
_SERVICE_SIZES: Final = frozenset(
    {(10,), (3, 3, 4), (3, 4, 3), (4, 3, 3), (4, 6), (3, 7), (6, 4), (4, 2, 4)}
)
_LOCAL_SIZES: Final = frozenset({(7,), (8,), (4, 4), (3, 4), (4, 3), (2, 2, 2, 2)})
# Area codes of three digits; every other code that begins 03 to 09 has four.
_SHORT_AREAS: Final = frozenset({"010", *(f"02{one}" for one in "0123456789")})
# Signs that make digits part of an address or a price; the first ones only behind a letter or digit.
_JOINED: Final = frozenset("=/.-#&")
_NOT_BEFORE: Final = frozenset("_@¥$")
#: So many digits before a bracket are a number by themselves.
_BRACKET_SIZE: Final = 8
#: Groups that are looked at from one on; numbers have at most eleven digits, and a country before them.
_MOST_GROUPS: Final = 12
#: Units: digits before one count something.
MEASURES: Final = frozenset("元万块亿千百折%人个台家单年月天号粉倍条份篇次期楼")


class Group(NamedTuple):
    """Digits without a sign between them: canonical digits, span, how many were written as true digits."""

    digits: str
    start: int
    end: int
    true_count: int


class Number(NamedTuple):
    """A number found: canonical digits and span in the plain text; ``is_plain`` when written without disguise."""

    value: str
    start: int
    end: int
    is_plain: bool


def grouped(text: str, start: int, end: int, *, most: int | None = None) -> list[Group]:
    """The groups of digits of a stretch, at most so many."""
    groups: list[Group] = []
    for match in _GROUP.finditer(text, start, end):
        if len(groups) == most:
            break
        written, at = match[0], match.start()
        if written.isascii() and written.isdigit():
            groups.append(Group(written, at, match.end(), len(written)))
            continue
        cut = _whole_prefix(written, text[match.end() : match.end() + 1])
        if cut:
            groups.append(Group(written[:cut], at, at + cut, cut))
            written, at = written[cut:], at + cut
        digits = "".join([_VALUE_OF[one] for one in written])
        true_count = sum(one in numerals.DIGIT_OF for one in written)
        groups.append(Group(digits, at, match.end(), true_count))
    return groups


def _whole_prefix(written: str, after: str) -> int:
    """Length of plain digits to which a numeral of the next word is stuck (13800138000一对一, 8000一直), else 0."""
    plain = _PLAIN.match(written)
    if not plain:
        return 0
    size = plain.end()
    if is_mobile(plain[0]) or is_service(plain[0]):
        return size
    is_word = "一" <= after <= "鿿"
    return size if len(written) - size == 1 and size >= 3 and is_word else 0


def ends_clean(text: str, end: int) -> bool:
    """No letter, unit or decimal follows that would make the digits something else."""
    after = text[end : end + 1]
    if text.startswith("左右", end):
        return False
    if after in MEASURES or after == "_" or (after.isascii() and after.isalnum()):
        # 199…v同步: the letter begins a note on the number.
        return not after or (
            after in _SERVICES_BEHIND and _NOTED.match(text, end) is not None
        )
    return not (after == "." and text[end + 1 : end + 2].isdigit())


def is_mobile(digits: str) -> bool:
    """Whether digits are a mobile number of the mainland."""
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


def _may_be_mobile(digits: str) -> bool:
    """Whether a mobile or service number may begin with digits."""
    if digits[0] == "1":
        return len(digits) == 1 or digits[1] in "3456789"
    return digits[0] in "48" and (len(digits) < 3 or digits[:3] in _SERVICES)


def is_service(digits: str) -> bool:
    """Whether digits are a number of 400 or 800."""
    return len(digits) == 10 and digits[:3] in _SERVICES


def _landline(groups: list[Group], *, is_led: bool) -> tuple[str, int] | None:
    """Area code and local number from the first groups: the digits and how many groups they took.

    Without a lead-in a local number in one piece with its area begins as local numbers do.
    """
    first = groups[0].digits
    if not first.startswith("0") or first.startswith("00"):
        return None
    area = 3 if first[:3] in _SHORT_AREAS else 4
    if len(first) > area:
        is_whole = len(first) - area in {7, 8} and (is_led or first[area] in "2345678")
        return (first, 1) if is_whole else None
    if len(first) != area:
        return None
    local, sizes = "", []
    for count, group in enumerate(groups[1:5], start=2):
        local += group.digits
        sizes.append(len(group.digits))
        if tuple(sizes) in _LOCAL_SIZES and len(local) in {7, 8}:
            rest = groups[count : count + 1]
            if (
                len(local) == 7
                and tuple(sizes) == (3, 4)
                and rest
                and len(rest[0].digits) == 1
            ):
                continue
            return first + local, count
    return None


def _numbers(text: str, groups: list[Group], *, is_led: bool) -> Iterator[Number]:
    """Telephone numbers in the groups of one run, left to right."""
    index = 0
    while index < len(groups):
        found = _number_at(text, groups, index, is_led=is_led)
        if found is None:
            index += 1
            continue
        number, index = found
        yield number


def _number_at(
    text: str, groups: list[Group], index: int, *, is_led: bool
) -> tuple[Number, int] | None:
    first = groups[index]
    if first.digits[0] not in "0148":
        return None
    if first.digits in {"86", "0086"} and index + 1 < len(groups):
        inner = _number_at(text, groups, index + 1, is_led=is_led)
        if inner and is_mobile(inner[0].value):
            number, after = inner
            return Number(number.value, first.start, number.end, number.is_plain), after
        return _abroad(text, groups, index) if is_led else None
    for country in ("0086", "86"):
        if first.digits.startswith(country) and is_mobile(first.digits[len(country) :]):
            return Number(
                first.digits[len(country) :], first.start, first.end, is_plain=True
            ), index + 1
    landline = _landline(groups[index : index + 5], is_led=is_led)
    if landline:
        digits, count = landline
        last = groups[index + count - 1]
        if (count > 1 or is_led) and ends_clean(text, last.end):
            return Number(digits, first.start, last.end, is_plain=True), index + count
    return _mobile(text, groups, index, is_led=is_led)


def _abroad(text: str, groups: list[Group], index: int) -> tuple[Number, int] | None:
    """A number of a landline as it is dialled from abroad, without the zero of its area: +86-755-55507206."""
    area = groups[index + 1]
    if area.digits[0] in "01":
        return None
    named = area._replace(digits="0" + area.digits)
    found = _landline([named, *groups[index + 2 : index + 6]], is_led=True)
    if found is None:
        return None
    last = groups[index + found[1]]
    if not ends_clean(text, last.end):
        return None
    return Number(
        found[0], groups[index].start, last.end, is_plain=True
    ), index + found[1] + 1


def _mobile(
    text: str, groups: list[Group], index: int, *, is_led: bool
) -> tuple[Number, int] | None:
    """A mobile or 400 / 800 number whose digits end with a group."""
    first = groups[index]
    if not _may_be_mobile(first.digits):
        return None
    groups = groups[index : index + 12]
    groups = groups[: _phrase(text, groups)]
    digits, sizes, true_count = "", [], 0
    for count, group in enumerate(groups[:11], start=1):
        digits += group.digits
        if not _may_be_mobile(digits):
            return None
        sizes.append(len(group.digits))
        true_count += group.true_count
        if len(digits) > 11:
            return _cut(text, first, digits, sizes, index, is_led=is_led)
        if not (is_mobile(digits) or is_service(digits)):
            continue
        if true_count < (
            4 if is_led else 5 if len(sizes) == 1 else 8
        ) or not ends_clean(text, group.end):
            continue
        known = _MOBILE_SIZES if len(digits) == 11 else _SERVICE_SIZES
        if tuple(sizes) == _THOUSANDS and text[first.end : first.end + 1] == ",":
            # 19,900,008,853
            return None
        is_spelt = max(sizes) <= 2 and len(sizes) > 5
        if (
            tuple(sizes) in known
            or is_led
            or (is_spelt and count == len(groups))
            or _NOTED.match(text, group.end)
        ):
            is_plain = (
                text[first.start : group.end].isascii()
                and len(sizes) <= 3
                and true_count == len(digits)
            )
            return Number(digits, first.start, group.end, is_plain), index + count
    return None


def _phrase(text: str, groups: list[Group]) -> int:
    """How many of the groups come before a comma or stop that does not part them all: there a new phrase begins."""
    gaps = [text[one.end : two.start].strip() for one, two in pairwise(groups)]
    size = 0
    for count, (group, gap) in enumerate(zip(groups, gaps, strict=False), start=1):
        size += len(group.digits)
        if size >= _BRACKET_SIZE and "(" in gap:
            # 1990000558(l是一): what stands in brackets speaks of the number.
            return count
    if len(set(gaps)) > 1 and [len(one.digits) for one in groups[:3]] != [3, 4, 4]:
        for count, gap in enumerate(gaps, start=1):
            if any(sign in gap for sign in ",。;、"):
                return count
    return len(groups)


def _cut(
    text: str, first: Group, digits: str, sizes: list[int], index: int, *, is_led: bool
) -> tuple[Number, int] | None:
    """A number in Chinese numerals that runs on into the next word (…零零零一对一): its first eleven."""
    head = digits[:11]
    end = first.start + 11
    written = text[first.start : end]
    if (
        is_led
        and len(sizes) == 1
        and is_mobile(head)
        and not any(one.isascii() for one in written)
    ):
        return Number(head, first.start, end, is_plain=False), index + 1
    return None


def value_of(written: str) -> str:
    """The digits of a number in any costume, without what stands between them."""
    return "".join([_VALUE_OF[one] for one in written if one in _VALUE_OF])


def bare_numbers(text: str, places: Sequence[int] | None = None) -> Iterator[Number]:
    """Telephone numbers that stand anywhere, told by their shape alone: mobile, 400 / 800, area code and landline.

    Args:
        text: Any.
        places: Where those that are asked for may begin, ascending; None for anywhere. Most runs of digits are prices and dates.
    """
    last_end = -1
    for match in _BARE.finditer(text):
        if places is not None and not _holds(places, *match.span()):
            continue
        groups = grouped(text, match.start(), match.end())
        for number in _numbers(text, groups, is_led=False):
            before = text[max(number.start - 1, 0) : number.start]
            if before in _JOINED and number.start - 1 != last_end:
                before = text[max(number.start - 2, 0) : number.start - 1] or "a"
            if (
                not (before.isascii() and before.isalnum())
                and before not in _NOT_BEFORE
            ):
                last_end = number.end
                yield number


def _holds(places: Sequence[int], start: int, end: int) -> bool:
    """Whether one of some places, ascending, lies in a stretch."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end


def led_number(text: str, position: int) -> Number | None:
    """The telephone number that begins exactly here, after a lead-in: almost anything may stand between its digits."""
    if _VALUE_OF.get(text[position : position + 1], "") not in _OPENS:
        return None
    usual = usual_number(text, position)
    if usual is not None:
        return usual
    match = LED.match(text, position, position + 80)
    if not match:
        return None
    groups = grouped(text, match.start(), match.end(), most=_MOST_GROUPS + 2)
    found = _number_at(text, groups, 0, is_led=True)
    return found[0] if found else None


def usual_number(text: str, position: int) -> Number | None:
    """The telephone number that begins exactly here as most are written, after a lead-in."""
    whole = _USUAL.match(text, position)
    if whole is None or not ends_clean(text, whole.end()):
        return None
    value = whole[0].replace("-", "").replace(" ", "")
    return Number(value, position, whole.end(), is_plain=True)
