"""What only looks like a contact."""

from __future__ import annotations

import pytest

from features import contacts, normalise
from tests.features.disguised import CLEAN, found


def test_clean_posts_hold_no_contact():
    wrong = [text for text in CLEAN if found(text)]
    assert not wrong


@pytest.mark.parametrize(
    "text", ["考公打卡120天,加油", "健身打卡第120公里", "打12345分钟电话"]
)
def test_a_count_is_no_hotline(text):
    assert contacts.find_contacts(normalise.normalise(text)) == []


def test_text_without_contacts_gives_nothing():
    assert contacts.find_contacts(normalise.normalise("")) == []
    assert contacts.find_contacts(normalise.normalise("今天天气真好")) == []


@pytest.mark.parametrize(
    "text", ["货号QH-19900008-B", "型号是YX-3200的一体机", "房号是A-1203", "pip install real-time-face", "跑到13800000000左右就停", "供应商为北京某某科技有限公司"]
)  # fmt: skip
def test_models_seeds_and_nameless_companies_are_no_contacts(text):
    assert contacts.find_contacts(normalise.normalise(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "抖音:2024年处置170万条违规", "扣 300000 保证金", "飞机 CA1234 航班", "合同号HT20240520001", "ComfyUI 工作流 sdxl_v10", "用 whisper+qwen2.5-7b+wav2lip 做的",
        "押金500 代理费19800+培训资料680", "交代理费19800+培训资料680+邮寄设备押金500", "一组柜子6800 押金1000 一天", "300,你卖980到1580", "公众号文章节选:所谓加盟", "请有关部门关注 @某某消协", "感谢 @demo_2024 的分享", "单号YT 20251309857527",
    ],
)  # fmt: skip
def test_more_that_only_looks_so(text):
    assert not found(text)


@pytest.mark.parametrize(
    "text",
    [
        "@所有人 今晚八点开会", "转发并@三位好友", "感谢 @人民日报 的报道", "@黑猫投诉 管不管", "@虚构云播 还钱!", "@云播科技 第31天打卡要账", "@老板娘日记本 你群里那个区代卖资格", "@回声AI 我买的是真人克隆", "回复@海边的曼波:可以的",
        "买家秀:@贵阳张姐 三个月", "求转发 @小明同学啊", "@李四同学 @王五同学 一起做", "图源@小林摄影", "转评抽3位送周边。@知声开发者", "微商 software 推荐", "发布微 design 风格", "今年合计19,900,008,853", "关注@成都公安 官方账号", "@所有想回县里做点事的人 来看", "@每一位宝妈",
    ],
)  # fmt: skip
def test_who_is_only_called_upon_is_no_contact(text):
    assert found(text) == set()
