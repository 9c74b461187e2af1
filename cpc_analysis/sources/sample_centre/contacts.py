"""The contacts table and the surveys after them, made of what the service left behind."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cpc_analysis.sources.sample_centre.opening import DAY, local_moment
from cpc_analysis.sources.sample_centre.truths import GROUPS

__all__ = ["contacts_table", "surveys_table"]

_QUEUED = ("voice", "chat", "callback")
_SPOKEN = ("voice", "callback")
_WRITTEN = ("email", "social")
#: Chance of a resolution: of a first contact, of a repeat.
RESOLVED = (0.78, 0.85)
_TRANSFERRED = 0.07
_REOPENED = 0.1
#: Of answered contacts, those after which a survey is sent; of those, the NPS ones; of all, those answered.
SURVEYED, NPS, REPLIED = 0.11, 0.25, 0.25
#: Satisfaction before chance and rounding: at no wait and unresolved, for a resolution, for each second of waiting.
SATISFACTION = (3.75, 0.7, -0.004)


def contacts_table(rng: np.random.Generator, days: pd.DatetimeIndex, frame: pd.DataFrame) -> pd.DataFrame:
    """The contacts table.

    Parameters
    ----------
    rng : Generator
        Draws what nothing else decides: wrap-up, hold, resolution, transfers.
    days : DatetimeIndex
        The local days.
    frame : DataFrame
        Arrivals after their service.
    """
    size, is_self = len(frame), frame["self"].to_numpy()
    answered = frame["agent"].notna().to_numpy()
    handle = pd.Series(np.where(answered, frame["handle"], np.nan)).astype("Int32")
    wrap = (handle * rng.uniform(0.08, 0.22, size)).round().astype("Int32")
    hold = (handle * np.where(rng.random(size) < 0.2, rng.uniform(0.05, 0.3, size), 0)).round().astype("Int32")
    spoken = frame["channel"].isin(_SPOKEN).to_numpy() & answered
    called_back = (frame["channel"] == "callback").to_numpy()
    queued = frame["channel"].isin(_QUEUED).to_numpy() & ~is_self & (answered | ~called_back)
    written = frame["channel"].isin(_WRITTEN).to_numpy() & answered
    # A customer is known or not, the same at every contact: 17 of 20 are.
    known = frame["customer"] * 7919 % 20 < 17
    resolved = answered & (rng.random(size) < np.where(frame["repeat"], RESOLVED[1], RESOLVED[0]))
    names, sites = ([*(getattr(group, part) for group in GROUPS), None] for part in ("name", "site"))
    table = pd.DataFrame(
        {
            "contact_id": [f"c{number:06d}" for number in range(1, size + 1)],
            "started_at": local_moment(pd.Series(days.to_numpy()[frame["day"]]), frame["second"].to_numpy()),
            "channel": frame["channel"],
            "direction": np.where(called_back, "out", "in"),
            "outcome": np.select([is_self, answered, called_back], ["self_served", "answered", "failed"], "abandoned"),
            "queue": [names[place] for place in frame["group"]],
            "reason": frame["reason"],
            "product": frame["product"],
            "site": [sites[place] for place in frame["group"]],
            "agent_id": frame["agent"].where(answered, None),
            "customer_id": ("k" + frame["customer"].astype("str").str.zfill(5)).where(known, None),
            "handle_seconds": handle,
            "talk_seconds": (handle - wrap - hold).where(spoken),
            "hold_seconds": hold.where(spoken),
            "wrap_seconds": wrap.where(spoken),
            "wait_seconds": frame["wait"].where(queued).astype("Int32"),
            "first_response_seconds": frame["response"].where(written).astype("Int32"),
            "concurrency": _concurrency(frame),
            "resolved": pd.Series(resolved).where(answered).astype("boolean"),
            "transfers": pd.Series(np.where(rng.random(size) < _TRANSFERRED, 1, 0)).where(answered).astype("Int32"),
            "reopens": pd.Series(np.where(rng.random(size) < _REOPENED, 1, 0)).where(written).astype("Int32"),
        }
    )
    return _with_parents(table)


def _concurrency(frame: pd.DataFrame) -> pd.Series:
    """Chats open at once: a chat's handle time over its agent's own time, half of what was spent beside another."""
    chats = frame[(frame["channel"] == "chat") & frame["agent"].notna()]
    begin = (chats["day"] * DAY + chats["second"] + chats["wait"]).to_numpy()
    end = begin + chats["handle"].to_numpy()
    beside = np.zeros(len(chats))
    for rows in chats.groupby(chats["agent"].to_numpy(), sort=False).indices.values():
        rows = rows[np.argsort(begin[rows], kind="stable")]
        # At most two are open at once, so that only close neighbours can overlap.
        for step in range(1, 16):
            one, two = rows[:-step], rows[step:]
            shared = np.clip(np.minimum(end[one], end[two]) - begin[two], 0, None)
            if not shared.any():
                break
            np.add.at(beside, one, shared)
            np.add.at(beside, two, shared)
    length = end - begin
    mean = np.round(length / (length - beside / 2), 1)
    return pd.Series(mean, index=chats.index).reindex(frame.index)


def _with_parents(table: pd.DataFrame) -> pd.DataFrame:
    """One callback in ten belongs to an abandoned call of the same day."""
    calls = table[(table["outcome"] == "abandoned") & (table["channel"] == "voice")]
    backs = table[table["channel"] == "callback"]
    day = table["started_at"].dt.date
    order = calls.groupby(day[calls.index]).cumcount(), backs.groupby(day[backs.index]).cumcount()
    left = pd.DataFrame({"day": day[backs.index], "place": order[1], "back": backs.index})
    right = pd.DataFrame({"day": day[calls.index], "place": order[0], "call": calls.index})
    pairs = left.merge(right, on=["day", "place"])
    # Few, so that a callback by itself stays a contact of its own in most cases.
    pairs = pairs[pairs["back"] > pairs["call"]].iloc[::10]
    parent = pd.Series(None, index=table.index, dtype="object")
    parent.loc[pairs["back"]] = table["contact_id"].to_numpy()[pairs["call"]]
    for column in ("customer_id", "reason", "product"):
        table.loc[pairs["back"], column] = table[column].to_numpy()[pairs["call"]]
    return table.assign(parent_contact_id=parent)


def surveys_table(rng: np.random.Generator, contacts: pd.DataFrame) -> pd.DataFrame:
    """Surveys sent after some answered contacts. The score falls with the wait and rises with a resolution."""
    chosen = contacts[(contacts["outcome"] == "answered") & (rng.random(len(contacts)) < SURVEYED)]
    size = len(chosen)
    start, gain, wait = SATISFACTION
    waited = chosen["wait_seconds"].fillna(0).astype("float64")
    mood = start + gain * chosen["resolved"].astype("float64") + wait * waited
    csat = np.clip(np.round(mood + rng.normal(0, 1.0, size)), 1, 5)
    is_nps = rng.random(size) < NPS
    score = np.where(is_nps, np.clip(np.round((csat - 1) * 2.5 + rng.normal(0, 1, size)), 0, 10), csat)
    replied = rng.random(size) < REPLIED
    sent = chosen["started_at"] + pd.Timedelta(hours=1)
    replies = sent + pd.to_timedelta(rng.integers(300, 90_000, size), unit="s")
    return pd.DataFrame(
        {
            "survey_id": [f"s{number:05d}" for number in range(1, size + 1)],
            "contact_id": chosen["contact_id"],
            "sent_at": sent.astype("datetime64[s, UTC]"),
            "answered_at": replies.where(replied).astype("datetime64[s, UTC]"),
            "kind": np.where(is_nps, "nps", "csat"),
            "score": pd.Series(np.where(replied, score, np.nan), index=chosen.index).astype("Int8"),
            "scale_min": np.where(is_nps, 0, 1).astype("int8"),
            "scale_max": np.where(is_nps, 10, 5).astype("int8"),
        }
    )
