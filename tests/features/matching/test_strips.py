"""The strip of documents is that of their fields."""

from features.matching import strips
from features.texts import documents


def test_a_line_break_stands_behind_each_text():
    laid = strips.strip(["一二", "", "三"])
    assert laid.text == "一二\n\n三\n"
    assert laid.points.tolist() == [ord(one) for one in laid.text]
    assert strips.first(["一二", "", "三"]).tolist() == [0, 3, 4, 6]


def test_no_texts_make_an_empty_strip():
    assert strips.strip([]).text == ""
    assert strips.first([]).tolist() == [0]


def test_documents_are_as_long_as_their_fields():
    rows = [("a", None, None), ("b", "Ａ", "b"), ("c", "c", ""), ("d", "", "d")]
    read = documents.documents(rows)
    fields = [field.folded for one in read for field in one.fields]
    assert strips.strip(fields).text == "\na\nb\nc\nd\n"
    assert strips.strip([one.joined for one in read]).text == "\na\nb\nc\nd\n"
