"""What the subject of an entry is told: that it is listed, why in general words, until when, and what became of its appeal.

In: an appeal of the home. Out: text in Chinese and English. Redacted: nothing of other people is in it (no reviewer, no
complainant, no other member of the network, no note, no post), and no score that would teach evasion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows.deciding import decisions
from flows.looking import explanation
from warehouse import errors

if TYPE_CHECKING:
    from datetime import datetime

    from flows import home as home_module

#: Families of reasons in words for the subject.
FAMILIES = {
    "trope": ("宣传用语", "wording of the posts"),
    "money": ("所称金额或费用", "sums asked or promised"),
    "behaviour": ("发布行为", "how it posts"),
    "link": ("与其他账号共用的联系方式", "contacts shared with other accounts"),
    "complaint": ("与之相关的投诉", "complaints about it"),
    "policy": ("与平台规则的冲突", "conflicts with platform rules"),
}
STATES = {
    "open": ("处理中", "under review"),
    "upheld": ("申诉成立，条目已撤销", "upheld: the entry is taken off"),
    "rejected": ("申诉未获支持，条目保留", "rejected: the entry stays"),
}


def notice(home: home_module.Home, appeal_id: str) -> str:
    """The notice for whoever appealed.

    Raises:
        InputError: no such appeal.
    """
    found = decisions.appeals(home, appeal_id)
    if not found:
        message = f"{appeal_id!r} is no appeal. `puppetwatch appeals` lists them."
        raise errors.InputError(message)
    [appeal] = found
    entry = decisions.entry(home, appeal["target"])
    families = _families(home, entry)
    chinese, english = STATES[appeal["state"]]
    lines = [
        f"# 申诉 {appeal_id}",
        "",
        f"- 条目：{entry['entry_id']}（{entry['entity']} {entry['value']}）",
        f"- 列入时间：{_day(entry['listed_at'])}；最迟有效至：{_day(entry['expires_at'])}",
        f"- 依据类别：{'、'.join(FAMILIES[each][0] for each in families) or '人工复核'}；佐证帖文 {entry['evidence_count']} 条",
        f"- 收到申诉：{_day(appeal['opened_at'])}；答复期限：{_day(appeal['due_at'])}",
        f"- 结果：{chinese}" + _when(appeal["decided_at"], "（", "）"),
        "",
        "列入名单仅表示建议人工复核，不代表认定违法或欺诈。有新的情况可再次申诉。",
        "",
        f"# Appeal {appeal_id}",
        "",
        f"- Entry: {entry['entry_id']} ({entry['entity']} {entry['value']})",
        f"- Listed on {_day(entry['listed_at'])}; valid until {_day(entry['expires_at'])} at the latest",
        f"- Grounds: {', '.join(FAMILIES[each][1] for each in families) or 'a review by a person'}; {entry['evidence_count']} supporting posts",
        f"- Appeal received on {_day(appeal['opened_at'])}; answer due by {_day(appeal['due_at'])}",
        f"- Outcome: {english}" + _when(appeal["decided_at"], " (", ")"),
        "",
        "A listing is a reason for a person to look, not a finding of fraud. You may appeal again when there is something new.",
    ]
    return "\n".join(lines)


def _families(home: home_module.Home, entry: dict[str, Any]) -> list[str]:
    """Families of the entry's reasons, in the order of FAMILIES; of an indicator, those it has by its network."""
    if entry["entity"] != "seller":
        return ["link"]
    rows = explanation.query(
        home,
        "select distinct family from analyst.reasons where seller_id = ? and contribution > 0",
        [entry["value"]],
    )
    found = {row["family"] for row in rows}
    return [family for family in FAMILIES if family in found]


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _when(moment: datetime | None, before: str, after: str) -> str:
    return "" if moment is None else f"{before}{_day(moment)}{after}"
