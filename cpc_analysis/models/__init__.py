"""Models: one question per file, each answered with `measure` and the statement."""

from cpc_analysis.models.answers import answer_cost, answer_service, answer_statement
from cpc_analysis.models.availability import measure_available, measure_known
from cpc_analysis.models.bridge_tables import bridge_by_segment, bridge_table, cost_types_table
from cpc_analysis.models.budget_tables import flexed_table, labour_table
from cpc_analysis.models.budgeting import budget_for
from cpc_analysis.models.comparison import compare, key_figures, last_year, measure_last_year
from cpc_analysis.models.displays import bridge_html, drivers_html, pack_html
from cpc_analysis.models.driver_answers import agents_in_words, answer_drivers, answer_wages
from cpc_analysis.models.driver_tables import agents_table, drivers_table, sensitivity_table, wage_table
from cpc_analysis.models.explanation_answers import (
    answer_benchmarks,
    answer_causes,
    answer_change,
    answer_definitions,
    answer_pack,
    answer_resolution,
    limits_in_words,
)
from cpc_analysis.models.explanation_tables import (
    benchmark_table,
    causes_table,
    containment_table,
    definitions_by_segment,
    definitions_table,
    issues_table,
    pack_table,
    removal_table,
    resolution_table,
)
from cpc_analysis.models.explanations import (
    bridge_of_month,
    complexity_of,
    counted_as_published,
    productivity_of,
    wages_of,
)
from cpc_analysis.models.readable import paragraphs
from cpc_analysis.models.selection import Selection, find_project, open_data, select
from cpc_analysis.models.statements import late_postings_in_words, statement_for, tie_out
from cpc_analysis.models.tables import comparison_table, key_figures_table, statement_table, table

__all__ = [
    "Selection",
    "agents_in_words",
    "agents_table",
    "answer_benchmarks",
    "answer_causes",
    "answer_change",
    "answer_cost",
    "answer_definitions",
    "answer_drivers",
    "answer_pack",
    "answer_resolution",
    "answer_service",
    "answer_statement",
    "answer_wages",
    "benchmark_table",
    "bridge_by_segment",
    "bridge_html",
    "bridge_of_month",
    "bridge_table",
    "budget_for",
    "causes_table",
    "compare",
    "comparison_table",
    "complexity_of",
    "containment_table",
    "cost_types_table",
    "counted_as_published",
    "definitions_by_segment",
    "definitions_table",
    "drivers_html",
    "drivers_table",
    "find_project",
    "flexed_table",
    "issues_table",
    "key_figures",
    "key_figures_table",
    "labour_table",
    "last_year",
    "late_postings_in_words",
    "limits_in_words",
    "measure_available",
    "measure_known",
    "measure_last_year",
    "open_data",
    "pack_html",
    "pack_table",
    "paragraphs",
    "productivity_of",
    "removal_table",
    "resolution_table",
    "select",
    "sensitivity_table",
    "statement_for",
    "statement_table",
    "table",
    "tie_out",
    "wage_table",
    "wages_of",
]
