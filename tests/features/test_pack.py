"""The pack: what is shipped is whole, and every mistake is named with its line."""

import dataclasses
from datetime import UTC, datetime

import pytest

from features import catalogue, pack
from warehouse import errors

SHIPPED = (pack.PACKS / "digital_human.toml").read_text(encoding="utf-8")


def load_changed(tmp_path, old, new):
    """The shipped pack with one change, as another pack."""
    assert SHIPPED.count(old) >= 1
    (tmp_path / "other.toml").write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return pack.load_pack("other", directory=tmp_path)


def test_the_shipped_pack_loads():
    shipped = pack.load_pack()
    assert shipped.name == "digital-human"
    assert len(shipped.version) == 12
    assert "数字人代理" in shipped.keywords
    assert all(low < high for low, high in shipped.fee_bands)
    assert {rule.votes for rule in shipped.rules} == {"scam", "honest"}
    assert {rule.family for rule in shipped.rules} <= set(catalogue.FAMILIES)


def test_the_pack_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        pack.load_pack().name = "x"


def test_dates_of_policies_are_chinese_days():
    policies = {one.rule_id: one for one in pack.load_pack().policies}
    labels = policies["cac-2025-09-labels"]
    assert labels.in_force_from == datetime(2025, 8, 31, 16, tzinfo=UTC)
    assert labels.signals == ("label_removal",)
    assert policies["channels-2024-06-not-real-live"].platforms == ("wechat_channels",)


def test_the_version_follows_every_byte(tmp_path):
    changed = load_changed(tmp_path, "# The pack", "# A pack")
    assert changed.version != pack.load_pack().version


def test_the_same_bytes_are_taken_apart_once(tmp_path):
    first = load_changed(tmp_path, "# The pack", "# A pack")
    assert pack.load_pack("other", directory=tmp_path) is first
    (tmp_path / "below.toml").write_text('extends = "other"\nname = "below"\n')
    below = pack.load_pack("below", directory=tmp_path)
    load_changed(tmp_path, 'title_zh = "', 'title_zh = "又一')
    assert pack.load_pack("other", directory=tmp_path) != first
    assert pack.load_pack("below", directory=tmp_path).title_zh.startswith("又一")
    assert not below.title_zh.startswith("又一")


def test_a_pack_that_is_not_there_is_the_callers_mistake():
    with pytest.raises(errors.InputError, match=r"no pack 'nothing'.*digital-human"):
        pack.load_pack("nothing")


def test_a_name_that_leads_out_of_the_folder_is_no_pack():
    with pytest.raises(errors.InputError, match="no pack"):
        pack.load_pack("../packs/digital-human")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('name = "digital-human"', 'nome = "x"', "unknown"),
        ('title_en = "', "title_en = 3 #", "expected a text"),
        ("low_yuan = 20000", "low_yuan = 400000", "low_yuan <= high_yuan"),
        ("low_yuan = 20000", "low_yuan = true", "expected a number"),
        ('"财富密码"', '"AI密码"', "lower case"),
        ('"ai 来了', '"@nobody 来了', "no class @nobody"),
        ('"ai 来了', '"#nobody 来了', "unknown token #nobody"),
        ("\nfomo = [", "\nfomu = [", "unknown"),
        ('feature = "offer_post_count"', 'feature = "offer_count"', "no feature 'offer_count'"),
        ('op = ">="', 'op = "=>"', "expected one of"),
        ('votes = "scam"', 'votes = "guilty"', "expected one of scam, honest"),
        ("in_force_from = 2023-05-09", 'in_force_from = "2023-05-09"', "expected a date"),
        ('signals = ["label_removal"]', 'signals = ["labels"]', "no signal 'labels'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(tmp_path, old, new, reason):
    before, after = SHIPPED.splitlines(), SHIPPED.replace(old, new, 1).splitlines()
    changed = next(n for n, line in enumerate(after, 1) if line != before[n - 1])
    with pytest.raises(errors.ContractError, match=reason) as caught:
        load_changed(tmp_path, old, new)
    assert f"other.toml, line {changed}:" in str(caught.value)


def test_broken_toml_names_its_line(tmp_path):
    (tmp_path / "other.toml").write_text("a = 1\nb = ]\n", encoding="utf-8")
    with pytest.raises(
        errors.ContractError, match=r"other.toml: not a TOML file: .*line 2"
    ):
        pack.load_pack("other", directory=tmp_path)


def test_a_new_wave_needs_only_what_differs(tmp_path):
    (tmp_path / "digital_human.toml").write_text(SHIPPED, encoding="utf-8")
    (tmp_path / "tea_robot.toml").write_text(
        'extends = "digital-human"\nname = "tea-robot"\nkeywords = ["泡茶机器人代理"]\n[words]\nnoun = ["泡茶机器人"]\n',
        encoding="utf-8",
    )
    wave = pack.load_pack("tea-robot", directory=tmp_path)
    assert wave.name == "tea-robot"
    assert wave.keywords == ("泡茶机器人代理",)
    assert "泡茶机器人" in wave.vocabulary.words
    assert len(wave.rules) == len(pack.load_pack().rules)
    assert pack.pack_names(tmp_path) == ["digital-human", "tea-robot"]


def test_a_pack_does_not_extend_itself(tmp_path):
    (tmp_path / "loop.toml").write_text('extends = "loop"\n', encoding="utf-8")
    with pytest.raises(errors.ContractError, match="line 1: extends"):
        pack.load_pack("loop", directory=tmp_path)
