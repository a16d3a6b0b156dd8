"""Stance and asserted tropes on posts of templates that nothing was tuned on (the figures of issue 4, points 3 and 4)."""

import polars as pl
import pytest

from features import pack, reading, stance
from tests.features.corpus import grammar
from warehouse import contracts

#: Reached when the weights were fitted; ``python -m tests.harness.read_corpus held_out`` tells them by file. The goals are 0.96 and
#: 0.90; raise these with the figures. A softmax regression read these templates at 0.946 and people's posts worse: of 1,594
#: held-out annotated posts (annotated_held_out.jsonl, read by ``tests.harness.annotated``) 0.849 instead of 0.883.
FLOOR_STANCE, FLOOR_TROPES = 0.93, 0.88


@pytest.fixture(scope="module")
def held_out():
    """Each held-out post with its stance and the tropes it is heard to assert."""
    posts = grammar.posts("held_out")
    frame = pl.DataFrame(
        {
            "doc_id": [post.post_id for post in posts],
            "title": [None] * len(posts),
            "text": [post.text for post in posts],
        },
        schema=dict(contracts.DOCUMENTS.columns),
    )
    found = reading.read_documents(frame, pack=pack.load_pack())
    stances = {
        row["doc_id"]: stance.best(row) for row in found.stances.iter_rows(named=True)
    }
    asserted = found.signals.filter(pl.col("voice") == "asserted")
    tropes = {
        doc_id[0]: set(rows["signal"]) for doc_id, rows in asserted.group_by("doc_id")
    }
    return [
        (post, stances[post.post_id], tropes.get(post.post_id, set())) for post in posts
    ]


def test_the_corpus_is_large_and_split_by_template():
    halves = [{post.text for post in grammar.posts(half)} for half in grammar.HALVES]
    assert sum(map(len, halves)) >= 600
    assert not halves[0] & halves[1]


def test_every_planted_span_lies_in_its_text():
    for half in grammar.HALVES:
        for post in grammar.posts(half):
            assert all(
                0 <= start < end <= len(post.text) for _, start, end in post.signals
            )


def test_most_held_out_posts_are_read_for_what_they_do(held_out):
    right = sum(post.stance == heard for post, heard, _ in held_out)
    assert right / len(held_out) >= FLOOR_STANCE


def test_reporters_and_victims_hardly_assert_anything(held_out):
    echoes = [found for post, _, found in held_out if post.stance in stance.ECHOES]
    assert sum(map(bool, echoes)) / len(echoes) < 0.03


def test_honest_sellers_and_employers_are_hardly_read_as_offers(held_out):
    honest = [heard for post, heard, _ in held_out if post.section in {"vendor", "job"}]
    assert sum(heard == "offer" for heard in honest) / len(honest) <= 0.03


def test_asserted_tropes_of_held_out_posts_are_found(held_out):
    right = wrong = missed = 0
    for post, _, found in held_out:
        planted = {name for name, _, _ in post.signals}
        right += len(planted & found)
        wrong += len(found - planted)
        missed += len(planted - found)
    assert 2 * right / (2 * right + wrong + missed) >= FLOOR_TROPES
