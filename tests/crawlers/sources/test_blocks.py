import pytest

from crawlers.sources import blocks


@pytest.mark.parametrize(
    ("organisation", "person", "kind"),
    [
        ("示例星播科技有限公司", None, "business"),
        ("示例市公安局官方账号", None, "government"),
        ("示例日报社官方账号", None, "media"),
        ("示例晚报传媒有限公司", None, "business"),
        ("示例反诈工作室", None, "business"),
        (None, "示例电视台官方账号", "media"),
        (None, "示例日报记者", "personal"),
        (None, "优质科技领域创作者", "personal"),
        (None, None, "none"),
    ],
)
def test_who_was_checked_decides_what_an_account_is(organisation, person, kind):
    assert blocks.verified(organisation, person) == (kind, organisation or person)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("示例云创科技有限公司", ["示例云创科技有限公司"]),
        ("示例云创科技有限公司官方账号", ["示例云创科技有限公司"]),
        ("示例（示例城）信息咨询有限公司", ["示例（示例城）信息咨询有限公司"]),
        ("就职于示例云创科技有限公司 创始人", []),
        ("公司", []),
        ("", []),
        (None, []),
    ],
)
def test_a_company_is_a_text_that_is_only_its_name(text, names):
    assert blocks.companies(text) == names


def test_a_signed_link_leaves_a_medium_without_address():
    signed = "https://v.example.net/0123456789abcdef0123456789abcdef/69a5b2c0/a.mp4"
    links = [
        ("video", signed),
        ("cover", "https://pic.example.net/a.jpeg?sign=1"),
        ("image", None),
    ]
    assert blocks.media(links) == [
        {"url": None, "kind": "video"},
        {"url": "https://pic.example.net/a.jpeg", "kind": "cover"},
    ]


def test_words_in_a_picture_stay_when_no_picture_is_named():
    assert blocks.media([], ocr="招代理") == [
        {"url": None, "kind": "cover", "ocr": "招代理"}
    ]
