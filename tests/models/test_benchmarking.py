"""Published figures are there as published, and compared only with what counts alike."""

from __future__ import annotations

import pandas as pd
import pytest

import cpc_analysis as cpc
from cpc_analysis.errors import InvalidInputError, UnknownNameError
from tests.centres import contacts, costs, dataset

INBOUND = cpc.Counting(directions=("in",))


@pytest.mark.parametrize(
    ("name", "channel", "value", "currency"),
    [
        ("ContactBabel US 2015", "voice", 6.69, "USD"),
        ("ContactBabel US 2015", "email", 4.14, "USD"),
        ("ContactBabel US 2015", "chat", 3.64, "USD"),
        ("ContactBabel UK 2023", "voice", 6.55, "GBP"),
        ("ContactBabel UK 2023-24", "voice", 6.26, "GBP"),
        ("ContactBabel UK 2024", "voice", 5.58, "GBP"),
        ("Gartner 2019", "live", 8.01, "USD"),
        ("Gartner 2019", "self-service", 0.10, "USD"),
        ("Socitm 2011", "face to face", 8.62, "GBP"),
        ("Socitm 2011", "voice", 2.83, "GBP"),
        ("Socitm 2011", "self-service", 0.15, "GBP"),
        ("MetricNet level 0", "IT ticket", 2, "USD"),
        ("MetricNet level 1", "IT ticket", 22, "USD"),
        ("MetricNet level 2", "IT ticket", 69, "USD"),
        ("MetricNet level 3", "IT ticket", 104, "USD"),
        ("MetricNet field support", "IT ticket", 221, "USD"),
        ("MetricNet vendor", "IT ticket", 599, "USD"),
        ("Average often quoted", "any", 7.16, "USD"),
    ],
)
def test_figures_are_as_published(name, channel, value, currency):
    frame = cpc.benchmarks(channel).set_index("name")
    assert (frame.loc[name, "value"], frame.loc[name, "currency"]) == (value, currency)


def test_every_figure_says_where_it_is_from():
    frame = cpc.benchmarks()
    texts = ["name", "channel", "currency", "region", "industry", "definition", "source", "certainty"]
    assert (frame[texts].map(len) > 0).all(axis=None) and frame["value"].notna().all()
    assert not frame.duplicated(["name", "channel"]).any()
    assert frame.set_index("name").loc["Average often quoted", "certainty"] == "untraced"


def centre(counting: cpc.Counting = INBOUND, **settings: object) -> cpc.Dataset:
    """Two calls of 120 in April 2025."""
    return dataset(contacts([{}, {}]), costs(("salaries", 240)), counting=counting,
                   settings=cpc.Settings(**settings))  # fmt: skip


def test_figures_are_converted_with_the_project_s_rates():
    data = centre(rates={"GBP": 9.0, "USD": 6.0}, price_levels={"GBP": {"2024": 1.1}})
    frame = cpc.compare_benchmarks(data, "2025-04", "voice").set_index("name")
    row = frame.loc["ContactBabel UK 2024"]
    assert (row["converted"], row["own"]) == pytest.approx((5.58 * 9.0 * 1.1, 120.0))
    assert row["difference"] == pytest.approx(120 / (5.58 * 9.0 * 1.1) - 1)
    assert (
        frame.loc["ContactBabel UK 2024", "price_adjusted"] and not frame.loc["ContactBabel US 2015", "price_adjusted"]
    )
    assert frame.loc["MetricNet 2016", "converted_high"] == pytest.approx(46.69 * 6.0)
    assert frame.attrs["left_out"] == ()


def test_unlike_definitions_are_left_out_and_named():
    data = centre(rates={"GBP": 9.0, "USD": 6.0})
    frame = cpc.compare_benchmarks(data, "2025-04")
    assert set(frame["directions"]) == {"in"} and "Average often quoted" in frame.attrs["left_out"]
    told = cpc.compare_benchmarks(data, "2025-04", unlike=True)
    assert "Average often quoted" in set(told["name"]) and told.attrs["left_out"] == ()


def test_figures_that_count_otherwise_are_refused():
    data = centre(cpc.Counting(), rates={"GBP": 9.0, "USD": 6.0})
    with pytest.raises(InvalidInputError) as caught:
        cpc.compare_benchmarks(data, "2025-04", "voice")
    assert str(caught.value) == (
        "`ContactBabel US 2015` is the mean cost of an inbound call, and the project counts otherwise: Counted are "
        "answered contacts of every direction, one per conversation. Count alike, as with "
        "Counting(directions=('in',)), or compare all the same with unlike=True."
    )
    assert len(cpc.compare_benchmarks(data, "2025-04", "voice", unlike=True)) == 6


@pytest.mark.parametrize("otherwise", [{"unit": "contact"}, {"outcomes": ("answered", "abandoned")}])
def test_other_units_and_outcomes_count_otherwise(otherwise):
    data = centre(cpc.Counting(directions=("in",), **otherwise), rates={"GBP": 9.0, "USD": 6.0})
    with pytest.raises(InvalidInputError, match="the project counts otherwise"):
        cpc.compare_benchmarks(data, "2025-04", "voice")


def test_rates_by_month_are_those_of_the_period():
    """A rate of April, and one of another month that is none of April's."""
    by_month = centre(rates={"GBP": {"2025-03": 8.0, "2025-04": 9.0}, "USD": {"2025-04": 6.0}})
    always = centre(rates={"GBP": 9.0, "USD": 6.0})
    found, expected = (cpc.compare_benchmarks(data, "2025-04", "voice")["converted"] for data in (by_month, always))
    assert len(expected) and found.tolist() == expected.tolist()
    with pytest.raises(InvalidInputError, match=r"^A published figure in GBP needs a rate: "):
        cpc.compare_benchmarks(centre(rates={"GBP": {"2025-03": 8.0}, "USD": 6.0}), "2025-04", "voice")


def test_no_rate_no_figure_no_channel():
    with pytest.raises(InvalidInputError) as caught:
        cpc.compare_benchmarks(centre(rates={"USD": 6.0}), "2025-04", "voice")
    assert str(caught.value) == (
        "A published figure in GBP needs a rate: state what one GBP is worth in DKK, in [rates] of the project file."
    )
    with pytest.raises(InvalidInputError) as caught:
        cpc.compare_benchmarks(centre(), "2025-04", "chat")
    assert str(caught.value) == (
        "No published figure is for a channel that the project has a cost of in 2025-04: they are for chat; the "
        "project has voice, live, any."
    )
    with pytest.raises(UnknownNameError) as unknown:
        cpc.benchmarks("voce")
    assert str(unknown.value) == "There is no benchmark of the channel 'voce'. Did you mean 'voice'?"


def test_price_levels_of_a_project(tmp_path):
    contacts([{}, {}]).to_csv(tmp_path / "contacts.csv", index=False)
    text = (
        '[project]\ncurrency = "DKK"\ntimezone = "Europe/Copenhagen"\n[price_levels]\n{}\n'
        '[tables.contacts]\nfiles = "contacts.csv"\n'
    )
    (tmp_path / "cpc.toml").write_text(text.format("USD = { 2015 = 1.36 }"), encoding="utf-8")
    assert cpc.open_project(tmp_path).settings.price_levels == {"USD": {"2015": 1.36}}
    (tmp_path / "cpc.toml").write_text(text.format("USD = 1.36"), encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        cpc.open_project(tmp_path)
    assert str(caught.value) == (
        "cpc.toml, [price_levels]: `price_levels.USD` must be years and how many times higher prices are now, such as "
        "USD = { 2015 = 1.36 }, got '1.36'."
    )


def test_the_frame_is_read_anew_each_time():
    frame = cpc.benchmarks()
    frame["value"] = 0.0
    assert isinstance(cpc.benchmarks(), pd.DataFrame) and (cpc.benchmarks()["value"] > 0).all()
