import numpy as np
import polars as pl
import pytest

from crawlers.sandbox import dice
from crawlers.sandbox.language import facts, spin, texts
from features.families import signatures

COPY = (
    "现在就是数字人的头一年，红利就这半年。不卖单机，只签一级。"
    "养一个不要工资不交社保的员工，日夜替你挣钱！底层算法自己研发，厂家直供。"
)


def signed(*written, titles=None):
    return signatures.signatures(
        pl.Series(titles or [None] * len(written), dtype=pl.String),
        pl.Series(written, dtype=pl.String),
    )


def alike(one, other):
    share, _ = signatures.similarity(signed(one, other), np.array([0]), np.array([1]))
    return share[0]


def oracle(found, one, other):
    left, right = (
        set(found.shingles[found.starts[row] : found.starts[row + 1]].tolist())
        for row in (one, other)
    )
    return len(left & right) / len(left | right) if left | right else 0.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北京的老板看过来，入门只要29800元", "成都的老板看过来，入门只要9万8"),
        ("想做代理加微信demo_0001详聊", "想做代理加微信demo-kefu-77详聊"),
        ("想做数字人代理的看过来", "想做數字人代理的看過來"),
        ("想做数字人代理的看过来", "想做数-字-人 代.理的看过来🔥"),
        ("想做数字人代理的看过来", "想做数字人代理的看过来 #AI #创业 @某人 https://a.example/x"),
        ("先签后付。再说一次。", "再说一次。先签后付。"),
        ("六十秒看懂数字人", "⑥⓪秒看懂数字人"),
    ],
)  # fmt: skip
def test_what_sellers_swap_leaves_the_same_set(one, other):
    found = signed(one, other)

    assert found.names[0] == found.names[1] != 0
    assert alike(one, other) == 1.0


def test_title_counts_as_text():
    found = signed(COPY, None, titles=[None, COPY])

    assert found.names[0] == found.names[1]


def test_a_row_that_says_nothing_has_no_shingles_and_no_name():
    found = signed(None, "", "6😀6", "好的")

    assert found.names.tolist() == [0, 0, 0, 0]
    assert found.counts.tolist() == [0, 0, 0, 0]


def test_no_rows():
    found = signed()

    assert found.starts.tolist() == [0]
    assert signatures.minima(found).shape == (0, signatures.BINS)


def test_letters_count_where_a_text_is_written_in_them():
    english = (
        "Everybody can earn with our avatar franchise, no experience needed, join us"
    )

    assert signed(english).counts[0] > signatures.LEAST
    assert signed(COPY).names[0] == signed(COPY + "weixin demo_abcdefg").names[0]


def test_rows_do_not_depend_on_their_neighbours():
    written = [COPY, "别的", COPY[:30] * 40, None, "想做数字人代理的看过来"]
    together = signed(*written)

    for row, text in enumerate(written):
        alone = signed(text)
        assert alone.names[0] == together.names[row]
        assert (signatures.minima(alone)[0] == signatures.minima(together)[row]).all()


def test_hashes_are_those_that_were_kept():
    """Stored signatures are compared with new ones: whoever changes the hashes must raise ``VERSION``."""
    found = signed(COPY)

    assert (signatures.VERSION, hex(int(found.names[0]))) == ("2", "0x956d775b5b0f72e1")


def test_similarity_equals_the_sets():
    scripts = [
        spin.version(
            dice.dice(turn), facts.draw(dice.dice(turn), "云播", "示例公司"),
            texts.Ad(), script=turn // 5, variant=0, style="chatty",
        ).text.text
        for turn in range(40)
    ]  # fmt: skip
    found = signed(*scripts)
    one, other = np.triu_indices(40, 1)

    share, count = signatures.similarity(found, one, other)

    expected = [oracle(found, *pair) for pair in zip(one, other, strict=True)]
    assert share.tolist() == pytest.approx(expected)
    assert count.max() > 20


def test_minima_estimate_similarity():
    base = "".join(chr(0x4E00 + n) for n in range(400))
    found = signed(base, base[:300] + "".join(chr(0x5E00 + n) for n in range(100)))
    low = signatures.minima(found)
    share, _ = signatures.similarity(found, np.array([0]), np.array([1]))

    assert (low[0] == low[1]).mean() == pytest.approx(share[0], abs=0.2)


def test_long_texts_are_thinned_alike():
    base = "".join(chr(0x4E00 + (n * 7919) % 20_000) for n in range(6_000))
    found = signed(base, base + "。尾巴不一样了")

    assert found.counts.max() <= signatures.MOST
    assert found.thinning.tolist() == [3, 3]
    share, _ = signatures.similarity(found, np.array([0]), np.array([1]))
    assert share[0] > 0.95


def test_frame_and_back():
    found = signed(COPY, None, COPY[:40])
    back = signatures.of_frame(signatures.frame(found))

    assert back.names.tolist() == found.names.tolist()
    assert back.shingles.tolist() == found.shingles.tolist()
    assert back.starts.tolist() == found.starts.tolist()


def test_bands_name_their_band():
    keys = list(signatures.bands(signatures.minima(signed(COPY))))

    assert [int(key[0]) >> signatures.BAND_BITS for key in keys] == list(range(signatures.BANDS))  # fmt: skip
