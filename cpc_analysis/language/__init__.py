"""English and Danish: sentences, numbers, money and dates in the language that is spoken."""

from cpc_analysis.language.catalogue import LANGUAGES, catalogue, notebook_catalogue, translation
from cpc_analysis.language.dates import (
    chart_locale,
    day_of_year_said,
    month_said,
    period_said,
    weekday_said,
    weekdays,
)
from cpc_analysis.language.numbers import MISSING, currency_sign, money, number, percent, rounded_half_away, separators
from cpc_analysis.language.texts import (
    Text,
    checked_language,
    enumerated,
    in_its_language,
    in_language,
    joined,
    language_spoken,
    listed_said,
    say,
    speaking,
    spoken,
    term,
)
from cpc_analysis.language.vocabulary import column_said, plural_said, value_said

__all__ = [
    "LANGUAGES", "MISSING", "Text", "catalogue", "chart_locale", "checked_language", "column_said", "currency_sign",
    "day_of_year_said", "enumerated", "in_its_language", "in_language", "joined", "language_spoken", "listed_said",
    "money", "month_said", "notebook_catalogue", "number", "percent", "period_said", "plural_said",
    "rounded_half_away", "say", "separators", "speaking", "spoken", "term", "translation", "value_said",
    "weekday_said", "weekdays",
]  # fmt: skip
