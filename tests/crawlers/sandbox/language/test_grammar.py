"""Templates compile, banks are complete, and what is written is what the truth says."""

import pytest

from crawlers.sandbox import dice
from crawlers.sandbox.language import (
    chatter,
    facts,
    grammar,
    pitch,
    texts,
    voices,
    writer,
)

FACTS = facts.Facts(
    "云偶智播",
    "示例云偶科技有限公司",
    "郑州",
    theirs=[facts.Contact("wechat", "bo_demo12")],
)
BANKS = {
    f"{module.__name__.rpartition('.')[2]}.{name}": bank
    for module in (pitch, voices, chatter)
    for name, bank in vars(module).items()
    if name.isupper() and name != "QUOTABLE"
}


def test_alternatives_nest_and_may_be_empty():
    node = grammar.parse("a{b|c{d|}}<city>")
    assert node == ("a", ["b", ("c", ["d", ()])], "city")
    assert grammar.slots(node) == {"city"}


@pytest.mark.parametrize("template", ["a{b|c", "a}b"])
def test_unbalanced_braces_are_refused(template):
    with pytest.raises(ValueError, match="brace"):
        grammar.parse(template)


def test_a_bank_reads_claims_denials_comments_and_line_breaks():
    bank = grammar.bank("## note\nfomo,-urgency :: a\\nb\n\nc|d")
    assert [clause.claims for clause in bank] == [
        (grammar.Claim("fomo", False), grammar.Claim("urgency", True)),
        (),
    ]
    assert [clause.node for clause in bank] == ["a\nb", ("c", "|", "d")]


@pytest.mark.parametrize("name", sorted(BANKS))
def test_every_slot_of_every_bank_can_be_filled(name):
    for clause in BANKS[name]:
        assert grammar.slots(clause.node) <= writer.KNOWN_SLOTS


def test_there_are_hundreds_of_clauses():
    assert sum(map(len, BANKS.values())) >= 350


@pytest.mark.parametrize("name", sorted(BANKS))
def test_written_pieces_stand_in_the_text_whatever_the_costume(name):
    for place, clause in enumerate(BANKS[name]):
        for is_traditional in (False, True):
            one = writer.Writer(dice.dice(name, place), FACTS)
            one.clause([clause])
            draft = one.finish(word_disguise=1.0, is_traditional=is_traditional)
            assert all(item.raw in draft.text for item in draft.contacts)
            assert all(item.amount.raw in draft.text for item in draft.sums)
            claimed = {claim.signal for claim in clause.claims}
            found = {signal for signal, _ in draft.signals}
            assert (
                found >= claimed
                if "quote" in grammar.slots(clause.node)
                else found == claimed
            )


def test_advertisements_of_one_seller_seldom_repeat_each_other():
    rng = dice.dice("repeats")
    written = [
        texts.offer(
            rng, FACTS, texts.Ad(), style="chatty", has_title=False, costume=0.0
        ).text.text
        for _ in range(300)
    ]
    assert len(set(written)) == 300


def test_most_advertisements_have_twenty_to_four_hundred_characters():
    rng = dice.dice("lengths")
    lengths = [
        len(
            texts.offer(
                rng,
                FACTS,
                texts.Ad(size=1 + turn % 5),
                style=texts.STYLE_NAMES[turn % 10],
                has_title=False,
                costume=0.0,
            ).text.text
        )
        for turn in range(300)
    ]
    assert sum(20 <= length <= 400 for length in lengths) >= 290


def test_a_quotation_is_quoted_and_the_writer_speaks_on_in_its_own_voice():
    one = writer.Writer(dice.dice("quote"), FACTS)
    one.quote()
    one.clause(pitch.FOMO)
    draft = one.finish()
    assert ("fomo", "asserted") in draft.signals
    assert "quoted" in {voice for _, voice in draft.signals}
