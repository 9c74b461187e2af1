"""Where queries run: DuckDB inside the process by default; Spark, Postgres and warehouses through Ibis.

Times on the engine are naive UTC timestamps and durations whole milliseconds: sums of whole numbers are the same
on every run and on every engine, sums of fractions are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from cpc_analysis.errors import InvalidInputError, UnreadableFileError
from cpc_analysis.periods import CIVIL_GRAINS, clock_changes, period_of

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

    from cpc_analysis.calendars import Calendar

__all__ = [
    "ROW",
    "Engine",
    "check_table",
    "column_names",
    "fiscal_start",
    "is_engine_table",
    "local_time",
    "local_to_utc",
    "memory_frame",
    "milliseconds",
    "ones",
    "period_start",
    "to_arrow",
    "utc_time",
    "whole_seconds",
]

#: Position of a row in the frame it came from; engine tables of the user's own have none.
ROW = "_row"


@dataclass(frozen=True)
class Engine:
    """One connection that holds the large tables and answers aggregate queries on them."""

    connection: Any
    _numbers: Iterator[int] = field(default_factory=count, repr=False, compare=False)
    _views: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def inside(cls, memory_limit: str | None = None) -> Engine:
        """An engine inside this process (DuckDB), optionally held to a memory limit such as ``"4GB"``."""
        import ibis

        settings = {"memory_limit": memory_limit} if memory_limit else {}
        connection = ibis.duckdb.connect(**settings)
        # Notebooks would keep the bar of a slow query among their results.
        connection.con.execute("SET enable_progress_bar = false")
        return cls(connection)

    @classmethod
    def of(cls, *tables: object) -> Engine:
        """The one engine that holds all the Ibis tables given, or a new one inside when there is none.

        Raises
        ------
        InvalidInputError
            If the tables are on two connections.
        """
        backends: list[Any] = []
        for table in tables:
            if is_engine_table(table):
                for backend in table._find_backends()[0]:  # type: ignore[attr-defined]
                    if not any(backend is known for known in backends):
                        backends.append(backend)
        if len(backends) > 1:
            names = " and ".join(sorted(backend.name for backend in backends))
            raise InvalidInputError(
                f"All large tables of a dataset must be on one connection, got {len(backends)} ({names}). "
                "Read them through one connection, or pass them as data frames."
            )
        return cls(backends[0]) if backends else cls.inside()

    def table(self, frame: object, name: str = "frame") -> ibis.Table:
        """A pandas, Arrow or polars frame as a table on this engine; an Ibis table as it is.

        A frame's rows are numbered from 0 in the column `ROW`. DuckDB reads the frame where it lies, without a copy.
        """
        import ibis
        import pyarrow as pa

        if is_engine_table(frame):
            return frame  # type: ignore[return-value]
        arrow = to_arrow(frame)
        if ROW not in arrow.column_names:
            arrow = arrow.append_column(ROW, pa.array(range(arrow.num_rows), pa.int64()))
        if self.connection.name != "duckdb":
            return ibis.memtable(arrow)
        number = next(self._numbers)
        name = name if number == 0 or name not in self.connection.list_tables() else f"{name}_{number}"
        self.connection.con.register(name, arrow)
        return self.connection.table(name)

    def view(self, expression: ibis.Table, name: str) -> ibis.Table:
        """The same table under a name, so that what is asked of it need not write it out again.

        Views of one connection alone are DuckDB's; on other engines it stays the expression.
        """
        import ibis.expr.operations as ops

        if self.connection.name != "duckdb":
            return expression
        name = f"cpc_{name}_{next(self._numbers)}"
        with _where_it_lies():
            self.connection.con.execute(f'CREATE TEMP VIEW "{name}" AS {self.connection.compile(expression)}')
        named = ops.DatabaseTable(name=name, schema=expression.schema(), source=self.connection)
        self._views[named] = self._written_out(expression)
        return named.to_expr()

    def _written_out(self, expression: ibis.Table) -> Any:
        return expression.op().replace(self._views)

    def fetch(self, expression: ibis.Table) -> pd.DataFrame:
        """The rows of a (small) result as a pandas frame.

        Raises
        ------
        UnreadableFileError
            If a file that is read where it lies has gone or changed.
        """
        with _where_it_lies():
            return self.connection.to_pyarrow(expression).to_pandas()

    def sql(self, expression: ibis.Table) -> str:
        """The SQL text that runs for an expression, in this engine's dialect."""
        return str(self.connection.compile(self._written_out(expression).to_expr(), pretty=True))


@contextmanager
def _where_it_lies() -> Iterator[None]:
    """Say of a file that is read where it lies that it has gone or changed."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        reason = str(error).splitlines()[0]
        raise UnreadableFileError(
            f"The data cannot be read any more ({reason}). Put the file back, and open the project again."
        ) from None


def is_engine_table(table: object) -> bool:
    """Whether an object is an Ibis table, without importing Ibis when nothing has."""
    return type(table).__module__.startswith("ibis.")


def to_arrow(frame: object) -> pa.Table:
    """A pandas, polars or Arrow frame as an Arrow table; mixed object columns become text."""
    import pandas as pd
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if isinstance(frame, pd.DataFrame):
        return pa.table(
            [_arrow_column(frame.iloc[:, place]) for place in range(frame.shape[1])],
            names=[_encodable(str(name)) for name in frame.columns],
        )
    if hasattr(frame, "to_arrow"):
        return frame.to_arrow()
    raise _no_table(frame)


def check_table(table: object) -> None:
    """Raise when something is no table of a supported kind.

    Raises
    ------
    InvalidInputError
        Naming what it is.
    """
    if not (is_engine_table(table) or hasattr(table, "columns") or hasattr(table, "schema")):
        raise _no_table(table)


def column_names(table: object) -> list[str]:
    """The names of the columns of a table of any supported kind, in order."""
    names = getattr(table, "column_names", None) or list(table.columns)  # type: ignore[attr-defined]
    return [str(name) for name in names]


def _no_table(given: object) -> InvalidInputError:
    return InvalidInputError(
        "A table must be a pandas, polars or Arrow frame or an Ibis table, "
        f"got {type(given).__module__}.{type(given).__name__}."
    )


def _arrow_column(column: pd.Series) -> pa.Array:
    import pandas as pd
    import pyarrow as pa

    if isinstance(column.dtype, pd.PeriodDtype):
        column = column.astype("str").where(column.notna(), None)
    if pd.api.types.is_timedelta64_dtype(column):
        column = column.dt.total_seconds()
    try:
        array = pa.Array.from_pandas(column)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return _as_texts(column)
    if _holds_nothing(array.type):
        return _as_texts(column)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _as_texts(column: pd.Series) -> pa.Array:
    import pyarrow as pa

    texts = [None if _is_missing(value) else _encodable(str(value)) for value in column]
    return pa.array(texts, pa.string())


def _holds_nothing(kind: pa.DataType) -> bool:
    """Whether a type is or holds a record without fields, such as ``{}``, which no engine can hold."""
    import pyarrow as pa

    if pa.types.is_struct(kind) and kind.num_fields == 0:
        return True
    return any(_holds_nothing(kind.field(place).type) for place in range(kind.num_fields))


def _is_missing(value: object) -> bool:
    import pandas as pd

    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def _encodable(text: str) -> str:
    """A text without halves of surrogate pairs, which no file and no engine can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def memory_frame(table: object) -> pd.DataFrame:
    """A frame of any supported kind as pandas."""
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return table
    if is_engine_table(table):
        return table.to_pandas()  # type: ignore[attr-defined, no-any-return]
    return to_arrow(table).to_pandas()


def utc_time(engine: Engine, moment: ibis.Value) -> ibis.Value:
    """A timestamp column with a zone as naive UTC.

    DuckDB casts through its zone library even to UTC; by way of the microseconds it takes a tenth of the time.
    """
    import ibis
    import ibis.expr.datatypes as dt

    if engine.connection.name != "duckdb":
        return moment.cast("timestamp")

    @ibis.udf.scalar.builtin(signature=((dt.Timestamp(timezone="UTC"),), dt.int64))
    def epoch_us(value): ...  # type: ignore[no-untyped-def]

    @ibis.udf.scalar.builtin(signature=((dt.int64,), dt.timestamp))
    def make_timestamp(value): ...  # type: ignore[no-untyped-def]

    return make_timestamp(epoch_us(moment))


def local_time(moment: ibis.Value, zone: str, first: date, last: date) -> ibis.Value:
    """A naive UTC timestamp column as local time of a zone, for moments from `first` to `last`.

    Notes
    -----
    A CASE over the zone's clock changes: portable, and several times faster than the engines' own zone functions.
    """
    import ibis

    offset, changes = clock_changes(zone, first, last)
    if not changes:
        return moment + ibis.interval(seconds=offset)
    branches = []
    for change in changes:
        branches.append((moment < ibis.timestamp(change.at.replace(tzinfo=None)), change.before))
    seconds = ibis.cases(*branches, else_=changes[-1].after)
    return moment + seconds.cast("int64").as_interval("s")


def local_to_utc(
    moment: ibis.Value, zone: str, first: date, last: date, second: bool = False
) -> tuple[ibis.Value, ibis.Value]:
    """Naive local times as naive UTC, and whether each one exists once only.

    Parameters
    ----------
    moment : ibis.Value
        Naive local timestamps.
    zone : str
        Name in the tz database.
    first, last : date
        The days between which the times lie.
    second : bool
        Read a time that exists twice as the second of the two, and a time that does not exist as moved back
        by the gap; else as the first, and as moved forward.

    Returns
    -------
    tuple of ibis.Value
        The UTC timestamps, and true where the local time exists exactly once.
    """
    import ibis

    offset, changes = clock_changes(zone, first, last)
    if not changes:
        return moment - ibis.interval(seconds=offset), ibis.literal(True)
    branches, plain = [], ibis.literal(True)
    for change in changes:
        walls = sorted(
            change.at.replace(tzinfo=None) + timedelta(seconds=seconds) for seconds in (change.before, change.after)
        )
        early, late = ibis.timestamp(walls[0]), ibis.timestamp(walls[1])
        branches.append((moment < (early if second else late), change.before))
        plain = plain & ~((moment >= early) & (moment < late))
    seconds = ibis.cases(*branches, else_=changes[-1].after)
    return moment - seconds.cast("int64").as_interval("s"), plain


def whole_seconds(moment: ibis.Value) -> ibis.Value:
    """A time as whole seconds since 1970, without its fraction: engines differ in whether theirs have one."""
    return moment.epoch_seconds().cast("float64").floor()


def milliseconds(moment: ibis.Value) -> ibis.Value:
    """A time as whole milliseconds since 1970."""
    return whole_seconds(moment) * 1000 + moment.millisecond()


def ones(condition: ibis.Value) -> ibis.Value:
    """One where a condition holds, else zero: Postgres casts no boolean to a whole number of 64 bits."""
    import ibis

    return ibis.ifelse(condition, 1, 0).cast("int64")


def period_start(local: ibis.Value, grain: str) -> ibis.Value:
    """The first day of the period of a civil grain that a local timestamp lies in, as a date."""
    unit = dict(zip(CIVIL_GRAINS, "DWMQY", strict=True))[grain]
    return local.truncate(unit).cast("date")


def fiscal_start(local: ibis.Value, grain: str, calendar: Calendar, first: date, last: date) -> ibis.Value:
    """The first day of the fiscal period that a local timestamp between two days lies in, as a date.

    Parameters
    ----------
    local : ibis.Value
        Naive local timestamps from `first` to `last`, a day of margin on both sides.
    grain : {"fiscal_month", "fiscal_quarter", "fiscal_year"}
        Of the period.
    calendar : Calendar
        The one that it is of.
    first, last : date
        The days between which to look.
    """
    starts = [period_of(first - timedelta(days=1), grain, calendar).start]
    while (following := period_of(starts[-1], grain, calendar).end) <= last + timedelta(days=1):
        starts.append(following)
    return _among(local, starts)


def _among(local: ibis.Value, starts: list[date]) -> ibis.Value:
    """The last of some days, in order, that a timestamp does not lie before; halved, so that many take few steps."""
    import ibis

    if len(starts) == 1:
        return ibis.literal(starts[0]).cast("date")
    middle = len(starts) // 2
    before, after = _among(local, starts[:middle]), _among(local, starts[middle:])
    return ibis.ifelse(local < ibis.timestamp(f"{starts[middle]}"), before, after)
