"""Numbers of a node's surroundings: what its neighbours have, how it is tied in, how like them it is.

In: ids and edges of any graph, and a matrix of numbers per node. Out: float32 matrices in the order of the ids, NaN where
there is nothing to speak of. Invariants: no label is seen; the direction and order of edges change nothing; everything
is sums over sorted sparse rows, so equal input gives equal bytes; memory grows with nodes and edges, a column at a time.

The measures are those that make tree ensembles the strongest published family on graphs of fraud: mean, extremes and
spread of neighbours' numbers over one and two hops (Tang et al. 2023, "GADBench").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from scipy import sparse

from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Reals = NDArray[np.float64]

#: Steps over two-step walks above which triangles are not counted: hubs make them quadratic.
TRIANGLE_LIMIT: Final = 200_000_000
#: Weight of a link at most: sums and squares of heavier ones leave the range of 32 bits.
HEAVIEST: Final = 1e15


@dataclass(frozen=True, slots=True)
class Links:
    """An undirected graph without loops.

    Attributes:
        weight: SciPy CSR, nodes × nodes, symmetric, float64 weights > 0, columns sorted.
        degree: Neighbours of each node.
        is_weighted: Whether weights differ.
    """

    weight: Any
    degree: Reals
    is_weighted: bool

    @property
    def ones(self) -> Any:  # noqa: ANN401  SciPy ships no types
        """The same links, all of weight 1, float32."""
        weight = self.weight
        data = np.ones(weight.nnz, dtype=np.float32)
        return sparse.csr_array(
            (data, weight.indices, weight.indptr), shape=weight.shape
        )


def links(ids: pl.Series, edges: pl.DataFrame) -> Links:
    """The graph of an edge table.

    Args:
        ids: Distinct node ids; their position is the row.
        edges: ``src``, ``dst`` and optionally ``weight`` (≥ 0; 0 is no link). A pair may stand once or in both
            directions, and repeatedly: weights of one direction are added up, of two the larger sum counts; without
            weights a pair is a pair. Loops are left out.

    Raises:
        InputError: an end is no id, or a weight is no number, null, negative or above ``HEAVIEST``; the row is named.
    """
    ends = [_places(ids, edges, name) for name in ("src", "dst")]
    low, high, value = _pairs(np.minimum(*ends), np.maximum(*ends), ends[0], edges)
    starts = np.concatenate([[0], np.cumsum(np.bincount(low, minlength=len(ids)))])
    # Numbers of 32 bits wherever they do: what takes time is to fetch the links.
    width = np.int32 if 2 * high.size < 2**31 else np.int64
    upward = sparse.csr_array(
        (value, high.astype(width), starts.astype(width)), shape=(len(ids), len(ids))
    )
    matrix = upward + upward.T.tocsr()
    matrix.sort_indices()
    return Links(
        matrix,
        np.diff(matrix.indptr).astype(np.float64),
        bool("weight" in edges.columns and value.size and value.min() < value.max()),
    )


def _places(ids: pl.Series, edges: pl.DataFrame, end: str) -> NDArray[np.int32]:
    """Rows of the nodes that an end of each edge stands for."""
    places = pl.DataFrame({end: ids}).with_columns(
        at=pl.int_range(pl.len(), dtype=pl.Int32)
    )
    found = edges.select(end).join(places, on=end, how="left", maintain_order="left")
    lost = found["at"].null_count()
    if lost:
        row = found["at"].is_null().arg_true()[0]
        message = f"Edges: {end} {edges[end][row]!r} in row {row} is no id of the nodes ({lost} such rows); nothing was scored. Give every end a row in the nodes."
        raise errors.InputError(message)
    return found["at"].to_numpy()


def _pairs(
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    src: NDArray[np.int32],
    edges: pl.DataFrame,
) -> tuple[NDArray[np.int32], NDArray[np.int32], Reals]:
    """Distinct pairs in order, and the weight of each."""
    pair = (low.astype(np.int64) << 32) | high
    if "weight" not in edges.columns:
        pair = np.sort(pair[low != high])
        key = pair[np.diff(pair, prepend=-1) > 0]
        value = np.ones(key.size)
    else:
        weight = _weights(edges)
        # Summed in the order of size, so that the order of rows changes no bit.
        found = (
            pl.DataFrame({"pair": pair, "weight": weight, "is_up": src == low})
            .filter((low != high) & (weight.to_numpy() > 0))
            .sort("pair", "is_up", "weight")
            .group_by("pair", "is_up", maintain_order=True)
            .agg(pl.col("weight").sum())
            .group_by("pair", maintain_order=True)
            .agg(pl.col("weight").max())
        )
        key, value = found["pair"].to_numpy(), found["weight"].to_numpy()
    return (
        (key >> 32).astype(np.int32),
        (key & 0x7FFFFFFF).astype(np.int32),
        value,
    )


def _weights(edges: pl.DataFrame) -> pl.Series:
    kind = edges.schema["weight"]
    if not (kind.is_numeric() or kind in {pl.Boolean(), pl.Null()}):
        message = (
            f"Edges: column weight is {kind}, expected numbers; nothing was scored."
        )
        raise errors.InputError(message)
    weight = edges["weight"].cast(pl.Float64)
    is_wrong = ~weight.is_between(0, HEAVIEST).fill_null(value=False)
    if is_wrong.any():
        row = is_wrong.arg_true()[0]
        message = f"Edges: weight {weight[row]} in row {row}, expected a number from 0 to {HEAVIEST:g} ({is_wrong.sum()} such rows); nothing was scored."
        raise errors.InputError(message)
    return weight


def filled(values: Floats) -> Floats:
    """The numbers with each missing one replaced by its column's mean; 0 where a column has none."""
    is_missing = ~np.isfinite(values)
    if not is_missing.any():
        return values
    known = np.where(is_missing, 0.0, values)
    count = np.maximum((~is_missing).sum(axis=0), 1)
    mean = known.sum(axis=0, dtype=np.float64) / count
    return np.where(is_missing, mean.astype(np.float32), values)


def means(graph: Links, values: Floats, *, is_weighted: bool = False) -> Floats:
    """Mean of each column over the neighbours; NaN without any."""
    matrix = graph.weight.astype(np.float32) if is_weighted else graph.ones
    total = np.asarray(matrix.sum(axis=1), dtype=np.float64).ravel()
    return _by_column(
        values, lambda column: _share(matrix @ column, total), count=values.shape[1]
    )


def extremes(graph: Links, values: Floats) -> Floats:
    """Highest and then lowest of each column over the neighbours; NaN without any."""
    return np.concatenate(
        [
            _by_column(
                values,
                lambda column, best=best: row_extreme(graph.weight, column, best),  # type: ignore[misc]
                count=values.shape[1],
            )
            for best in (np.maximum, np.minimum)
        ],
        axis=1,
    )


def spreads(graph: Links, values: Floats, mean: Floats) -> Floats:
    """Standard deviation of each column over the neighbours; NaN without any."""
    matrix = graph.ones
    out = np.empty_like(values)
    for at in range(values.shape[1]):
        centred = values[:, at] - values[:, at].mean(dtype=np.float64)
        shift = mean[:, at] - values[:, at].mean(dtype=np.float64)
        square = _share(matrix @ (centred * centred).astype(np.float32), graph.degree)
        out[:, at] = np.sqrt(np.maximum(square - shift * shift, 0.0))
    return out


def row_extreme(matrix: Any, values: Any, best: Any) -> Reals:  # noqa: ANN401
    """``best`` (``np.maximum`` or ``np.minimum``) of the values over each row's columns; NaN without any."""
    out = np.full(matrix.shape[0], np.nan)
    is_filled = np.diff(matrix.indptr) > 0
    if is_filled.any():
        out[is_filled] = best.reduceat(
            values[matrix.indices], matrix.indptr[:-1][is_filled]
        )
    return out


#: Columns of ``structure``.
STRUCTURE: Final = (
    "degree",
    "weight",
    "neighbour_degree_mean",
    "neighbour_degree_max",
    "neighbour_degree_min",
    "two_hop_degree_mean",
    "exclusive_neighbours",
    "triangles",
    "clustering",
)


def structure(graph: Links) -> Floats:
    """How each node is tied in (``STRUCTURE``); degrees and weights as ln(1 + n).

    ``exclusive_neighbours`` adds up 1 / degree over the neighbours: how many of them have nobody else. Triangles are
    NaN where counting them would take over ``TRIANGLE_LIMIT`` steps.
    """
    ones, degree = graph.ones, graph.degree
    log_degree = np.log1p(degree)
    mean = _share(ones @ log_degree, degree)
    if float((degree * degree).sum()) <= TRIANGLE_LIMIT:
        steps = (ones @ ones).multiply(ones)
        triangles = np.asarray(steps.sum(axis=1), dtype=np.float64).ravel() / 2
    else:
        triangles = np.full(degree.size, np.nan)
    pairs = np.maximum(degree * (degree - 1) / 2, 1)
    columns = [
        log_degree,
        np.log1p(np.asarray(graph.weight.sum(axis=1)).ravel()),
        mean,
        row_extreme(ones, log_degree, np.maximum),
        row_extreme(ones, log_degree, np.minimum),
        _share(ones @ np.nan_to_num(mean), degree),
        ones @ (1 / np.maximum(degree, 1)),
        np.log1p(triangles),
        triangles / pairs,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


#: Columns of ``likeness``.
LIKENESS: Final = ("like_mean", "like_max", "like_min", "far_from_mean")


def likeness(graph: Links, values: Floats, mean: Floats) -> Floats:
    """How like its neighbours a node is (``LIKENESS``): cosine over standardised columns, and distance from their mean."""
    spread = values.std(axis=0, dtype=np.float64) + 1e-9
    scaled = ((values - values.mean(axis=0, dtype=np.float64)) / spread).astype(
        np.float32
    )
    length = np.sqrt((scaled * scaled).sum(axis=1)) + 1e-9
    weight = graph.weight
    row = np.repeat(np.arange(weight.shape[0], dtype=np.int32), np.diff(weight.indptr))
    cosine = np.zeros(weight.nnz, dtype=np.float32)
    for at in range(values.shape[1]):
        unit = scaled[:, at] / length
        cosine += unit[row] * unit[weight.indices]
    like = sparse.csr_array((cosine, weight.indices, weight.indptr), shape=weight.shape)
    far = np.sqrt(np.square((values - mean) / spread).sum(axis=1))
    by_row = np.arange(weight.shape[0])
    total = np.bincount(row, weights=cosine, minlength=by_row.size)
    columns = [_share(total, graph.degree)]
    for best in (np.maximum, np.minimum):
        found = np.full(by_row.size, np.nan)
        is_filled = graph.degree > 0
        if is_filled.any():
            found[is_filled] = best.reduceat(like.data, like.indptr[:-1][is_filled])
        columns.append(found)
    return np.stack([*columns, far], axis=1).astype(np.float32)


def _share(total: Any, count: Any) -> Reals:  # noqa: ANN401
    """``total / count``, NaN where the count is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, total / count, np.nan)


def _by_column(values: Floats, made: Callable[[Any], Any], *, count: int) -> Floats:
    out = np.empty((values.shape[0], count), dtype=np.float32)
    for at in range(count):
        out[:, at] = made(np.ascontiguousarray(values[:, at]))
    return out
