import json

import pytest

from crawlers.files import pieces

ANSWERS = [{"a": "数字人"}, {"b": [1, {"c": "}{"}]}, {"d": 2**70}]
TEXTS = [json.dumps(answer, ensure_ascii=False).encode() for answer in ANSWERS]


def loaded(parts):
    return [json.loads(part) for part in parts]


@pytest.mark.parametrize("between", [b"", b"\n", b"\r\n\r\n", b" , ", b"\x1e"])
def test_json_texts_one_after_another_are_answers(between):
    parts, why = pieces.split(between.join(TEXTS))
    assert (loaded(parts), why) == (ANSWERS, None)


def test_chunks_are_answers_also_where_a_chunk_ends_inside_one():
    whole = b"".join(TEXTS)
    for size in (7, 20, len(whole)):
        cut = [whole[i : i + size] for i in range(0, len(whole), size)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in cut)
        parts, why = pieces.split(body + b"0\r\n\r\n")
        assert (loaded(parts), why) == (ANSWERS, None)


def test_one_chunk_is_one_answer():
    parts, _ = pieces.split(b"%x\r\n%s\r\n0\r\n\r\n" % (len(TEXTS[0]), TEXTS[0]))
    assert loaded(parts) == ANSWERS[:1]


def test_a_list_is_its_members():
    parts, why = pieces.split(b'[{"a": 1}, {"b": 2}, 3]')
    assert loaded(parts) == [{"a": 1}, {"b": 2}]
    assert why == "1 further members are no answers or too many"


def test_what_is_broken_ends_the_list_and_is_told():
    parts, why = pieces.split(TEXTS[0] + b"\n" + TEXTS[1] + b'\n{"cut": "o')
    assert loaded(parts) == ANSWERS[:2]
    assert "broken or cut off" in why


@pytest.mark.parametrize("body", [TEXTS[0], b"", b"<html>", b"\xff\xfe\x00", b"plain", b"[" * 100_000, b"1f\r\n"])  # fmt: skip
def test_one_answer_or_none_is_not_split(body):
    assert pieces.split(body)[0] == []


def test_the_number_of_pieces_is_bounded(monkeypatch):
    monkeypatch.setattr(pieces, "MOST", 3)
    parts, why = pieces.split(b"{}" * 9)
    assert (len(parts), why) == (3, "only the first 3 answers were read")
