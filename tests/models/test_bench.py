"""The yardsticks on small invented tables: they learn, they look at no hidden label, they say what is wrong."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from features import pack as pack_module
from models import bench
from models.yardsticks import bench_graph, bench_text, node_members
from tests.models.tables import graph_of, texts
from warehouse import errors

PACK = pack_module.load_pack()


def answers(train, test, *, seed=1, num_threads=2):
    return bench.text(train, test, pack=PACK, seed=seed, num_threads=num_threads)


def test_texts_of_two_classes_get_probabilities_of_one():
    train, test = texts(150, seed=1), texts(40, seed=2)
    found = answers(train, test.drop("label"))
    assert found.frame.columns == ["id", "score"]
    assert found.frame["id"].equals(test["id"])
    assert roc_auc_score(test["label"], found.frame["score"]) > 0.97
    assert found.used["train"] == 150
    assert found.used["held_out"]["accuracy"] > 0.95


def test_text_answers_are_equal_for_a_seed_whatever_the_threads_and_hidden_labels():
    train, test = texts(120, seed=1), texts(20, seed=2)
    wrong = test.with_columns(label=1 - pl.col("label"))
    once = answers(train, test, num_threads=1).frame
    again = answers(train, wrong, num_threads=2).frame
    assert once["score"].to_numpy().tobytes() == again["score"].to_numpy().tobytes()


def test_texts_of_many_classes_get_labels_and_a_class_of_one_breaks_nothing():
    train, test = texts(160, seed=1), texts(40, seed=2)

    def named(table):
        is_noodle = pl.col("text").str.contains("面|球")
        return table.with_columns(
            label=pl.when(is_noodle)
            .then(pl.lit("daily"))
            .otherwise(pl.format("class{}", "label"))
        )

    train = named(train)
    train = train.with_columns(
        label=pl.when(pl.int_range(pl.len()) == 7)
        .then(pl.lit("lone"))
        .otherwise("label")
    )
    found = answers(train, test.drop("label"))
    assert found.frame.schema["label"] == pl.String()
    expected = named(test)["label"]
    assert (found.frame["label"] == expected).mean() > 0.9
    assert found.used["classes"] == 4


def test_further_numbers_that_both_tables_have_are_learned_from():
    rng = np.random.default_rng(1)
    label = rng.integers(0, 2, 200)
    table = pl.DataFrame(
        {
            "id": range(200),
            "text": ["好"] * 200,
            "label": label,
            "told": label + rng.normal(0, 0.2, 200),
            "alone": label,
        }
    )
    test = table.tail(60).drop("label", "alone")
    found = answers(table.head(140), test)
    assert found.used["further_columns"] == 1
    assert found.frame.schema["id"] == pl.Int64()
    assert roc_auc_score(label[140:], found.frame["score"]) > 0.95


def test_one_class_is_answered_with_that_class():
    train = texts(20, seed=1).with_columns(label=pl.lit(1))
    found = answers(train, texts(3, seed=2))
    assert found.frame["score"].to_list() == [1.0] * 3
    assert "one class" in found.used["why"]


def test_two_texts_and_copies_of_one_are_answered():
    two = texts(30, seed=1).unique("label", keep="first", maintain_order=True)
    copies = texts(60, seed=1).with_columns(text=pl.lit("加微信做代理，名额不多"))
    for train in (two, two.vstack(texts(1, seed=5)), copies):
        found = answers(train, texts(5, seed=2)).frame
        assert found["score"].is_between(0, 1).all()


@pytest.mark.filterwarnings("error")
def test_names_of_which_each_stands_once_are_answered():
    train = texts(30, seed=1).with_columns(label=pl.format("c{}", pl.int_range(30)))
    assert answers(train, texts(5, seed=2)).frame["label"].is_in(train["label"]).all()


def test_categories_are_the_strings_that_they_stand_for():
    test = texts(10, seed=2)
    train = texts(60, seed=1).with_columns(label=pl.format("c{}", "label"))
    coded = train.with_columns(pl.col("label", "text").cast(pl.Categorical))
    assert answers(train, test).frame.equals(answers(coded, test).frame)


def test_null_and_empty_texts_and_no_texts_are_answered():
    train = texts(60, seed=1)
    test = pl.DataFrame(
        {"id": [1, 2], "text": [None, ""]}, schema_overrides={"text": pl.String}
    )
    assert answers(train, test).frame["score"].is_between(0, 1).all()
    assert answers(train, test.clear()).frame.is_empty()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop("label"), "train: column label is missing"),
        (lambda t: t.with_columns(text=pl.lit(1)), "column text is Int32"),
        (lambda t: t.with_columns(label=pl.lit(0.5)), "label 0.5 is no class"),
        (
            lambda t: t.with_columns(label=pl.lit(None, pl.Int8)),
            "no row of 30 has a label",
        ),
    ],
)
def test_texts_that_do_not_fit_are_refused_by_name(change, says):
    with pytest.raises(errors.InputError, match=says):
        answers(change(texts(30, seed=1)), texts(3, seed=2))


def test_more_text_than_is_learned_from_is_sampled_with_every_class(monkeypatch):
    monkeypatch.setattr(bench_text, "CHARACTER_LIMIT", 900)
    train = texts(150, seed=1)
    found = answers(train, texts(10, seed=2))
    assert 30 < found.used["train"] < 120


def test_long_texts_are_cut_before_any_is_left_out(monkeypatch):
    monkeypatch.setattr(bench_text, "CHARACTER_LIMIT", 60 * 40)
    monkeypatch.setattr(bench_text, "SHORTEST", 20)
    table = texts(90, seed=1).with_columns(pl.col("text") + "，" + "又及" * 100)
    truth = table["label"].to_numpy()[60:]
    found = answers(table.head(60), table.tail(30))
    assert (found.used["train"], found.used["cut_to"]) == (60, 40)
    assert roc_auc_score(truth, found.frame["score"]) > 0.9


def test_with_many_classes_texts_are_cut_earlier():
    long = ["字" * 2_000] * 1_500
    assert bench_text._cut(long, 2) is None
    assert bench_text._cut(long, 60) == 533
    assert bench_text._cut(["字" * 40] * 30_000, 60) == bench_text.SHORTEST
    target = np.arange(1_500) % 60
    assert bench_text._kept([one[:533] for one in long], target, 60, 1).size == 1_500


@pytest.mark.parametrize(
    ("rows", "classes", "further", "expected"),
    [
        (10**6, 2, 0, True),
        (8_000, 50, 0, True),
        (100_000, 14, 0, False),
        (20_000, 101, 0, False),
        (30, 2, 0, True),
        (279, 14, 0, False),
        (280, 14, 0, True),
        (279, 14, 1, True),
    ],
)
def test_a_booster_takes_part_as_far_as_its_time_allows_and_texts_suffice(
    rows, classes, further, expected
):
    assert bench_text._is_boosted(rows, classes, further) is expected


def test_few_texts_of_many_classes_choose_on_all_parts_and_equal_strengths_go_up():
    # Each class has a word of its own: every strength gets all of them right.
    label = [f"class{at % 9}" for at in range(90)]
    table = pl.DataFrame({"id": range(90), "label": label}).with_columns(
        text=pl.format("今天{}又来了", pl.col("label").replace_strict({f"class{at}": word * 3 for at, word in enumerate("甲乙丙丁戊己庚辛壬")}))
    )  # fmt: skip
    found = answers(table.head(72), table.tail(18).drop("label"))
    assert found.frame["label"].to_list() == label[72:]
    assert found.used["strength"] == bench_text.STRENGTHS[-1]
    assert "rounds" not in found.used
    few, many = bench_text.FEW, bench_text.FEW + 1
    assert (bench_text._choosing(few), bench_text._choosing(many)) == (5, 2)


def scores(nodes, edges, *, seed=1, num_threads=2):
    return bench.graph(nodes, edges, seed=seed, num_threads=num_threads)


@pytest.fixture
def quick(monkeypatch):
    """Fewer trees and parts: these tests are about what is promised, not about how well it ranks."""
    monkeypatch.setattr(node_members, "ROUNDS", 30)
    monkeypatch.setattr(node_members, "USUAL_ROUNDS", 20)
    monkeypatch.setattr(node_members, "FOREST_TREES", 20)
    monkeypatch.setattr(bench_graph, "PARTS", 2)


def test_nodes_are_ranked_by_the_company_they_keep(quick):
    nodes, made = graph_of(number=1500)
    found = scores(nodes, made.edges)
    assert found.frame["id"].equals(nodes["id"])
    is_test = (nodes["split"] == "test").to_numpy()
    ranked = found.frame["score"].to_numpy()[is_test]
    assert roc_auc_score(made.nodes["label"].to_numpy()[is_test], ranked) > 0.8
    assert {one["member"] for one in found.used["members"]} >= {"booster, narrow"}


def test_graph_scores_do_not_hang_on_hidden_labels_threads_or_how_pairs_stand(quick):
    nodes, made = graph_of()
    seen = nodes.with_columns(label=made.nodes["label"])
    flipped = seen.with_columns(
        label=pl.when(pl.col("split") == "test")
        .then(1 - pl.col("label"))
        .otherwise("label")
    )
    strange = seen.with_columns(
        label=pl.when(pl.col("split") == "test").then(7).otherwise("label")
    )
    both = pl.concat(
        [made.edges, made.edges.select(src="dst", dst="src"), made.edges.head(50)]
    )
    first = scores(nodes, made.edges, num_threads=1).frame["score"].to_numpy()
    for table, edges in ((flipped, made.edges), (strange, both.reverse())):
        again = scores(table, edges).frame["score"].to_numpy()
        assert first.tobytes() == again.tobytes()


def test_ids_keep_their_type_and_edges_may_be_of_another_integer_type(quick):
    nodes, made = graph_of(number=400)
    narrow = made.edges.cast(pl.Int32)
    first = scores(nodes, narrow).frame
    assert first.schema["id"] == pl.Int64()
    named = nodes.with_columns(pl.format("n{}", "id").alias("id"))
    edges = made.edges.select(pl.format("n{}", pl.col("src", "dst")).name.keep())
    second = scores(named, edges).frame
    assert second.schema["id"] == pl.String()
    assert first["score"].equals(second["score"])


def test_nodes_without_links_numbers_or_many_labels_are_scored(quick):
    nodes, made = graph_of(number=300)
    bare = nodes.select("id", "split", "label")
    few = nodes.with_columns(
        label=pl.when(pl.int_range(pl.len()) < 60).then("label"),
        f0=pl.lit(None, pl.Float64),
        f1=pl.lit(float("inf")),
        f2=pl.lit(2.0),
        f3=pl.col("f3") > 0,
    )
    for table, edges in (
        (bare, made.edges),
        (nodes, made.edges.clear()),
        (few, made.edges),
        (nodes.with_columns(split=pl.lit("train")), made.edges),
    ):
        assert scores(table, edges).frame["score"].is_between(0, 1).all()


def test_ids_that_are_categories_are_matched_and_come_back_as_they_were(quick):
    nodes, made = graph_of(number=200)
    named = nodes.with_columns(pl.format("n{}", "id").cast(pl.Categorical).alias("id"))
    edges = made.edges.select(pl.format("n{}", pl.col("src", "dst")).name.keep())
    found = scores(named, edges).frame
    assert found["id"].equals(named["id"])
    assert found["score"].equals(scores(nodes, made.edges).frame["score"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda e: e.with_columns(weight=pl.lit("a")), "column weight is String"),
        (lambda e: e.with_columns(weight=pl.lit(1e300)), r"weight 1e\+300 in row 0"),
        (lambda e: e.with_columns(weight=pl.lit(-1)), "weight -1.0 in row 0"),
        (lambda e: e.with_columns(weight=pl.lit(None)), "weight None in row 0"),
        (lambda e: e.with_columns(src=pl.lit(2**40)), "src 1099511627776 in row 0"),
    ],
)
def test_edges_that_do_not_fit_are_refused_by_name(change, says):
    nodes, made = graph_of(number=300)
    narrow = nodes.with_columns(pl.col("id").cast(pl.Int32))
    with pytest.raises(errors.InputError, match=says):
        scores(narrow, change(made.edges))


def test_one_class_in_train_gives_everybody_its_share():
    nodes, made = graph_of(number=200)
    one = nodes.with_columns(label=pl.when(pl.col("label").is_not_null()).then(0))
    found = scores(one, made.edges)
    assert found.frame["score"].to_list() == [0.0] * 200
    assert "one class" in found.used["why"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda n: n.drop("split"), "column split is missing"),
        (lambda n: n.with_columns(split=pl.lit("dev")), "split 'dev' in row 0"),
        (
            lambda n: n.with_columns(split=pl.lit("train"), label=pl.lit(3)),
            "label 3 in row 0",
        ),
        (
            lambda n: n.with_columns(id=pl.lit(1)),
            "id 1 in row 0 is null or stands twice",
        ),
        (
            lambda n: n.with_columns(id=pl.col("id").cast(pl.String)),
            "src is Int64, the nodes' id is String",
        ),
    ],
)
def test_nodes_that_do_not_fit_are_refused_by_name(change, says):
    nodes, made = graph_of(number=60)
    with pytest.raises(errors.InputError, match=says):
        scores(change(nodes), made.edges)
