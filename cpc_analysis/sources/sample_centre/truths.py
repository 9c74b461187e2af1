"""What is put into a generated centre, so that an analysis can be tested against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["CAUSES", "GROUPS", "PRODUCTS", "Group", "Truths"]

#: Product: share of contacts, factor on handle time.
PRODUCTS: dict[str, tuple[float, float]] = {
    "fashion": (0.40, 0.85),
    "home": (0.30, 1.00),
    "furniture": (0.10, 1.15),
    "electronics": (0.20, 1.35),
}

#: Cause of contact: weight, factor on handle time, chance of a repeat within a week.
CAUSES: dict[str, tuple[float, float, float]] = {
    "delivery late": (0.20, 0.90, 0.22),
    "delivery missing": (0.09, 1.10, 0.25),
    "return": (0.15, 0.95, 0.08),
    "refund": (0.10, 1.05, 0.20),
    "invoice": (0.08, 1.00, 0.10),
    "product question": (0.11, 1.10, 0.04),
    "product fault": (0.06, 1.45, 0.18),
    "order change": (0.07, 0.85, 0.05),
    "account login": (0.05, 0.60, 0.06),
    "complaint": (0.03, 1.70, 0.20),
    "gift card": (0.06, 0.80, 0.10),
    "parcel locker": (0.07, 1.20, 0.15),
}


@dataclass(frozen=True)
class Group:
    """A staffing group: its site, how many people it has, and the share of each channel's contacts that it takes.

    Its roster covers the expected load and `margin` times the square root of it, with `least` people at any time.
    """

    name: str
    site: str
    people: int
    channels: Mapping[str, float]
    margin: float
    least: int
    in_the_evening: bool = False


GROUPS = (
    Group("voice Aarhus", "Aarhus", 18, {"voice": 1.0, "callback": 1.0}, margin=0.45, least=2),
    Group("evening Odense", "Odense", 5, {"voice": 1.0}, margin=0.5, least=2, in_the_evening=True),
    Group("digital Odense", "Odense", 8, {"chat": 1.0, "email": 0.4}, margin=0.1, least=1),
    Group("digital Malmö", "Malmö", 5, {"email": 0.6, "social": 1.0}, margin=0.45, least=1),
)


@dataclass(frozen=True)
class Truths:
    """Every value planted in a centre.

    Parameters
    ----------
    wage_raise, wage_raise_from : float, str
        Size of the raise of every wage, and its day.
    wage_steps : tuple of (float, float)
        Seniority: after so many months of tenure a wage is larger by this share.
    overtime_month, overtime : str, float
        A month with overtime, and its premium [currency]; payroll and hours do not show it.
    learning_size, learning_months : float, float
        Handle time is ``1 + learning_size * exp(-tenure / learning_months)`` times that of an old hand.
    agent_spread : float
        Standard deviation of the logarithm of each agent's own factor on handle time.
    patience : float
        Mean of the exponential time after which a caller or chatter who waits gives up [seconds].
    products, causes : mapping
        As `PRODUCTS` and `CAUSES`.
    appearing_cause, appears_in : str, str
        A cause that no contact has before this month.
    removed_cause, removed_in : str, str
        A cause that no contact has from this month on.
    self_service_launch, self_service_share : str, float
        From this month on self-service takes this share of voice, chat and e-mail.
    cost_step_account, cost_step_month, cost_step : str, str, float
        An account whose amount is this factor larger from a month on.
    volume_shock, handle_time_shock : float
        Standard deviation of the logarithm of the monthly shocks, by channel and over all channels.
    trend : float
        Growth of contacts a year.
    back_office_hours : float
        Mean hours of back-office work of each group and month.
    annual_licence : float
        Invoice of each July for the twelve months from then on [currency].
    accrual, accrual_month, accrual_invoice : float, str, float
        An accrual, its month, and the invoice of the month after, which also reverses the accrual [currency].
    late_posting, late_posting_month : float, str
        An invoice that is posted to this month seven weeks after its end [currency].
    empty_social_month : str or None
        A month without social contacts; its tool is paid all the same.
    """

    wage_raise: float = 0.035
    wage_raise_from: str = "2024-03-01"
    wage_steps: tuple[tuple[int, float], ...] = ((12, 0.04), (24, 0.03))
    overtime_month: str = "2024-12"
    overtime: float = 38_000.0
    learning_size: float = 0.45
    learning_months: float = 4.0
    agent_spread: float = 0.1
    patience: float = 300.0
    products: Mapping[str, tuple[float, float]] = field(default_factory=lambda: dict(PRODUCTS))
    causes: Mapping[str, tuple[float, float, float]] = field(default_factory=lambda: dict(CAUSES))
    appearing_cause: str = "parcel locker"
    appears_in: str = "2024-09"
    removed_cause: str = "gift card"
    removed_in: str = "2024-06"
    self_service_launch: str = "2024-10"
    self_service_share: float = 0.15
    cost_step_account: str = "6210"
    cost_step_month: str = "2025-01"
    cost_step: float = 1.4
    volume_shock: float = 0.06
    handle_time_shock: float = 0.03
    trend: float = 0.02
    back_office_hours: float = 18.0
    annual_licence: float = 96_000.0
    accrual: float = 18_500.0
    accrual_month: str = "2024-09"
    accrual_invoice: float = 19_750.0
    late_posting: float = 7_400.0
    late_posting_month: str = "2025-04"
    empty_social_month: str | None = "2024-02"
