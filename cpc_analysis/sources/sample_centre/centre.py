"""A generated contact centre as canonical tables, and the files it is written to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cpc_analysis.atomic import replaced, write_file
from cpc_analysis.errors import InvalidInputError
from cpc_analysis.sources.sample_centre.truths import Truths

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SampleCentre", "generate_centre", "write_centre"]

_AS_PARQUET = ("contacts", "shifts", "surveys")


@dataclass(frozen=True)
class SampleCentre:
    """The canonical tables of a generated centre, and the truths put into it."""

    contacts: pd.DataFrame
    hours: pd.DataFrame
    costs: pd.DataFrame
    agents: pd.DataFrame
    shifts: pd.DataFrame
    surveys: pd.DataFrame
    budget: pd.DataFrame
    bases: pd.DataFrame
    truths: Truths

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {name: value for name, value in vars(self).items() if name != "truths"}


def generate_centre(
    seed: int = 1, months: int = 30, start: str = "2023-01", volume: float = 1.0, truths: Truths | None = None
) -> SampleCentre:
    """A fictitious Nordic retailer's contact centre in DKK, Europe/Copenhagen, with known truths put into it.

    Parameters
    ----------
    seed : int
        Of the random numbers; the same seed gives the same centre.
    months : int
        How many months.
    start : str
        The first month.
    volume : float
        Factor on the number of contacts.
    truths : Truths, optional
        What is planted; the defaults of `Truths` when None.

    Raises
    ------
    InvalidInputError
        If there is not at least one month.
    """
    import numpy as np
    import pandas as pd

    from cpc_analysis.sources.sample_centre.agents import hire
    from cpc_analysis.sources.sample_centre.budget import budget_table
    from cpc_analysis.sources.sample_centre.contacts import contacts_table, surveys_table
    from cpc_analysis.sources.sample_centre.demand import arrivals, daily_volumes
    from cpc_analysis.sources.sample_centre.ledger import bases_table, costs_table, hours_table
    from cpc_analysis.sources.sample_centre.roster import roster, shifts_table
    from cpc_analysis.sources.sample_centre.service import served

    if months < 1 or volume <= 0:
        raise InvalidInputError(f"`months` must be at least 1 and `volume` above 0, got {months} and {volume}.")
    truths = truths or Truths()
    rng = np.random.Generator(np.random.PCG64(seed))
    first = pd.date_range(f"{start}-01", periods=months, freq="MS")
    days = pd.date_range(first[0], first[-1] + pd.offsets.MonthEnd(0), freq="D")
    volumes = daily_volumes(days, truths, volume)
    agents = hire(rng, days, truths)
    stretches = roster(rng, days, volumes, agents)
    shifts = shifts_table(stretches, days)
    asked = arrivals(rng, days, truths, volumes)
    contacts = contacts_table(rng, days, served(rng, days, asked, stretches, agents, truths))
    costs = costs_table(rng, first, agents, shifts, truths)
    return SampleCentre(
        contacts=contacts,
        hours=hours_table(rng, first, truths),
        costs=costs,
        agents=agents,
        shifts=shifts,
        surveys=surveys_table(rng, contacts),
        budget=budget_table(costs, contacts, first),
        bases=bases_table(rng, first),
        truths=truths,
    )


def write_centre(centre: SampleCentre, directory: str | Path) -> list[Path]:
    """The files written: contacts, shifts and surveys as Parquet, the rest as CSV; the same bytes every time.

    Parameters
    ----------
    centre : SampleCentre
        A generated centre.
    directory : path
        Made where it is not there.
    """
    import pyarrow as pa
    import pyarrow.parquet as parquet

    folder = Path(directory)
    paths = []
    for name, frame in centre.tables.items():
        path = folder / f"{name}.{'parquet' if name in _AS_PARQUET else 'csv'}"
        if name in _AS_PARQUET:
            table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
            ids = [field.name for field in table.schema if field.name.endswith("_id") and field.name != "agent_id"]
            ids = [column for column in ids if column != "customer_id"]
            texts = [f.name for f in table.schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
            with replaced(path) as temporary:
                parquet.write_table(
                    table,
                    temporary,
                    compression="zstd",
                    compression_level=9,
                    store_schema=False,
                    version="2.6",
                    use_dictionary=[column for column in texts if column not in ids],
                    column_encoding={column: "DELTA_BYTE_ARRAY" for column in ids if column in texts},
                )
        else:
            write_file(path, frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n"))
        paths.append(path)
    return paths
