r"""A text as a reader hears it, with a way back to the characters that were written.

In: any ``str``, also with lone surrogates and NULs. Out: ``Normalised``: the original, the plain text, and for every plain
character where it stood. Steps: characters lose their costume (``features.writing.characters``), invisible ones go, look-alike
letters of other scripts become Latin inside Latin runs, split characters are joined, spinner damage and UTF-8 read as
Latin-1 are undone, separators inside words go, a pinyin syllable inside a known word becomes its character.

Invariants: pure; linear time; letter case is kept (paths of addresses need it; ``Normalised.folded`` is the lower-case
twin of the same length); Chinese numerals stay as they are; line breaks are ``\n``, other white space is a space;
``starts`` and ``ends`` never decrease, ``0 <= starts[i] < ends[i] <= len(original)``. A text without disguise keeps
its length and its map costs nothing.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from features.engine import expressions
from features.writing import characters, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Edit = tuple[int, int, str]

# Basic, extension A, compatibility-free: what counts as one Han character in words. Numerals are excluded where
# separators are dropped: 三-五万 is a range, 一.八 may be a number.
_HAN: Final = "㐀-䶿一-鿿"
_NUMERALS: Final = frozenset(
    "零〇一二三四五六七八九十百千万亿两几壹贰叁肆伍陆柒捌玖拾佰仟幺洞拐"
)
# What may be noise between the characters of a word: no letters, digits, line breaks, or punctuation that ends a
# phrase. NFKC has made ，！？：； ASCII by now.
_NOISE: Final = (
    r"[^\w\n🐧🛰✈，。、！？；：…“”‘’「」『』《》〈〉（）【】〔〕\[\](){}<>,!?;:%¥$+~]"
)

# Expressions that are searched for begin with the set of their first characters: then the search looks at nothing else, where it
# would try them at every place.
_MARKS = expressions.compiled(r"[\x00-\x02](?:(?<=\x00)\x00+|(?<=\x01)\x01+)?+")
_PHRASED = expressions.compiled(r"[乾瞭藉徵覆鍾鍊畫沈]")
_LOOKALIKE = expressions.compiled(f"[{''.join(map(chr, characters.LOOKALIKES))}]")
_LETTER_RUN = expressions.compiled(r"[0-9A-Za-z_\u0370-\u058f\ua4d0-\ua4f7]+")
_HAS_HAN = expressions.compiled(f"[{_HAN}]")
_SPLIT = expressions.compiled(
    "|".join(
        sorted(
            {*wording.SPLITS_SURE, *wording.SPLITS_IN_WORDS, *wording.SPUN},
            key=lambda parts: (-len(parts), parts),
        )
    )
)
_NOISE_SIGN = expressions.compiled(_NOISE)
_GAP = expressions.compiled(f"{_NOISE}(?<=[{_HAN}]{_NOISE}){_NOISE}{{0,2}}(?=[{_HAN}])")
#: A gap that begins a tag, or a name that is to be sought: 说副业 #创业, 搜@某某.
_NAMES_NEXT = expressions.compiled(r"\s#\Z|[搜找问看加叫]@\Z")
_LATIN = expressions.compiled(r"[A-Za-z][A-Za-z]*+")
_MOJIBAKE_SIGN = expressions.compiled(r"[\u0080-ÿŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]")
_MOJIBAKE = expressions.compiled(_MOJIBAKE_SIGN.pattern * 3 + "+")
#: Syllables of words that are written half in pinyin.
_SYLLABLES: Final = frozenset(
    {syllable for _, syllable in wording.PINYIN_AFTER}
    | {syllable for syllable, _ in wording.PINYIN_BEFORE}
)
_SURROGATE = expressions.compiled("[\ud800-\udfff]")
#: What the maps of most texts are cut from.
_NUMBERS: Final = array("I", range(1_001))


class Normalised(NamedTuple):
    """A plain text and where its characters came from.

    Attributes:
        original: What was written.
        text: What it says, in plain characters; letter case kept.
        starts: For each character of ``text``, where its source begins in ``original``.
        ends: For each character of ``text``, where its source ends (exclusive).
    """

    original: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def folded(self) -> str:
        """``text`` in lower case, character by character, so that offsets agree."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(
            one.lower() if len(one.lower()) == 1 else one for one in self.text
        )

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original of ``text[start:end]``; an empty span stays empty."""
        if start >= end:
            point = (
                self.starts[start] if start < len(self.starts) else len(self.original)
            )
            return point, point
        return self.starts[start], self.ends[end - 1]

    def raw(self, start: int, end: int) -> str:
        """What was written where ``text[start:end]`` stands."""
        first, last = self.span(start, end)
        return self.original[first:last]


def normalise(text: str, undressed: str | None = None) -> Normalised:
    """Undo the disguises of a text.

    Args:
        text: Any string of any length.
        undressed: ``characters.FOLD`` of each of its characters, where that is known.

    Returns:
        The plain text with its map. Empty in, empty out.
    """
    plain = Normalised(text, text, range(len(text)), range(1, len(text) + 1))
    if not text.isascii():
        plain = edited(plain, list(_mojibake(text)))
    # Mojibake is undone before costumes are taken off.
    plain = _folded(plain, undressed if plain.text is text else None)
    if plain.text.isascii():
        return plain
    for edits in (_lookalikes, _splits, _gaps, _syllables):
        plain = edited(plain, list(edits(plain.text)))
    return plain


def edited(plain: Normalised, edits: list[Edit]) -> Normalised:
    """Replace disjoint, ascending spans of the plain text; what replaces a span maps to all of it."""
    if not edits:
        return plain
    pieces: list[str] = []
    starts, ends = array("I"), array("I")
    firsts, lasts = _maps(plain)
    at = 0
    for start, end, replacement in edits:
        pieces.append(plain.text[at:start])
        starts += firsts[at:start]
        ends += lasts[at:start]
        if replacement:
            pieces.append(replacement)
            starts += firsts[start : start + 1] * len(replacement)
            ends += lasts[end - 1 : end] * len(replacement)
        at = end
    pieces.append(plain.text[at:])
    starts += firsts[at:]
    ends += lasts[at:]
    return Normalised(plain.original, "".join(pieces), starts, ends)


def _maps(plain: Normalised) -> tuple[array[int], array[int]]:
    """``starts`` and ``ends`` as arrays, of which pieces are copied whole and not number by number."""
    if isinstance(plain.starts, array) and isinstance(plain.ends, array):
        return plain.starts, plain.ends
    size = len(plain.text)
    numbers = _NUMBERS if size < len(_NUMBERS) else array("I", range(size + 1))
    return numbers[:size], numbers[1 : size + 1]


def _folded(plain: Normalised, text: str | None) -> Normalised:
    """Every character in plain clothes; marks and invisible characters gone."""
    source = plain.text
    if text is None:
        text = source.translate(characters.FOLD)
    if _PHRASED.search(source) and "\x00" not in text:
        text = _phrased(source, text)
    if "\x00" in text or "\x01" in text or "\x02" in text:
        return _unmarked(
            Normalised(plain.original, text, plain.starts, plain.ends), source
        )
    return Normalised(plain.original, text, plain.starts, plain.ends)


def _phrased(source: str, text: str) -> str:
    """Simplify the few characters whose simplified form hangs on the phrase (乾坤, 乾净)."""
    if _SURROGATE.search(source):
        return text
    converted = characters.simplified(source)
    if len(converted) != len(text):
        return text
    pieces, at = [], 0
    for match in _PHRASED.finditer(source):
        pieces += [text[at : match.start()], converted[match.start()]]
        at = match.end()
    return "".join(pieces) + text[at:]


def _unmarked(plain: Normalised, source: str) -> Normalised:
    """Drop what folding marked as dropped, spell out what it marked as longer.

    Combining marks belong to the character before them: its span grows over them, so that a keycap's span is whole.
    """
    pieces: list[str] = []
    starts, ends = array("I"), array("I")
    firsts, lasts = _maps(plain)
    at = 0
    for match in _MARKS.finditer(plain.text):
        start, end = match.span()
        pieces.append(plain.text[at:start])
        starts += firsts[at:start]
        ends += lasts[at:start]
        mark = match[0][0]
        if mark == characters.EXPANDED:
            spelt = characters.expansion(source[start])
            pieces.append(spelt)
            starts += firsts[start : start + 1] * len(spelt)
            ends += lasts[start : start + 1] * len(spelt)
        elif mark == characters.ATTACHED and ends and ends[-1] == firsts[start]:
            ends[-1] = lasts[end - 1]
        at = end
    pieces.append(plain.text[at:])
    starts += firsts[at:]
    ends += lasts[at:]
    return Normalised(plain.original, "".join(pieces), starts, ends)


def _mojibake(text: str) -> Iterator[Edit]:
    """UTF-8 that was read as Latin-1 or Windows-1252, where it decodes to Chinese."""
    for match in _MOJIBAKE.finditer(text):
        try:
            decoded = b"".join(map(_byte, match[0])).decode()
        except (UnicodeError, KeyError):
            continue
        if not _HAS_HAN.search(decoded):
            continue
        at = match.start()
        for character in decoded:
            size = len(character.encode())
            yield at, at + size, character
            at += size


def _byte(character: str) -> bytes:
    return character.encode("latin-1" if character <= "\xff" else "cp1252")


def _lookalikes(text: str) -> Iterator[Edit]:
    """Letters of other scripts inside runs with Latin letters or digits, or alone in a Chinese text."""
    if not _LOOKALIKE.search(text):
        return
    is_chinese = _HAS_HAN.search(text) is not None
    for match in _LETTER_RUN.finditer(text):
        run = match[0]
        if run.isascii():
            continue
        plain = run.translate(characters.LOOKALIKES)
        if plain.isascii() and (is_chinese or any(one.isascii() for one in run)):
            for offset, (old, new) in enumerate(zip(run, plain, strict=True)):
                if old != new:
                    yield match.start() + offset, match.start() + offset + 1, new


def _splits(text: str) -> Iterator[Edit]:
    """亻弋王里 → 代理, 东说念主 → 人.

    Parts that are all ordinary characters are joined only where they make a known word with a neighbour, which may
    itself have been joined just before.
    """
    last_end, last_whole = -1, ""
    for match in _SPLIT.finditer(text):
        parts, (start, end) = match[0], match.span()
        whole = wording.SPLITS_SURE.get(parts) or wording.SPUN.get(parts)
        if whole is None:
            whole = wording.SPLITS_IN_WORDS[parts]
            before = last_whole if last_end == start else text[start - 1 : start]
            follows = _SPLIT.match(text, end)
            after = _whole(follows[0]) if follows else text[end : end + 1]
            if (
                before + whole not in wording.PAIRS
                and whole + after not in wording.PAIRS
            ):
                continue
        last_end, last_whole = end, whole
        yield start, end, whole


def _whole(parts: str) -> str:
    return (
        wording.SPLITS_SURE.get(parts)
        or wording.SPUN.get(parts)
        or wording.SPLITS_IN_WORDS[parts]
    )


def _gaps(text: str) -> Iterator[Edit]:
    """Separators inside words: 数-字-人, 代.理, 数 字 人.

    A gap is dropped when a Han character stands alone between two gaps, or when its two sides make a known word; a
    gap of spaces needs a lone character on both sides for the latter (``数字 人工智能`` keeps its space).
    """
    gaps = [match.span() for match in _GAP.finditer(text)]
    for index, (start, end) in enumerate(gaps):
        left, right = text[start - 1], text[end]
        if left in _NUMERALS or right in _NUMERALS:
            continue
        is_left_alone = index > 0 and gaps[index - 1][1] == start - 1
        is_right_alone = index + 1 < len(gaps) and gaps[index + 1][0] == end + 1
        if not (is_left_alone or is_right_alone) and left + right not in wording.PAIRS:
            continue
        if _NAMES_NEXT.search(text, start - 1, end):
            continue
        if text[start:end].isspace():
            # 我司杭 州 示 例: a word is stuck to the first of characters that stand apart.
            opens = (
                is_left_alone
                or not _is_han(text, start - 2)
                or (is_right_alone and _stands_alone(gaps, index + 1))
            )
            closes = (
                is_right_alone
                or not _is_han(text, end + 1)
                or (is_left_alone and _stands_alone(gaps, index - 2))
            )
            if not (opens and closes):
                continue
        yield start, end, ""


def _stands_alone(gaps: list[tuple[int, int]], index: int) -> bool:
    """Whether one character lies between a gap and the next."""
    return 0 <= index < len(gaps) - 1 and gaps[index + 1][0] == gaps[index][1] + 1


def is_han(character: str) -> bool:
    """Whether a character counts as a Han character in words."""
    return _HAS_HAN.match(character) is not None


def is_noise(character: str) -> bool:
    """Whether a plain character may be noise between the characters of a word."""
    return _NOISE_SIGN.match(character) is not None


def needs_care(character: str) -> bool:
    """Whether what a character stands for hangs on those around it: on the phrase, or because it looks like another."""
    return bool(_PHRASED.match(character) or _LOOKALIKE.match(character))


def is_mojibake(character: str) -> bool:
    """Whether a character may be part of UTF-8 read as Latin-1."""
    return _MOJIBAKE_SIGN.match(character) is not None


def _is_han(text: str, index: int) -> bool:
    return 0 <= index < len(text) and (
        "一" <= text[index] <= "鿿" or "㐀" <= text[index] <= "䶿"
    )


def _syllables(text: str) -> Iterator[Edit]:
    """数字ren → 数字人, dai理 → 代理: only where syllable and neighbour make a known word."""
    for match in _LATIN.finditer(text):
        syllable = match[0].lower()
        if syllable not in _SYLLABLES:
            continue
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        whole = wording.PINYIN_AFTER.get(
            (before, syllable)
        ) or wording.PINYIN_BEFORE.get((syllable, after))
        if whole:
            yield start, end, whole
