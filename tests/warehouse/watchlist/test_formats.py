"""Each format of a release read back by the library that its users have; ``make assure`` does it with 10,000 entries."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import random
from datetime import UTC, datetime, timedelta
from importlib import resources

import jsonschema
import openpyxl
import openpyxl.utils.escape
import polars as pl
import pymisp
import pytest
import stix2
import stix2patterns.validator
from click.testing import CliRunner
from followthemoney import model
from followthemoney.cli.cli import cli as ftm
from followthemoney.entity import ValueEntity
from stdnum.cn.uscc import calc_check_digit

from warehouse import contracts
from warehouse.watchlist import cells, facts, release

KINDS = (
    "seller", "wechat", "qq", "qq_group", "phone", "email", "domain", "url", "telegram", "company", "uscc", "icp",
    "police_filing", "analytics_id", "shop", "image", "qr", "account",
)  # fmt: skip
COUNT = int(os.environ.get("PUPPETWATCH_TEST_ENTRIES", "500"))
#: Values that break naive writers: quotes of pattern and markup languages, formulas, separators, other planes.
HOSTILE = ["'", "\\", '"', "=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "a\nb", "<&>", "a,b;c|d", "𠮷😀", "]] OR [", "\x00\x1f"]  # fmt: skip


def code_of(number):
    """A registration code; every other one with a wrong check character."""
    code = f"91000000{number:09d}"
    return code + (calc_check_digit(code) if number % 2 else "I")


def value_of(kind, number, chance):
    value = {
        "seller": f"douyin:szr{number}",
        "account": f"kuaishou:szr{number}",
        "phone": f"1990000{number:04d}",
        "qq": f"1000{number}",
        "qq_group": f"2000{number}",
        "email": f"szr{number}@example.com",
        "domain": f"szr{number}.example.com",
        "url": f"https://szr{number}.example.com/招商?a=1&b='2'",
        "company": f"示例{number}数字科技有限公司",
        "uscc": code_of(number),
    }.get(kind, f"{kind}_{number}")
    if number % 40 == 0 and kind not in {"phone", "email", "domain", "uscc"}:
        value += chance.choice(HOSTILE)
    if number % 97 == 0 and kind in {"wechat", "shop", "qr"}:
        value = chance.choice(HOSTILE) + value
    return value


@pytest.fixture(scope="module")
def content():
    night = datetime(2024, 6, 14, 2, tzinfo=UTC)
    chance = random.Random(1)
    rows = []
    for number in range(COUNT + COUNT // 10):
        kind = KINDS[number % len(KINDS)]
        has_left = number >= COUNT
        seen = night - timedelta(hours=chance.randrange(900))
        rows.append(
            {
                "entry_id": f"wl-{number:020x}",
                "entity": kind,
                "value": value_of(kind, number, chance),
                "display_name": None if number % 5 == 0 else f"{chance.choice(HOSTILE)}示例{number}",
                "network_id": None if number % 3 == 0 else f"n{number % 50}",
                "scam_probability": None if number % 11 == 0 else 0.85 + chance.random() * 0.15,
                "band": None if number % 11 == 0 else "high",
                "reasons": ["fee_asked", "fomo"][: 1 + number % 2],
                "evidence_count": 1 + number % 7,
                "evidence_sha256": hashlib.sha256(str(number).encode()).hexdigest(),
                "listed_at": night - timedelta(days=chance.randrange(1, 80)),
                "last_seen_at": seen,
                "expires_at": seen + timedelta(days=90),
                "status": chance.choice(["revoked", "expired"]) if has_left else "active",
                "release_id": f"{night - timedelta(days=(number % 60) * has_left):%Y%m%dT%H%M%SZ}-0000000f",
            }
        )  # fmt: skip
    watchlist = pl.DataFrame(rows, schema=dict(contracts.WATCHLIST.columns))
    told = facts.Facts(
        run_id="run1", as_of=night, model_version="rules-1", pack_versions={"digital-human": "1"},
        thresholds={"medium": 0.5, "high": 0.85}, is_sandbox=False,
        public_values={"phone": ("12315", "4008111111"), "domain": ("t.cn", "douyin.com")},
    )  # fmt: skip
    return facts.Release(
        "20240614T020000Z-0000000f",
        watchlist,
        contracts.WATCHLIST_CHANGES.empty(),
        contracts.EDGES.empty(),
        told,
    )


@pytest.fixture(scope="module")
def files(content):
    return dict(release.files(content))


@pytest.fixture(scope="module")
def bundle(files):
    return stix2.parse(files["watchlist.stix.json"].decode(), allow_custom=False)


def entry_of(indicator):
    return indicator.external_references[0].external_id


def test_stix_parser_accepts_every_object_and_finds_every_entry(content, bundle):
    indicators = [each for each in bundle.objects if each.type == "indicator"]
    active = [each for each in indicators if not each.get("revoked")]

    assert sorted(entry_of(each) for each in active) == content.active()["entry_id"].sort().to_list()  # fmt: skip
    assert len({each.id for each in bundle.objects}) == len(bundle.objects)
    [report] = [each for each in bundle.objects if each.type == "report"]
    assert sorted(report.object_refs) == sorted(each.id for each in active)


def test_stix_patterns_are_valid_and_match_the_value(content, bundle):
    by_entry = {row["entry_id"]: row for row in content.watchlist.iter_rows(named=True)}
    for indicator in bundle.objects:
        if indicator.type == "indicator":
            assert not stix2patterns.validator.run_validator(indicator.pattern, "2.1")
            value = by_entry[entry_of(indicator)]["value"].split(":")[-1]
            said = indicator.pattern.replace("\\'", "'").replace("\\\\", "\\")
            assert value in said


def test_stix_says_how_sure_how_long_whose_and_with_what_evidence(content, bundle):
    row = content.active().row(0, named=True)
    [indicator] = [each for each in bundle.objects if each.type == "indicator" and entry_of(each) == row["entry_id"]]  # fmt: skip

    assert indicator.valid_from == row["listed_at"]
    assert indicator.valid_until == row["expires_at"]
    assert indicator.confidence == round(row["scam_probability"] * 100)
    assert dict(indicator.external_references[0].hashes) == {"SHA-256": row["evidence_sha256"]}  # fmt: skip
    assert stix2.TLP_AMBER.id in indicator.object_marking_refs
    named = {each.id for each in bundle.objects}
    assert {indicator.created_by_ref, *indicator.object_marking_refs} <= named


def test_stix_tells_for_30_days_who_left(content, bundle):
    revoked = {entry_of(each): each for each in bundle.objects if each.get("revoked")}

    assert set(revoked) == set(content.departed()["entry_id"])
    assert content.departed()["left_at"].min() > content.facts.as_of - timedelta(days=30)  # fmt: skip
    assert len(revoked) < content.watchlist.filter(pl.col("status") != "active").height


def test_misp_loads_the_event_and_finds_every_entry(content, files):
    event = pymisp.MISPEvent(strict_validation=True)
    [(uuid, _)] = json.loads(files["misp/manifest.json"]).items()
    event.from_dict(**json.loads(files[f"misp/{uuid}.json"])["Event"])
    live = [each for each in event.attributes if not each.deleted]

    assert event.uuid == uuid
    assert sorted(each.comment.split("; ")[0] for each in live) == content.active()["entry_id"].sort().to_list()  # fmt: skip
    assert len({(each.type, each.value) for each in event.attributes}) == len(event.attributes)  # fmt: skip
    assert not any(each.to_ids for each in event.attributes)
    assert {each.comment.split("; ")[0] for each in event.attributes if each.deleted} == set(content.departed()["entry_id"])  # fmt: skip


def test_misp_manifest_and_hashes_are_those_of_the_library(files):
    [(uuid, head)] = json.loads(files["misp/manifest.json"]).items()
    said = json.loads(files[f"misp/{uuid}.json"])["Event"]
    said["Attribute"] = [each for each in said["Attribute"] if not each["deleted"]]
    event = pymisp.MISPEvent()
    event.from_dict(**said)
    theirs = event.to_feed(with_meta=True)["Event"]
    [told] = theirs["_manifest"].values()
    names = [each["name"] for each in told.pop("Tag")]

    assert names == [each["name"] for each in head["Tag"]]
    assert {name: str(value) for name, value in told.items()} == {
        name: str(head[name]) for name in told
    }
    lines = files["misp/hashes.csv"].decode().splitlines()
    assert lines == sorted({f"{each},{uuid}" for each in theirs["_hashes"]})


def test_misp_event_keeps_its_uuid_from_night_to_night(content, files):
    later = facts.Release(
        "20240615T020000Z-0000000f",
        content.watchlist.head(3),
        content.changes,
        content.edges,
        facts.Facts(
            **{
                name: getattr(content.facts, name)
                for name in facts.Facts.__dataclass_fields__
            }
            | {"as_of": content.facts.as_of + timedelta(days=1)}
        ),
    )
    assert list(json.loads(dict(release.files(later))["misp/manifest.json"])) == list(
        json.loads(files["misp/manifest.json"])
    )


def test_warninglists_hold_hotlines_and_platforms(files):
    hotlines = json.loads(files["misp/warninglists/hotlines/list.json"])
    platforms = json.loads(files["misp/warninglists/platforms/list.json"])

    assert hotlines["list"] == ["12315", "4008111111"]
    assert platforms["list"] == ["douyin.com", "t.cn"]
    assert (hotlines["type"], platforms["type"]) == ("string", "hostname")


def test_ftm_accepts_every_line_unchanged_and_finds_every_entry(content, files):
    found, ids, links = set(), set(), []
    for line in files["entities.ftm.json"].splitlines():
        said = json.loads(line)
        entity = ValueEntity.from_dict(said, cleaned=False)
        assert entity.to_dict()["properties"].keys() == said["properties"].keys()
        assert {name: sorted(values) for name, values in entity.properties.items()} == {
            name: sorted(set(values)) for name, values in said["properties"].items()
        }
        schema = model.get(said["schema"])
        schema.validate(said)
        assert set(schema.required) <= said["properties"].keys()
        ids.add(said["id"])
        if said["schema"] == "Risk":
            found |= set(said["properties"]["recordId"])
        links += [value for prop, value in entity.itervalues() if prop.type.name == "entity"]  # fmt: skip

    assert found == set(content.active()["entry_id"])
    assert set(links) <= ids


def test_ftm_command_reads_the_file(files, tmp_path):
    (tmp_path / "in").write_bytes(files["entities.ftm.json"])

    done = CliRunner().invoke(ftm, ["validate", "-i", str(tmp_path / "in"), "-o", str(tmp_path / "out")])  # fmt: skip

    assert done.exit_code == 0, done.output
    assert len((tmp_path / "out").read_bytes().splitlines()) == len(files["entities.ftm.json"].splitlines())  # fmt: skip


def test_workbook_shows_every_entry_as_text_and_runs_nothing(content, files):
    book = openpyxl.load_workbook(io.BytesIO(files["watchlist.xlsx"]))
    sheet = book["watchlist"]
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    entries = content.active()

    assert names == list(contracts.WATCHLIST.columns)
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref
    assert not [cell for row in rows for cell in row if cell.data_type == "f"]
    text = [names.index(name) for name in ("entry_id", "value", "display_name")]
    assert all(row[place].quotePrefix for row in rows for place in text if row[place].value is not None)  # fmt: skip
    assert [row[0].value for row in rows] == entries["entry_id"].to_list()
    # Control characters are escaped by the format's own rule (ECMA-376, ST_Xstring).
    assert [openpyxl.utils.escape.unescape(row[2].value) for row in rows] == entries["value"].to_list()  # fmt: skip


def test_csv_gives_every_value_back(content, files):
    text = files["watchlist.csv"].decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    entries = content.active()

    assert [cells.restore(row["value"]) for row in rows] == entries["value"].to_list()
    assert [cells.restore(row["display_name"]) or None for row in rows] == entries["display_name"].to_list()  # fmt: skip
    assert not [row for row in rows if row["value"][:1] in tuple("=+-@\t\r")]


def test_json_lines_follow_the_schema(files):
    schema = json.loads(
        resources.files("warehouse.watchlist")
        .joinpath("schemas/entry.schema.json")
        .read_text(encoding="utf-8")
    )
    check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())  # fmt: skip
    check.check_schema(schema)

    with pytest.raises(jsonschema.ValidationError):
        check.validate({"entry_id": "1"})
    assert [error for line in files["watchlist.jsonl"].splitlines() for error in check.iter_errors(json.loads(line))] == []  # fmt: skip


def test_same_release_gives_the_same_bytes_in_every_format(content, files):
    shuffled = facts.Release(
        content.release_id,
        content.watchlist.sample(fraction=1, shuffle=True, seed=1),
        content.changes,
        content.edges,
        content.facts,
    )
    again = dict(release.files(shuffled))
    assert [name for name in files if files[name] != again[name]] == []
