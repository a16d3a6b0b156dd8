r"""Ids that are broken up: by blanks into pieces of one size (niany itian tao52 0), by pictures (be🌈ic🚀heng), by line breaks.

In: plain text in lower case. Out: edits of it that take away what breaks ids up. Invariants: pure; linear: runs are matched once and
looked at piece by piece. Nothing says that such pieces are an id; what is put together is one only where a lead-in or a place says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from features.disguises import pieces
from features.engine import expressions, openings

if TYPE_CHECKING:
    from collections.abc import Iterator

    Edit = tuple[int, int, str]

#: Pictures, as ranges of code points.
PICTURES: Final = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B50, 0x2B55))
#: What points to an id parts nothing where it stands alone.
POINTING: Final = "👉👈👆👇👎☞☛➡➔➜➤"
_PICTURE: Final = f"[{''.join(f'{chr(low)}-{chr(high)}' for low, high in PICTURES)}]"
#: Of what ids and addresses are made.
PART: Final = r"a-z0-9_\-.@"
#: A piece has so many characters; so many pieces of one size, the last perhaps shorter, are one thing.
SIZES: Final = range(2, 9)
_LEAST_PIECES: Final = 3
#: What leads to an id and is none of its pieces.
_LEADS: Final = frozenset(
    {"v", "w", "x", "vx", "wx", "q", "qq", "tg", "dy", "kk", "tel", "call", "phone", "mobile", "telegram", "whatsapp", "email", "mail", "dianhua", "shouji", "wei", "xin", "weixin", "wechat", "vv", "xhs", "id", "ai"}
)  # fmt: skip
_PICTURED = expressions.compiled(
    rf"(?<![{PART}])[{PART}]++(?:{_PICTURE}{{1,3}}[{PART}]++)+"
)
_BETWEEN = expressions.compiled(f"{_PICTURE}+")
#: A line that goes on: what most texts with line breaks lack.
_GOES_ON = expressions.compiled(r"\n(?<=[a-z0-9_\-]\n)[a-z0-9_\-]")
_CHUNKS = expressions.compiled(
    rf"(?<![{PART}])[{PART}]{{1,8}}(?: {{1,2}}[{PART}]{{1,8}}){{2,}}(?![{PART}])"
)
_CHUNK = expressions.compiled(f"[{PART}]+")
_MIXED = expressions.compiled(r"(?=.*[a-z])(?=.*[0-9_@.\-])", re.DOTALL)
#: A piece at the end of a line and the one that begins the next.
_LINES = expressions.compiled(
    openings.guarded(
        r"(?<![a-z0-9_\-./])(?:(?<![a-z0-9]@)|(?<=tg@))(?P<first>[a-z][a-z0-9_\-]{1,14}|[0-9]{2,6})(?P<rest>(?:\n[a-z0-9_\-]{1,10}(?![a-z0-9_\-.@])){1,8})"
    )
)
#: A line break inside an address: before its at-sign or a dot, or between a dot and the ending.
_IN_ADDRESS: Final = r"(?<=[a-z0-9])\n(?=@[a-z0-9\-]{1,30}\.[a-z]|\.[a-z])|(?<=[a-z0-9]\.)\n(?=(?:com|cn|net|org|top|vip|xyz|cc|example)(?![a-z0-9]))"
_ADDRESS_BREAK = expressions.compiled(openings.guarded(_IN_ADDRESS))
#: What texts lack of which nothing is broken up.
SOUGHT: Final = expressions.compiled(f"[\n ]|{_PICTURE}")
_LINE = expressions.compiled(r"\n([a-z0-9_\-]+)")
_LED_NEXT = expressions.compiled(r"(?:qq?|vx?|wx?|tg|tel|dy|xhs)[0-9_:]|ai(?![0-9_])")
_ENDED = expressions.compiled(r"[0-9]{2}\Z")
_BEFORE_DIGITS: Final = frozenset(":扣鹅群裙q🐧信电机系话号薇微威徽v❤联打拨")
_JOINED_SIZES: Final = range(6, 21)
_LONGEST: Final = 32
#: Digits of a number, joined.
_NUMBER_SIZES: Final = range(7, 12)
TRIGGER: Final = r"[a-z_\-]\n(?:[a-z0-9_\-]{2,10}|[0-9])(?![a-z0-9_\-.@):、])|[0-9]\n[0-9]{2,6}(?![0-9a-z).、:])|[0-9]\n[0-9](?:\n|\Z)|[0-9]\n[a-z_\-][a-z0-9_\-]{1,9}(?![a-z0-9_\-.@):、])|[a-z0-9]\n[@.][a-z]|[a-z0-9]\.\n[a-z]"
#: As ``shapes.broken`` finds them in many texts at once.
SHAPED: Final = expressions.compiled(
    openings.guarded(f"{_PICTURED.pattern}|{_CHUNKS.pattern}")
)


def edits(folded: str) -> Iterator[Edit]:
    """What breaks ids up, taken away; left to right, disjoint."""
    found = [*_pictures(folded), *_blanks(folded), *_breaks(folded)]
    end = 0
    for span in sorted(found):
        if span[0] >= end:
            yield *span, ""
            end = span[1]


def _pictures(folded: str) -> Iterator[tuple[int, int]]:
    for run in _PICTURED.finditer(folded) if _BETWEEN.search(folded) else ():
        gaps = [match.span() for match in _BETWEEN.finditer(folded, *run.span())]
        if folded[run.start() : gaps[0][0]] in _LEADS:
            gaps = gaps[1:]
        if len(gaps) > 1 or (gaps and _is_one(folded, run, gaps[0])):
            yield from gaps


def _is_one(folded: str, run: re.Match[str], gap: tuple[int, int]) -> bool:
    """Whether the two sides of one picture are an id: letters and digits together, the second no lead-in."""
    first, second = folded[run.start() : gap[0]], folded[gap[1] : run.end()]
    return (
        second not in _LEADS
        and folded[gap[0]] not in POINTING
        and not _LED_NEXT.match(second)
        and len(first + second) in _JOINED_SIZES
        and not first[-1].isdigit()
        and _MIXED.match(first + second) is not None
        and "@" not in first + second
    )


def _blanks(folded: str) -> Iterator[tuple[int, int]]:
    for run in _CHUNKS.finditer(folded) if " " in folded else ():
        tokens = [match.span() for match in _CHUNK.finditer(folded, *run.span())]
        if folded[run.start()] == "@":
            # @tia nji n_1 5: the sign is none of the id.
            tokens[0] = (run.start() + 1, tokens[0][1])
        at = 0
        while at < len(tokens):
            count = _equal(folded, tokens, at)
            if count >= _LEAST_PIECES:
                for before, after in zip(
                    tokens[at : at + count - 1],
                    tokens[at + 1 : at + count],
                    strict=True,
                ):
                    yield before[1], after[0]
                at += count
            else:
                at += 1


def _equal(folded: str, tokens: list[tuple[int, int]], at: int) -> int:
    """How many pieces from one on have its size, with a shorter one that ends them."""
    start, end = tokens[at]
    size = end - start
    if size not in SIZES or folded[start:end] in _LEADS:
        return 1
    count = 1
    while at + count < len(tokens):
        low, high = tokens[at + count]
        if high - low > size:
            break
        count += 1
        if high - low < size:
            break
    written = "".join(folded[low:high] for low, high in tokens[at : at + count])
    return count if _MIXED.match(written) else 1


def _breaks(folded: str) -> Iterator[tuple[int, int]]:
    if "\n" not in folded:
        return
    yield from (one.span() for one in _ADDRESS_BREAK.finditer(folded))
    if not _GOES_ON.search(folded):
        return
    is_told = pieces.is_told(folded)
    for run in _LINES.finditer(folded):
        if _is_even(run):
            yield from (
                (one.start(), one.start() + 1)
                for one in _LINE.finditer(folded, run.end("first"), run.end())
            )
            continue
        joined, end = run["first"], run.end("first")
        for line in _LINE.finditer(folded, end, run.end()):
            if not _goes_on(folded, joined, line[1], run.start(), is_told=is_told):
                break
            yield line.start(), line.start() + 1
            joined += line[1]


def _is_even(run: re.Match[str]) -> bool:
    """Whether lines are pieces of one size, the last perhaps shorter, of an id."""
    lines = run[0].split("\n")
    size = len(lines[0])
    return (
        len(lines) >= _LEAST_PIECES
        and size > 1
        and all(len(one) == size for one in lines[:-1])
        and len(lines[-1]) <= size
        and (
            _MIXED.match(run[0].replace("\n", "")) is not None
            or (_is_led(run.string, run.start()) and run[0][0].isalpha())
        )
        and len(run[0]) - len(lines) < _LONGEST
    )


def _is_led(folded: str, start: int) -> bool:
    """Whether what stands right before a place leads to an id."""
    return folded[max(start - 2, 0) : start].rstrip(" @")[-1:] in _BEFORE_DIGITS


def _goes_on(folded: str, first: str, line: str, start: int, *, is_told: bool) -> bool:
    """Whether a line goes on with what the line before began."""
    joined = first + line
    if joined.isdigit():
        return len(joined) <= _NUMBER_SIZES[-1] and (is_told or _is_led(folded, start))
    if first.isdigit() or len(joined) not in _JOINED_SIZES or first in _LEADS:
        return False
    if is_told:
        return True
    if _LED_NEXT.match(line) or _ENDED.search(first):
        return False
    if joined.isalpha() and len(first) < _JOINED_SIZES[0]:
        # Too short to be an id, and what stands before it leads to one.
        return _is_led(folded, start) and line not in _LEADS
    return any(one.isdigit() for one in line) and (
        not line.isdigit() or len(line) > 1 or first[-1] in "_-"
    )
