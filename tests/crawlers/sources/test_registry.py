import random

import pytest

from crawlers.sandbox.people import identities
from crawlers.sources import registry


def test_every_valid_company_code_is_found_and_every_changed_digit_refused():
    rng = random.Random(3)
    for _ in range(50):
        code = identities.uscc(rng)
        assert registry.company_codes(f"统一社会信用代码:{code.lower()}。") == [code]
        place = rng.randrange(17)
        other = rng.choice([char for char in "0123456789" if char != code[place]])
        assert not registry.is_company_code(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "0" * 18,
        "1" * 18,
        "订单91990475MAJNPWNU8P1",
        "X91990475MAJNPWNU8P",
        "hm.js?" + "0" * 32,
    ],
)
def test_other_long_codes_are_no_company_codes(text):
    assert registry.company_codes(text) == []


def test_icp_filings_are_spelled_one_way():
    text = "京ICP备00000011号-2 | 粤 icp备 00000012 号－１ 沪ICP备00000013号 京ICP备00000011号-2"
    assert registry.icp_filings(text) == [
        "京ICP备00000011号-2",
        "粤ICP备00000012号-1",
        "沪ICP备00000013号",
    ]


def test_police_filings_are_spelled_one_way():
    assert registry.police_filings("京公网安备 99000000000011号") == [
        "京公网安备99000000000011号"
    ]


def test_analytics_accounts_name_their_service():
    markup = (
        "//hm.baidu.com/hm.js?"
        + "0A" * 16
        + '"; src="https://s4.cnzz.com/z_stat.php?id=1200000011&web_id=1200000011"'
        " LA.init({id:\"KDemo0000011\",ck:\"x\"}) _MEIQIA('entId', 'demo0011') gtag('config','G-DEMO00011')"
    )
    assert registry.analytics_accounts(markup) == [
        "0a" * 16,
        "cnzz:1200000011",
        "la51:kdemo0000011",
        "meiqia:demo0011",
        "google:g-demo00011",
    ]
