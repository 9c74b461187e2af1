"""Regressions within strata on cells of contacts, with intervals that leave out one cluster at a time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

__all__ = ["Fit", "dependent_columns", "fit_shares", "fit_times", "time_ratios"]

#: A column is a copy of others when less than this share of it is its own.
_OWN = 1e-9


@dataclass(frozen=True, eq=False)
class Fit:
    """Effects and how far they may be off.

    Parameters
    ----------
    effects : ndarray of shape (columns,)
        Logarithms of ratios, or differences of shares.
    errors : ndarray of shape (clusterings, columns)
        Their standard errors; missing where a single cluster stands behind an effect.
    clusters : tuple of int
        How many clusters each clustering has.
    """

    effects: np.ndarray
    errors: np.ndarray
    clusters: tuple[int, ...]

    def half_widths(self, levels: np.ndarray) -> np.ndarray:
        """Half the width of the interval of each effect at a level of its own; the larger of every clustering."""
        from scipy.stats import t as student

        free = np.array(self.clusters)[:, None] - 1
        return (student.ppf((1 + levels) / 2, free) * self.errors).max(axis=0)


def fit_times(
    amount: np.ndarray, contacts: np.ndarray, matrix: np.ndarray, strata: np.ndarray, clusterings: Sequence[np.ndarray]
) -> Fit:
    """Effects on a mean time as logarithms of ratios, by Poisson pseudo-maximum likelihood within strata.

    Parameters
    ----------
    amount : ndarray of shape (cells,)
        Sum of the times of a cell [seconds].
    contacts : ndarray of shape (cells,)
        Contacts of a cell.
    matrix : ndarray of shape (cells, columns)
        The contrasts.
    strata : ndarray of shape (cells,)
        Whole numbers from 0; every stratum has some time.
    clusterings : sequence of ndarray of shape (cells,)
        What may be alike beyond the strata, in whole numbers from 0, each way that is to be allowed for.

    Notes
    -----
    A cell's sum with an offset of the logarithm of its contacts has the score of its single contacts added up, so
    the estimates are those of the contacts themselves. The errors are those of the weighted least squares that the
    likelihood ends with: without a cluster they take one step from the estimate toward what a new fit would give.

    References
    ----------
    Santos Silva and Tenreyro, "The Log of Gravity", Review of Economics and Statistics 88(4), 2006.
    """
    effects = time_ratios(amount, contacts, matrix, strata)
    rate = contacts * np.exp(matrix @ effects)
    level = np.bincount(strata, amount) / np.bincount(strata, rate)
    expected = rate * level[strata]
    # The weighted least squares of the last step of the likelihood, which leaving a cluster out changes.
    working = matrix @ effects + np.divide(amount, expected, out=np.ones(len(amount)), where=expected > 0)
    return _with_errors(effects, working, expected, matrix, strata, clusterings)


def time_ratios(amount: np.ndarray, contacts: np.ndarray, matrix: np.ndarray, strata: np.ndarray) -> np.ndarray:
    """The effects of `fit_times` alone, one per column."""
    import pyfixest

    frame = _frame(matrix, strata).assign(amount=amount, offset=np.log(contacts))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pyfixest.fepois(
            _formula(matrix), frame, vcov="iid", offset="offset", iwls_tol=1e-10, iwls_maxiter=100, lean=True
        )
    return np.asarray(model.coef().to_numpy())


def fit_shares(
    amount: np.ndarray, contacts: np.ndarray, matrix: np.ndarray, strata: np.ndarray, clusterings: Sequence[np.ndarray]
) -> Fit:
    """Effects on a share as differences, by least squares within strata; parameters as of `fit_times`."""
    import pyfixest

    share = amount / contacts
    frame = _frame(matrix, strata).assign(amount=share, contacts=contacts.astype("float64"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = pyfixest.feols(_formula(matrix), frame, vcov="iid", weights="contacts", lean=True)
    return _with_errors(model.coef().to_numpy(), share, contacts.astype("float64"), matrix, strata, clusterings)


def dependent_columns(matrix: np.ndarray, weights: np.ndarray, strata: np.ndarray) -> list[int]:
    """The columns that follow from those before them and the strata."""
    inside = _moments(np.zeros(len(weights)), weights, matrix, strata)[0]
    scale = np.sqrt(np.diag((matrix * weights[:, None]).T @ matrix))
    gram = inside / np.outer(scale, scale)
    found: list[int] = []
    kept: list[int] = []
    for column in range(len(gram)):
        others = gram[np.ix_(kept, kept)]
        across = gram[kept, column]
        own = gram[column, column] - (across @ np.linalg.solve(others, across) if kept else 0.0)
        (kept if own > _OWN else found).append(column)
    return found


def _formula(matrix: np.ndarray) -> str:
    return f"amount ~ {' + '.join(f'x{column}' for column in range(matrix.shape[1]))} | stratum"


def _frame(matrix: np.ndarray, strata: np.ndarray) -> pd.DataFrame:
    columns = {f"x{column}": matrix[:, column] for column in range(matrix.shape[1])}
    return pd.DataFrame({**columns, "stratum": strata})


def _moments(
    response: np.ndarray, weights: np.ndarray, matrix: np.ndarray, strata: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The normal equations of weighted least squares, strata taken out."""
    weighted = matrix * weights[:, None]
    total, columns, answers = _sums(response, weights, weighted, strata, int(strata.max()) + 1)
    share = np.divide(1.0, total, out=np.zeros(len(total)), where=total > 0)[:, None]
    left = weighted.T @ matrix - (columns * share).T @ columns
    return left, weighted.T @ response - (columns * share).T @ answers


def _sums(
    response: np.ndarray, weights: np.ndarray, weighted: np.ndarray, groups: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights, weighted columns and weighted response, summed by group."""
    columns = np.stack([np.bincount(groups, column, count) for column in weighted.T], axis=1)
    return np.bincount(groups, weights, count), columns, np.bincount(groups, weights * response, count)


def _with_errors(
    effects: np.ndarray, response: np.ndarray, weights: np.ndarray, matrix: np.ndarray, strata: np.ndarray,
    clusterings: Sequence[np.ndarray],
) -> Fit:  # fmt: skip
    """The effects with the cluster jackknife's standard errors, for each clustering on its own."""
    errors = [_jackknife(effects, response, weights, matrix, strata, clusters) for clusters in clusterings]
    return Fit(effects, np.stack(errors), tuple(len(np.unique(clusters)) for clusters in clusterings))


def _jackknife(
    effects: np.ndarray, response: np.ndarray, weights: np.ndarray, matrix: np.ndarray, strata: np.ndarray,
    clusters: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Standard errors of effects by leaving each cluster out in turn, also from the strata that it shares with others.

    With few or unequal clusters, such as the agents of small teams, these errors hold where the usual sandwich is too
    narrow.

    References
    ----------
    MacKinnon, Nielsen and Webb, "Fast and reliable jackknife and bootstrap methods for cluster-robust inference",
    Journal of Applied Econometrics 38(5), 2023.
    """
    order = np.argsort(clusters, kind="stable")
    response, weights, matrix, strata = response[order], weights[order], matrix[order], strata[order]
    bounds = np.flatnonzero(np.diff(clusters[order], prepend=-1, append=-1))
    weighted = matrix * weights[:, None]
    total, columns, answers = _sums(response, weights, weighted, strata, int(strata.max()) + 1)
    left, right = _moments(response, weights, matrix, strata)
    scale = np.diag(left)
    squares, alone = np.zeros(len(effects)), np.zeros(len(effects), dtype=bool)
    for start, end in pairwise(bounds):
        own = slice(start, end)
        shared, place = np.unique(strata[own], return_inverse=True)
        mine = _sums(response[own], weights[own], weighted[own], place, len(shared))
        with_own = total[shared], columns[shared], answers[shared]
        without = tuple(whole - part for whole, part in zip(with_own, mine, strict=True))
        more = _outer(*with_own), _outer(*without)
        cut_left = left - weighted[own].T @ matrix[own] + more[0][0] - more[1][0]
        cut_right = right - weighted[own].T @ response[own] + more[0][1] - more[1][1]
        known = np.diag(cut_left) > _OWN * scale
        alone |= ~known
        shift = np.zeros(len(effects))
        shift[known] = np.linalg.lstsq(cut_left[np.ix_(known, known)], cut_right[known], rcond=None)[0] - effects[known]
        squares += shift**2
    count = len(bounds) - 1
    return np.where(alone, np.nan, np.sqrt((count - 1) / count * squares))


def _outer(total: np.ndarray, columns: np.ndarray, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What taking the strata out takes from the normal equations."""
    some = total > 1e-9
    means = columns[some] / total[some, None]
    return means.T @ columns[some], means.T @ answers[some]
