"""Insert many rows at once, given as columns."""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, cast

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.sql import SQL, Identifier
from sqlalchemy import Column, Dialect, Integer, Table, func, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from data.database import hold_writes, mark_changed
from data.tables import CONTENT_TABLES, Base


def insert_columns(
    session: Session,
    row_class: type[Base],
    columns: Mapping[str, Sequence[Any] | NDArray[Any]],
    constants: Mapping[str, Any] | None = None,
) -> NDArray[np.int64]:
    """
    Insert rows within the session's transaction, by `executemany` on SQLite and `COPY` on
    PostgreSQL.

    Parameters
    ----------
    columns
        By column name, one value per row. Instants are aware datetimes, as everywhere.
    constants
        By column name, one value for all rows.

    Columns in neither take their default if it is a plain value, or NULL.

    Returns
    -------
    (n,) int64
        The ids of the new rows in the order given, ascending; those given, if there is a column
        `id`. Empty for a table without a number as its key.

    Raises
    ------
    ValueError
        When columns differ in length or there is no column of a name.
    sqlalchemy.exc.IntegrityError, psycopg.IntegrityError
        When a row breaks a rule of the table.
    """
    table = cast(Table, row_class.__table__)
    constants = {**_defaults(table), **(constants or {})}
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"Columns of {table.name} differ in length: {lengths}.")
    unknown = (set(columns) | set(constants)) - set(table.columns.keys())
    if unknown:
        raise ValueError(f"Table {table.name} has no column {', '.join(sorted(unknown))}.")

    session.flush()
    count = next(iter(lengths.values()))
    columns = dict(columns)
    key = table.columns.get("id")
    ids = np.empty(0, np.int64)
    if key is not None and isinstance(key.type, Integer):
        if "id" not in columns:
            columns["id"] = _reserve_ids(session, table, count)
        ids = np.asarray(columns["id"], dtype=np.int64)

    dialect = session.get_bind().dialect
    used = [column for column in table.columns if column.name in {**columns, **constants}]
    rows = zip(
        *(
            _bound(column, columns[column.name], dialect)
            if column.name in columns
            else repeat(_bound(column, [constants[column.name]], dialect)[0], count)
            for column in used
        ),
        strict=True,
    )
    names = [column.name for column in used]
    connection = session.connection()
    if dialect.name == "postgresql":
        statement = SQL("COPY {} ({}) FROM STDIN").format(
            Identifier(table.name), SQL(", ").join(map(Identifier, names))
        )
        driver_connection = cast(psycopg.Connection, connection.connection.driver_connection)
        with driver_connection.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    elif count:
        compiled = insert(table).compile(dialect=dialect, column_keys=names)
        connection.exec_driver_sql(str(compiled), list(rows))
    if table.name in CONTENT_TABLES:
        mark_changed(session)
    return ids


def _defaults(table: Table) -> dict[str, Any]:
    return {
        column.name: column.default.arg
        for column in table.columns
        if isinstance(column.default, ScalarElementColumnDefault)
    }


def _bound(
    column: Column[Any], values: Sequence[Any] | NDArray[Any], dialect: Dialect
) -> list[Any]:
    """The values as the driver wants them."""
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return plain if process is None else [process(value) for value in plain]


def _reserve_ids(session: Session, table: Table, count: int) -> list[int]:
    if session.get_bind().dialect.name == "postgresql":
        statement = text(
            "SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)"
        )
        return list(session.scalars(statement, {"table": table.name, "count": count}))
    hold_writes(session)  # so that nobody takes the same ids
    last = session.scalar(select(func.max(table.c.id))) or 0
    if table.dialect_options["sqlite"]["autoincrement"]:
        given_out = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        last = max(last, session.scalar(given_out, {"table": table.name}) or 0)
    return list(range(last + 1, last + 1 + count))
