"""Phrases: runs of characters with names hidden, summed for texts and clauses."""

import numpy as np
import pytest

from features import catalogue, pack, signals, stance
from features.matching import scan
from features.speech import clauses, phrasebook, phrases, traits, voice
from features.texts import slices

PACK = pack.load_pack()
OFFER, OTHER = (np.array([stance.STANCES.index(name)]) for name in ("offer", "other"))
NUMBERS = phrasebook.STANCE_COUNT + phrasebook.SIGNAL_COUNT


def line(run, **hundredths):
    names = [*stance.STANCES, *catalogue.SIGNALS]
    return f"{run}\t{' '.join(str(hundredths.get(name, 0)) for name in names)}"


def read(*texts):
    rows = [(str(number), None, text) for number, text in enumerate(texts)]
    return slices.read(rows, pack=PACK)


def shown(*texts):
    hidden = read(*texts).hidden
    return "".join(map(chr, hidden.points.tolist()))


def test_names_sums_contacts_and_numbers_are_hidden():
    assert (
        shown("数字人代理66000元,加微信 szr_demo_01,第12期 洛阳")
        == "ⓝ代理ⓛ,加微信ⓒ,第0期ⓟ\n"
    )


def test_two_advertisements_that_differ_in_names_read_the_same():
    first = shown("数字人诚招洛阳代理,代理费5.8万,电话19900001111")
    second = shown("AI主播诚招临沂代理,代理费69800元,电话19900002222")
    assert first == second


def test_a_text_that_holds_nothing_of_the_pack_leaves_nothing():
    assert shown("嗯嗯嗯哦") == ""


def test_a_run_counts_once_in_a_text_and_fades_with_its_length():
    table = phrasebook.parse(line("代理", offer=100))
    once, often, long = "数字人代理", "数字人代理代理", "数字人代理" + "很好看的" * 40
    hidden = read(once, often, long).hidden
    odds = phrases.stance_odds(table, hidden, size=3)
    lengths = np.array([4, 6, 164])
    assert odds[:, 0] == pytest.approx(phrases.weight_of(lengths), abs=1e-9)
    assert not odds[:, 1:].any()


def test_clauses_are_weighed_apart():
    table = phrasebook.parse(
        "\n".join([line("@base", fomo=-100), line("风", fomo=300)])
    )
    read_ = read("数字人代理,风来了,加我")
    own = np.zeros(3)
    nothing = traits.parse("")
    odds = clauses.table(table, nothing).odds(read_.hidden, OFFER, own)
    assert odds[:3, catalogue.SIGNALS.index("fomo")].tolist() == [-1.0, 2.0, -1.0]


def weighed(text, *lines, stances=OFFER, is_pitch=True, told="", heard=None):
    """Places of what an author asserts under a table of phrases."""
    found = read(text)
    made = signals.weighed(
        found.patterned,
        _scanned(found),
        found.hidden,
        heard or _Own(),
        table=clauses.table(phrasebook.parse("\n".join(lines)), traits.parse(told)),
        stances=stances,
        is_pitch=np.array([is_pitch]),
        is_own=np.array([True]),
    )
    joined = found.made[0].joined
    return {
        (catalogue.SIGNALS[name], joined[start:end])
        for name, start, end, is_said in zip(
            made.names.tolist(), made.starts.tolist(), made.ends.tolist(), (made.voices == voice.ASSERTED).tolist(), strict=True
        )
        if is_said
    }  # fmt: skip


class _Own:
    """Everything is the author's own word."""

    def at(self, texts, starts):
        return np.zeros(len(texts), dtype=np.int8)


class _Echo:
    """Everything is somebody else's word."""

    def at(self, texts, starts):
        return np.full(len(texts), voice.QUOTED, dtype=np.int8)


def _scanned(found):
    return scan.scanner(PACK.vocabulary).scan([one.joined for one in found.made])


TEXT = "数字人代理,上岛看海,岛主有份,不封号"
BASE = line("@base", **dict.fromkeys(catalogue.SIGNALS, -300))
SIGHT = line("@sight", **dict.fromkeys(catalogue.SIGNALS, 500))


def test_a_clause_is_a_trope_where_its_phrases_say_so():
    found = weighed(TEXT, BASE, SIGHT, line("上岛", fomo=400))
    assert ("fomo", "上岛看海") in found


def test_clauses_in_a_row_are_one_place():
    found = weighed(TEXT, BASE, SIGHT, line("上岛", urgency=400), line("岛主", urgency=400))  # fmt: skip
    assert ("urgency", "上岛看海,岛主有份") in found


def test_phrases_may_overrule_a_pattern():
    assert ("ban_evasion", "不封号") in weighed(TEXT, BASE, SIGHT)
    overruled = weighed(TEXT, BASE, SIGHT, line("不封", ban_evasion=-900))
    assert ("ban_evasion", "不封号") not in overruled


def test_a_clause_speaks_for_its_neighbours_and_no_further():
    found = weighed(TEXT, BASE, SIGHT, line("看海"), line("∥上岛", fomo=400))
    assert {place for name, place in found if name == "fomo"} == {"数字人代理", "岛主有份"}  # fmt: skip


def test_traits_add_to_what_phrases_say():
    told = "\n".join(
        f"{run}\t{' '.join(map(str, [number] + [0] * (traits.WIDTH - 1)))}"
        for run, number in (("@fomo", 4000), ("上岛", 1000))
    )
    assert {place for name, place in weighed(TEXT, BASE, SIGHT, line("岛"), told=told) if name == "fomo"} == {"上岛看海"}  # fmt: skip


def test_a_mark_of_voice_is_weighed_like_everything_else():
    lines = (BASE, SIGHT, line("上岛", fomo=400))
    assert ("fomo", "上岛看海") in weighed(TEXT, *lines, heard=_Echo())
    doubt = line("@quoted", fomo=-200)
    assert ("fomo", "上岛看海") not in weighed(TEXT, *lines, doubt, heard=_Echo())
    assert ("fomo", "上岛看海") in weighed(TEXT, *lines, doubt)


def test_talk_asserts_what_phrases_say_and_quotes_what_only_a_pattern_shows():
    talk = {"stances": OTHER, "is_pitch": False}
    doubt = line("@other", **dict.fromkeys(catalogue.SIGNALS, -300))
    assert weighed(TEXT, BASE, SIGHT, doubt, **talk) == set()
    said = weighed(TEXT, BASE, SIGHT, doubt, line("不封", ban_evasion=400), **talk)
    assert said == {("ban_evasion", "不封号")}


def test_without_a_table_patterns_of_pitches_alone_decide():
    assert ("ban_evasion", "不封号") in weighed(TEXT)
    assert weighed(TEXT, stances=OTHER, is_pitch=False) == set()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("代理\t1 2 3", "1: expected a key, a tab and 20 whole numbers"),
        ("# what it is\n代理诚招吧\t" + " ".join(["0"] * NUMBERS), "2: expected a new key of 1 to 3"),
        (line("代理") + "\n" + line("代理"), "2: expected a new key"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_phrase_is_named(written, message):
    with pytest.raises(ValueError, match=message):
        phrasebook.parse(written)


def test_the_shipped_table_is_finite_and_bounded():
    table = PACK.phrases
    assert len(table.runs) > 5_000
    assert np.abs(table.stances).max() < 10
    assert np.abs(table.signals).max() < 15


def test_sizes_of_sums_are_told_apart():
    sizes = phrases._sizes(np.array([9_000_00, 8_000_00, 5_000_00, 2_999_99]))
    assert "".join(map(chr, sizes)) == "ⓛⓛⓜⓢ"


@pytest.mark.parametrize("bad", ["1-2", "1  2", " 1", "1 ", "1.5", "-", "--1", "x", ""])
def test_figures_that_are_no_whole_numbers_are_refused(bad):
    row = ["0"] * NUMBERS
    row[3] = bad
    text = line("代理") + "\n费\t" + " ".join(row)
    with pytest.raises(ValueError, match="2: expected a key, a tab"):
        phrasebook.parse(text)
