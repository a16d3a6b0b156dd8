import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import wechat_mp_link

LONG = "https://mp.weixin.qq.com/s?__biz=MjDemo%2B7%3D%3D&mid=1&idx=2&sn=ab"


@pytest.mark.parametrize(
    "link",
    [
        "http://mp.weixin.qq.com/s?__biz=MjDemo%2B7==&mid=1&idx=2&sn=ab&chksm=x&key=y&uin=z&pass_ticket=w#rd",
        "http://mp.weixin.qq.com/s?__biz=MjDemo%2B7==&amp;mid=1&amp;idx=2&amp;sn=ab",
        "http://mp.weixin.qq.com/mp/appmsg/show?__biz=MjDemo%2B7==&appmsgid=1&itemidx=2&sign=ab",
    ],
)
def test_spellings_of_one_article_become_one(link):
    known = wechat_mp_link.Identity.from_links([None, link])
    assert known.post_id == "MjDemo+7==:1:2"
    assert known.permalink == LONG.replace("%3D%3D", "==")


def test_a_short_link_stands_alone():
    known = wechat_mp_link.Identity.from_links(
        ["https://mp.weixin.qq.com/s/De-mo_Short0001?scene=1&token=x"]
    )
    assert known.post_id is None
    assert known.permalink == "https://mp.weixin.qq.com/s/De-mo_Short0001"


def test_what_is_known_is_not_replaced():
    known = wechat_mp_link.Identity(mid="1").completed(
        mid="2", idx=" 3 ", biz="a b", sn=""
    )
    assert known == wechat_mp_link.Identity(mid="1", idx="3")


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_no_link_raises(text):
    known = wechat_mp_link.Identity.from_links(
        [text, f"https://[{text}", f"//x/s?mid={text}"]
    )
    assert known.permalink is None or known.permalink.startswith(
        "https://mp.weixin.qq.com/s"
    )
