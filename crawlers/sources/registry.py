"""Registry data that a page shows about its owner: ICP filings, police filings, company codes, analytics accounts.

In: text or markup. Out: values in one spelling each, in order of appearance, once. Company codes are returned only when
their check character is right.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: One character per province, as ICP and police filings begin.
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

_ICP = re.compile(
    rf"([{_PROVINCES}])\s*ICP\s*[备證证]\s*(?:字第)?\s*(\d{{6,10}})\s*号(?:\s*[-－—–]\s*(\d{{1,4}}))?",
    re.IGNORECASE,
)
_POLICE = re.compile(rf"([{_PROVINCES}])\s*公网安备\s*(\d{{11,14}})\s*号?")
_USCC = re.compile(
    r"(?<![0-9A-Za-z])[159ANYany][0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{17}(?![0-9A-Za-z])"
)
_BAIDU = re.compile(r"hm\.baidu\.com/h(?:m)?\.js\?([0-9a-zA-Z]{32})(?![0-9a-zA-Z])")
_OTHER_ANALYTICS: Final = (
    (
        "cnzz",
        re.compile(r"cnzz\.com/[\w./]*\?(?:[\w=&;]*&(?:amp;)?)?(?:web_)?id=(\d{6,14})"),
    ),
    (
        "la51",
        re.compile(
            r"""LA\.init\(\s*\{[^}]{0,80}?id\s*:\s*["']([0-9A-Za-z]{8,24})["']"""
        ),
    ),
    (
        "53kf",
        re.compile(
            r"53kf\.com/(?:code/)?[\w/]*\?(?:[\w=&;]*&(?:amp;)?)?arg=(\d{5,14})"
        ),
    ),
    (
        "meiqia",
        re.compile(r"""_MEIQIA\(\s*["']entId["']\s*,\s*["']?([0-9a-z]{4,40})"""),
    ),
    (
        "google",
        re.compile(
            r"""["'=](UA-\d{4,12}-\d{1,4}|G-[A-Z0-9]{6,12}|GTM-[A-Z0-9]{5,9})["'&]"""
        ),
    ),
)

#: GB 32100-2015: no I, O, S, V, Z; weights 3^i mod 31, and the check character makes the sum divisible by 31.
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = (*(pow(3, place, 31) for place in range(17)), 1)


def icp_filings(text: str) -> list[str]:
    """``京ICP备00000000号-1``: the registrant's number, with the site's own suffix where one is shown."""
    found = _ICP.findall(unicodedata.normalize("NFKC", text))
    return _once(
        [
            f"{province}ICP备{number}号" + (f"-{suffix}" if suffix else "")
            for province, number, suffix in found
        ]
    )


def police_filings(text: str) -> list[str]:
    """``京公网安备00000000000000号``."""
    found = _POLICE.findall(unicodedata.normalize("NFKC", text))
    return _once([f"{province}公网安备{number}号" for province, number in found])


def company_codes(text: str) -> list[str]:
    """统一社会信用代码, upper case, check character verified; constant strings pass the sum and are left out."""
    found = (
        code.upper() for code in _USCC.findall(unicodedata.normalize("NFKC", text))
    )
    return _once([code for code in found if is_company_code(code)])


def is_company_code(code: str) -> bool:
    """Whether 18 upper-case characters are a 统一社会信用代码 (GB 32100-2015)."""
    if len(code) != 18 or len(set(code)) < 4 or not set(code) <= set(_USCC_ALPHABET):
        return False
    total = sum(
        _USCC_ALPHABET.index(char) * weight
        for char, weight in zip(code, _USCC_WEIGHTS, strict=True)
    )
    return total % 31 == 0


def analytics_accounts(markup: str) -> list[str]:
    """Accounts that count this page's visitors: Baidu's as it is (32 characters), others behind their service's name."""
    found = [account.lower() for account in _BAIDU.findall(markup)]
    for service, pattern in _OTHER_ANALYTICS:
        found += [f"{service}:{account.lower()}" for account in pattern.findall(markup)]
    return _once(found)


def _once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))
