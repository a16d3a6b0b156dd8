"""On whom and what a verdict may be filed."""

from datetime import UTC, datetime

import pytest

from flows.deciding import decisions
from flows.looking import explanation
from tests.harness.homes import released
from warehouse import errors


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return released.make(tmp_path_factory.mktemp("released") / "home").home


def _filed(home, identity):
    lines = decisions.verdict(
        home, identity, "unsure", note="n", author="lin", members=None, now=datetime.now(UTC)
    )  # fmt: skip
    return "".join(lines)


@pytest.mark.parametrize("identity", ["douyin:szr1", "net-1", "wechat:szr_demo_01"])
def test_sellers_networks_and_indicators_are_judged_by_their_own_name(home, identity):
    assert identity in _filed(home, identity)
    assert identity in "".join(path.read_text() for path in home.inbox.glob("*.json"))


@pytest.mark.parametrize("identity", ["", "wechat:", "wechat:nobody", "szr_demo_01"])
def test_what_nobody_knows_is_not_judged(home, identity):
    with pytest.raises(errors.InputError, match=r"indicator \(kind:value\) or entry.*nothing was filed"):  # fmt: skip
        _filed(home, identity)


def test_appeal_without_a_text_names_the_option_that_is_missing(home):
    [entry] = explanation.query(home, "select entry_id from analyst.watchlist where value = 'douyin:szr1'")  # fmt: skip
    with pytest.raises(errors.InputError, match="needs a --text"):
        decisions.appeal(home, entry["entry_id"], text=" ", author="subject", now=datetime.now(UTC))  # fmt: skip
