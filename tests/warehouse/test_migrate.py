from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl
import pytest

from warehouse import connect, contracts, errors, load, migrate
from warehouse.watchlist import ledger

CONTRACTS = [
    contract
    for module in (contracts, load, ledger)
    for contract in vars(module).values()
    if isinstance(contract, contracts.Contract) and "." in contract.name
]

#: Tables that keep the books and hand no frame to a stage.
BOOKS = {"core.forgotten", "core.migrations", "core.releases", "raw.crawls"}

#: Columns that the database adds to a contract.
EXTRA = {
    "raw.posts": list(load.COMPUTED),
    "core.doc_stances": ["reader_version", "pack_version"],
}


def _sql_type(dtype):
    if isinstance(dtype, pl.List):
        return _sql_type(dtype.inner) + "[]"
    if isinstance(dtype, pl.Struct):
        return f"STRUCT({', '.join(f'{_name(field.name)} {_sql_type(field.dtype)}' for field in dtype.fields)})"
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision},{dtype.scale})"
    names = {
        contracts.TIME: "TIMESTAMP WITH TIME ZONE",
        contracts.TEXT: "VARCHAR",
        contracts.REAL: "DOUBLE",
        contracts.COUNT: "BIGINT",
        contracts.FLAG: "BOOLEAN",
        contracts.HASH: "UBIGINT",
        pl.UInt32(): "UINTEGER",
        contracts.BYTES: "BLOB",
    }
    return names[dtype]


def _name(name):
    return f'"{name}"'


def _columns(con, table):
    schema, name = table.split(".")
    return con.execute(
        "select column_name, data_type, is_nullable from duckdb_columns()"
        " where schema_name = ? and table_name = ? order by column_index",
        [schema, name],
    ).fetchall()


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_migrated_table_equals_its_contract(shared, contract):
    found = _columns(shared, contract.name)
    extra = EXTRA.get(contract.name, [])
    expected = [
        (name, _sql_type(dtype).replace('"', ""))
        for name, dtype in contract.columns.items()
    ]
    promised = found[: len(expected)]
    assert expected == [(name, kind.replace('"', "")) for name, kind, _ in promised]
    assert extra == [name for name, _, _ in found[len(expected) :]]
    assert {name for name, _, nullable in promised if not nullable} == set(contract.key)


@pytest.fixture(scope="module")
def shared():
    con = connect.open_memory()
    migrate.migrate(con)
    yield con
    con.close()


def test_every_table_belongs_to_a_contract_or_keeps_the_books(shared):
    tables = shared.execute(
        "select schema_name || '.' || table_name from duckdb_tables()"
    ).fetchall()
    assert {name for (name,) in tables} == {
        contract.name for contract in CONTRACTS
    } | BOOKS


def test_every_table_and_column_has_a_comment(shared):
    missing = shared.execute(
        """
        select schema_name, table_name, null from duckdb_tables() where coalesce(comment, '') = ''
        union all
        select schema_name, table_name, column_name from duckdb_columns()
        where coalesce(comment, '') = '' and schema_name in ('raw', 'core', 'analyst')
        """
    ).fetchall()
    assert missing == []


def test_every_table_comment_names_grain_and_retention(shared):
    comments = dict(
        shared.execute("select table_name, comment from duckdb_tables()").fetchall()
    )
    assert [
        name
        for name, text in comments.items()
        if "Grain: " not in text or "Retention: " not in text
    ] == []


def test_second_migration_does_nothing(night):
    con = connect.open_memory()
    first = migrate.migrate(con, applied_at=night)
    assert [item.version for item in first] == [
        script.version for script in migrate.scripts()
    ]
    assert migrate.migrate(con) == []
    assert {item.applied_at for item in migrate.migrations(con)} == {night}


def test_listing_changes_nothing_in_an_empty_database(tmp_path):
    with connect.open_work(tmp_path / "work.duckdb") as con:
        con.execute("create table marker (a integer)")
    with duckdb.connect(str(tmp_path / "work.duckdb"), read_only=True) as con:
        assert {item.applied_at for item in migrate.migrations(con)} == {None}


def test_edited_migration_is_refused_with_both_checksums(night):
    con = connect.open_memory()
    known = migrate.scripts()
    migrate.migrate(con, known=known, applied_at=night)
    edited = [replace(known[0], sql=known[0].sql + "\n-- a word more"), *known[1:]]
    with pytest.raises(
        errors.MigrationError,
        match=f"{known[0].checksum[:12]}.*{edited[0].checksum[:12]}.*new migration",
    ):
        migrate.migrate(con, known=edited)


def test_newer_database_is_refused_with_both_versions(night):
    con = connect.open_memory()
    known = migrate.scripts()
    migrate.migrate(con, known=known, applied_at=night)
    with pytest.raises(
        errors.MigrationError,
        match=f"version {len(known)} .*up to {len(known) - 1}.*Install",
    ):
        migrate.migrate(con, known=known[:-1])


def test_failing_migration_leaves_the_database_at_the_version_before(night):
    con = connect.open_memory()
    known = migrate.scripts()
    bad = migrate.Script(
        len(known) + 1,
        "bad",
        "create table core.half (a integer); select no_such_function();",
    )
    with pytest.raises(duckdb.Error):
        migrate.migrate(con, known=[*known, bad], applied_at=night)
    assert len(migrate.migrations(con, known=known)) == len(known)
    assert con.execute(
        "select count(*) from duckdb_tables() where table_name = 'half'"
    ).fetchall() == [(0,)]


def test_upgrade_from_an_older_version_ends_with_the_same_schema(night):
    known = migrate.scripts()
    fresh, old = connect.open_memory(), connect.open_memory()
    migrate.migrate(fresh, applied_at=night)
    migrate.migrate(old, known=known[:3], applied_at=night)
    migrate.migrate(old, applied_at=night)
    query = "select schema_name, table_name, column_name, data_type, is_nullable, comment from duckdb_columns() where schema_name in ('raw', 'core') order by all"
    assert fresh.execute(query).fetchall() == old.execute(query).fetchall()
