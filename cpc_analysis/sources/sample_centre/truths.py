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
    """A staffing group: its site, and the share of each channel's work that it takes."""

    name: str
    site: str
    channels: Mapping[str, float]


GROUPS = (
    Group("voice Aarhus", "Aarhus", {"voice": 0.55}),
    Group("voice Odense", "Odense", {"voice": 0.45, "callback": 1.0}),
    Group("digital Odense", "Odense", {"chat": 1.0, "email": 0.4}),
    Group("digital Malmö", "Malmö", {"email": 0.6, "social": 1.0}),
)


@dataclass(frozen=True)
class Truths:
    """Every value planted in a centre.

    Parameters
    ----------
    wage_raise, wage_raise_from : float, str
        Size of the raise of every wage, and its day.
    learning_size, learning_months : float, float
        Handle time is ``1 + learning_size * exp(-tenure / learning_months)`` times that of an old hand.
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
    empty_social_month : str or None
        A month without social contacts; its tool is paid all the same.
    """

    wage_raise: float = 0.035
    wage_raise_from: str = "2024-03-01"
    learning_size: float = 0.45
    learning_months: float = 4.0
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
    empty_social_month: str | None = "2024-02"
