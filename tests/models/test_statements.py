"""What stands beside a figure: late postings, provisional months, cost of uncounted work, answers behind a ratio."""

from dataclasses import replace

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.dataset import Settings
from cpc_analysis.models import select, table
from cpc_analysis.models.selection import Selection
from cpc_analysis.models.statements import late_postings_in_words
from cpc_analysis.periods import parse_period
from tests.centres import contacts, costs, dataset


@pytest.fixture
def data() -> cpc.Dataset:
    """April and May of 2025; a credit of 25 for April is posted on 20 May, five days after April closed."""
    rows = [{"started_at": f"2025-{month:02d}-{day} 10:00"} for month in (4, 5) for day in ("01", "15", "30")]
    late = costs(("technology", -25.0), month="2025-05").assign(
        line_id="late", posted_on="2025-05-20", period="2025-04"
    )
    lines = [costs(("technology", 300.0), month=month, period=month) for month in ("2025-04", "2025-05")]
    return dataset(contacts(rows), pd.concat([*lines, late]), settings=Settings(closed_through="2025-04"))


def selected(data: cpc.Dataset, period: str) -> Selection:
    return Selection(data, parse_period(period), "month", {})


def test_late_postings_are_a_line_of_their_own_and_in_the_total(data):
    said = "Of the ledger of the period, -25.00 DKK was posted after the books had closed (account 4000 -25.00)."
    assert late_postings_in_words(selected(data, "2025-04")) == said
    assert late_postings_in_words(selected(data, "2025-05")) == "Nothing was posted after the books had closed."
    assert cpc.measure(data, "total_cost", where={"month": "2025-04"})["total_cost"].tolist() == [275.0]
    note = "Late postings to 2025-04, after its books had closed: -25.00 DKK in 1 line(s)."
    assert note in data.check().notes


def test_what_is_posted_before_the_books_close_is_not_late(data):
    on_the_day = data.replace(settings=Settings(closed_through="2025-04", closing_days=20))
    day_before = data.replace(settings=Settings(closed_through="2025-04", closing_days=19))
    assert late_postings_in_words(selected(on_the_day, "2025-04")).startswith("Nothing")
    assert late_postings_in_words(selected(day_before, "2025-04")).startswith("Of the ledger of the period, -25.00 DKK")


def test_an_open_month_has_no_late_postings(data):
    still_open = data.replace(settings=Settings(closed_through="2025-03"))
    assert late_postings_in_words(selected(still_open, "2025-04")).startswith("Nothing")


def test_a_provisional_month_is_stamped(data):
    moving = data.replace(settings=replace(data.settings, closed_through="2025-04", provisional=("2025-05",)))
    stamp = "Provisional, figures may still move: 2025-05."
    both = cpc.measure(moving, "cost_per_contact", by=["month"])
    assert both.attrs["provisional"] is True
    assert both.attrs["definition"].endswith(stamp)
    assert both["complete"].tolist() == [True, True]
    april = cpc.measure(moving, "cost_per_contact", where={"month": "2025-04"})
    assert april.attrs["provisional"] is False
    assert "Provisional" not in april.attrs["definition"]
    assert cpc.cost_statement(moving, by=["month"]).attrs["definition"].endswith(stamp)


def test_uncounted_cost_is_what_the_definition_leaves_out():
    rows = [{"direction": "in"}, {"direction": "out", "handle_seconds": 180}]
    everything = dataset(contacts(rows), costs(("technology", 400.0)))
    inbound = everything.replace(counting=cpc.Counting(directions=("in",)))
    assert cpc.measure(everything, "uncounted_cost")["uncounted_cost"].tolist() == [0.0]
    beside = cpc.measure(inbound, ["total_cost", "uncounted_cost", "contacts"])
    assert beside[["total_cost", "uncounted_cost", "contacts"]].to_numpy().tolist() == [[400.0, 300.0, 1.0]]


def test_a_ratio_of_surveys_stands_on_its_answers():
    answers = pd.DataFrame(
        {"survey_id": ["1", "2"], "contact_id": ["c0", "c1"], "answered_at": "2025-04-03 12:00", "kind": "csat",
         "score": [5, 1], "scale_min": 1, "scale_max": 5}
    )  # fmt: skip
    data = dataset(contacts([{}] * 40), costs(("technology", 400.0)), surveys=answers)
    assert cpc.measure(data, "csat")["few_contacts"].tolist() == [True]
    assert cpc.measure(data, "cost_per_contact")["few_contacts"].tolist() == [False]
    beside = cpc.measure(data, ["csat", "survey_answers", "cost_per_contact"])
    assert beside["few_contacts"].tolist() == [False]
    assert table(beside).loc["All"].tolist() == ["few", "2", "10.00 DKK"]


def test_the_sample_centre_names_its_late_posting():
    said = late_postings_in_words(select(period="2025-04"))
    assert (
        said
        == "Of the ledger of the period, 7,400.00 DKK was posted after the books had closed (account 7410 7,400.00)."
    )


def test_groups_can_stand_side_by_side():
    data = dataset(contacts([{}] * 40 + [{"channel": "chat"}] * 40), costs(("technology", 800.0)))
    shown = table(cpc.measure(data, ["cost_per_contact", "contacts"], by=["channel"]), across=True)
    assert shown.columns.tolist() == ["chat", "voice"]
    assert shown.loc["Cost per contact"].tolist() == ["10.00 DKK", "10.00 DKK"]
    assert shown.index.name is None


def test_a_late_posting_is_named_of_the_whole_ledger_where_only_a_part_is_asked_for(data):
    of_chat = Selection(data, parse_period("2025-04"), "month", {"channel": ["chat"]})
    assert late_postings_in_words(of_chat).startswith("Of the whole ledger, -25.00 DKK was posted")
