import pytest

from crawlers.sources import pages


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<meta charset="gb2312">数字人'.encode("gbk"), "数字人"),
        ("数字人".encode(), "数字人"),
        ("数字人".encode("gb18030"), "数字人"),
        ("\ufeff数字人".encode("utf-16"), "数字人"),
        ('<meta charset="utf-8">数字人'.encode("gb18030"), "数字人"),
        ('<meta charset="no-such">数字人'.encode(), "数字人"),
    ],
)
def test_the_page_decides_its_encoding(body, expected):
    assert expected in pages.decode(body)


def test_visible_text_has_a_line_per_block_and_no_scripts():
    html = "<body><nav>菜单</nav><p>甲 \n 乙<b>丙</b></p><script>x</script><div>丁<br>戊<style>y</style>己</div><!-- z -->庚</body>"
    assert pages.visible_text(pages.selector(html)) == "甲 乙丙\n丁\n戊己\n庚"


def test_full_width_spaces_and_invisible_joiners_stay_as_written():
    assert (
        pages.markup_text("<p>微\u200b信\u3000号\u2060</p>")
        == "微\u200b信\u3000号\u2060"
    )


def test_markup_and_references_become_text():
    assert (
        pages.markup_text('交了<span class="code-red">代理费</span>&amp;押金')
        == "交了代理费&押金"
    )
    assert pages.markup_text("3 < 5") == "3 < 5"
    assert pages.markup_text(" ") is None


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("<title>Just a moment...</title>", "blocked"),
        ("<script>var __jsl_clearance='x'</script>", "blocked"),
        ("<p>请拖动滑块完成验证</p>", "blocked"),
        ("<p>请求过于频繁，请稍后</p>", "rate_limited"),
        ("<title>用户登录</title>", "login_wall"),
        ("<p>该网站已关闭</p>", "gone"),
    ],
)
def test_a_wall_in_place_of_a_page_is_named(page, status):
    found = pages.wall(page)
    assert found is not None
    assert found[0] == status


def test_a_page_with_content_of_its_own_is_no_wall():
    assert (
        pages.wall(
            "<p>"
            + "正文内容" * 60
            + "请输入验证码</p><script src=challenge-platform></script>"
        )
        is None
    )
    assert pages.wall("<input placeholder=请输入验证码><p>城市合伙人</p>") is None


def test_a_redirect_that_stayed_is_a_block_and_not_modified_is_none():
    assert pages.http_refusal(302) == ("blocked", "HTTP 302")
    assert pages.http_refusal(304) is None
    assert pages.http_refusal(None) is None
