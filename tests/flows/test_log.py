import pytest

from flows import log
from flows.commands import frame
from flows.reading import reader

NAME = "数字人\x1b]0;owned\x07\x9b2J老周"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (NAME, "数字人\\x1b]0;owned\\x07\\x9b2J老周"),
        ("两行\n和\t表", "两行\n和\t表"),
        ("\r覆盖", "\\x0d覆盖"),
        ("", ""),
    ],
)
def test_control_characters_are_shown(text, expected):
    assert log.visible(text) == expected


def test_tables_and_read_texts_obey_nobodys_name(capsys):
    frame.print_rows([{"name": NAME}], as_json=False)
    shown = capsys.readouterr().out + reader.render(
        NAME, reader.read_text(NAME, pack_name="digital-human")
    )
    assert "老周" in shown
    assert not {"\x1b", "\x07", "\x9b"} & set(shown)
