"""Inputs at random: cells, files, frames, projects, mappings and conditions as nobody would write them on purpose."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from cpc_analysis.schema import TABLES, Kind

__all__ = ["a_condition", "a_csv", "a_frame", "a_mapping", "a_project", "a_value"]

TEXTS = [
    "", " ", "\t", "\x00", "\x0b", "\ufeff", "null", "NULL", "n/a", "-", "--", "0", "-0", "1", "-1", "1.5", "1,5",
    "1.234,56",
    "1 234,5", "1'234", "1e5", "1e400", "inf", "-inf", "nan", "NaN", "true", "yes", "ja", "2", "99999999999999999999",
    "(1.00)", "1.00-", "1.00 CR", "\u22125", "€5", "2025-04-01", "2025-04-01 10:00", "2025-04-01T10:00:00.123Z",
    "2025-04-01 10:00 +0200", "2025-02-30", "0001-01-01", "9999-12-31", "15-04-25", "01/04/2025", "45748.4",
    "2025-13", "2025-04",
    "10:00", "25:61", "00:03:20", "1:2:3:4", "voice", "Voice", "vioce", "in", "answered", "=1+1", "@x",
    "'; DROP TABLE contacts",
    '"', "'", "`", "\\", "\n", "a\nb", "a;b", "a,b", "æøå", "名前", "\U0001f600", "x" * 5000, "ida@example.com",
    "+45 12 34 56 78",
    "0000483000", "010190-1234", "4111 1111 1111 1111", "{", "[]", '{"a": 1}', "%s", "{0}", "$(rm)", "../x",
    "C:\\data", "·x", "_x",
]  # fmt: skip
NAMES = [
    "contact_id", "started_at", "channel", "direction", "outcome", "handle_seconds", "Handle_Seconds", "agent_id",
    "team", "Team",
    "queue", "month", "Month", "rows", "_row", "_file", "·x", "", " ", "a b", "a.b", "*", "x" * 300, "æ", "SELECT",
    '"', "wait_seconds",
    "contact_count", "covers", "parent_contact_id", "customer_id", "resolved", "transfers", "concurrency", "reason",
    "e-mail",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**63, 10**30, 1.5, -0.0, math.inf, -math.inf, math.nan, Decimal("1.10"),
    Decimal("NaN"),
    date(2025, 4, 1), date(1, 1, 1), datetime(2025, 4, 1, 10), datetime(9999, 12, 31), time(10, 30),
    timedelta(days=400), b"bytes",
    [], ["voice"], {}, {"a": 1}, (), set(), pd.NaT, pd.NA, pd.Timestamp("2025-04-01", tz="UTC"), pd.Period("2025-04",
    "M"),
    np.int64(3), np.datetime64("2025-04-01"), object(), 3 + 4j, range(3),
]  # fmt: skip


def a_value(random: Random) -> Any:
    """A text, or a value of any type."""
    return random.choice(TEXTS) if random.random() < 0.5 else random.choice(VALUES)


def _good(column: str, random: Random) -> Any:
    usual = {
        "started_at": f"2025-04-{random.randint(1, 30):02d} 10:{random.randint(0, 59):02d}", "channel": "voice",
        "direction": "in",
        "outcome": "answered", "handle_seconds": random.randint(0, 900), "posted_on": "2025-04-30", "account": "4000",
        "cost_type": "salaries", "amount": random.choice(["100.00", "0.004", "-7", 12.5]), "period": "2025-04",
        "covers": None,
        "contact_count": random.randint(1, 9), "resolved": random.choice([True, False, None]), "concurrency": 1.0,
        "currency": None,
    }  # fmt: skip
    return usual.get(column, f"{column}{random.randint(0, 99)}")


def a_frame(random: Random, table: str = "contacts") -> pd.DataFrame:
    """A frame with most of the columns of a table, in which a few cells, columns or names are odd."""
    schema = TABLES[table]
    columns = [column.name for column in schema.columns if column.required or random.random() < 0.3]
    columns += random.sample(NAMES, random.randint(0, 2))
    count = random.choice([0, 1, 2, 5, 30])
    rows = {}
    for name in dict.fromkeys(columns):
        key = next((column.name in schema.key for column in schema.columns if column.name == name), False)
        cells = [f"{number}" if key and name.endswith("_id") else _good(name, random) for number in range(count)]
        rows[name] = [a_value(random) if random.random() < 0.08 else cell for cell in cells]
    frame = pd.DataFrame({name: pd.Series(cells, dtype="object") for name, cells in rows.items()})
    if random.random() < 0.05 and len(frame.columns) > 1:
        frame = frame.drop(columns=[random.choice(list(frame.columns))])
    if random.random() < 0.03 and len(frame.columns):
        frame.columns = [*frame.columns[:-1], frame.columns[0]]
    return frame if random.random() < 0.5 else frame.infer_objects()


def a_csv(random: Random) -> bytes:
    """A file that is meant to hold contacts: often delimited text, at times anything."""
    if random.random() < 0.05:
        return random.choice(
            [b"", b"\x00", b"PK\x03\x04", b"<html>", b"{}", b"\xff\xfe", b"\n\n\n", random.randbytes(200)]
        )
    delimiter = random.choice([",", ",", ",", ";", "\t", "|"])
    names = [column.name for column in TABLES["contacts"].columns if column.required or random.random() < 0.2]
    names += random.sample(NAMES, random.randint(0, 2))
    lines = [delimiter.join(names)]
    for number in range(random.choice([0, 1, 3, 20])):
        cells = [str(number) if name == "contact_id" else str(_good(name, random)) for name in names]
        cells = [random.choice(TEXTS) if random.random() < 0.06 else cell for cell in cells]
        if random.random() < 0.5:
            cells = [f'"{cell}"' if any(mark in cell for mark in ('"', "\n", delimiter)) else cell for cell in cells]
        if random.random() < 0.05:
            cells = cells[:-1] if random.random() < 0.5 else [*cells, "more"]
        lines.append(delimiter.join(cells))
    if random.random() < 0.1:
        lines.insert(0, random.choice(["sep=;", "Title", "", "# comment"]))
    text = random.choice(["\n", "\r\n", "\n"]).join(lines)
    encoded = text.encode(random.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), "replace")
    return encoded[: random.randint(0, len(encoded))] if random.random() < 0.05 else encoded


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_quoted(name)} = {_toml(one)}" for name, one in value.items()) + " }"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    shown = "".join(one if one.isprintable() and one not in '"\\' else f"\\U{ord(one):08x}" for one in text)
    return f'"{shown}"'


def _setting(random: Random) -> Any:
    kinds = [random.choice(TEXTS), random.choice([0, -1, 5, 1.5, math.inf, math.nan, True]), [], [random.choice(TEXTS)],
             [1, 2], {}, {"EUR": random.choice([7.46, -1, "x"])},
             {random.choice(TEXTS): random.choice(TEXTS)}]  # fmt: skip
    return random.choice(kinds)


SETTINGS = {
    "project": ["name", "currency", "timezone", "full_time_hours", "strict", "closed_through", "closing_days",
    "provisional",
                "holidays", "workweek", "complete_from", "complete_through", "agent_names", "smallest_group",
                "memory_limit", "x"],
    "counting": ["directions", "outcomes", "unit", "repeat_window", "short_abandon_seconds", "exclude_queues",
                 "answer_threshold_seconds", "service_level_of", "x"],
    "costing": ["salaries", "technology", "wages_from", "hourly_cost", "standard_handle_seconds", "spread_accounts",
                "piece_accounts", "premium_accounts", "x"],
    "rates": ["EUR", "x", "DKK"], "budget": ["variable", "premiums", "x"], "events": ["2025-04", "x"],
    "price_levels": ["USD", "x"], "presentation": ["language", "font", "colours", "logo", "template", "x"],
    "odd": ["x"],
}  # fmt: skip


def a_project(random: Random) -> str:
    """A project file with a table of contacts in which some settings are odd."""
    stated: dict[str, dict[str, Any]] = {"project": {"currency": "DKK", "timezone": "Europe/Copenhagen"}}
    for _ in range(random.randint(0, 3)):
        section = random.choice(list(SETTINGS))
        stated.setdefault(section, {})[random.choice(SETTINGS[section])] = _setting(random)
    if random.random() < 0.1:
        stated["project"].pop(random.choice(list(stated["project"])))
    lines = []
    for section, settings in stated.items():
        lines.append(f"[{section}]")
        lines += [f"{_quoted(name)} = {_toml(value)}" for name, value in settings.items()]
    lines += [
        "[tables.contacts]",
        f"files = {_toml(random.choice(['c.csv', 'c.csv', 'c.csv', '*.csv', 'no.csv', '', 5]))}",
    ]
    text = "\n".join(lines)
    return text if random.random() < 0.95 else text[: random.randint(0, len(text))]


_PATHS = ["a", "b", "c", "a", "b", "no", "a.b", "*", ""]


def _field(random: Random, depth: int = 0) -> Any:
    if depth > 2 or random.random() < 0.3:
        return random.choice(_PATHS)
    verbs: dict[str, Any] = {
        "path": random.choice(_PATHS), "const": _setting(random), "unit": random.choice(["s", "ms", "HH:MM:SS",
        "H:MM", "d", "x"]),
        "format": random.choice(["%Y-%m-%d", "%d-%m-%Y %H:%M", "%Q", "iso", "excel", "epoch_seconds", ""]),
        "decimal": random.choice([",", ".", ""]), "thousands": random.choice([".", " ", "'", ""]),
        "prefix": random.choice(TEXTS[:30]),
        "map": {"1": "voice", "x": "chat"}, "on_unknown": random.choice(["quarantine", "keep", "error", "x"]),
        "default": _setting(random), "hash": True, "tz": random.choice(["UTC", "Asia/Kolkata", "x"]), "file": r"(\d+)",
        "parts": ["a", "b"], "sum": [_field(random, depth + 1), "b"], "difference": ["a", "b"],
        "fallback": _field(random, depth + 1),
        "rules": [{"eq": {"a": _setting(random)}, "then": _field(random, depth + 1)}, {"gt": {"b": 0}, "then": "x"},
        {"then": 1}],
        "null_values": ["n/a"], "agg": random.choice(["sum", "first", "x"]), "negative_when": {"lt": {"a": 0}},
        "odd": 1,
    }  # fmt: skip
    source = random.choice(["path", "path", "path", "const", "parts", "sum", "difference", "rules", "file"])
    further = random.sample(list(verbs), random.randint(0, 2))
    return {name: verbs[name] for name in dict.fromkeys([source, *further])}


def a_mapping(random: Random) -> tuple[dict[str, Any], bytes]:
    """The content of a mapping of contacts, and a file of three columns that it reads."""
    columns = [column.name for column in TABLES["contacts"].columns if column.required or random.random() < 0.25]
    given: dict[str, Any] = {"columns": {name: _field(random) for name in columns}}
    if random.random() < 0.3:
        given["dimensions"] = {random.choice(NAMES): _field(random)}
    if random.random() < 0.2:
        given["exclude"] = [{random.choice(["eq", "ne", "gt", "in", "lt", "x"]): {"a": _setting(random)}}]
    if random.random() < 0.1:
        given[random.choice(["decimal", "thousands", "tz", "delimiter", "header", "names", "dedupe", "x"])] = _setting(
            random
        )
    rows = "\n".join(",".join(f'"{random.choice(TEXTS[:60])}"'.replace('""""', '""') for _ in "abc") for _ in range(6))
    return given, f"a,b,c\n{rows}\n".encode("utf-8", "replace")


def a_condition(random: Random, columns: list[str]) -> tuple[dict[Any, Any], list[str]]:
    """What `where` may be given, and `by`."""
    names = [*columns, "day", "week", "month", "quarter", "year", "weekday", "half_hour", "no", "", "_x"]

    def wanted() -> Any:
        one = random.choice([a_value(random), "voice", "a1", "2025-04", 1, True, "(unknown)"])
        return random.choice(
            [one, [one], (one, one), [one, a_value(random)], [], np.array([1, 2]), pd.Index(["a1"]), {"a1"}]
        )

    where = {random.choice(names): wanted() for _ in range(random.choice([0, 1, 1, 2]))}
    return where, random.sample(names, random.choice([0, 0, 1, 2]))


#: Kinds of columns, so that a value of each kind is tried.
KINDS = list(Kind)
