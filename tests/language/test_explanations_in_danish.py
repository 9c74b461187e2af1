"""The answers and tables of the reports that explain, in Danish beside English."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.language import LANGUAGES, catalogue, joined, money, speaking

# It measures and fits all that the reports show.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("explanations in Danish")]

#: The same word in both languages.
SHARED = {"team", "chat", "web", "sum", "budget", "definition", "outsourcing"}


class Results:
    """What the reports of a month ask for."""

    def __init__(self) -> None:
        self.selection = models.select("", "2025-06")
        data, now, history = self.selection.data, self.selection.now, self.selection.history
        self.model = cpc.fit_drivers(data, ["tenure", "team"], where=history)
        self.agents = cpc.compare_agents(data, where=history)
        self.issues, self.kept = cpc.issue_costs(data, where=now), cpc.containment(data, where=now)
        self.resolved, self.resolution = cpc.cost_of_resolution(data, where=now), cpc.resolution(data, where=now)
        self.causes = cpc.contact_causes(data, "reason", "2025-06")
        self.removed = cpc.value_of_removal(data, 0.3, "reason", "2025-06")
        self.wages, self.steps = models.wages_of(self.selection), cpc.sensitivity(data, where=now)
        self.definitions = cpc.compare_definitions(data, where=now)
        self.beside = cpc.compare_benchmarks(data.replace(counting=cpc.Counting(directions=("in",))), "2025-06")
        self.pack = cpc.monthly_pack(data, "2025-06")
        self.bridge = cpc.explain_change(data, before="2025-05", after="2025-06", by=["channel"])
        self.limits = cpc.process_limits(data, "cost_per_contact")
        self.by_channel = {
            "definitions": cpc.compare_definitions(data, by=["channel"], where=now),
            "resolution": cpc.resolution(data, by=["channel"], where=now),
            "issues": cpc.issue_costs(data, by=["channel"], where=now),
        }


class Report:
    """What the reports of a month say of some results in the language spoken."""

    def __init__(self, of: Results) -> None:
        title, history, points = of.selection.title, of.selection.history_title, of.selection.points
        self.answers = {
            "pack": models.answer_pack(of.pack), "change": models.answer_change(of.bridge),
            "definitions": models.answer_definitions(of.definitions, title),
            "tenure": models.answer_drivers(of.model, "tenure", history),
            "team": models.answer_drivers(of.model, "team", history), "agents": models.agents_in_words(of.agents),
            "resolution": models.answer_resolution(of.issues, of.resolved, of.kept, title),
            "causes": models.answer_causes(of.causes, of.removed, 0.3, title),
            "wages": models.answer_wages(of.wages, of.steps), "limits": models.limits_in_words(of.limits, points),
            "benchmarks": models.answer_benchmarks(of.beside, title),
        }  # fmt: skip
        self.tables = {
            "pack": models.pack_table(of.pack), "footer": models.pack_table(of.pack, "footer"),
            "bridge": models.bridge_table(of.bridge), "segments": models.bridge_by_segment(of.bridge),
            "definitions": models.definitions_table(of.definitions),
            "definitions by channel": models.definitions_by_segment(of.by_channel["definitions"]),
            "resolution": models.resolution_table(of.by_channel["resolution"], of.resolution),
            "issues": models.issues_table(of.by_channel["issues"], of.issues),
            "containment": models.containment_table(of.kept), "causes": models.causes_table(of.causes),
            "removal": models.removal_table(of.removed), "beside": models.benchmark_table(of.beside),
            "benchmarks": models.benchmark_table(cpc.benchmarks()), "wages": models.wage_table(of.wages),
            "steps": models.sensitivity_table(of.steps), "drivers": models.drivers_table(of.model),
            "agents": models.agents_table(of.agents),
        }  # fmt: skip


@pytest.fixture(scope="module")
def results() -> Results:
    return Results()


@pytest.fixture(scope="module")
def reports(results: Results) -> dict[str, Report]:
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = Report(results)
    return found


def words(table: pd.DataFrame) -> Iterator[str]:
    """Every text of a table that has a letter: the headings, what the rows are, and the cells."""
    for text in (str(table.columns.name or ""), *table.columns, *table.index, *table.to_numpy().ravel()):
        if any(letter.isalpha() for letter in str(text)):
            yield str(text)


def names_of_the_data(results: Results) -> set[str]:
    data = results.selection.data
    found = set(cpc.benchmarks()["name"]) | set(results.agents["agent_id"])
    for column in ("reason", "product", "team", "staffing_group"):
        table = "contacts" if data.has("contacts", column) else "agents"
        values = data.engine.fetch(data.on_engine("contacts").select(column).distinct())[column] if (
            table == "contacts") else data.frame("agents")[column]  # fmt: skip
        found |= set(values.dropna().astype(str))
    own = data.settings.definitions
    return found | {text for definition in own for text in (definition.name, str(definition.meaning))}


def test_no_text_of_a_table_is_the_same_in_both_languages(results, reports) -> None:
    english, danish = reports["en"], reports["da"]
    known = names_of_the_data(results) | SHARED
    for name, table in danish.tables.items():
        pairs = zip(words(english.tables[name]), words(table), strict=True)
        same = {text for text, other in pairs if text == other} - known
        assert not same, name


def english_left(text: str, names: Collection[str]) -> set[str]:
    """The words of a Danish text that only the English templates know; names of the data may have any."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    english, danish = (set().union(*map(words_of, texts))
                       for texts in (catalogue("da"), catalogue("da").values()))  # fmt: skip
    return (words_of(text) & english) - danish


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", re.sub(r"{\w+}", " ", text).lower()))


def test_english_that_is_left_is_found() -> None:
    assert english_left("I juni 2025 kostede the contact 54,32 kr. (agent-001)", {"agent-001"}) == {"the", "contact"}


def test_no_english_is_left(results, reports) -> None:
    names = names_of_the_data(results)
    for name, answer in reports["da"].answers.items():
        assert not english_left(answer, names), name
    for name, table in reports["da"].tables.items():
        assert not english_left("\n".join(words(table)), names), name


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
        "I juni 2025 kostede en henvendelse 54,32\xa0kr., -2,7\xa0% i forhold til det fleksible budget, "
        "+2,1\xa0% i forhold til året før, serviceniveau 77,0\xa0% (telefon 20\xa0sek., chat 1\xa0min.), "
        "kundetilfredshed 73,3\xa0%. Fra 49,74\xa0kr. pr. henvendelse i budgettet fører anden mængde og sammensætning "
        "end planlagt (+6,06\xa0kr.) til 55,81\xa0kr. i det fleksible budget og forbruget (-1,49\xa0kr.) til "
        "54,32\xa0kr. Uden omkostningerne til selvbetjening kostede en betjent henvendelse 53,80\xa0kr."
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
    assert sorted(figures(english)) == sorted(figures(danish))


def figures(text: str) -> list[str]:
    """The digits of each number of a text; what stands for one in words is left out."""
    found = ["".join(filter(str.isdigit, word)) for word in text.replace("\xa0", " ").split()]
    return [digits for digits in found if len(digits) > 1]


def test_an_answer_that_ends_in_money_has_one_full_stop(results) -> None:
    rows = results.pack.figures.copy()
    rows.attrs = results.pack.figures.attrs
    rows.loc[rows["quantity"].isin(["service_level", "csat"]), "value"] = np.nan
    rows[["flexed_budget", "last_year"]] = np.nan
    with speaking("da"):
        answer = models.answer_pack(replace(results.pack, figures=rows, joins=""))
        assert joined(money(1, "DKK"), ".", by="") == "1,00\xa0kr."
    assert answer == "I juni 2025 kostede en henvendelse 54,32\xa0kr."
    assert joined("1.00 DKK", ".", by="") == "1.00 DKK."


def test_a_ratio_is_said_as_a_division(reports) -> None:
    formula = "alle omkostninger divideret med medregnede henvendelser markeret som løst"
    assert f"en løsning 68,53\xa0kr. ({formula})" in reports["da"].answers["resolution"]


def test_a_result_speaks_its_own_language(results) -> None:
    frame = results.agents.copy()
    frame.attrs["presentation"] = replace(frame.attrs["presentation"], language="da")
    assert models.agents_in_words(frame) == "Ingen af 77 medarbejdere ligger uden for de sædvanlige forskelle."
