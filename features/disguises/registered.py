r"""Names that a register or a platform gave, broken up: 示例市青禾^智能科技^有限公司(尖号去掉), 【豫ICP备】【99005】【802号】, 司公限有技科禾青.

In: plain text in lower case. Out: edits of it that put such names together. Invariants: pure; linear: a note, a box or the word of a
register is looked for, and a bounded stretch beside it.

Which sign parts the pieces is not asked of the note: whatever sign is, without it the stretch before the note ends in a
registered name. Without a note nothing but blanks part one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions, openings
from features.writing import places

if TYPE_CHECKING:
    from collections.abc import Iterator

    Edit = tuple[int, int, str]

_PROVINCES: Final = (
    "京津沪渝冀豫云滇辽黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤川蜀青藏琼宁港澳"
)
_COMPANY: Final = r"(?:股份)?有限(?:责任)?公司"
_SHOP: Final = r"(?:(?:旗舰|专营|专卖|企业|服务|设备|数码|杂货|小)店|小?铺子?|工作室|工坊|杂货|商行|经营部)(?:[0-9]{1,3}号)?"
#: A name that a register or a platform gave.
_NAME: Final = (
    rf"[{_PROVINCES}]icp[备证][0-9]{{6,10}}号(?:-[0-9]{{1,3}})?|[{_PROVINCES}]公网安备[0-9]{{12,16}}号?"
    rf"|[一-鿿]{{4,24}}{_COMPANY}|[159][0-9a-z]{{7}}[0-9a-z]{{10}}|[一-鿿]{{3,14}}{_SHOP}"
)
_AT_END = expressions.compiled(rf"(?:{_NAME})\Z")
_WHOLE = expressions.compiled(rf"(?:{_NAME})")
#: That something before is to be left out, put together or read backwards.
_NOTE = expressions.compiled(
    openings.guarded(
        r"[ ]?[(,](?P<note>[^()\n,。]{0,10}(?:去掉|去除|删掉|删了|删除|拿掉|扔掉|抠掉|不要|不算|不用[打输看管]|别[打输看]|忽略|略过|跳过|拼起来|拼一起|连起来|连着|是一个))"
        r"|[ ]?[(,](?P<turned>[^()\n,。]{0,4}(?:倒[着过]?来?|反[着过]来?|从右往左|逆序)[读念看写打]?)"
    )
)
_BEFORE: Final = 48
#: What may part the pieces of a name.
_SIGN = expressions.compiled(r" ?(?P<sign>[^\w()]|[_丨]) ?")
_TURNED = expressions.compiled(r"[一-鿿a-z0-9\-]{8,32}\Z")
#: Boxes side by side, each with a piece of a name.
_BOXES = expressions.compiled(
    r"(?=[【「\[])(?:【[一-鿿a-z0-9\-]{1,12}】 ?){2,5}+|(?:「[一-鿿a-z0-9\-]{1,12}」 ?){2,5}+|(?:\[[一-鿿a-z0-9\-]{1,12}\] ?){2,5}+"
)
_BOX = expressions.compiled(r"[一-鿿a-z0-9\-]+")
#: A filing with blanks between its digits.
_SPACED_FILING = expressions.compiled(
    openings.guarded(
        r"(?:icp[备证]|公网安备) ?(?P<digits>[0-9]{1,10}(?: [0-9]{2,10}){1,3}|(?<= )[0-9]{6,16})(?=号)"
    )
)
#: A company with blanks between its pieces, up to its legal form.
_SPACED_COMPANY = expressions.compiled(
    r"(?<![一-鿿])[一-鿿]{3,10}(?: [一-鿿]{1,10}){1,2}(?<=公司)"
)
_LEGAL: Final = ("有限公司", "有限责任公司")
_PLACES: Final = frozenset(places.PLACES)
#: A blank so far before 有限 parts a company's name; an expression looks for it from there, where few texts have anything.
_PARTED: Final = "|".join(rf"(?<=[一-鿿] {'.' * size}有)" for size in range(7))
TRIGGER: Final = (
    r"[一-鿿0-9][】」\]] ?[【「\[][一-鿿0-9][一-鿿0-9]|(?:备|安备)[^\w]?[0-9]{1,6} [0-9]|"
    rf"有(?:{_PARTED})限|[符尖]号[去删不别]|(?<=[(,])连着|(?<=[(,])[连拼]起来|\(倒"
)


def edits(folded: str) -> Iterator[Edit]:
    """What parts the pieces of registered names, taken away; left to right, disjoint."""
    if not any(one in folded for one in ("公司", "司公", "备", "店", "铺", "杂货", "工坊", "室", "919", "914", "913")):  # fmt: skip
        return
    found = [*_noted(folded), *_boxed(folded), *_spaced(folded)]
    end = 0
    for edit in sorted(found):
        if edit[0] >= end:
            yield edit
            end = edit[1]


def _noted(folded: str) -> Iterator[Edit]:
    for note in _NOTE.finditer(folded):
        low = max(note.start() - _BEFORE, 0)
        if note["turned"]:
            stretch = _TURNED.search(folded, low, note.start())
            name = stretch and _WHOLE.match(stretch[0][::-1])
            if name:
                start = note.start() - name.end()
                yield start, note.start(), name[0]
                yield note.start(), note.end(), folded[note.start() : note.start() + 1]
            continue
        yield from _parted(folded, low, note.start())


def _parted(folded: str, low: int, high: int) -> Iterator[Edit]:
    """The signs inside a name that ends at a place, where one sign parts it."""
    signs = list(_SIGN.finditer(folded, low, high))
    for sign in dict.fromkeys(match["sign"] for match in signs[-3:]):
        # The hyphen of 号-2 belongs to the filing.
        spans = [
            match.span()
            for match in signs
            if match["sign"] == sign and folded[match.start() - 1] != "号"
        ]
        cleaned, kept = _without(folded, low, high, spans)
        name = _AT_END.search(cleaned)
        if name is None or _AT_END.search(folded, high - (name.end() - name.start()), high):  # fmt: skip
            continue
        first, last = kept[name.start()], kept[name.end() - 1]
        for start, end in spans:
            if first < start and end <= last:
                yield start, end, ""
        return


def _without(
    folded: str, low: int, high: int, spans: list[tuple[int, int]]
) -> tuple[str, list[int]]:
    """A stretch without some spans, and where each character of the rest stands."""
    left_out = {at for span in spans for at in range(*span)}
    kept = [at for at in range(low, high) if at not in left_out]
    return "".join(folded[at] for at in kept), kept


def _boxed(folded: str) -> Iterator[Edit]:
    is_boxed = "】" in folded or "」" in folded or "]" in folded
    for match in _BOXES.finditer(folded) if is_boxed else ():
        name = "".join(_BOX.findall(match[0]))
        if _WHOLE.fullmatch(name):
            yield match.start(), match.end(), name


def _spaced(folded: str) -> Iterator[Edit]:
    for match in _SPACED_FILING.finditer(folded):
        yield *match.span("digits"), match["digits"].replace(" ", "")
    if "公司" not in folded or " " not in folded:
        return
    for match in _SPACED_COMPANY.finditer(folded):
        # 示例市长安镇 示例市青禾有限公司: an address before the name.
        pieces = match[0].split(" ")
        if match[0].endswith(_LEGAL) and [_is_placed(one) for one in pieces] == [True] + [False] * (len(pieces) - 1):  # fmt: skip
            yield match.start(), match.end(), "".join(pieces)


def _is_placed(piece: str) -> bool:
    """Whether a piece begins with the name of a place."""
    return piece[:2] in _PLACES or piece[:3] in _PLACES
