"""The words that canonical columns hold, as a reader sees them; names of the user's own stay as they are."""

from __future__ import annotations

from cpc_analysis.language.texts import language_spoken, say, spoken, term

__all__ = ["column_said", "plural_said", "value_said"]

_WORDS = {
    "voice": term("voice"), "chat": term("chat"), "email": term("email"), "messaging": term("messaging"),
    "sms": term("sms"), "social": term("social"), "callback": term("callback"), "web": term("web"),
    "task": term("task"), "other": term("other"), "self-service": term("self-service"),
}  # fmt: skip
_DIRECTIONS = {"in": term("in"), "out": term("out"), "internal": term("internal")}
_OUTCOMES = {
    "answered": term("answered"), "abandoned": term("abandoned"), "self_served": term("self_served"),
    "voicemail": term("voicemail"), "missed": term("missed"), "failed": term("failed"),
}  # fmt: skip
_COST_TYPES = {
    "salaries": term("salaries"), "on_costs": term("on_costs"), "technology": term("technology"),
    "licences": term("licences"), "telecom": term("telecom"), "chat": term("chat"), "facilities": term("facilities"),
    "equipment": term("equipment"), "training": term("training"), "management": term("management"), "tax": term("tax"),
    "outsourcing": term("outsourcing"), "other": term("other"), "labour": term("labour"), "cost": term("cost"),
}  # fmt: skip
_COLUMNS = {
    "channel": term("channel"), "direction": term("direction"), "outcome": term("outcome"),
    "cost_type": term("cost type"), "reason": term("reason"), "product": term("product"), "queue": term("queue"),
    "site": term("site"), "team": term("team"), "agent_id": term("agent"), "staffing_group": term("staffing group"),
    "day": term("day"), "week": term("week"), "month": term("month"), "quarter": term("quarter"),
    "year": term("year"), "fiscal_month": term("fiscal month"), "fiscal_quarter": term("fiscal quarter"),
    "fiscal_year": term("fiscal year"), "weekday": term("weekday"), "half_hour": term("half-hour"),
    "hour": term("hour"),
    "tenure": term("tenure"), "load": term("load"), "concurrency": term("concurrency"),
}  # fmt: skip
_PLURALS = {
    "channel": term("channels"), "reason": term("reasons"), "product": term("products"), "queue": term("queues"),
    "site": term("sites"), "team": term("teams"), "agent_id": term("agents"),
    "staffing_group": term("staffing groups"),
}  # fmt: skip
_BY_COLUMN = {"channel": _WORDS, "direction": _DIRECTIONS, "outcome": _OUTCOMES, "cost_type": _COST_TYPES}
#: What results write where a group has no name.
_EVERYWHERE = {
    "(unknown)": term("(unknown)"), "(other work)": term("(other work)"), "not allocated": term("not allocated"),
    "(small groups)": term("(small groups)"),
}  # fmt: skip


@spoken
def value_said(column: str, value: str) -> str:
    """A value of a column to read: canonical words and `(unknown)` in the language spoken, others as they are.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> value_said("channel", "voice"), value_said("product", "voice")
    ('voice', 'voice')
    >>> [in_language(value_said(name, "voice"), "da") for name in ("channel", "product")]
    ['telefon', 'voice']
    """
    known = _EVERYWHERE | _BY_COLUMN.get(column, {})
    return say(known[value]) if value in known else value


@spoken
def column_said(column: str) -> str:
    """The name of a column to read, in small letters; a column of the user's own by its words.

    Examples
    --------
    >>> from cpc_analysis.language import in_language
    >>> column_said("cost_type"), column_said("my_column"), in_language(column_said("channel"), "da")
    ('cost type', 'my column', 'kanal')
    """
    return say(_COLUMNS[column]) if column in _COLUMNS else column.replace("_", " ")


@spoken
def plural_said(column: str) -> str:
    """Several groups of a column, as they are said.

    Examples
    --------
    >>> plural_said("agent_id"), plural_said("my_column")
    ('agents', 'my columns')
    """
    if column in _PLURALS:
        return say(_PLURALS[column])
    return f"{column_said(column)}{'s' if language_spoken() == 'en' else ''}"
