"""Drivers: what tenure, team, product or load go together with, standardised for the work; agents compared fairly."""

from cpc_analysis.models.drivers.comparing import compare_agents
from cpc_analysis.models.drivers.fitting import columns_said, fit_drivers
from cpc_analysis.models.drivers.model import DriverModel
from cpc_analysis.models.drivers.terms import level_said

__all__ = ["DriverModel", "columns_said", "compare_agents", "fit_drivers", "level_said"]
