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

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features import catalogue, entries, native, trie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from features import cues, documents, scan
    from features.trie import Integers

STANCE_COUNT: Final = 5
SIGNAL_COUNT: Final = len(catalogue.SIGNALS)
#: Numbers of a line of the table.
_WIDTH: Final = STANCE_COUNT + SIGNAL_COUNT
_WHOLE: Final = re.compile(r"-?[0-9]+(?: -?[0-9]+)*")
#: Longest run that the table may hold.
LONGEST: Final = 3
#: Marks of runs at the beginning and at the end of a text, and how many characters these are. Of posts of writers left out
#: 0.884 are read right with both and 0.867 without.
BEGIN, CLOSE = "⊢⊣"
BORDER: Final = 14
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
_FADING: Final = 0.5


@dataclass(frozen=True, slots=True)
class Finder:
    """Some runs, ready to be found and summed.

    Attributes:
        runs: The runs.
        weights: For each what it adds, in hundredths of log-odds: whole numbers, whose sum no order changes.
    """

    runs: trie.Trie
    weights: Integers

    def summed(self, points: Integers, units: Integers, size: int) -> Integers:
        """What runs add in each unit of some texts, each run once.

        Args:
            points: Code points, with names hidden.
            units: For each its unit (text or clause), ascending.
            size: Number of units.

        Returns:
            Log-odds, a row for each unit; zeros where nothing was found.
        """
        summed: Integers = self.runs.summed(points, units, self.weights, size) / 100
        return summed


@dataclass(frozen=True, slots=True)
class Table:
    """The phrases of a pack.

    Attributes:
        runs: Runs of characters as they read with names hidden; distinct.
        stances: For each run what it adds to the log-odds of ``stance.STANCES``.
        signals: For each run what it adds to the log-odds of ``catalogue.SIGNALS``.
        base: Log-odds of each signal in a clause without any run.
        sight: What a match of the pack's own patterns in the clause adds for its signal.
        of_stance: The runs that tell the stance, ready to be found.
        of_signals: The same of those that tell signals.
        of_begin: The same of those that tell the stance at the beginning of a text.
        of_close: The same at the end.
    """

    runs: tuple[str, ...]
    stances: Integers
    signals: Integers
    base: Integers
    sight: Integers
    of_stance: Finder
    of_signals: Finder
    of_begin: Finder
    of_close: Finder


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
    amounts: entries.Amounts,
    contacts: Sequence[Sequence[documents.Placed[documents.Item]]],
    *,
    nouns: int,
    towns: int,
    is_read: Integers,
) -> Masked:
    """Hide what sellers swap.

    Args:
        seen: The slice.
        amounts: Amounts of each text.
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
    sums = [
        (index, one.start, one.end, ord(_size(one.item.yuan)))
        for index, listed in enumerate(amounts)
        for one in listed
    ]
    reach = [
        (index, one.start, one.end, ord(CONTACT))
        for index, listed in enumerate(contacts)
        for one in listed
    ]
    for rows in (sums, reach):
        texts, starts, ends, marks = np.array(rows, np.int64).reshape(-1, 4).T
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


def _size(yuan: Decimal) -> str:
    return LARGE if yuan >= entries.LARGE else SMALL if yuan < entries.SMALL else MIDDLE


def stance_odds(table: Table, hidden: Masked, *, size: int) -> cues.Column:
    """What phrases add to the log-odds of the stances.

    Args:
        table: The pack's phrases.
        hidden: The slice.
        size: Number of its texts.

    Returns:
        A row for each text, a column for each of ``stance.STANCES``; zeros where nothing was found.
    """
    added = table.of_stance.summed(hidden.points, hidden.texts, size)
    for finder, is_begin in ((table.of_begin, True), (table.of_close, False)):
        points, texts = _borders(hidden.points, hidden.texts, size, is_begin)
        added += finder.summed(points, texts, size)
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
    kept = np.empty(size * (BORDER + 1), np.uint32)
    owner = np.empty(size * (BORDER + 1), np.int64)
    count = start = 0
    while start < len(points):
        end = start
        while end < len(points) and texts[end] == texts[start]:
            end += 1
        first, last = start, end
        while last > first and points[last - 1] == _LINE:
            last -= 1
        if is_begin:
            last = min(last, first + BORDER)
        else:
            first = max(first, last - BORDER)
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


def clause_odds(table: Table, hidden: Masked) -> cues.Column:
    """Log-odds of the signals in each clause by its runs alone: a row for each clause, a column for each signal."""
    size = int(hidden.clauses[-1]) + 1 if len(hidden.clauses) else 0
    return table.base + table.of_signals.summed(hidden.points, hidden.clauses, size)


def of_texts(hidden: Masked, is_wanted: Integers) -> Masked:
    """Some texts of a slice; clauses are numbered anew."""
    kept = is_wanted[hidden.texts]
    clauses = hidden.clauses[kept]
    anew = np.cumsum(np.diff(clauses, prepend=clauses[:1]) != 0)
    return Masked(hidden.points[kept], hidden.places[kept], hidden.texts[kept], anew)


def parse(text: str) -> Table:
    """Read a table of phrases.

    Args:
        text: Lines ``run <tab> numbers``: for a run 5 for the stances and 15 for the signals, in hundredths of log-odds,
            separated by blanks; ``@base`` and ``@sight`` stand for the attributes of these names; behind ``BEGIN`` or
            ``CLOSE`` stands a run at the border of a text. Lines that begin with ``#`` and a blank say what they are.

    Returns:
        The table; without lines an empty one, which adds nothing.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    lines = [
        line.partition("\t")
        for line in text.split("\n")
        if line and not line.startswith("# ")
    ]
    runs = [run for run, _, _ in lines]
    # One pass of numpy over all figures: line by line in Python takes half a second of every start.
    figures = "".join(f" {figures}" for _, _, figures in lines)
    is_whole = all(line[2].count(" ") == _WIDTH - 1 for line in lines)
    is_known = all(map(_is_run, runs))
    is_new = len(set(runs)) == len(runs)
    if not (is_whole and is_known and is_new and _are_whole_numbers(figures)):
        raise ValueError(next(_mistakes(text)))
    values = np.fromstring(figures, np.int64, _WIDTH * len(lines), sep=" ")
    values = values.reshape(-1, _WIDTH)
    of_run = {run: place for place, run in enumerate(runs) if run.startswith("@")}
    base, sight = (
        values[of_run[name], STANCE_COUNT:] / 100
        if name in of_run
        else np.zeros(SIGNAL_COUNT)
        for name in ("@base", "@sight")
    )
    stands = np.array([_stands(run) for run in runs], dtype="U1")
    kept = tuple(run for run, mark in zip(runs, stands, strict=True) if not mark)
    weights = values[stands == ""]
    begin, close = (
        _finder(
            [runs[place][1:] for place in np.flatnonzero(stands == mark).tolist()],
            values[stands == mark, :STANCE_COUNT],
        )
        for mark in (BEGIN, CLOSE)
    )
    return Table(
        runs=kept,
        stances=weights[:, :STANCE_COUNT] / 100,
        signals=weights[:, STANCE_COUNT:] / 100,
        base=base,
        sight=sight,
        of_stance=_finder(kept, weights[:, :STANCE_COUNT]),
        of_signals=_finder(kept, weights[:, STANCE_COUNT:]),
        of_begin=begin,
        of_close=close,
    )


def _stands(run: str) -> str:
    """``BEGIN`` or ``CLOSE`` where a run of the table stands there, ``@`` for what is no run, else nothing."""
    mark = run[:1]
    is_marked = mark in {BEGIN, CLOSE} and len(run) > 1
    return mark if is_marked or run in {"@base", "@sight"} else ""


def _is_run(run: str) -> bool:
    mark = _stands(run)
    return mark == "@" or 0 < len(run) - len(mark) <= LONGEST


def _are_whole_numbers(figures: str) -> bool:
    """Whether a text is whole numbers with one blank before each; ``_WHOLE`` says the same and takes ten times as long."""
    spaced = f"{figures} "
    return (
        not spaced.encode().translate(None, b" -0123456789")
        and "  " not in spaced
        and "- " not in spaced
        and spaced.count("-") == spaced.count(" -")
    )


def _mistakes(text: str) -> Iterator[str]:
    """The lines of a table that are not as they should be, and why."""
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("# "):
            continue
        run, _, figures = line.partition("\t")
        if len(figures.split(" ")) != _WIDTH or not _WHOLE.fullmatch(figures):
            yield f"{number}: expected a run, a tab and {_WIDTH} whole numbers, found {line!r:.60}"
        if run in seen or not _is_run(run):
            yield f"{number}: expected a new run of 1 to {LONGEST} characters, found {run!r:.60}"
        seen.add(run)


def _finder(runs: Sequence[str], weights: Integers) -> Finder:
    """Those runs that tell anything; ``weights`` are whole numbers."""
    numbers = np.flatnonzero(weights.any(axis=1))
    return Finder(
        trie.Trie([runs[number] for number in numbers.tolist()]),
        weights[numbers].astype(np.int32),
    )
