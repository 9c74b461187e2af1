"""Cost per contact: from raw exports and a ledger to a reconciled, explained, presentable figure.

>>> import cpc_analysis as cpc
>>> cpc.describe("cost_per_contact").unit
'currency per contact'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cpc_analysis import charts as charts
    from cpc_analysis import errors as errors
    from cpc_analysis import metrics as metrics
    from cpc_analysis import models as models
    from cpc_analysis.calendars import Calendar as Calendar
    from cpc_analysis.checking import CheckReport as CheckReport
    from cpc_analysis.costing.statement import cost_statement as cost_statement
    from cpc_analysis.dataset import Dataset as Dataset
    from cpc_analysis.errors import CpcError as CpcError
    from cpc_analysis.exploring import explore as explore
    from cpc_analysis.exports import export as export
    from cpc_analysis.glossary import describe as describe
    from cpc_analysis.measuring import measure as measure
    from cpc_analysis.measuring import show_query as show_query
    from cpc_analysis.models.benchmarking import benchmarks as benchmarks
    from cpc_analysis.models.benchmarking import compare_benchmarks as compare_benchmarks
    from cpc_analysis.models.bridge import Bridge as Bridge
    from cpc_analysis.models.bridge import explain_change as explain_change
    from cpc_analysis.models.causes import contact_causes as contact_causes
    from cpc_analysis.models.causes import value_of_removal as value_of_removal
    from cpc_analysis.models.containment import containment as containment
    from cpc_analysis.models.definitions import compare_definitions as compare_definitions
    from cpc_analysis.models.drivers import DriverModel as DriverModel
    from cpc_analysis.models.drivers import compare_agents as compare_agents
    from cpc_analysis.models.drivers import fit_drivers as fit_drivers
    from cpc_analysis.models.flexing import flexed_budget as flexed_budget
    from cpc_analysis.models.flexing import flexed_lines as flexed_lines
    from cpc_analysis.models.limits import process_limits as process_limits
    from cpc_analysis.models.pack import MonthlyPack as MonthlyPack
    from cpc_analysis.models.pack import monthly_pack as monthly_pack
    from cpc_analysis.models.resolution import cost_of_resolution as cost_of_resolution
    from cpc_analysis.models.resolution import issue_costs as issue_costs
    from cpc_analysis.models.resolution import resolution as resolution
    from cpc_analysis.models.sensitivity import sensitivity as sensitivity
    from cpc_analysis.models.wages import wage_effect as wage_effect
    from cpc_analysis.policy import Costing as Costing
    from cpc_analysis.policy import Counting as Counting
    from cpc_analysis.policy import Definition as Definition
    from cpc_analysis.reports import run_notebook as run_notebook
    from cpc_analysis.settings import Settings as Settings
    from cpc_analysis.sources import infer_shifts as infer_shifts
    from cpc_analysis.sources import load_sample as load_sample
    from cpc_analysis.sources import open_project as open_project

__version__ = "0.1.0"

_HOMES = {
    "Bridge": "models.bridge",
    "Calendar": "calendars",
    "CheckReport": "checking",
    "Costing": "policy",
    "Counting": "policy",
    "CpcError": "errors",
    "Dataset": "dataset",
    "Definition": "policy",
    "DriverModel": "models.drivers",
    "Settings": "dataset",
    "benchmarks": "models.benchmarking",
    "compare_agents": "models.drivers",
    "compare_benchmarks": "models.benchmarking",
    "compare_definitions": "models.definitions",
    "contact_causes": "models.causes",
    "containment": "models.containment",
    "cost_of_resolution": "models.resolution",
    "cost_statement": "costing.statement",
    "describe": "glossary",
    "explain_change": "models.bridge",
    "explore": "exploring",
    "export": "exports",
    "fit_drivers": "models.drivers",
    "flexed_budget": "models.flexing",
    "flexed_lines": "models.flexing",
    "infer_shifts": "sources",
    "issue_costs": "models.resolution",
    "load_sample": "sources",
    "measure": "measuring",
    "MonthlyPack": "models.pack",
    "monthly_pack": "models.pack",
    "open_project": "sources",
    "process_limits": "models.limits",
    "resolution": "models.resolution",
    "run_notebook": "reports",
    "sensitivity": "models.sensitivity",
    "show_query": "measuring",
    "value_of_removal": "models.causes",
    "wage_effect": "models.wages",
}
_MODULES = ("charts", "errors", "metrics", "models")

__all__ = [*_HOMES, *_MODULES]


def __getattr__(name: str) -> Any:
    # Imported when first asked for, so that importing the package costs nothing.
    if name in _HOMES:
        return getattr(import_module(f"cpc_analysis.{_HOMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"cpc_analysis.{name}")
    raise AttributeError(f"module 'cpc_analysis' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
