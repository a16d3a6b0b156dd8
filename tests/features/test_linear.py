"""Reading takes time in proportion to the text, whatever is repeated in it."""

import time

import polars as pl
import pytest

from features import pack, reading
from warehouse import contracts

PACK = pack.load_pack()
#: Units whose repetition is one long run for some pattern, one long list of candidates for another.
UNITS = (
    "1 ", "一 ", "[1", "1)", "a_", "a@b.", "微信:", "加v", "3-5万", "代理费2万8", "数-字-", "亻弋王里", "1\ufe0f\u20e3", "“", "号称",
    "不封号不", "有限公司", "去掉点", "这个号", "9A", "http://", "数字人代理", "省代3万", "两三万",
)  # fmt: skip
SIZE = 1_000


def seconds(text):
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    started = time.process_time()
    reading.read_documents(frame, pack=PACK)
    return time.process_time() - started


@pytest.mark.parametrize("unit", UNITS)
def test_eight_times_the_text_takes_no_more_than_a_multiple(unit):
    # Constant costs make short texts relatively slow, so only growth beyond proportion can fail: 64 times when quadratic.
    seconds(unit)
    short = min(seconds(unit * (SIZE // len(unit))) for _ in range(2))
    long = min(seconds(unit * (8 * SIZE // len(unit))) for _ in range(2))
    assert long < 24 * short + 0.05
