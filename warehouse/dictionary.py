"""The data dictionary: every analyst view and column with its type and comment, as Markdown.

In: the views and migrations of this code. Out: the text of ``docs/data-dictionary.md``; a test fails when the file is
stale. ``python -m warehouse.dictionary docs/data-dictionary.md`` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import connect, migrate
from warehouse.snapshots import snapshot, tables

if TYPE_CHECKING:
    import duckdb

_HEAD = """# Data dictionary

Generated from the comments in the database by `python -m warehouse.dictionary docs/data-dictionary.md`; do not edit.

Analysts open `published/current.duckdb` read-only and use the views of schema `analyst`. Their names, columns and types
are promised; more may be added. Times are UTC.
"""

_WORKING = """## Working tables

Private to the writer (`work/`). Their shape may change with any release; migrations carry the data over.

| table | what |
|---|---|
"""


def render() -> str:
    """The text of the data dictionary."""
    con = connect.open_memory()
    try:
        migrate.migrate(con)
        snapshot.create_empty_posts(con)
        snapshot.create_views(con)
        return "\n".join(
            [_HEAD, *(_view(con, view) for view in tables.VIEWS), _working(con)]
        )
    finally:
        con.close()


def _view(con: duckdb.DuckDBPyConnection, view: str) -> str:
    comment = con.execute(
        "select comment from duckdb_views() where schema_name = 'analyst' and view_name = $view",
        {"view": view},
    ).fetchall()[0][0]
    columns = con.execute(
        "select column_name, data_type, comment from duckdb_columns()"
        " where schema_name = 'analyst' and table_name = $view order by column_index",
        {"view": view},
    ).fetchall()
    lines = [f"## analyst.{view}", "", comment, "", "| column | type | meaning |", "|---|---|---|"]  # fmt: skip
    lines += [f"| `{name}` | {_type(kind)} | {_cell(text)} |" for name, kind, text in columns]  # fmt: skip
    return "\n".join([*lines, ""])


def _working(con: duckdb.DuckDBPyConnection) -> str:
    tables = con.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables()"
        " where schema_name in ('raw', 'core') and not (schema_name = 'core' and table_name = 'posts')"
        " order by schema_name desc, table_name"
    ).fetchall()
    return _WORKING + "".join(
        f"| `{name}` | {_cell(text)} |\n" for name, text in tables
    )


def _type(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), encoding="utf-8")
