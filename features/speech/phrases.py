"""What turns of phrase tell: of a whole text what it does, of each clause which tropes stand in it.

In: a scanned slice of texts with its sums and contacts, and the table of phrases of a pack: runs of up to three characters,
each with what it adds to the log-odds of the five stances and of the fifteen signals, and some with what they add at the
beginning or the end of a text, where authors say what they want. Out: sums of these. Invariants:
pure; linear in the slice; a run counts once in a text and once in a clause; the table is data, written by
``tests/harness/fit_reading.py`` from the tuning half of the corpus, and every line of it can be read.

What sellers swap is hidden before the runs are looked up, so that phrases are learned and not names: the trade's nouns
become ``ⓝ``, places ``ⓟ``, contacts ``ⓒ``, sums ``ⓛ`` (large), ``ⓜ`` or ``ⓢ`` (small), other numbers ``0``; blanks go.

Source: Wang and Manning (2012), "Baselines and Bigrams", for linear weights of short runs on short texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features.amounts import sums
from features.engine import native
from features.purposes import entries
from features.speech import phrasebook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers
    from features.matching import scan
    from features.speech import cues
    from features.texts import documents

NOUN, PLACE, CONTACT, LARGE, MIDDLE, SMALL, DIGIT = "ⓝⓟⓒⓛⓜⓢ0"
_BLANKS: Final = (" ", "\t", "\n", "\r", "　")
#: What ends a clause.
CLAUSE_ENDS: Final = ',，。.!?！？;；:：…~·|丨/、\n\t 【】[]()（）“”"「」'
#: What each character is here: a blank, the end of a clause (or both), a figure.
_BLANK, _END, _FIGURE = 1, 2, 4
_KINDS: Final = np.zeros(0x110000, dtype=np.uint8)
_KINDS[[ord(one) for one in "0123456789"]] = _FIGURE
_KINDS[[ord(one) for one in CLAUSE_ENDS]] = _END
_KINDS[[ord(one) for one in _BLANKS]] |= _BLANK
_LINE, _SHOWN_FIGURE = ord("\n"), ord(DIGIT)
#: A text twice as long says each thing with less weight; up to ``_USUAL`` characters are a post's usual length.
_USUAL: Final = 30
_BORDER: Final = phrasebook.BORDER
_FADING: Final = 0.5
#: Of one log-odds.
_HUNDREDTHS: Final = 100


@dataclass(frozen=True, slots=True)
class Masked:
    """The texts of a slice one after the other with names hidden.

    Attributes:
        points: Code points; texts that are not read leave nothing.
        places: Where in the slice each stands.
        texts: Its text.
        clauses: Its clause, numbered through the slice.
    """

    points: Integers
    places: Integers
    texts: Integers
    clauses: Integers


def masked(
    seen: scan.Scan,
    amounts: sums.Sums,
    contacts: Sequence[Sequence[documents.Placed]],
    *,
    nouns: int,
    towns: int,
    is_read: Integers,
) -> Masked:
    """Hide what sellers swap.

    Args:
        seen: The slice.
        amounts: Amounts of the texts.
        contacts: Contacts of each text.
        nouns: Class number of the trade's nouns.
        towns: Class number of place names.
        is_read: Which texts are wanted.

    Returns:
        What is left to look at, in the order of the slice.
    """
    signs: list[tuple[Integers, Integers, Integers]] = []
    for number, sign in ((towns, PLACE), (nouns, NOUN)):
        starts, ends = seen.found(number)
        signs.append((starts, ends, np.full(len(starts), ord(sign))))
    reach = [
        (index, one.start, one.end)
        for index, listed in enumerate(contacts)
        for one in listed
    ]
    whose, opens, closes = np.array(reach, np.int64).reshape(-1, 3).T
    for texts, starts, ends, marks in (
        (amounts.texts, amounts.starts, amounts.ends, _sizes(amounts.cents)),
        (whose, opens, closes, np.full(len(whose), ord(CONTACT))),
    ):
        signs.append((starts + seen.first[texts], ends + seen.first[texts], marks))
    starts, ends, marks = (np.concatenate(one) for one in zip(*signs, strict=True))
    return Masked(
        *_hidden(seen.points, _KINDS, seen.first, is_read, starts, ends, marks)
    )


@native.compiled
def _hidden(  # noqa: PLR0917 (compiled functions take their arrays by place)
    points: Integers,
    kinds: Integers,
    first: Integers,
    is_read: Integers,
    starts: Integers,
    ends: Integers,
    marks: Integers,
) -> tuple[Integers, Integers, Integers, Integers]:
    """Columns of ``Masked``: marks stand at ``starts``, what follows up to ``ends`` goes; of several at one place the last."""
    size = len(points)
    mark, depth = np.zeros(size, np.uint32), np.zeros(size + 2, np.int32)
    for index in range(len(starts)):
        start = starts[index]
        mark[start] = marks[index]
        depth[start + 1] += 1
        depth[max(start + 1, ends[index])] -= 1
    shown = np.empty(size, np.uint32)
    places, texts = np.empty(size, np.int64), np.empty(size, np.int64)
    clauses = np.empty(size, np.int64)
    count, clause, covers = 0, 0, 0
    is_parted = False
    for text in range(len(first) - 1):
        for place in range(first[text], first[text + 1]):
            covers += depth[place]
            if not is_read[text] or covers:
                continue
            kind = kinds[points[place]]
            is_border = place == first[text + 1] - 1
            if mark[place]:
                point = mark[place]
            elif is_border:
                point = np.uint32(_LINE)
            elif kind & _BLANK:
                # Blanks end a clause and tell nothing else: who writes them does so everywhere.
                is_parted = count > 0
                continue
            elif kind == _FIGURE:
                # Of a number in figures that is no sum the first figure stays.
                if place and kinds[points[place - 1]] == _FIGURE:
                    continue
                point = np.uint32(_SHOWN_FIGURE)
            else:
                point = points[place]
            if is_parted and clauses[count - 1] == clause:
                clause += 1
            is_parted = False
            shown[count], places[count] = point, place
            texts[count], clauses[count] = text, clause
            clause += (kind & _END) > 0
            count += 1
    return (
        shown[:count].copy(),
        places[:count].copy(),
        texts[:count].copy(),
        clauses[:count].copy(),
    )


def _sizes(cents: Integers) -> Integers:
    """What stands for each sum."""
    sizes = np.full(len(cents), ord(MIDDLE))
    sizes[cents >= entries.LARGE * sums.CENTS] = ord(LARGE)
    sizes[cents < entries.SMALL * sums.CENTS] = ord(SMALL)
    return sizes


def stance_odds(table: phrasebook.Table, hidden: Masked, *, size: int) -> cues.Column:
    """What phrases add to the log-odds of the stances.

    Args:
        table: The pack's phrases.
        hidden: The slice.
        size: Number of its texts.

    Returns:
        A row for each text, a column for each of ``stance.STANCES``; zeros where nothing was found.
    """
    added: cues.Column = (
        table.of_stance.summed(hidden.points, hidden.texts, size) / _HUNDREDTHS
    )
    for finder, is_begin in ((table.of_begin, True), (table.of_close, False)):
        points, texts = _borders(hidden.points, hidden.texts, size, is_begin)
        added += finder.summed(points, texts, size) / _HUNDREDTHS
    lengths = np.bincount(hidden.texts, minlength=size)
    return added * weight_of(lengths)[:, None]


@native.compiled
def _borders(
    points: Integers,
    texts: Integers,
    size: int,
    is_begin: bool,  # noqa: FBT001 (compiled functions take their arguments by place)
) -> tuple[Integers, Integers]:
    """Code points of the borders of each text and their texts; a line's end after each, so that no run spans two."""
    kept = np.empty(size * (_BORDER + 1), np.uint32)
    owner = np.empty(size * (_BORDER + 1), np.int64)
    count = start = 0
    while start < len(points):
        end = start
        while end < len(points) and texts[end] == texts[start]:
            end += 1
        first, last = start, end
        while last > first and points[last - 1] == _LINE:
            last -= 1
        if is_begin:
            last = min(last, first + _BORDER)
        else:
            first = max(first, last - _BORDER)
        for place in range(first, last):
            kept[count], owner[count] = points[place], texts[start]
            count += 1
        kept[count], owner[count] = _LINE, texts[start]
        count, start = count + 1, end
    return kept[:count].copy(), owner[:count].copy()


def weight_of(lengths: Integers) -> cues.Column:
    """How much each run counts in texts of some lengths (characters with names hidden)."""
    weights: cues.Column = (_USUAL / np.maximum(_USUAL, lengths)) ** _FADING
    return weights


def of_texts(hidden: Masked, is_wanted: Integers) -> Masked:
    """Some texts of a slice; clauses are numbered anew."""
    return Masked(
        *_some(hidden.points, hidden.places, hidden.texts, hidden.clauses, is_wanted)
    )


@native.compiled
def _some(
    points: Integers,
    places: Integers,
    texts: Integers,
    clauses: Integers,
    is_wanted: Integers,
) -> tuple[Integers, Integers, Integers, Integers]:
    """Columns of ``Masked`` for those that are wanted, in one pass."""
    kept, stand = np.empty_like(points), np.empty_like(places)
    of, anew = np.empty_like(texts), np.empty_like(clauses)
    count, clause, last = 0, -1, np.int64(-1)
    for index in range(len(points)):
        if is_wanted[texts[index]]:
            clause += clauses[index] != last
            last = clauses[index]
            kept[count], stand[count] = points[index], places[index]
            of[count], anew[count] = texts[index], clause
            count += 1
    return (
        kept[:count].copy(),
        stand[:count].copy(),
        of[:count].copy(),
        anew[:count].copy(),
    )
