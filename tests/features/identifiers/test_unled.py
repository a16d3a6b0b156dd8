"""Ids that nothing announces: told by their shape and their place."""

import pytest

from features import contacts, normalise


def found(text):
    return {
        (one.kind, one.value)
        for one in contacts.find_contacts(normalise.normalise(text))
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("想拿区域价的 qd5566zz", "qd5566zz"), ("先看合同再交钱。找小舟 xiaozhou-demo。", "xiaozhou-demo"), ("报名:mz_koubo", "mz_koubo"),
        ("想干加我老公 Linyi_zhanzhang,别加我", "linyi_zhanzhang"), ("他新微信✨laoli_xin✨ 旧的 laoli_demo 已注销", "laoli_demo"), ("直接搜 lmtb二零二六", "lmtb2026"),
        ("卖号+CC③412〇282⑤", "cc341202825"), ("添加 pdf.keng.2026 ,备注避坑", "pdf.keng.2026"), ("看这里Y W90069家喂", "yw90069"), ("小窗发城市 xiaoman点xmfs", "xiaoman.xmfs"), ("guan🌟jia🌟8🌟xing (星星去掉)", "guanjia8xing"), ("需要的laogu_shipin。我不招代理", "laogu_shipin"), ("我的demolu9965 ←微，白天送货", "demolu9965"), ("还剩二十个额度 demozs9819 这是V，通过了先发定位", "demozs9819"), ("助理小石，demoai1069（复制去绿色图标里搜）。", "demoai1069"), ("demo6336 是我微信", "demo6336"),
    ],
)  # fmt: skip
def test_an_id_is_found_where_a_post_says_how_to_be_reached(text, name):
    assert ("wechat", name) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "现货一批,型号QH-2099-B", "Windows 11+Chrome138", "这就能叫MIUI14了?", "一单就是RMB90000,最后一批", "索书号TP391.1990。", "用的模型是 gpt-4o-mini",
        "登录 www.demo18", "车队长期有效,hdjasklddshnkjk45", "E-mail:", "代码在 lip_sync_demo 项目里", "快来 ZF22COM", "stars256", "我叫 xiaoman_demo@example.com",
        "#live2d", "微调模型qwen2512 是微软的", "这个版本qwen2512 就是微调模型", "wan✨-dem✨o-qing75",
    ],
)  # fmt: skip
def test_models_sums_addresses_and_noise_are_no_ids(text):
    assert not {one for one in found(text) if one[0] in {"wechat", "telegram"}}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("转到飞机沟通,账号@xf_leads", "telegram"), ("@zz_fuzhu 飞机见", "telegram"), ("转发@zz_fuzhu 的视频", None), ("频道只发公告。@ai_live_demo", "telegram"), ("不走中间,能谈。9911008342", "qq"), ("一共9911008342", None), ("复制baozang_demo_bot", "telegram")],
)  # fmt: skip
def test_a_mention_is_an_id_only_beside_a_messenger(text, kind):
    assert {one[0] for one in found(text)} == ({kind} if kind else set())


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("找客服:抖音搜 dianbo_kf88", ("account", "douyin:dianbo_kf88")), ("先看图再说,讲师姓黎,抖音 lijs_demo88,已离职", ("account", "douyin:lijs_demo88")),
        ("名额不多。找我:ciyun_demo88(小红书号)", ("account", "xiaohongshu:ciyun_demo88")), ("频道 szr_beidemo8,先看置顶", ("telegram", "szr_beidemo8")),
        ("报名:mz_koubo,抖音同名", ("wechat", "mz_koubo")),
    ],
)  # fmt: skip
def test_an_id_belongs_to_the_service_named_right_beside_it(text, contact):
    assert {one for one in found(text) if one[0] in {"wechat", "account", "telegram"}} == {contact}  # fmt: skip
