"""The answers and tables of the reports that explain, in Danish beside English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.language import LANGUAGES

#: The same word in both languages.
SHARED = {"team", "chat", "web", "sum", "budget", "outsourcing"}


class Report:
    """What the reports of a month say in one language."""

    def __init__(self, language: str) -> None:
        self.selection = models.select("", "2025-06", language=language)
        data, now, history = self.selection.data, self.selection.now, self.selection.history
        model = cpc.fit_drivers(data, ["tenure", "team"], where=history)
        self.agents = cpc.compare_agents(data, where=history)
        issues, kept = cpc.issue_costs(data, where=now), cpc.containment(data, where=now)
        resolved = cpc.cost_of_resolution(data, where=now)
        causes = cpc.contact_causes(data, "reason", "2025-06")
        removed = cpc.value_of_removal(data, 0.3, "reason", "2025-06")
        wages, steps = models.wages_of(self.selection), cpc.sensitivity(data, where=now)
        definitions = cpc.compare_definitions(data, where=now)
        beside = cpc.compare_benchmarks(data.replace(counting=cpc.Counting(directions=("in",))), "2025-06")
        pack, bridge = (
            cpc.monthly_pack(data, "2025-06"),
            cpc.explain_change(data, before="2025-05", after="2025-06", by=["channel"]),
        )
        title, points = self.selection.title, self.selection.points
        limits = cpc.process_limits(data, "cost_per_contact")
        self.answers = {
            "pack": models.answer_pack(pack), "change": models.answer_change(bridge),
            "definitions": models.answer_definitions(definitions, title),
            "tenure": models.answer_drivers(model, "tenure", self.selection.history_title),
            "team": models.answer_drivers(model, "team", self.selection.history_title),
            "agents": models.agents_in_words(self.agents),
            "resolution": models.answer_resolution(issues, resolved, kept, title),
            "causes": models.answer_causes(causes, removed, 0.3, title), "wages": models.answer_wages(wages, steps),
            "limits": models.limits_in_words(limits, points), "benchmarks": models.answer_benchmarks(beside, title),
        }  # fmt: skip
        by_channel = {
            "definitions": cpc.compare_definitions(data, by=["channel"], where=now),
            "resolution": cpc.resolution(data, by=["channel"], where=now),
            "issues": cpc.issue_costs(data, by=["channel"], where=now),
        }
        self.tables = {
            "pack": models.pack_table(pack), "footer": models.pack_table(pack, "footer"),
            "bridge": models.bridge_table(bridge), "segments": models.bridge_by_segment(bridge),
            "definitions": models.definitions_table(definitions),
            "definitions by channel": models.definitions_by_segment(by_channel["definitions"]),
            "resolution": models.resolution_table(by_channel["resolution"], cpc.resolution(data, where=now)),
            "issues": models.issues_table(by_channel["issues"], issues),
            "containment": models.containment_table(kept), "causes": models.causes_table(causes),
            "removal": models.removal_table(removed), "beside": models.benchmark_table(beside),
            "benchmarks": models.benchmark_table(cpc.benchmarks(), language=language),
            "wages": models.wage_table(wages), "steps": models.sensitivity_table(steps),
            "drivers": models.drivers_table(model), "agents": models.agents_table(self.agents),
        }  # fmt: skip


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    return {language: Report(language) for language in LANGUAGES}


def words(table: pd.DataFrame) -> Iterator[str]:
    """Every text of a table that has a letter: the headings, what the rows are, and the cells."""
    for text in (str(table.columns.name or ""), *table.columns, *table.index, *table.to_numpy().ravel()):
        if any(letter.isalpha() for letter in str(text)):
            yield str(text)


def names_of_the_data(report: Report) -> set[str]:
    data = report.selection.data
    found = set(cpc.benchmarks()["name"]) | set(report.agents["agent_id"])
    for column in ("reason", "product", "team", "staffing_group"):
        table = "contacts" if data.has("contacts", column) else "agents"
        values = data.engine.fetch(data.on_engine("contacts").select(column).distinct())[column] if (
            table == "contacts") else data.frame("agents")[column]  # fmt: skip
        found |= set(values.dropna().astype(str))
    own = data.settings.definitions
    return found | {text for definition in own for text in (definition.name, str(definition.meaning))}


def test_no_text_of_a_table_is_the_same_in_both_languages(reports) -> None:
    english, danish = reports["en"], reports["da"]
    known = names_of_the_data(danish) | SHARED
    for name, table in danish.tables.items():
        pairs = zip(words(english.tables[name]), words(table), strict=True)
        same = {text for text, other in pairs if text == other} - known
        assert not same, name


def test_tables_hold_the_same_numbers(reports) -> None:
    for name, table in reports["en"].tables.items():
        other = reports["da"].tables[name]
        assert table.shape == other.shape
        # In the order of their names, which is another in another language.
        assert sorted(digits(table)) == sorted(digits(other)), name


def digits(table: pd.DataFrame) -> list[str]:
    return ["".join(filter(str.isdigit, str(cell))) for cell in table.to_numpy().ravel()]


def test_answers_in_danish(reports) -> None:
    answers = reports["da"].answers
    assert answers["pack"] == (
        "I juni 2025 kostede en betjent henvendelse 53,80\xa0kr., +3,6\xa0% i forhold til det fleksible budget, "
        "+2,1\xa0% i forhold til året før, serviceniveau 79,0\xa0%, kundetilfredshed 73,3\xa0%."
    )
    assert answers["definitions"].endswith("fra 34,90\xa0kr. (kun løn) til 60,29\xa0kr. (sager).")
    assert answers["tenure"].startswith(
        "For de 13 måneder til og med juni 2025 gælder: behandlingstiden er 38,2\xa0% højere ved anciennitet 0 til 1 "
    )
    assert answers["agents"] == "Ingen af 77 medarbejdere ligger uden for de sædvanlige forskelle."
    assert answers["limits"] == (
        "Uden for de sædvanlige grænser: februar 2025 (over), april 2025 (over), maj 2025 (over)."
    )
    assert "Ny siden juni 2024: parcel locker (814 henvendelser)" in answers["causes"]
    assert "1 kr. mere i timen lægger 0,20\xa0kr. til omkostningen pr. henvendelse." in answers["wages"]


@pytest.mark.parametrize("name", ["pack", "change", "definitions", "tenure", "team", "agents", "resolution", "causes",
                                  "wages", "limits", "benchmarks"])  # fmt: skip
def test_an_answer_says_the_same_figures_in_both_languages(reports, name) -> None:
    english, danish = (report.answers[name] for report in reports.values())
    small = {"the", "of", "and", "was", "than", "which", "with", "cost", "contacts", "more", "no", "all"}
    assert not small & set(danish.lower().replace(",", " ").split())
    assert sorted(figures(english)) == sorted(figures(danish))


def figures(text: str) -> list[str]:
    """The digits of each number of a text; what stands for one in words is left out."""
    found = ["".join(filter(str.isdigit, word)) for word in text.replace("\xa0", " ").split()]
    return [digits for digits in found if len(digits) > 1]


def test_a_frame_that_is_english_can_be_said_in_danish() -> None:
    frame = cpc.compare_agents(cpc.load_sample(), where={"month": ["2025-05", "2025-06"]})
    frame.attrs["presentation"] = replace(frame.attrs["presentation"], language="da")
    assert models.agents_in_words(frame) == "Over det sædvanlige: agent-104 (+75\xa0%)."
