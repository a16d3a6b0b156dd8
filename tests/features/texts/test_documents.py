"""Places of a joined text and places in what was written are the same places."""

from hypothesis import given, settings
from hypothesis import strategies as st

from features import pack
from features.texts import documents

PACK = pack.load_pack()


def document_of(title, text):
    (document,) = documents.documents([("d", title, text)])
    return document


def test_the_joined_text_is_title_line_break_text():
    document = document_of("ＡＩ主播", "代 理")
    assert document.joined.startswith("ai主播\n")
    assert [field.name for field in document.fields] == ["title", "text"]


def test_missing_fields_say_nothing():
    assert document_of(None, "").joined == ""
    assert document_of("", "好").joined == "好"


def test_a_place_leads_back_to_its_field():
    document = document_of("数字人", "代⃝理")
    start = document.joined.index("理")
    field, first, last = document.original(start, start + 1)
    assert (field.name, field.plain.original[first:last]) == ("text", "理")


@given(
    st.text(max_size=40),
    st.sampled_from(["6万8", "２-５w", "❻万❽", "六\u200b万"]),
    st.text(max_size=40),
)
@settings(deadline=None, max_examples=80)
def test_an_amount_lies_at_its_place_of_the_joined_text(before, amount, after):
    document = document_of(before, before + "代理费" + amount + after)
    found = documents.Finds([document], PACK.money, PACK.bare).sums
    for name, *span in zip(found.fields, found.starts, found.ends, found.firsts, found.lasts, strict=True):  # fmt: skip
        field, first, last = document.original(*map(int, span[:2]))
        assert field.name == documents.FIELDS[name]
        assert [first, last] == span[2:]


def test_digits_of_a_contact_are_no_sum():
    rows = [("a", None, "吧友群8100 00442，门槛3万")]
    read = documents.documents(rows)
    found = documents.Finds(read, PACK.money, PACK.bare)
    assert found.sums.cents.tolist() == [3_000_000]
