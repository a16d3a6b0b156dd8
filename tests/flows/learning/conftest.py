"""One invented market that was read, linked and scored, and what it learned of a true list."""

import dataclasses

import pytest

from tests.harness.homes import scored
from tests.harness.homes.taught import copied, learned, published
from tests.harness.worlds import foreign


@pytest.fixture(scope="session")
def market(tmp_path_factory):
    """A home with a market read, linked and scored, and its truth."""
    found = foreign.build("orchard", 3, scale=3.0)
    settings = scored.imported(found.records, tmp_path_factory.mktemp("learning"))
    night = scored.night_of(settings)
    scored.read_and_linked(night)
    scored.rescored(night)
    published(settings, scored.AS_OF)
    return settings, scored.judged(night, found.sellers)


@pytest.fixture
def home(market, tmp_path):
    """A copy of it, to be changed."""
    settings, truth = market
    return copied(settings, tmp_path / "home"), truth


@pytest.fixture(scope="session")
def lesson(market, tmp_path_factory):
    """A home that learned from a true list, and what it told of it."""
    settings, truth = market
    directory = tmp_path_factory.mktemp("lesson")
    settings = copied(settings, directory / "home")
    return learned(settings, truth, directory), truth


@pytest.fixture
def taught(lesson, tmp_path):
    """A copy of it, to be changed: its night and the truth."""
    (_, _, night), truth = lesson
    settings = copied(night.settings, tmp_path / "home")
    return dataclasses.replace(night, settings=settings), truth
