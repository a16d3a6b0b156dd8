"""Blocks of a record that several platforms fill alike: who vouches for an account, which companies it names, media.

Invariants: an account is ``government`` or ``media`` only by the name of an organisation that the platform checked, never
by what it says of itself; a medium's URL lets nobody in and names no session, so it holds no query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from crawlers.sources import urls

#: A registered organisation by its own name: form words that the registry gives out (企业名称登记管理规定, article 6).
_COMPANY = re.compile(
    r"[\w（）()·&]{2,40}(?:公司|集团|工作室|经营部|商行|合作社|合伙企业|事务所|研究院|商贸行|服务部)"
)
#: What verification texts put behind the name.
_OFFICIAL = re.compile(r"[\s,，·]*官方(?:账号|帐号|号|店|旗舰店)?$")
_GOVERNMENT = re.compile(
    r"公安|警方|人民政府|法院|检察院|网信办|互联网信息办公室|市场监(?:督管理|管)局|消费者(?:权益保护)?(?:协会|委员会)|税务局|司法局|反诈"
)
_MEDIA = re.compile(
    r"电视台|广播电视|广播电台|日报|晚报|早报|都市报|晨报|通讯社|新华社|报社|杂志社|融媒体中心"
)


def verified(
    organisation: str | None, person: str | None = None
) -> tuple[str, str | None]:
    """What the platform's check of an account says.

    Args:
        organisation: Name or text of a checked organisation; null where there is none.
        person: Text of a person's verification.

    Returns:
        ``author.verified`` and ``author.verified_raw``: an organisation before a person, ``none`` for neither.
    """
    if person and not organisation and _OFFICIAL.search(person):
        organisation, person = person, None
    if not organisation:
        return ("personal", person) if person else ("none", None)
    if companies(organisation):
        return "business", organisation
    if _GOVERNMENT.search(organisation):
        return "government", organisation
    return ("media" if _MEDIA.search(organisation) else "business"), organisation


def companies(text: str | None) -> list[str]:
    """The company that a verification text consists of; none where it says more or something else."""
    name = _OFFICIAL.sub("", (text or "").strip())
    return [name] if _COMPANY.fullmatch(name) else []


def company_identifiers(text: str | None, *, field: str) -> list[dict[str, str]]:
    """``identifiers`` of a record for a checked organisation's name."""
    return [
        {"kind": "company", "value": name, "field": field} for name in companies(text)
    ]


def media(
    found: Iterable[tuple[str, object]], *, ocr: str | None = None
) -> list[dict[str, Any]]:
    """``media`` of a record.

    Args:
        found: Kind and link of each; what is no text is left out, a signed link leaves a medium without URL.
        ocr: Text that the platform read in the pictures; it goes to the first medium, or to a cover of its own.
    """
    entries: list[dict[str, Any]] = [
        {"url": urls.unsigned(link), "kind": kind}
        for kind, link in found
        if isinstance(link, str) and link.strip()
    ]
    if ocr:
        entries = entries or [{"url": None, "kind": "cover"}]
        entries[0] = {**entries[0], "ocr": ocr}
    return entries


def first_link(value: object) -> object:
    """The first link of a ``{"url_list": [...]}`` block, or null."""
    links = value.get("url_list") if isinstance(value, dict) else None
    return links[0] if isinstance(links, list) and links else None
