from concurrent.futures import ThreadPoolExecutor

import pytest

from crawlers import allowance, politeness


def outcome(right):
    try:
        right.take()
    except politeness.Refused as refused:
        return refused.reason
    return None


def test_the_stop_file_refuses_at_once_and_only_while_it_is_there(tmp_path):
    stop = tmp_path / "STOP"
    right = allowance.Allowance(stop_file=stop, counter=None, requests=0)
    right.take()
    stop.touch()
    with pytest.raises(politeness.Refused, match="operator's file STOP"):
        right.take()
    stop.unlink()
    right.take()


def test_all_crawls_of_a_night_share_one_budget(tmp_path):
    rights = [
        allowance.Allowance(stop_file=None, counter=tmp_path / "n", requests=100)
        for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda right: [outcome(right) for _ in range(50)], rights)
        )
    reasons = [reason for each in found for reason in each]
    assert reasons.count(None) == 100
    assert set(reasons) == {None, "the night's budget of 100 requests is spent"}


def test_without_a_budget_nothing_is_counted(tmp_path):
    right = allowance.Allowance(stop_file=None, counter=None, requests=0)
    assert [outcome(right) for _ in range(3)] == [None] * 3
