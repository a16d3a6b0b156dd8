"""Where the patterns of a vocabulary match, in many texts at once: the places of their classes, followed one after the other.

In: the texts of a slice laid one after the other as code points, and the places of each class (``features.matching.scan``). Out:
``Matches``. Invariants: pure; ``Vocabulary.matches`` says the same text by text, a test holds the two together; each place of
a pattern's first class is looked at once; linear in the characters of the slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features.engine import native
from features.matching import patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers
    from features.matching import classes as classes_module
    from features.matching import sentences, steps
    from features.matching.classes import Places

_SAME_CLAUSE: Final = patterns.GAPS[".."]
#: Bits of a sort key for the end and the target of a match; a match is shorter and targets are fewer.
_END_BITS, _TARGET_BITS = 20, 12
_COMMA, _SPACE = map(ord, ", ")
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


@dataclass(frozen=True, slots=True)
class Matches:
    """All matches in the texts of a slice, sorted by text, start, end, target; each once.

    Attributes:
        names: The targets, sorted; numbers below are indexes of it.
        texts: For each match the index of its text.
        starts: Its first character in that text.
        ends: Exclusive.
        targets: Its target's number.
    """

    names: Sequence[str]
    texts: Integers
    starts: Integers
    ends: Integers
    targets: Integers

    def of(self, text: int) -> list[patterns.Match]:
        """The matches of one text."""
        first, last = np.searchsorted(self.texts, [text, text + 1])
        return [
            patterns.Match(self.names[target], start, end)
            for target, start, end in zip(
                self.targets[first:last].tolist(),
                self.starts[first:last].tolist(),
                self.ends[first:last].tolist(),
                strict=True,
            )
        ]

    def numbers(self, prefix: str) -> list[int]:
        """Numbers of the targets whose names begin so (``signal:``), in order."""
        return [n for n, name in enumerate(self.names) if name.startswith(prefix)]

    def are(self, numbers: Sequence[int]) -> Integers:
        """Which matches have one of some targets."""
        wanted = np.zeros(len(self.names) + 1, dtype=bool)
        wanted[list(numbers)] = True
        flags: Integers = wanted[self.targets]
        return flags


def matches(
    made: steps.Steps,
    of: sentences.Sentences,
    points: Integers,
    first: Integers,
    *,
    hits: tuple[Integers, Integers, Integers],
    given: classes_module.Given,
) -> tuple[Integers, Integers, Integers, Integers]:
    """Follow patterns through the hits of each text.

    Args:
        made: The patterns.
        of: The sentences of the texts.
        points: The code points of the texts.
        first: Where each text begins, and the end.
        hits: Starts of all hits, their words, and the sizes of the words.
        given: Where ``patterns.TOKENS`` stand.

    Returns:
        Columns of ``Matches``: texts, starts, ends and targets; sorted, each once.
    """
    of_sentences = of.starts, of.ends, of.number
    room = len(points) // 4 + 64
    while True:
        keys = np.empty(room, dtype=np.int64)
        count = _followed(*made, *hits, *given, first, *of_sentences, points, keys)
        if count <= room:
            break
        room = count
    keys = keys[:count]
    keys.sort()
    return _decoded(keys, first)


@native.compiled
def runs(points: Integers, kinds: Integers) -> Places:
    """Starts and ends of runs of characters of one kind other than 0.

    Args:
        points: Code points.
        kinds: The kind of each.
    """
    size = len(points)
    starts, ends = np.empty(size, np.int32), np.empty(size, np.int32)
    count, last = 0, np.uint8(0)
    for place in range(size):
        kind = kinds[points[place]]
        if kind:
            if kind != last:
                starts[count] = place
                count += 1
            ends[count - 1] = place + 1
        last = kind
    return starts[:count].copy(), ends[:count].copy()


@native.compiled
def _followed(  # noqa: PLR0912, PLR0915, PLR0917 (compiled functions take their arrays by place; helpers took five times as long)
    word_first: Integers,
    of_word: Integers,
    token_first: Integers,
    of_token: Integers,
    members: Integers,
    targets: Integers,
    needed: Integers,
    step_first: Integers,
    bits: Integers,
    gaps: Integers,
    unless_first: Integers,
    unless: Integers,
    token_of: Integers,
    starts: Integers,
    words: Integers,
    sizes: Integers,
    given_first: Integers,
    given_starts: Integers,
    given_ends: Integers,
    text_first: Integers,
    sentence_starts: Integers,
    sentence_ends: Integers,
    sentence: Integers,
    points: Integers,
    keys: Integers,
) -> int:
    """Write a key for each match, as far as there is room, some twice; how many there are.

    Of a text is known first which classes it holds: of six patterns that a word may begin five fail there. Looking for the most
    telling class alone takes less time than looking for all.
    """
    count, room, blocks = 0, len(keys), members.shape[1]
    there = np.zeros(blocks, np.uint64)
    token_count = len(given_first) - 1
    token_bits = np.zeros(token_count, np.int64)
    for index in range(len(token_of)):
        if token_of[index] >= 0:
            token_bits[token_of[index]] = index
    asked = np.full(len(token_of), -1, np.int64)
    is_held = np.zeros(len(token_of), np.bool_)
    given_low, given_high = given_first[:-1].copy(), given_first[:-1].copy()
    high = np.int64(0)
    for text in range(len(text_first) - 1):
        low, border = high, text_first[text + 1]
        there[:] = 0
        there[0] = 1
        while high < len(starts) and starts[high] < border:
            word = words[high]
            for block in range(blocks):
                there[block] |= members[word, block]
            high += 1
        for token in range(token_count):
            at = given_low[token] = given_high[token]
            while at < given_first[token + 1] and given_starts[at] < border:
                at += 1
            given_high[token] = at
            if at > given_low[token]:
                bit = token_bits[token]
                there[bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
        # What begins with a word, and then what begins with each token.
        for turn in range(-1, token_count):
            if turn < 0:
                first_one, last_one = low, high
            else:
                first_one, last_one = given_low[turn], given_high[turn]
            behind = int(low)
            for one in range(first_one, last_one):
                if turn < 0:
                    start = np.int64(starts[one])
                    end = start + sizes[words[one]]
                    behind = one
                    begin, final = word_first[words[one]], word_first[words[one] + 1]
                else:
                    start, end = np.int64(given_starts[one]), np.int64(given_ends[one])
                    while behind < high and starts[behind] < start:
                        behind += 1
                    begin, final = token_first[turn], token_first[turn + 1]
                for index in range(begin, final):
                    pattern = of_word[index] if turn < 0 else of_token[index]
                    bit = needed[pattern]
                    if not (there[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
                        continue
                    matched = True
                    step, last_step = step_first[pattern], step_first[pattern + 1]
                    at, hit = np.int64(end), np.int64(behind)
                    limit = sentence_ends[sentence[end - 1]]
                    while step < last_step and matched:
                        bit = bits[step]
                        token = token_of[bit]
                        # The next element begins before here.
                        stop = min(at + gaps[step] + 1, limit)
                        follow, final_at = np.int64(stop), np.int64(at)
                        if token < 0:
                            while hit < high and starts[hit] < at:
                                hit += 1
                            while hit < high and starts[hit] < stop:
                                word = words[hit]
                                if (
                                    members[word, bit >> 6] >> np.uint64(bit & 63)
                                ) & np.uint64(1):
                                    follow = np.int64(starts[hit])
                                    final_at = follow + sizes[word]
                                    break
                                hit += 1
                        else:
                            below, above = given_low[token], given_high[token]
                            while below < above:
                                middle = (below + above) >> 1
                                if given_starts[middle] < at:
                                    below = middle + 1
                                else:
                                    above = middle
                            if below < given_high[token] and given_starts[below] < stop:
                                follow = np.int64(given_starts[below])
                                final_at = np.int64(given_ends[below])
                        if follow >= stop:
                            matched = False
                            break
                        if gaps[step] <= _SAME_CLAUSE:
                            for between in range(at, follow):
                                point = points[between]
                                # As the search for a clause's end stops before the next element, a space right before it ends nothing.
                                if point == _COMMA or (
                                    point == _SPACE
                                    and between < follow - 1
                                    and _FIRST_HAN <= points[between - 1] <= _LAST_HAN
                                    and _FIRST_HAN <= points[between + 1] <= _LAST_HAN
                                ):
                                    matched = False
                                    break
                        at = final_at
                        step += 1
                    if not matched:
                        continue
                    for each in range(unless_first[pattern], unless_first[pattern + 1]):
                        bit = np.int64(unless[each])
                        if not (there[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1):
                            continue
                        number = np.int64(sentence[start])
                        if asked[bit] != number:
                            # A sentence is looked through once for each class.
                            asked[bit], is_held[bit] = number, False
                            opens = sentence_starts[number]
                            closes = sentence_ends[number]
                            token = token_of[bit]
                            if token >= 0:
                                below, above = given_low[token], given_high[token]
                                while below < above:
                                    middle = (below + above) >> 1
                                    if given_starts[middle] < opens:
                                        below = middle + 1
                                    else:
                                        above = middle
                                is_held[bit] = (
                                    below < given_high[token]
                                    and given_starts[below] < closes
                                )
                            else:
                                hit = np.int64(behind)
                                while hit > low and starts[hit - 1] >= opens:
                                    hit -= 1
                                while hit < high and starts[hit] < closes:
                                    is_held[bit] |= (
                                        members[words[hit], bit >> 6]
                                        >> np.uint64(bit & 63)
                                    ) & np.uint64(1) > 0
                                    hit += 1
                        if is_held[bit]:
                            matched = False
                            break
                    if matched:
                        if count < room:
                            keys[count] = (
                                (start << (_END_BITS + _TARGET_BITS))
                                | ((at - start) << _TARGET_BITS)
                                | targets[pattern]
                            )
                        count += 1
    return count


@native.compiled
def _decoded(
    keys: Integers, first: Integers
) -> tuple[Integers, Integers, Integers, Integers]:
    """Texts, starts in them, ends and targets of sorted keys, each once."""
    size = len(keys)
    texts, starts = np.empty(size, np.int64), np.empty(size, np.int64)
    ends, targets = np.empty(size, np.int64), np.empty(size, np.int64)
    count, text, last = 0, 0, np.int64(-1)
    for index in range(size):
        key = keys[index]
        if key == last:
            continue
        last = key
        start = key >> (_END_BITS + _TARGET_BITS)
        while first[text + 1] <= start:
            text += 1
        texts[count], starts[count] = text, start - first[text]
        ends[count] = starts[count] + ((key >> _TARGET_BITS) & ((1 << _END_BITS) - 1))
        targets[count] = key & ((1 << _TARGET_BITS) - 1)
        count += 1
    return (
        texts[:count].copy(),
        starts[:count].copy(),
        ends[:count].copy(),
        targets[:count].copy(),
    )
