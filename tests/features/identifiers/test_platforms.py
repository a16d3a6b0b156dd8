"""Platforms by the names that people give them."""

import pytest

from features.identifiers import platforms


@pytest.mark.parametrize(("written", "slug"), [("黑白音符", "douyin"), ("公号", "wechat_mp"), ("微信公众号", "wechat_mp"), ("小地瓜号", "xiaohongshu"), ("邮局", "")])  # fmt: skip
def test_a_platform_is_known_by_its_names(written, slug):
    assert platforms.platform_of(written) == slug
