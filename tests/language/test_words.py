"""What reports say and show, word for word in Danish; and what was said in English, said again in Danish."""

# ruff: noqa: E501 - sentences and tables read better unbroken

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from math import inf, nan
from pathlib import Path

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import models
from cpc_analysis.glossary import PARTS, QUANTITIES, describe, label
from cpc_analysis.language import Text, in_language, say, speaking
from cpc_analysis.models import wording
from cpc_analysis.models.definitions import definition_said, definitions
from cpc_analysis.models.readable import groups_of, signed, whole_numbers
from cpc_analysis.models.selection import Selection
from cpc_analysis.periods import parse_period
from cpc_analysis.policy import RULES, Costing, Counting, Definition, duration_in_words
from cpc_analysis.presentation import Presentation
from tests.centres import contacts, costs, dataset

#: Words of English templates that are no Danish ones.
ENGLISH = {"the", "of", "and", "by", "are", "is", "with", "contacts", "costs", "counted", "work", "every", "channel"}


@pytest.fixture(scope="module")
def danish(sample: cpc.Dataset) -> cpc.Dataset:
    """The sample centre, in Danish."""
    return sample.replace(presentation=Presentation(language="da"))


@pytest.fixture(scope="module")
def june(danish: cpc.Dataset) -> Selection:
    """June 2025, in Danish."""
    return Selection(danish, parse_period("2025-06"), "month", {})


def plain(text: object) -> str:
    """A text with ordinary spaces, easier to read in a test."""
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


def shown(table: pd.DataFrame, rows: int = 3) -> list[list[str]]:
    """The headings of a table and its first rows."""
    lines = [list(table.columns), *([name, *cells] for name, cells in zip(table.index, table.to_numpy(), strict=True))]
    return [[plain(cell) for cell in line] for line in lines[: rows + 1]]


def english_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) & ENGLISH


def test_the_glossary_in_danish():
    with speaking("da"):
        assert label("csat") == "Kundetilfredshed" and label("csat", "en") == "Customer satisfaction"
        assert describe("shrinkage").formula == (
            "1 - produktive timer: klar, i gang med en henvendelse eller i efterbehandling / betalte timer"
        )
        assert str(describe("cost_per_contact")) == (
            "cost_per_contact (Cost per contact, Omkostning pr. henvendelse)\n"
            "  betydning  Alle omkostninger divideret med medregnede henvendelser.\n"
            "  enhed      beløb pr. henvendelse\n"
            "  formel     alle omkostninger / medregnede henvendelser\n"
            "  summerbar  nej: et forhold mellem summer, divideret til sidst\n"
            "  kilde      MetricNet, benchmarking af kontaktcentre: fuldt belastede omkostninger divideret med behandlede "
            "henvendelser; et forhold mellem summer for én periode, aldrig et gennemsnit af gennemsnit"
        )
    assert label("csat") == "Customer satisfaction" and in_language(label("csat"), "da") == "Kundetilfredshed"


def test_everything_in_the_glossary_and_every_rule_is_said_in_danish():
    texts = [part.meaning for part in PARTS.values()] + [record.meaning for record in QUANTITIES.values()]
    for text in [*texts, *RULES.values()]:
        assert not english_words(in_language(say(text), "da")), text
    for record in QUANTITIES.values():
        assert isinstance(record.formula, Text) and in_language(record.formula, "da") != record.formula


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (Counting(), "Medregnet er besvarede henvendelser i alle retninger, én for hver samtale."),
        (
            Counting(directions=("in", "internal"), outcomes=("answered", "self_served"), unit="issue"),
            "Medregnet er besvarede og selvbetjente henvendelser, kun indgående og interne, én for hver sag "
            "(genhenvendelser inden for 7 dage regnes med).",
        ),
        (
            Counting(unit="leg", exclude_queues=("test", "intern")),
            "Medregnet er besvarede henvendelser i alle retninger, én for hvert led hos en medarbejder, uden køerne "
            "test, intern.",
        ),
    ],
)
def test_what_counts(policy, words):
    assert in_language(policy.in_words(), "da") == words
    with speaking("da"):
        assert str(policy) == words
    assert type(str(policy)) is str and str(policy).startswith("Counted are")


def test_durations():
    said = [duration_in_words(text) for text in ("1d", "36h", "90min", "1.5s")]
    assert said == ["1 day", "36 hours", "90 minutes", "1.5 seconds"]
    assert [in_language(text, "da") for text in said] == ["1 dag", "36 timer", "90 minutter", "1,5 sekunder"]


def test_where_costs_go_and_what_is_provisional(sample):
    shares = Costing(facilities={"voice": 0.7, "chat": 0.3})
    data = dataset(contacts([{}]), costs(("salaries", 10), ("on_costs", 2), ("facilities", 5)))
    definition = cpc.cost_statement(data.replace(costing=shares)).attrs["definition"]
    assert definition == (
        "Costs go to work of every direction and outcome - salaries, on-costs: by handled time; facilities: 70% to "
        "voice, 30% to chat. Without shifts waiting is not known: used is used and waiting together."
    )
    assert plain(in_language(definition, "da")) == (
        "Omkostningerne lægges på arbejde i alle retninger og med alle udfald - løn, lønbidrag: efter behandlingstid; "
        "lokaler: 70 % til telefon, 30 % til chat. Uden vagter kendes ventetiden ikke: anvendt er anvendt "
        "og ventetid under ét."
    )
    stated = sample.replace(settings=replace(sample.settings, provisional=("2025-06",), complete_through="2025-06-20"))
    pack = cpc.monthly_pack(stated, "2025-06")
    assert in_language(pack.provisional, "da") == (
        "Foreløbige tal, der stadig kan ændre sig: 2025-06. Tallene for juni 2025 er ikke komplette, så "
        "omkostningsnøgletal mangler."
    )


def test_definitions_of_results_are_said_again_in_danish(sample):
    where = {"month": "2025-06"}
    for definition in (
        cpc.measure(sample, ["cost_per_contact", "shrinkage"], where=where).attrs["definition"],
        cpc.cost_statement(sample).attrs["definition"],
        cpc.compare_definitions(sample, where=where).attrs["definition"],
        cpc.monthly_pack(sample, "2025-06").definition,
        models.statement_for(models.select(period="2025-06")).attrs["definition"],
    ):
        assert english_words(definition)
        said = in_language(definition, "da")
        assert not english_words(said), said
        with speaking("da"):
            assert in_language(definition, "en") == definition


def test_numbers_and_periods():
    june = parse_period("2025-06")
    with speaking("da"):
        said = [
            wording.number_in_words("cost_per_contact", 1234.5, "DKK"), wording.number_in_words("total_cost", 1234.5),
            wording.number_in_words("csat", 0.8125), wording.number_in_words("average_wait", 187.4),
            wording.number_in_words("average_first_response", 9_000.0), wording.number_in_words("paid_hours", 1234.0),
            wording.number_in_words("csat", nan), wording.amount_in_words(Decimal("1234.50"), "DKK"),
            wording.change_in_words("csat", 0.80, 0.75), wording.change_in_words("contacts", 49.0, 50.0),
            wording.growth_in_words(0.071), wording.growth_in_words(inf), wording.growth_in_words(nan),
        ]  # fmt: skip
        assert [plain(text) for text in said] == [
            "1.234,50 kr.", "1.235", "81,3 %", "187 sek.", "2,5 timer", "1.234 timer", "-", "1.234,50 kr.",
            "+5,0 procentpoint", "-2,0 %", "+7 %", "ny", "-",
        ]  # fmt: skip
        assert wording.period_in_words(june) == "juni 2025"
        assert [wording.short_period_in_words(parse_period(text)) for text in ("2025-Q2", "2025-W04", "2025")] == [
            "2025-K2", "2025-U04", "2025",
        ]  # fmt: skip
        assert wording.step_in_words("wage", "DKK") == "timeløn, 1 kr. lavere"
        assert whole_numbers([1204.4, nan]) == ["1.204", "-"] and signed(1.5) == "+1,50"
    text = wording.number_in_words("cost_per_contact", 61.5, "DKK")
    assert (text, plain(in_language(text, "da"))) == ("61.50 DKK", "61,50 kr.")


def test_the_stop_of_an_abbreviation_ends_the_sentence():
    text = say("account {name} {amount}", name="4000..", amount=say("{compared} budgeted", compared="5 kr.."))
    assert text == "account 4000.. 5 kr.. budgeted"
    assert in_language(text, "da") == "konto 4000. 5 kr. budgetteret"


def test_a_selection_in_danish(danish, june):
    assert str(june) == "Sample centre, juni 2025, alle kanaler, alle lokationer."
    assert june.history_title == "de 13 måneder til og med juni 2025"
    assert june.history_scope == "Sample centre, de 13 måneder til og med juni 2025, alle kanaler, alle lokationer."
    where = {"channel": ["voice", "email"], "site": ["Odense"]}
    narrow = Selection(danish, parse_period("2025-Q2"), "quarter", where, "as-published")
    assert narrow.title == "2. kvartal 2025 (telefon, e-mail, Odense)"
    assert str(narrow) == "Sample centre, 2. kvartal 2025, telefon, e-mail, Odense. Efter definitionen 'as-published'."
    with speaking("en"):
        assert narrow.title == "Q2 2025 (voice, email, Odense)"


def test_a_selection_takes_a_language():
    assert models.select().data.presentation.language == "en"
    chosen = models.select(language="da")
    assert chosen.presentation.language == chosen.data.presentation.language == "da"
    with pytest.raises(cpc.CpcError) as caught:
        models.select(language="de")
    assert str(caught.value) == "`language` must be one of en, da, got 'de'."


def test_answers_in_danish(danish, june):
    assert plain(models.answer_cost(june)) == (
        "I juni 2025 kostede en henvendelse 54,32 kr., 2,1 % mere end i juni 2024 og 9,2 % mere end budgetteret; dyrest "
        "var chat (76,44 kr.), billigst telefon (40,66 kr.)."
    )
    assert plain(models.answer_service(june)) == (
        "For juni 2025 gælder, at en henvendelse kostede 54,32 kr., 77,0 % af de indkomne henvendelser blev "
        "besvaret til tiden (telefon 20 sek., chat 1 min.), "
        "86,9 % af de første henvendelser førte ikke til en ny, 73,3 % af dem, der besvarede en måling, var tilfredse og "
        "23,7 % af tilfredshedsmålingerne blev besvaret."
    )
    statement = models.statement_for(june)
    answer = models.answer_statement(june, statement)
    assert plain(answer) == (
        "Af regnskabets 636.025,96 kr. for juni 2025 blev 77,2 % anvendt på arbejde, 22,8 % gik til ventetid, og 0,0 % "
        "kunne ikke fordeles; differencen er 0,00 kr."
    )
    assert in_language(answer, "en") == (
        "Of 636,025.96 DKK of the ledger for June 2025, 77.2% was used on work, 22.8% paid for waiting and 0.0% could "
        "not be allocated; the difference is 0.00 DKK."
    )
    assert plain(models.tie_out(statement)) == (
        "Bogført i regnskabet 628.135,55 kr., flyttet mellem måneder 7.890,41 kr.: regnskab 636.025,96 kr. = anvendt "
        "491.012,43 kr. + ventetid 145.013,53 kr. + ikke fordelt 0,00 kr.; difference 0,00 kr. Ingen omkostningslinje er "
        "sat til side."
    )
    assert models.late_postings_in_words(june) == "Intet blev bogført, efter at perioden var lukket."
    april = Selection(danish, parse_period("2025-04"), "month", {})
    assert plain(models.late_postings_in_words(april)) == (
        "Af periodens regnskab blev 7.400,00 kr. bogført, efter at perioden var lukket (konto 7410 7.400,00)."
    )


def test_answers_that_have_nothing_to_say(danish):
    later = danish.replace(settings=replace(danish.settings, complete_through="2025-06-20"))
    assert models.answer_cost(Selection(later, parse_period("2025-06"), "month", {})) == (
        "For juni 2025 er der ingen omkostning pr. henvendelse: henvendelserne eller regnskabet rækker ikke til periodens "
        "slutning."
    )


def test_tables_in_danish(danish, june):
    assert shown(models.statement_table(models.statement_for(june)), 2) == [
        ["Bogført", "Flyttet", "Regnskab", "Anvendt", "Ventetid", "Ikke fordelt"],
        ["Løn", "329.166", "0", "329.166", "212.357", "116.809", "0"],
        ["Lønbidrag", "79.484", "0", "79.484", "51.279", "28.204", "0"],
    ]
    by_channel = models.statement_table(models.statement_for(june, by=["channel"]))
    assert by_channel.columns.name == "Kanal [kr.]"
    assert list(by_channel.index) == [
        "(andet arbejde)", "tilbagekald", "chat", "e-mail", "sociale medier", "telefon", "web", "I alt",
    ]  # fmt: skip
    assert shown(models.comparison_table(models.compare(june, "cost_per_contact", by=["channel"])), 1) == [
        ["Omkostning pr. henvendelse", "budget", "ift. budget", "maj 2025", "ift. maj 2025", "juni 2024",
         "ift. juni 2024"],
        ["tilbagekald", "44,01 kr.", "42,46 kr.", "+3,7 %", "44,91 kr.", "-2,0 %", "50,23 kr.", "-12,4 %"],
    ]  # fmt: skip
    figures = models.key_figures_table(models.key_figures(june, ["csat"]))
    assert shown(figures) == [
        ["juni 2025", "budget", "ift. budget", "maj 2025", "ift. maj 2025", "juni 2024", "ift. juni 2024"],
        ["Kundetilfredshed", "73,3 %", "-", "-", "74,0 %", "-0,6 procentpoint", "77,3 %", "-3,9 procentpoint"],
    ]
    year = Selection(danish, parse_period("2024"), "year", {})
    headings = models.key_figures_table(models.key_figures(year, ["contacts"])).columns
    assert [name for name in headings if "2023" in name] == [
        "2023", "ift. 2023", "2023 (sidste år)", "ift. 2023 (sidste år)",
    ]  # fmt: skip


def test_a_table_of_measure_in_danish(danish):
    frame = cpc.measure(danish, "average_wait", by=["quarter", "channel"], where={"quarter": "2025-Q2"}, interval=0.95)
    table = models.table(frame)
    assert table.columns.name == "Kvartal, kanal"
    assert shown(table, 1) == [
        ["Gennemsnitlig ventetid", "Gennemsnitlig ventetid, interval"],
        ["2025-K2, chat", "18 sek.", "15 sek. til 20 sek."],
    ]
    with speaking("en"):
        assert models.table(frame).columns[0] == "Average wait"
    few = cpc.measure(dataset(contacts([{}]), costs(("salaries", 10))), "cost_per_contact")
    few.attrs["presentation"] = Presentation(language="da")
    assert shown(models.table(few)) == [["Omkostning pr. henvendelse"], ["Alle", "få"]]
    assert groups_of(few) == ["alle"]
    apart = models.table(cpc.measure(danish, "contacts", by=["channel"]), keys_apart=True)
    assert list(apart.columns) == ["Kanal", "Henvendelser"] and "telefon" in list(apart["Kanal"])


def test_the_pack_in_danish(danish):
    pack = cpc.monthly_pack(danish, "2025-06")
    assert plain(pack).startswith("Bogført i regnskabet 628.135,55 kr., flyttet mellem måneder 7.890,41 kr.: regnskab")
    assert plain(pack).endswith(
        "difference 0,00 kr. Ingen omkostningslinje er sat til side. Intet blev bogført, efter at perioden var lukket."
    )
    assert str(models.paragraphs(pack, danish.counting)).splitlines()[1] == (
        "Medregnet er besvarede henvendelser i alle retninger, én for hver samtale."
    )
    with speaking("en"):
        assert str(pack).endswith("No cost line was set aside. Nothing was posted after the books had closed.")
        # What was said in Danish is shown as it was said.
        assert str(models.paragraphs(pack.definition)).startswith("Samlede omkostninger: alle omkostninger.")


def test_definitions_in_danish(sample, danish):
    with speaking("da"):
        assert [definition_said(definition.name) for definition in definitions(sample)] == [
            "egen", "besvaret", "indkommet", "betjent", "med selvbetjening", "kun indgående", "sager", "kun løn",
            "uden ventetid", "as-published",
        ]  # fmt: skip
    frame = cpc.compare_definitions(danish, where={"month": "2025-06"})
    assert list(frame["definition"]) == [definition.name for definition in definitions(sample)]
    meanings = frame.set_index("definition")["meaning"]
    assert meanings["own"] == (
        "Alle omkostninger divideret med medregnede henvendelser. Medregnet er besvarede henvendelser i alle retninger, "
        "én for hver samtale."
    )
    assert meanings["issues"] == (
        "Alle omkostninger divideret med antal sager: en første henvendelse fra en kunde med en årsag (henvendelser uden "
        "årsag regnes som en årsag for sig) og genhenvendelserne inden for 7 dage."
    )
    # The project's own words stay as they are.
    assert meanings["as-published"].startswith("All costs over answered inbound contacts")
    assert not english_words(" ".join(meanings.drop("as-published")))


def test_a_definition_without_words_says_what_counts():
    stated = Definition.from_mapping("board", {"directions": ["in"]}, Counting())
    assert str(stated) == "board: Counted are answered contacts, inbound, one per conversation."
    with speaking("da"):
        assert str(stated) == "board: Medregnet er besvarede henvendelser, kun indgående, én for hver samtale."


PROJECT = """
[project]
name = "Nordisk detail"
currency = "DKK"
timezone = "Europe/Copenhagen"

[presentation]
language = "da"

[tables.contacts]
files = "contacts.csv"

[tables.costs]
files = "costs.csv"
"""


def test_a_project_in_danish_has_danish_tables(tmp_path: Path):
    rows = [{"channel": "voice"}] * 40 + [{"channel": "email", "handle_seconds": 120.0}] * 40
    contacts(rows).to_csv(tmp_path / "contacts.csv", index=False)
    costs(("salaries", 2_400), ("telecom", 800)).to_csv(tmp_path / "costs.csv", index=False)
    (tmp_path / "cpc.toml").write_text(PROJECT, encoding="utf-8")
    selection = models.select(project=str(tmp_path), period="2025-04")
    assert str(models.paragraphs(selection)) == "Nordisk detail, april 2025, alle kanaler, alle lokationer."
    frame = cpc.measure(selection.data, ["cost_per_contact", "contacts"], by=["channel"], where=selection.now)
    table = models.table(frame)
    assert table.columns.name == "Kanal"
    assert shown(table) == [
        ["Omkostning pr. henvendelse", "Henvendelser"], ["e-mail", "50,00 kr.", "40"], ["telefon", "30,00 kr.", "40"],
    ]  # fmt: skip
    assert frame.attrs["definition"].startswith("Omkostning pr. henvendelse: alle omkostninger / medregnede")
    assert shown(models.statement_table(models.statement_for(selection))) == [
        ["Regnskab", "Anvendt og ventetid", "Ventetid", "Ikke fordelt"],
        ["Løn", "2.400", "2.400", "kendes ikke", "0"], ["Telefoni", "800", "800", "kendes ikke", "0"],
        ["I alt", "3.200", "3.200", "kendes ikke", "0"],
    ]  # fmt: skip
    assert plain(models.answer_cost(selection)) == (
        "I april 2025 kostede en henvendelse 40,00 kr.; dyrest var e-mail (50,00 kr.), billigst telefon (30,00 kr.)."
    )
