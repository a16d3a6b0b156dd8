import json
import random

from crawlers.memory.lines import LinesFile

ROWS = [("b", 1), ("a", 2), ("号", 3), ("a", 1), ("B", 1), ("a", 2)]


def written(path, rows, **how):
    file = LinesFile(path, **how)
    for key, value in rows:
        file.write({"key": key, "value": value}, key=key)
    count = file.close()
    return count, file.repeated, path.read_bytes()


def test_the_same_rows_in_any_order_give_the_same_bytes(tmp_path):
    shuffled = random.Random(3).sample(ROWS, len(ROWS))
    expected = written(tmp_path / "one", ROWS)
    assert written(tmp_path / "other", shuffled) == expected
    assert expected[:2] == (6, 0)
    keys = [json.loads(line)["key"] for line in expected[2].splitlines()]
    assert keys == ["B", "a", "a", "a", "b", "号"]


def test_of_lines_with_one_key_the_same_one_is_kept(tmp_path):
    count, repeated, kept = written(tmp_path / "one", ROWS, is_unique=True)
    assert (count, repeated) == (4, 2)
    assert written(tmp_path / "other", ROWS[::-1], is_unique=True)[2] == kept


def test_nothing_but_the_file_is_left(tmp_path):
    written(tmp_path / "rows.jsonl", [])
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]
