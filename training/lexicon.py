"""Learned weights of words: a logistic regression over the words a block begins and ends with, another over the names
on the elements around it. Words seen on few sites are left out, so that no site's own words are learned."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Doubles = NDArray[np.float64]


def vocabulary(bags: Sequence[Sequence[str]], sites: Sequence[str], least: int, most: int) -> list[str]:
    """The words seen on at least `least` sites, the commonest `most` of them."""
    seen: dict[str, set[str]] = {}
    for bag, site in zip(bags, sites, strict=True):
        for word in bag:
            seen.setdefault(word, set()).add(site)
    counts = Counter({word: len(where) for word, where in seen.items() if len(where) >= least})
    return [word for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]]


def matrix(bags: Sequence[Sequence[str]], words: Sequence[str]) -> csr_matrix:
    """Rows of word presence."""
    place = {word: i for i, word in enumerate(words)}
    starts, columns = [0], []
    for bag in bags:
        columns += [place[word] for word in bag if word in place]
        starts.append(len(columns))
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(bags), len(words)))


def regression(x: csr_matrix, y: Doubles, weight: Doubles, penalty: float, offset: Doubles | None = None) -> Doubles:
    """Weights of a logistic regression with ridge penalty; the constant is fitted and left out."""
    goal = 2 * y - 1
    start = np.zeros(x.shape[1] + 1)
    base = np.zeros(len(y)) if offset is None else offset

    def loss(w: Doubles) -> tuple[float, Doubles]:
        margin = goal * (x @ w[:-1] + w[-1] + base)
        slope = -goal * weight / (1 + np.exp(np.clip(margin, -40, 40)))
        gradient = np.append(x.T @ slope + penalty * w[:-1], slope.sum())
        return float((weight * np.logaddexp(0, -margin)).sum() + penalty / 2 * (w[:-1] @ w[:-1])), gradient

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.asarray(found.x[:-1])
