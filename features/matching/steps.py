"""Patterns of a vocabulary as columns, for ``features.matching.matcher``.

In: compiled patterns and the classes of words. Out: ``Steps``. Invariants: pure; made once for a vocabulary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features.matching import patterns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.engine.trie import Integers

#: Bits in one number.
_BLOCK: Final = 64


class Steps(NamedTuple):
    """Patterns as columns.

    Attributes:
        word_first: For each word, and the end, where its patterns begin in ``of_word``.
        of_word: Patterns that a word may begin, word after word.
        token_first: Likewise for each of ``patterns.TOKENS``.
        of_token: Patterns that a token begins.
        members: For each word a row of bits: which classes it belongs to, of those that are asked for behind a first element.
        targets: The target of each pattern.
        needed: The most telling class among the further elements of each, as its bit; the lowest, which no class has, where there is none.
        first: For each pattern, and the end, where its further elements begin.
        bits: The class of each, as its bit in ``members``.
        gaps: How many characters may lie before it.
        unless_first: As ``first``, for ``unless``.
        unless: Classes that forbid a match in their sentence, as bits.
        token_of: For each bit which token it is, -1 for classes of words.
    """

    word_first: Integers
    of_word: Integers
    token_first: Integers
    of_token: Integers
    members: Integers
    targets: Integers
    needed: Integers
    first: Integers
    bits: Integers
    gaps: Integers
    unless_first: Integers
    unless: Integers
    token_of: Integers


def _bounds(sizes: Sequence[int]) -> Integers:
    return np.concatenate([[0], np.cumsum(np.array(sizes, dtype=np.int64))])


def _flat(listed: Sequence[Sequence[int]]) -> tuple[Integers, Integers]:
    """Where each list begins, and the end, and what is in them."""
    return _bounds([len(one) for one in listed]), np.array(
        [one for each in listed for one in each], dtype=np.int32
    )


def steps(
    listed: Sequence[tuple[int, patterns.Pattern]],
    classes_of: Mapping[str, Sequence[int]],
    tokens: Sequence[int],
) -> Steps:
    """Columns of patterns.

    Args:
        listed: The number of its target and the pattern.
        classes_of: The classes of each word, in the order of their numbers.
        tokens: The classes of ``patterns.TOKENS``.
    """
    begins: dict[int, list[int]] = {}
    for number, (_, pattern) in enumerate(listed):
        begins.setdefault(pattern.steps[0][0], []).append(number)
    further = [pattern.steps[1:] for _, pattern in listed]
    unless = [pattern.unless for _, pattern in listed]
    asked = {one for rows in further for one, _ in rows}.union(*unless)
    bit = {
        one: number for number, one in enumerate(sorted(asked | set(tokens)), start=1)
    }
    members = np.zeros(
        (len(classes_of), (len(bit) + _BLOCK) // _BLOCK), dtype=np.uint64
    )
    for word, classes in enumerate(classes_of.values()):
        for one in classes:
            if one in bit:
                members[word, bit[one] // _BLOCK] |= np.uint64(1 << bit[one] % _BLOCK)
    rows = [row for each in further for row in each]
    words_of: dict[int, list[str]] = {}
    for written, classes in classes_of.items():
        for one in classes:
            words_of.setdefault(one, []).append(written)
    telling = [
        max(
            (one for one, _ in each),
            key=lambda one: patterns.tells(words_of.get(one, [""])),
            default=None,
        )
        for each in further
    ]
    token = {number: index for index, number in enumerate(tokens)}
    return Steps(
        *_flat(
            [
                [n for one in each for n in begins.get(one, ())]
                for each in classes_of.values()
            ]
        ),
        *_flat([begins.get(one, ()) for one in tokens]),
        members,
        np.array([target for target, _ in listed], dtype=np.int64),
        np.array([0 if one is None else bit[one] for one in telling], dtype=np.int64),
        _bounds([len(each) for each in further]),
        np.array([bit[one] for one, _ in rows], dtype=np.int64),
        np.array([gap for _, gap in rows], dtype=np.int64),
        *_flat([[bit[one] for one in each] for each in unless]),
        np.array([-1, *(token.get(one, -1) for one in bit)], dtype=np.int64),
    )
