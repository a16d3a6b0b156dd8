"""Workers read what one process reads, in order; a dead one is noticed."""

import os
import signal

import polars as pl
import pytest

from features import pack, reading
from flows.reading import pool
from warehouse import contracts, errors

PACK = pack.load_pack()
TEXTS = [
    "数字人诚招县代,代理费2万8,三个月回本,加微信 szr_demo_01",
    "记者调查:所谓“稳赚不赔”的数字人加盟",
    "今天吃了火锅",
    "",
]


def documents(first, count):
    return pl.DataFrame(
        {
            "doc_id": [f"d{first + n:06}" for n in range(count)],
            "title": [None] * count,
            "text": [f"{TEXTS[n % 4]}{n}" for n in range(count)],
        },
        schema=dict(contracts.DOCUMENTS.columns),
    )


def assert_same(found, expected):
    for name in ("signals", "amounts", "contacts", "stances"):
        assert getattr(found, name).equals(getattr(expected, name))


@pytest.mark.slow
def test_workers_give_what_one_process_gives_in_order(monkeypatch):
    monkeypatch.setattr(reading, "_SLICE_ROWS", 50)
    parts = [documents(0, 210), documents(5_000, 40), documents(6_000, 0)]
    read = list(pool.read_all(iter(parts), pack=PACK, workers=2))
    assert [part.height for part, _ in read] == [210, 40, 0]
    for part, found in read:
        assert_same(found, reading.read_documents(part, pack=PACK))


def test_one_worker_reads_here():
    part = documents(0, 8)
    ((same, found),) = pool.read_all([part], pack=PACK, workers=1)
    assert same is part
    assert_same(found, reading.read_documents(part, pack=PACK))


@pytest.mark.slow
def test_a_dead_worker_ends_the_reading_with_an_error(monkeypatch):
    monkeypatch.setattr(pool, "_read", _die)
    with pytest.raises(errors.PuppetwatchError, match="40 texts were read"):
        list(pool.read_all([documents(0, 40)], pack=PACK, workers=2))


def _die(part):
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_is_no_documents_frame_is_refused_before_a_worker_starts():
    parts = [documents(0, 4).drop("title")]
    with pytest.raises(errors.ContractError, match="missing \\['title'\\]"):
        list(pool.read_all(parts, pack=PACK, workers=2))
