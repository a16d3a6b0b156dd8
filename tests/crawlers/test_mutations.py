"""No answer, however damaged, raises, takes long or leaves without a trace; `make assure` reads 100,000 more."""

import itertools

from tests.harness.faults import mutations


def test_damaged_answers_are_read_or_refused_with_a_reason():
    seen = [mutations.check(mutant) for mutant in itertools.islice(mutations.mutants(7), 2_500)]  # fmt: skip
    assert {"ok", "schema_drift", "blocked", "login_wall"} <= set(seen)


def test_the_same_seed_damages_the_same_answers_in_the_same_way():
    first = list(itertools.islice(mutations.mutants(8), 50))
    assert first == list(itertools.islice(mutations.mutants(8), 50))
    assert first != list(itertools.islice(mutations.mutants(9), 50))
