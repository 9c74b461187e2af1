"""The records of the models in Danish: what they say word for word, and that nothing English is left in them."""

# ruff: noqa: E501 - sentences read better unbroken

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import Formatter

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis import charts, models
from cpc_analysis.language import LANGUAGES, Text, catalogue, in_language, speaking
from cpc_analysis.models.benchmarking import published_said
from cpc_analysis.models.bridge.comparing import comparison_of
from cpc_analysis.models.selection import Selection
from cpc_analysis.periods import parse_period
from cpc_analysis.policy import Counting
from cpc_analysis.presentation import Presentation
from tests.centres import contacts, costs, dataset

# It measures and fits all that the reports show.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("records in Danish")]

JUNE, QUARTER = {"month": "2025-06"}, {"quarter": "2025-Q2"}
WORK = (
    "Omkostningerne lægges på arbejde i alle retninger og med alle udfald - løn, lønbidrag: hver bemandingsgruppes betalte "
    "tid lægges på gruppens eget arbejde efter behandlingstid; teknologi, chat, lokaler, uddannelse, ledelse, afgifter, "
    "outsourcing, andet: efter behandlingstid; licenser, udstyr: ligeligt pr. aktiv medarbejder, derefter efter "
    "behandlingstid; telefoni: efter antal henvendelser."
)
COUNTED = "Medregnet er besvarede henvendelser i alle retninger, én for hver samtale."
NOT_CAUSES = "Det viser, hvad der følges ad, ikke hvad der er årsagen."


@pytest.fixture(scope="module")
def danish(sample: cpc.Dataset) -> cpc.Dataset:
    """The sample centre, in Danish."""
    return sample.replace(presentation=Presentation(language="da"))


@pytest.fixture(scope="module")
def tenure(sample: cpc.Dataset) -> cpc.DriverModel:
    """What tenure and team go together with, said in English."""
    return cpc.fit_drivers(sample, ["tenure", "team"], where=QUARTER)


def plain(text: object) -> str:
    """A text with ordinary spaces, easier to read in a test."""
    return str(text).replace("\N{NO-BREAK SPACE}", " ")


def in_danish(text: str) -> str:
    return plain(in_language(text, "da"))


def english_passages() -> Iterator[str]:
    """The passages of English templates, between their values, of three words and more."""
    for template, translated in catalogue("da").items():
        for passage, *_ in Formatter().parse(template):
            if len(passage.split()) >= 3 and passage.strip() not in translated:
                yield passage.strip()


def june(data: cpc.Dataset) -> Selection:
    return Selection(data, parse_period("2025-06"), "month", {})


def inbound(data: cpc.Dataset) -> cpc.Dataset:
    return data.replace(counting=Counting(directions=("in",)))


RESULTS: dict[str, Callable[[cpc.Dataset], object]] = {
    "a bridge": lambda data: cpc.explain_change(data, before="2025-05", after="2025-06"),
    "a bridge from the budget": lambda data: cpc.explain_change(data, before="budget", after="2025-06"),
    "a bridge of a share": lambda data: cpc.explain_change(data, "csat", before="2025-05", after="2025-06"),
    "drivers of times": lambda data: cpc.fit_drivers(data, "product", where=QUARTER),
    "drivers of waits": lambda data: cpc.fit_drivers(data, "hour", "wait", where=QUARTER),
    "drivers of shares": lambda data: cpc.fit_drivers(data, "product", "csat", where=QUARTER),
    "agents": lambda data: cpc.compare_agents(data, where=QUARTER),
    "causes": lambda data: cpc.contact_causes(data, period="2025-06"),
    "removal": lambda data: cpc.value_of_removal(data, 0.3, period="2025-06"),
    "resolution": lambda data: cpc.resolution(data, where=JUNE),
    "issues": lambda data: cpc.issue_costs(data, where=JUNE),
    "cost of resolution": lambda data: cpc.cost_of_resolution(data, where=JUNE),
    "containment": lambda data: cpc.containment(data, where=JUNE),
    "benchmarks": lambda data: cpc.compare_benchmarks(inbound(data), "2025-06"),
    "sensitivity": lambda data: cpc.sensitivity(data, where=JUNE),
    "definitions": lambda data: cpc.compare_definitions(data, where=JUNE),
    "the pack": lambda data: cpc.monthly_pack(data, "2025-06"),
    "the statement": cpc.cost_statement,
    "a comparison": lambda data: models.compare(june(data), "cost_per_contact"),
    "key figures": lambda data: models.key_figures(june(data), ["csat", "cost_per_contact"]),
}


@pytest.mark.parametrize("name", RESULTS)
def test_no_definition_has_english_left_in_danish(sample: cpc.Dataset, danish: cpc.Dataset, name: str):
    for data in (sample, danish):
        result = RESULTS[name](data)
        about = result.attrs if isinstance(result, pd.DataFrame) else vars(result)
        assert about["presentation"] == data.presentation
        text = about["definition"]
        assert isinstance(text, Text) and text.language == data.presentation.language
        found = {said: [passage for passage in english_passages() if passage in in_language(text, said)]
                 for said in LANGUAGES}  # fmt: skip
        assert found["en"] and not found["da"]


def test_frames_without_a_definition_carry_the_presentation_too(danish: cpc.Dataset):
    bridge = cpc.explain_change(danish, before="2025-05", after="2025-06")
    model = cpc.fit_drivers(danish, "tenure", where=QUARTER)
    for frame in (
        cpc.wage_effect(danish, "2025-05"),
        cpc.flexed_budget(danish, JUNE),
        models.budget_for(danish, "cost_per_contact", ["channel"], JUNE),
        models.budget_for(danish, "csat", ["channel"], JUNE),
        bridge.to_frame(),
        model.to_frame(),
        model.curve,
    ):
        assert frame.attrs["presentation"] == danish.presentation and frame.attrs["currency"] == "DKK"


def test_the_sides_of_a_bridge(sample: cpc.Dataset):
    bridge = cpc.explain_change(sample, before={"site": "Odense"}, after={"site": "Aarhus"}, where=JUNE)
    assert in_danish(bridge.definition) == f"{COUNTED} {WORK}"
    assert in_danish(bridge.before_name) == "Odense, juni 2025"
    assert bridge.summary().endswith("Only in Aarhus, June 2025: callback. Only in Odense, June 2025: chat, email.")
    with speaking("da"):
        assert bridge.summary().endswith("Kun i Aarhus, juni 2025: tilbagekald. Kun i Odense, juni 2025: chat, e-mail.")
    several = comparison_of({"channel": ["voice", "email"]}, {"channel": ["chat"]}, {"month": ["2025-06"]})
    assert [str(name) for name in several.names] == ["voice, email, June 2025", "chat, June 2025"]
    assert [in_danish(name) for name in several.names] == ["telefon, e-mail, juni 2025", "chat, juni 2025"]
    budget = comparison_of("budget", "2025-Q2", {})
    assert [in_danish(name) for name in budget.names] == ["budgettet", "2. kvartal 2025"]


def test_what_a_driver_goes_together_with(tenure: cpc.DriverModel):
    finding = tenure.finding("tenure")
    assert finding == "Handle time is 35.6% higher with tenure 0 to 1 months than with 24 months and more"
    assert in_danish(finding) == (
        "Behandlingstiden er 35,6 % højere ved anciennitet 0 til 1 måneder end ved 24 måneder og derover"
    )
    assert in_danish(tenure.outcome_in_words) == "behandlingstid"
    assert in_danish(tenure.definition) == (
        "Behandlingstiden for 34.601 henvendelser efter anciennitet, team, sammenlignet inden for kanal, kø, årsag, produkt, "
        "måned, som forhold mellem tider; 95-procentsintervaller over 44 medarbejdere, for alle niveauer af en driver "
        f"samlet. {NOT_CAUSES}"
    )
    assert in_danish(tenure.summary()) == (
        "Behandlingstiden er 35,6 % højere ved anciennitet 0 til 1 måneder end ved 24 måneder og derover (simultant "
        "95 %-interval +20,9 til +52,2); 2 af 5 niveauer afviger klart fra deres reference. Ingen klar forskel i "
        "behandlingstid efter team. Beløb er frigjort kapacitet, altså betalt tid, der sættes fri, ikke penge. "
        f"{NOT_CAUSES}"
    )
    with speaking("da"):
        assert plain(tenure) == in_danish(tenure.summary())


def test_waits_in_danish(danish: cpc.Dataset):
    model = cpc.fit_drivers(danish, ["hour", "channel"], "wait", where=QUARTER, level=0.975)
    assert plain(model.finding("channel")) == "Ventetiden er 43,6 % lavere ved kanal chat end ved telefon"
    assert plain(model.definition) == (
        "Ventetiden for 29.333 henvendelser efter time, kanal, sammenlignet inden for årsag, produkt, måned, som forhold "
        f"mellem tider; 97,5-procentsintervaller over 14 uger, for alle niveauer af en driver samlet. {NOT_CAUSES}"
    )
    # What code filters by stays as it is.
    assert set(model.to_frame().query("driver == 'channel'")["level"]) >= {"voice", "chat"}


def test_shares_in_danish(danish: cpc.Dataset):
    model = cpc.fit_drivers(danish, "channel", "csat", within=[], where=QUARTER)
    assert plain(model.finding("channel")) == "Ingen klar forskel i andel af tilfredse svar efter kanal"
    assert ", sammenlignet på tværs af alt arbejde, som forskelle mellem andele; 95-" in model.definition
    team = cpc.compare_agents(danish, "team", "csat", where=QUARTER)
    assert team.attrs["definition"] == (
        "Andelen af tilfredse svar pr. team i forhold til gennemsnittet for det samme arbejde hos de andre, inden for kanal, "
        "kø, årsag, produkt, måned; grænser for sædvanlige forskelle ved 95 og 99,8 procent og vurdering efter dem ved "
        "99,8."
    )


def test_levels_on_charts(tenure: cpc.DriverModel, sample: cpc.Dataset):
    described = plain(charts.drivers(tenure, language="da").to_dict()["description"])
    assert described.startswith("Behandlingstiden er 35,6 % højere") and "24 måneder og derover reference" in described
    assert "1 til 3 måneder" in charts.curve(tenure, language="da").to_dict()["description"]
    frame = cpc.compare_definitions(sample, where=JUNE)
    described = plain(charts.definitions(frame, language="da").to_dict()["description"])
    assert described.startswith(
        "Samme data: fra 34,90 kr. pr. henvendelse (kun løn) til 60,29 kr. (sager). Prikker: sager"
    )
    causes = charts.pareto(cpc.contact_causes(sample, period="2025-Q2"), language="da").to_dict()
    assert " ".join(causes["title"]["subtitle"]).startswith(
        "Prikker: andelene lagt sammen. Omkostninger efter årsag i 2. kvartal 2025. Alle omkostninger."
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "resolution",
            "Første henvendelser fra en kunde med en årsag (henvendelser uden årsag regnes som en årsag for sig), som ingen "
            "anden fulgte efter inden for 7 dage, divideret med dem, hvis tidsvindue er lukket, uden loggens første 7 dage; "
            "85 procent af henvendelserne har en kendt kunde. Registreret: som markeret på henvendelsen. Målt: som kunderne "
            "svarer.",
        ),
        (
            "issues",
            "Omkostning pr. afsluttet sag: omkostningerne på sager, hvis tidsvindue er lukket, divideret med antallet af disse "
            "sager; en sag er en første henvendelse fra en kunde med en årsag (henvendelser uden årsag regnes som en årsag for "
            "sig) og genhenvendelserne inden for 7 dage. Omkostningerne ligger, hvor den enkelte henvendelse ligger, mens "
            f"sagerne tælles, hvor de begynder. {WORK}",
        ),
        (
            "containment",
            "Netto klaret i selvbetjening: selvbetjeninger, efter hvilke kunden ikke henvendte sig til en medarbejder inden "
            "for 7 dage, divideret med selvbetjeninger, hvis tidsvindue er lukket; en selvbetjening med en årsag følges kun "
            "af en henvendelse med samme årsag; henvendelsen, der kom efter, og dens omkostning ligger i rækken for "
            f"selvbetjeningen før den; 85 procent af selvbetjeningerne har en kendt kunde. {WORK}",
        ),
        (
            "removal",
            "Værdien af 30 % af hver årsag i juni 2025. Arbejde på vagtplanen er frigjort kapacitet, altså betalt tid, der "
            "sættes fri; variable omkostninger og det, der købes pr. styk, er penge; springvise omkostninger undgås senere; "
            f"øvrige omkostninger bliver, og det gør ventetid også. {WORK}",
        ),
        ("sensitivity", COUNTED),
        ("benchmarks", "Medregnet er besvarede henvendelser, kun indgående, én for hver samtale."),
    ],
)
def test_definitions_word_for_word(sample: cpc.Dataset, name: str, words: str):
    assert in_danish(RESULTS[name](sample).attrs["definition"]) == words


def test_resolution_without_customers():
    data = dataset(contacts([{"parent_contact_id": None}, {"parent_contact_id": "c0"}]), costs(("salaries", 10)))
    assert "; kunderne er ikke registreret. " in in_danish(cpc.resolution(data).attrs["definition"])
    cost = cpc.cost_of_resolution(data)
    assert in_danish(cost.attrs["definition"]).startswith(
        "For få henvendelser oplyser, om de blev løst. Omkostning pr. afsluttet sag: "
    )


def test_published_figures(danish: cpc.Dataset):
    known = cpc.benchmarks()
    for text in {*known["definition"], *known["certainty"]}:
        assert in_language(published_said(text), "da") != text
    frame = cpc.compare_benchmarks(inbound(danish), "2025-06")
    assert frame["definition"].iloc[0] == "gennemsnitlig omkostning pr. indgående opkald"


def test_errors_stay_english(danish: cpc.Dataset):
    with pytest.raises(cpc.CpcError) as caught:
        cpc.explain_change(danish, before="2025-06", after="2025-06")
    assert str(caught.value) == "`before` and `after` are both June 2025: name two periods, the budget, or two sites."
    with pytest.raises(cpc.CpcError, match=r"^`before` \(other, June 2025\) has no contacts that `cost_per_contact`"):
        cpc.explain_change(danish, before={"channel": "other"}, after={"channel": "voice"}, where=JUNE)
    with pytest.raises(
        cpc.CpcError, match="counts otherwise: Counted are answered contacts of every direction, one per"
    ):
        cpc.compare_benchmarks(danish, "2025-06")
