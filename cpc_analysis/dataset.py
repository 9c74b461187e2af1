"""A dataset: the canonical tables, the currency and time zone, and the policies. Frozen; nothing changes in place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from cpc_analysis.engine import Engine, check_table, column_names
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from cpc_analysis.policy import Costing, Counting
from cpc_analysis.policy.settings import currency as checked_currency
from cpc_analysis.presentation import Presentation
from cpc_analysis.schema import TABLES
from cpc_analysis.settings import Settings
from cpc_analysis.tables.naming import held, held_names

if TYPE_CHECKING:
    import ibis
    import pandas as pd

    from cpc_analysis.calendars import Calendar
    from cpc_analysis.checking import CheckReport
    from cpc_analysis.sources.fingerprints import InputFile
    from cpc_analysis.tables.canonical import Prepared
    from cpc_analysis.tables.quarantine import Quarantine

__all__ = ["Dataset", "Reading", "Settings"]


@dataclass(frozen=True)
class Reading:
    """What the readers found before the canonical rules: rows per file, excluded rows and rows set aside, by table.

    `files` are what was read, each with a digest of its content; `left_out` are columns whose names name people.
    """

    read: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    excluded: Mapping[str, int] = field(default_factory=dict)
    excluded_by_file: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    clock_changes: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    set_aside: Quarantine | None = None
    files: tuple[InputFile, ...] = ()


_Made = TypeVar("_Made")


@dataclass(frozen=True, eq=False)
class Dataset:
    """The canonical tables of a contact centre with its currency, time zone and policies.

    Made by `Dataset.from_frames`, `open_project` or `load_sample`. The tables are checked once, when first needed.

    Parameters
    ----------
    engine : Engine
        Where the large tables are and queries run.
    tables : mapping of str to table
        The canonical tables as they were given.
    currency, timezone : str
        Such as ``"DKK"`` and ``"Europe/Copenhagen"``.
    counting : Counting
        What counts as a contact.
    costing : Costing
        Where each cost type goes.
    settings : Settings
        What else a project states.
    reading : Reading
        What the readers found.

    Examples
    --------
    >>> import pandas as pd
    >>> contacts = pd.DataFrame({
    ...     "contact_id": ["a", "b"], "started_at": pd.to_datetime(["2025-04-01 09:00", "2025-04-30 10:00"]),
    ...     "channel": "voice", "direction": "in", "outcome": "answered", "handle_seconds": [120, 240]})
    >>> costs = pd.DataFrame({"line_id": ["1"], "posted_on": ["2025-04-30"], "account": ["4000"],
    ...     "cost_type": ["salaries"], "amount": [100.00]})
    >>> Dataset.from_frames(contacts=contacts, costs=costs, currency="DKK", timezone="Europe/Copenhagen")
    Dataset(contacts, costs; DKK, Europe/Copenhagen)
    """

    engine: Engine
    tables: Mapping[str, object]
    currency: str
    timezone: str
    counting: Counting = field(default_factory=Counting)
    costing: Costing = field(default_factory=Costing)
    settings: Settings = field(default_factory=Settings)
    reading: Reading = field(default_factory=Reading)
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_frames(
        cls,
        contacts: object,
        costs: object = None,
        *,
        agents: object = None,
        shifts: object = None,
        surveys: object = None,
        legs: object = None,
        hours: object = None,
        budget: object = None,
        bases: object = None,
        tariffs: object = None,
        currency: str = "DKK",
        timezone: str = "Europe/Copenhagen",
        counting: Counting | None = None,
        costing: Costing | None = None,
        settings: Settings | None = None,
        rates: Mapping[str, float] | None = None,
    ) -> Dataset:
        """A dataset of frames with the canonical columns.

        People are masked as in files, and further columns whose names say that they hold people are left out. Of
        `customer_id` only what shows a person is hashed, with a salt of this process unless ``CPC_SALT`` holds one.

        Parameters
        ----------
        contacts, costs, agents, shifts, surveys, legs, hours, budget, bases : frame or Ibis table
            pandas, Arrow or polars frames, or Ibis tables; all Ibis tables must share one connection.
        tariffs : None
            Outsourced vendors are not supported yet.
        currency : str
            ISO 4217 code of all money; the sample's where none is stated.
        timezone : str
            Zone of the centre's days, weeks and months, and of times without a zone; the sample's where none is stated.
        counting, costing : Counting, Costing, optional
            The policies; their defaults when None.
        settings : Settings, optional
            What else a project states.
        rates : mapping of str to float, optional
            Exchange rates, as in `Settings`.

        Raises
        ------
        InvalidInputError
            If the Ibis tables are on two connections, or an argument is not what it must be.
        """
        from cpc_analysis.tables.masking import left_out, without_columns

        if tariffs is not None:
            raise InvalidInputError("`tariffs` is not supported yet: post the vendor's invoices in `costs`.")
        given = {
            "contacts": contacts, "costs": costs, "agents": agents, "shifts": shifts, "surveys": surveys,
            "legs": legs, "hours": hours, "budget": budget, "bases": bases,
        }  # fmt: skip
        tables = {name: table for name, table in given.items() if table is not None}
        for table in tables.values():
            check_table(table)
        people = {name: left_out(TABLES[name], column_names(table)) for name, table in tables.items()}
        tables |= {name: without_columns(tables[name], left) for name, left in people.items() if left}
        settings = settings or Settings()
        if rates is not None:
            settings = replace(settings, rates=dict(rates))
        return cls(
            Engine.of(*tables.values()),
            tables,
            currency,
            timezone,
            counting or Counting(),
            costing or Costing(),
            settings,
            Reading(left_out=people),
        )

    def __post_init__(self) -> None:
        from cpc_analysis.periods import zone_named

        for name in self.tables:
            if name not in TABLES:
                raise UnknownNameError("table", name, TABLES)
        if "contacts" not in self.tables:
            raise InvalidInputError("A dataset must have a table `contacts`, got none.")
        checked_currency("currency", self.currency)
        zone_named(self.timezone)

    def __repr__(self) -> str:
        name = f"{self.settings.name}: " if self.settings.name else ""
        return f"Dataset({name}{', '.join(self.tables)}; {self.currency}, {self.timezone})"

    def _repr_html_(self) -> str:
        from cpc_analysis.overview import dataset_html

        return dataset_html(self)

    def replace(
        self,
        *,
        counting: Counting | None = None,
        costing: Costing | None = None,
        settings: Settings | None = None,
        presentation: Presentation | None = None,
    ) -> Dataset:
        """A new dataset with another policy, presentation or other settings; tables are shared where they can be.

        Parameters
        ----------
        counting, costing, settings, presentation : optional
            Instead of the dataset's own; None keeps that. A presentation goes into the settings.
        """
        settings = settings or self.settings
        return replace(
            self,
            counting=counting or self.counting,
            costing=costing or self.costing,
            settings=replace(settings, presentation=presentation or settings.presentation),
            _kept=self._kept if settings.reads_as(self.settings) else {},
        )

    @property
    def presentation(self) -> Presentation:
        """The language and the look of all results."""
        return self.settings.presentation

    @property
    def calendar(self) -> Calendar:
        """The fiscal calendar; where none is stated, fiscal years are calendar years."""
        return self.settings.calendar

    @property
    def stamp(self) -> dict[str, Any]:
        """What every result carries of its data: currency, source, days, basis of costs, presentation and calendar."""
        from cpc_analysis.costing.basis import basis_of
        from cpc_analysis.costing.coverage import contact_days

        return {"currency": self.currency, "source": self.settings.name, "covers": contact_days(self),
                "basis": basis_of(self), "presentation": self.presentation, "calendar": self.calendar}  # fmt: skip

    def has(self, table: str, column: str | None = None) -> bool:
        """Whether the dataset has a table, and in it a column.

        Parameters
        ----------
        table : str
            Such as ``"contacts"``.
        column : str, optional
            Such as ``"customer_id"``.
        """
        if table not in self.tables:
            return False
        return column is None or not {column, held(column)}.isdisjoint(self.columns(table))

    def columns(self, table: str) -> tuple[str, ...]:
        """The columns of a table that are read, in order: canonical ones, and dimensions as they are held.

        Parameters
        ----------
        table : str
            Such as ``"contacts"``; one that is not there has none.
        """
        schema = TABLES[table]
        return tuple(name for name in self.held_columns(table) if schema.takes(name))

    def held_columns(self, table: str) -> list[str]:
        """The names under which all columns of a table as it was given are held, in order.

        Parameters
        ----------
        table : str
            Such as ``"contacts"``; one that is not there has none.
        """
        if table not in self.tables:
            return []
        names = column_names(self.tables[table])
        if table in self.reading.read:
            return names  # the readers hold them so already
        return held_names(names, TABLES[table].known)

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What `make` returns, worked out once and kept under a key; datasets with other policies share it.

        Parameters
        ----------
        key : hashable
            What it is kept under.
        make : callable
            Called without arguments, at most once.
        """
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]  # type: ignore[no-any-return]

    def prepared(self, table: str) -> Prepared:
        """A table after its check: accepted rows and what was set aside.

        Parameters
        ----------
        table : str
            Such as ``"contacts"``.
        """
        from cpc_analysis.tables.preparing import prepare_table

        return self.once(("prepared", table), lambda: prepare_table(self, table))

    def on_engine(self, table: str) -> ibis.Table:
        """The accepted rows of a table, on the engine.

        Parameters
        ----------
        table : str
            Such as ``"contacts"``.
        """
        return self.prepared(table).table

    def frame(self, table: str) -> pd.DataFrame:
        """The accepted rows of a small table, in memory; empty when the dataset has none.

        Parameters
        ----------
        table : str
            Such as ``"costs"``.
        """
        from cpc_analysis.tables.preparing import small_frame

        return self.once(("in memory", table), lambda: small_frame(self, table)).copy()

    @property
    def budget(self) -> pd.DataFrame:
        """The budget, one row per period, cost type, channel and behaviour; amounts in minor units."""
        return self.frame("budget")

    @property
    def set_aside(self) -> Quarantine:
        """Every row set aside, by the readers and by the rules of its table: counted, and the first of them."""
        from cpc_analysis.tables.quarantine import together

        early = [] if self.reading.set_aside is None else [self.reading.set_aside]
        return together([*early, *(self.prepared(table).set_aside for table in self.tables)])

    @property
    def quarantine(self) -> pd.DataFrame:
        """The rows set aside: table, row, column, rule, value; of one rule at most the first thousand."""
        return self.set_aside.rows

    def check(self) -> CheckReport:
        """What was read, accepted and set aside, and what an analyst should know before trusting a figure."""
        from cpc_analysis.checking import check

        return check(self)
