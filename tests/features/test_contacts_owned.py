"""Whose a contact is."""

from __future__ import annotations

import pytest

from tests.features.disguised import whose


@pytest.mark.parametrize(
    "text",
    [
        "对方微信szr_demo_01，大家别加",
        "骗子电话：19900001234",
        "他的QQ 123456789已经把我拉黑",
        "假冒我司的微信szr_demo_01与我司无关",
        "请勿添加微信szr_demo_01",
        "投诉示例星河科技有限公司不退款",
        "加了微信szr_demo_01后被骗了三万",
        "请拨打96110",
        "举报电话12315",
    ],
)
def test_somebody_elses_contact_is_mentioned(text):
    assert {one for _, one in whose(text)} == {"mentioned"}


@pytest.mark.parametrize(
    "text",
    [
        "加我微信szr_demo_01",
        "别再被骗子坑了，加我微信szr_demo_01",
        "联系电话19900001234",
        "源头厂家，薇：szr_demo_01",
        "拒绝骗子中介，认准唯一微信szr_demo_01",
    ],
)
def test_ones_own_contact_is_own(text):
    assert {one for _, one in whose(text)} == {"own"}
