"""Hand-made sellers: a few by their numbers, or many with a planted truth."""

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from features import catalogue
from warehouse import contracts

AS_OF = datetime(2024, 6, 14, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    """A condition of a rule."""

    feature: str
    op: str
    value: float


@dataclass(frozen=True)
class Rule:
    """A labelling rule."""

    name: str
    family: str
    votes: str
    when: tuple[Part, ...]
    text_zh: str = "规则"
    text_en: str = "rule"


@dataclass(frozen=True)
class Pack:
    """What scoring reads of a pack."""

    rules: tuple[Rule, ...]
    name: str = "digital-human"
    version: str = "1"


def rule(name, family, votes, *when):
    return Rule(name, family, votes, tuple(Part(*part) for part in when))


RULES = (
    rule("fee_and_income", "money", "scam", ("fee_and_income_post_count", ">=", 1)),
    rule("fee_in_band", "money", "scam", ("agency_fee_in_band_count", ">=", 1)),
    rule("script", "trope", "scam", ("script_element_max", ">=", 4)),
    rule("guarantee", "trope", "scam", ("guaranteed_income_post_share", ">=", 0.3)),
    rule("ring", "link", "scam", ("network_offer_seller_count", ">=", 2)),
    rule("complained", "complaint", "scam", ("complaint_count", ">=", 1)),
    rule("vendor", "behaviour", "honest", ("vendor_post_share", ">=", 0.5)),
    rule(
        "prices",
        "money",
        "honest",
        ("price_post_share", ">=", 0.3),
        ("agency_fee_post_count", "==", 0),
    ),
    rule("denies", "behaviour", "honest", ("denial_post_count", ">=", 1)),
)


@dataclass
class Planted:
    """Many sellers whose truth is known."""

    features: pl.DataFrame
    facts: pl.DataFrame
    evidence: pl.DataFrame
    truth: np.ndarray
    pack: Pack = field(default_factory=lambda: Pack(RULES))

    def verdicts(self, count, seed=0, *, flipped=False):
        """Correct (or flipped) decisions on some sellers."""
        drawn = np.sort(
            np.random.default_rng(seed).choice(self.truth.size, count, replace=False)
        )
        word = np.where(self.truth[drawn].astype(bool) != flipped, "fraud", "benign")
        return pl.DataFrame(
            {"target": self.facts["seller_id"].gather(drawn), "verdict": word.tolist()}
        )


def make_features(rows):
    """One row of features per dict; counts default to 0, everything else to null."""
    full = [
        {
            feature.name: row.get(
                feature.name,
                1.0
                if "1 when alone" in feature.null
                else 0.0
                if feature.null.startswith("never null")
                else None,
            )
            for feature in catalogue.FEATURES
        }
        for row in rows
    ]
    schema = dict.fromkeys(catalogue.NAMES, pl.Float32)
    ids = pl.Series("seller_id", [row["seller_id"] for row in rows], dtype=pl.String)
    return pl.DataFrame(full, schema=schema).insert_column(0, ids)


def make_facts(rows):
    """Facts of sellers; role ``seller`` unless told."""
    defaults = {
        "platform": "douyin", "role": "seller", "post_count": 2, "offer_count": 1, "complaint_count": 0,
        "first_seen_at": AS_OF - timedelta(days=20), "last_seen_at": AS_OF,
    }  # fmt: skip
    full = [
        {name: {**defaults, **row}.get(name) for name in contracts.SELLER_FACTS.columns}
        for row in rows
    ]
    return pl.DataFrame(full, schema=dict(contracts.SELLER_FACTS.columns))


def make_evidence(seller_ids):
    """One telling post per seller."""
    ids = list(seller_ids)
    return pl.DataFrame(
        {
            "seller_id": ids,
            "key": ["post"] * len(ids),
            "post_id": [f"{name}/p" for name in ids],
        },
        schema={"seller_id": pl.String, "key": pl.String, "post_id": pl.String},
    )


def _shows(rng, is_telling, scam, honest):
    """1 with the probability of its class, else 0."""
    return float(rng.random() < (scam if is_telling else honest))


def plant(seed, sellers=600, *, hidden=0.0):
    """Rings of four, lone scams, vendors and agencies.

    A share ``hidden`` of the scams shows none of what the rules look for, only the shape that rules do not know:
    many cities, young accounts, repeated texts.
    """
    rng = np.random.default_rng(seed)
    rows, facts = [], []
    truth = (np.arange(sellers) % 5 < 2).astype(float)
    for at in range(sellers):
        name = f"douyin:{at:05d}"
        is_scam = bool(truth[at])
        is_hidden = is_scam and rng.random() < hidden
        shows = functools.partial(_shows, rng, is_scam and not is_hidden)
        fee = shows(0.5, 0.05)
        row = {
            "seller_id": name,
            "post_count": float(rng.integers(1, 12)),
            "offer_post_count": 1.0,
            "offer_post_share": float(
                rng.uniform(0.4, 1)
                if is_scam and not is_hidden
                else rng.uniform(0, 0.5)
            ),
            "offer_certainty": 0.95 if is_scam and not is_hidden else 0.6,
            "vendor_post_share": float(
                rng.uniform(0, 0.3)
                if is_scam and not is_hidden
                else rng.uniform(0.2, 1)
            ),
            "agency_fee_post_count": fee,
            "agency_fee_in_band_count": fee * shows(0.9, 0.4),
            "fee_and_income_post_count": fee * shows(0.6, 0.1),
            "script_element_max": float(
                rng.integers(2, 7) if is_scam and not is_hidden else rng.integers(0, 4)
            ),
            "guaranteed_income_post_share": float(
                rng.uniform(0, 1) if is_scam and not is_hidden else 0
            ),
            "price_post_share": float(
                rng.uniform(0, 0.2) if is_scam else rng.uniform(0, 1)
            ),
            "denial_post_count": shows(0.01, 0.2),
            "complaint_count": shows(0.15, 0.01),
            "city_count": float(rng.integers(4, 20) if is_scam else rng.integers(0, 6)),
            "account_age_days": float(
                rng.uniform(5, 120) if is_scam else rng.uniform(60, 900)
            ),
            "repeated_text_share": float(
                rng.uniform(0.3, 0.9) if is_scam else rng.uniform(0, 0.5)
            ),
        }
        ring = f"n{at // 10}" if is_scam and (at // 10) % 2 else None
        row["network_offer_seller_count"] = 3.0 if ring else 0.0
        rows.append(row)
        facts.append(
            {
                "seller_id": name,
                "network_id": ring,
                "first_seen_at": AS_OF - timedelta(days=60 - (at // 10) % 60),
                "complaint_count": int(row["complaint_count"]),
            }
        )
    return Planted(
        make_features(rows),
        make_facts(facts),
        make_evidence(row["seller_id"] for row in rows),
        truth,
    )


@pytest.fixture
def planted():
    """Makes a planted market."""
    return plant


@pytest.fixture
def few():
    """Makes a handful of sellers from their numbers."""

    def make(*rows, pack=None, **facts):
        features = make_features(rows)
        return Planted(
            features,
            make_facts([{"seller_id": row["seller_id"], **facts} for row in rows]),
            make_evidence(row["seller_id"] for row in rows),
            np.zeros(len(rows)),
            pack or Pack(RULES),
        )

    return make


@pytest.fixture
def rules():
    """The rules that planted markets are read with."""
    return RULES


@pytest.fixture
def make_rule():
    """Makes a rule."""
    return rule


@pytest.fixture
def as_of():
    """The moment of all tests."""
    return AS_OF
