"""Charts, one figure per result; each returns a plain Altair chart and computes nothing but text and order."""

from cpc_analysis.charts.benchmarks import benchmarks
from cpc_analysis.charts.bridge import bridge
from cpc_analysis.charts.curves import curve
from cpc_analysis.charts.definitions import definitions
from cpc_analysis.charts.drivers import drivers
from cpc_analysis.charts.funnel import funnel
from cpc_analysis.charts.heatmap import heatmap
from cpc_analysis.charts.levels import levels
from cpc_analysis.charts.pareto import pareto
from cpc_analysis.charts.renderer import enable_renderer
from cpc_analysis.charts.small_multiples import small_multiples
from cpc_analysis.charts.statement import statement
from cpc_analysis.charts.theme import CHANNEL_COLOURS, SIZES
from cpc_analysis.charts.tornado import tornado
from cpc_analysis.charts.trend import trend

__all__ = [
    "CHANNEL_COLOURS", "SIZES", "benchmarks", "bridge", "curve", "definitions", "drivers", "enable_renderer", "funnel",
    "heatmap", "levels", "pareto", "small_multiples", "statement", "tornado", "trend",
]  # fmt: skip
