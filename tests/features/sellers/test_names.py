import polars as pl
import pytest

from features.sellers import names


def reduced(form, name):
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})
    return frame.select(form(pl.col("name"))).item()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("🔥示例聚星【官方】", "示例聚星"),
        ("  Demo  AI ", "Demo AI"),
        ("🔥🔥", None),
        (None, None),
    ],
)
def test_clean_name_is_fit_for_people(name, expected):
    assert reduced(names.clean, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("示例聚星（杭州）网络科技有限公司", "示例聚星"),
        ("示例聚星官方", "示例聚星"),
        ("示例聚星招商02号", "示例聚星"),
        ("示例 聚星 AI", "示例聚星"),
        ("示例聚星3B", "示例聚星"),
        ("szr cloud", "szrcloud"),
        ("公司", None),
        ("小陈", None),
    ],
)
def test_core_is_the_brand(name, expected):
    assert reduced(names.core, name) == expected


def test_exact_form_ignores_width_case_and_punctuation():
    assert reduced(names.exact, "示例（ＡＩ）有限公司") == reduced(
        names.exact, "示例(ai) 有限公司"
    )
