"""Random numbers: where every random decision of the model gets its count from (M15).

Whether 3 or 4 of 120 people leave a town today is random. This file makes such a count in two steps:

1. **A number between 0 and 1 with an address.** The address says whose decision it is: the seed of the run, the draw
   (which simulation), the day, the place or route, the group, and what is being decided. A scrambler (Philox) turns the address
   into a number that looks random but is always the same for the same address. So random numbers are stored nowhere and never
   "used up": anyone can ask again, in any order, on any machine, and two scenarios that differ in one measure have common
   random numbers in all other decisions. Their difference is then the measure and not the noise.
2. **The count that belongs to this number.** If 40 % of all draws see at most 3 people leave and 57 % at most 4, then every
   number above 0.40 and up to 0.57 means 4. This is called a quantile. A larger number never means fewer people, and one person
   more in a town means the same count or one more.

Counts are exact. For a very small expected count the chances of 0, 1, 2 … people are added up until they pass the number. For
a larger one a formula (Cornish-Fisher: a bell curve, corrected for its lean, its tails and for whole people) gives the count
at once together with a bound of its own error. Only where the true count could lie on the other side of a boundary (one
decision in 25 at a variance of 2, one in 10,000 at 50) the chances are added up after all. So exactness costs almost nothing.

All functions run compiled (Numba) and as plain Python (NUMBA_DISABLE_JIT=1) with the same bits; they read and change
nothing, and raise nothing: their callers keep the stated ranges. The numbers with an address have the same bits on every
machine; a count could differ only where the last digit of a machine's own exp and log decides it, about once in 10**13.

Sources: Salmon, Moraes, Dror, Shaw 2011 "Parallel random numbers: as easy as 1, 2, 3" (Philox 4x32-10); Wichura 1988,
algorithm AS 241 (normal quantile); Cornish and Fisher 1938, Hill and Davis 1968 (expansion of a quantile), with Sheppard's
correction for whole numbers as in Kolassa and McCullagh 1990; Lentz 1976 (continued fraction of the beta function).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numba import njit

PURPOSES = 256
"""How many purposes a tag can tell apart (8 bits)."""
GROUPS = 4096
"""How many groups a tag can tell apart (12 bits)."""
INDICES = 4096
"""How many decisions of one purpose and group a tag can tell apart (12 bits)."""

EXACT_BELOW_VARIANCE = 1e6
"""Counts with a variance below this are exact (up to the rounding of the chances themselves, about 1 in 10**12)."""

# Below these variances adding up the chances is as fast as the expansion (measured).
_EXPAND_FROM_VARIANCE = 0.7
_EXPAND_FROM_VARIANCE_HYPERGEOMETRIC = 5.0
# Adding up from nobody is faster than walking from the likeliest count while that count is small.
_ADD_UP_BELOW_MEAN = 30.0
# Nearer to 1, chances added up from nobody have lost too many digits to tell; the walk adds them from the other end.
_ALMOST_SURE = 1.0 - 1e-6
# The error of the expansion is below this times (1 + x²)³ / variance². The largest ratio found at any boundary between two
# counts was 0.0026, over shares 1e-6 … 0.5 and variances 0.7 … 10,000; tests/unit/test_random_numbers.py asks on both sides of boundaries.
_EXPANSION_DOUBT = 0.003
# The same for the hypergeometric expansion, which has two terms fewer: times (1 + x²)² / variance. Largest ratio found: 0.0198.
_EXPANSION_DOUBT_HYPERGEOMETRIC = 0.03

_LOW_32_BITS = np.uint64(0xFFFFFFFF)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_KEY_STEP_0 = np.uint64(0x9E3779B9)
_KEY_STEP_1 = np.uint64(0xBB67AE85)
_BITS_12 = np.uint64(12)
_BITS_20 = np.uint64(20)
_BITS_32 = np.uint64(32)
_LARGEST_BELOW_1 = 1.0 - 2.0**-53


# --- the number with an address ---


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def philox4x32(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four random-looking words for a counter of four words and a key of two: Philox 4x32 with 10 rounds.

    c0 … c3, k0, k1 : whole numbers, 0 … 2**32 − 1
    returns : 4 × uint64, each 0 … 2**32 − 1
    source : Salmon et al. 2011; agrees with the known answers published with it (Random123, kat_vectors)
    """
    word_0 = np.uint64(c0) & _LOW_32_BITS
    word_1 = np.uint64(c1) & _LOW_32_BITS
    word_2 = np.uint64(c2) & _LOW_32_BITS
    word_3 = np.uint64(c3) & _LOW_32_BITS
    key_0 = np.uint64(k0) & _LOW_32_BITS
    key_1 = np.uint64(k1) & _LOW_32_BITS
    for _ in range(10):
        # Both factors have 32 bits: the product fits 64 and never overflows, so plain Python gives the same bits.
        product_0 = _MULTIPLIER_0 * word_0
        product_1 = _MULTIPLIER_1 * word_2
        word_0 = (product_1 >> _BITS_32) ^ word_1 ^ key_0
        word_1 = product_1 & _LOW_32_BITS
        word_2 = (product_0 >> _BITS_32) ^ word_3 ^ key_1
        word_3 = product_0 & _LOW_32_BITS
        key_0 = (key_0 + _KEY_STEP_0) & _LOW_32_BITS
        key_1 = (key_1 + _KEY_STEP_1) & _LOW_32_BITS
    return word_0, word_1, word_2, word_3


@njit(nogil=True, cache=True, error_model="numpy", inline="always")
def tag(purpose: int, group: int, index: int) -> int:
    """The part of a decision's address that says what is decided, for whom, and which one of several.

    purpose : int, 0 … 255     what is decided (named constants in kernel.py)
    group : int, 0 … 4095      whose decision it is
    index : int, 0 … 4095      which of several decisions of this purpose and group
    returns : int, 0 … 2**32 − 1
    """
    return (int(purpose) << 24) | (int(group) << 12) | int(index)


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def uniform_pair(seed_low: int, seed_high: int, draw: int, step: int, entity: int, tag: int) -> tuple[float, float]:
    """Two numbers between 0 and 1 (never 0, never 1) that belong to one address.

    seed_low, seed_high : int, 0 … 2**32 − 1       the two halves of the seed
    draw, step, entity, tag : int, 0 … 2**32 − 1   which draw, when, where (compartment or transition), what (`tag`)
    returns : 2 × float64                          odd multiples of 2**-53: 52 random bits, and the last bit a 1, so that
                                                   both ends are left out and 1 − u is exact
    """
    word_0, word_1, word_2, word_3 = philox4x32(draw, step, entity, tag, seed_low, seed_high)
    first = np.int64((word_0 << _BITS_20) | (word_1 >> _BITS_12))
    second = np.int64((word_2 << _BITS_20) | (word_3 >> _BITS_12))
    return (2.0 * np.float64(first) + 1.0) * 2.0**-53, (2.0 * np.float64(second) + 1.0) * 2.0**-53


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def uniform_four(seed_low: int, seed_high: int, draw: int, step: int, entity: int, tag: int) -> tuple[float, float, float, float]:
    """Four numbers between 0 and 1 (never 0, never 1) that belong to one address, for the commonest decisions.

    seed_low, seed_high, draw, step, entity, tag : as for `uniform_pair`
    returns : 4 × float64                          odd multiples of 2**-33: one word each, so that a block serves four decisions;
                                                   no chance of a count is off by more than 2.4e-10
    """
    word_0, word_1, word_2, word_3 = philox4x32(draw, step, entity, tag, seed_low, seed_high)
    return (
        (2.0 * np.float64(word_0) + 1.0) * 2.0**-33,
        (2.0 * np.float64(word_1) + 1.0) * 2.0**-33,
        (2.0 * np.float64(word_2) + 1.0) * 2.0**-33,
        (2.0 * np.float64(word_3) + 1.0) * 2.0**-33,
    )


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def one_of(number: int, first: float, second: float, third: float, fourth: float) -> float:
    """The number of four at position 0, 1, 2 or 3."""
    if number < 2:
        return second if number == 1 else first
    return fourth if number == 3 else third


@njit(nogil=True, cache=True, error_model="numpy")
def uniform_pairs(
    seed_low: int, seed_high: int, first_draw: int, n_draws: int, step: int, entity: int, tag: int
) -> tuple[np.ndarray, np.ndarray]:
    """`uniform_pair` of so many draws from the first on, at one address.

    returns : 2 × (n_draws,) float64
    """
    first, second = np.empty(n_draws), np.empty(n_draws)
    for draw in range(n_draws):
        first[draw], second[draw] = uniform_pair(seed_low, seed_high, first_draw + draw, step, entity, tag)
    return first, second


# --- the bell curve ---


@njit(nogil=True, cache=True, error_model="numpy")
def _normal_tail(tail_share: float) -> float:
    """The standard normal value that a share of all values, at most 0.075, lies above."""
    r = math.sqrt(-math.log(tail_share))
    if r <= 5.0:
        r -= 1.6
        rr = r * r
        rrrr = rr * rr
        top = (
            (7.7454501427834140764e-4 * r + 0.0227238449892691845833) * rr + (0.24178072517745061177 * r + 1.27045825245236838258)
        ) * rrrr + (
            (3.64784832476320460504 * r + 5.7694972214606914055) * rr + (4.6303378461565452959 * r + 1.42343711074968357734)
        )
        bottom = (
            (1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * rr
            + (0.0151986665636164571966 * r + 0.14810397642748007459)
        ) * rrrr + ((0.68976733498510000455 * r + 1.6763848301838038494) * rr + (2.05319162663775882187 * r + 1.0))
    else:
        r -= 5.0
        rr = r * r
        rrrr = rr * rr
        top = (
            (2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * rr
            + (0.0012426609473880784386 * r + 0.026532189526576123093)
        ) * rrrr + (
            (0.29656057182850489123 * r + 1.7848265399172913358) * rr + (5.4637849111641143699 * r + 6.6579046435011037772)
        )
        bottom = (
            (2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * rr
            + (1.8463183175100546818e-5 * r + 7.868691311456132591e-4)
        ) * rrrr + ((0.0148753612908506148525 * r + 0.13692988092273580531) * rr + (0.59983220655588793769 * r + 1.0))
    return top / bottom


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def normal_quantile(u: float) -> float:
    """The standard normal value that a share u of all values stays below, to about 16 digits.

    u : float64, above 0 and below 1
    returns : float64, within ±8.3 for the numbers of `uniform_pair`
    source : Wichura 1988, AS 241 (PPND16); the polynomials are added in pairs instead of one by one, for speed
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        rr = r * r
        rrrr = rr * rr
        top = (
            (2509.0809287301226727 * r + 33430.575583588128105) * rr + (67265.770927008700853 * r + 45921.953931549871457)
        ) * rrrr + ((13731.693765509461125 * r + 1971.5909503065514427) * rr + (133.14166789178437745 * r + 3.387132872796366608))
        bottom = (
            (5226.495278852545925 * r + 28729.085735721942674) * rr + (39307.89580009271061 * r + 21213.794301586595867)
        ) * rrrr + ((5394.1960214247511077 * r + 687.1870074920579083) * rr + (42.313330701600911252 * r + 1.0))
        return q * top / bottom
    if q < 0.0:
        return -float(_normal_tail(u))
    return float(_normal_tail(1.0 - u))


# --- counts: the two exact ways and the expansion ---


class _Rise(NamedTuple):
    """How much likelier the count k + 1 is than k, for every distribution here:

    (first − first_step · k) · (second − second_step · k) / ((k + 1) · (under + second_step · k))
    """

    first: float
    first_step: float
    second: float
    second_step: float
    under: float


@njit(nogil=True, cache=True, error_model="numpy")
def _rise_from(count: float, rise: _Rise) -> float:
    """P(count + 1) / P(count)."""
    return (
        (rise.first - rise.first_step * count)
        * (rise.second - rise.second_step * count)
        / ((count + 1.0) * (rise.under + rise.second_step * count))
    )


@njit(nogil=True, cache=True, error_model="numpy")
def _walk(u: float, likeliest: float, least: float, most: float, rise: _Rise) -> float:
    """Smallest count whose chance of "this many or fewer" reaches u: walks out from the likeliest count to where chances no
    longer matter, then back from the end that u is near, so that a far tail keeps all its digits. About 25 steps per person
    of standard deviation.
    """
    from_above = u > 0.5
    wanted = 1.0 - u if from_above else u
    negligible = wanted * 1e-20
    total = 1.0
    lowest = likeliest
    lowest_weight = 1.0
    while lowest > least and lowest_weight > negligible:
        lowest -= 1.0
        lowest_weight /= _rise_from(lowest, rise)
        total += lowest_weight
    highest = likeliest
    highest_weight = 1.0
    while highest < most and highest_weight > negligible:
        highest_weight *= _rise_from(highest, rise)
        highest += 1.0
        total += highest_weight
    wanted *= total
    if from_above:
        count = highest
        weight = highest_weight
        passed = 0.0
        while count > lowest and passed + weight <= wanted:
            passed += weight
            count -= 1.0
            weight /= _rise_from(count, rise)
        return count
    count = lowest
    weight = lowest_weight
    passed = weight
    while count < highest and passed < wanted:
        weight *= _rise_from(count, rise)
        count += 1.0
        passed += weight
    return count


@njit(nogil=True, cache=True, error_model="numpy")
def _add_up(u: float, chance_of_none: float, first: float, first_step: float) -> float:
    """Smallest count whose chance of "this many or fewer" reaches u, added up from nobody; first and first_step as in _Rise.

    Ends because the chances sum to 1 within 1e-12 and u stays below 1 − 1e-6.
    """
    count = 0.0
    chance = chance_of_none
    passed = chance
    while passed < u:
        chance *= (first - first_step * count) / (count + 1.0)
        count += 1.0
        passed += chance
    return count


@njit(nogil=True, cache=True, error_model="numpy")
def _expand(mean: float, variance: float, lean: float, x: float) -> float:
    """Point that a share Φ(x) of the distribution stays below, of which the count is the next whole number from the point − ½.

    Cornish-Fisher to the fourth correction for a binomial distribution with lean s = 1 − 2p (Poisson: 1), σ² = np(1 − p), g = s²:

      mean + σx + s(x² − 1)/6 + x((g − 3)x² − (7g − 3))/(144 σ) + s(9 − g)(3x⁴ + 7x² − 16)/(6480 σ²)
           + x(9(g² − 54g − 39)x⁴ + 4(64g² − 531g − 81)x² − (433g² − 6282g − 4887))/(622080 σ³)

    The cumulants of the distribution were reduced by those of a uniform number on (−½, ½) (variance − 1/12 …: Sheppard), which makes
    the curve pass through the chances of whole people at the half-way points. Written below in even and odd powers of x.
    """
    g = lean * lean
    by_variance = 1.0 / variance
    sigma = math.sqrt(variance)
    by_sigma = sigma * by_variance
    xx = x * x
    first = lean * (1.0 / 6.0)
    third = lean * (9.0 - g) * by_variance * (1.0 / 6480.0)
    second = by_sigma * (1.0 / 144.0)
    fourth = by_sigma * by_variance * (1.0 / 622080.0)
    even = first * (xx - 1.0) + third * ((3.0 * xx + 7.0) * xx - 16.0)
    odd_1 = sigma - second * (7.0 * g - 3.0) - fourth * ((433.0 * g - 6282.0) * g - 4887.0)
    odd_3 = second * (g - 3.0) + fourth * (4.0 * ((64.0 * g - 531.0) * g - 81.0))
    odd_5 = fourth * (9.0 * ((g - 54.0) * g - 39.0))
    return mean + even + x * (odd_1 + xx * (odd_3 + xx * odd_5))


@njit(nogil=True, cache=True, error_model="numpy", forceinline=True)
def _binomial_up_to_half(u: float, n: float, p: float) -> float:
    """`binomial_quantile` for 0 < p ≤ ½ and n ≥ 1."""
    mean = n * p
    # P(anybody) ≤ mean: the commonest decision, that nobody goes, needs no more than this.
    if u <= 1.0 - mean:
        return 0.0
    variance = mean * (1.0 - p)
    if variance >= _EXPAND_FROM_VARIANCE:
        x = normal_quantile(u)
        point = _expand(mean, variance, 1.0 - 2.0 * p, x)
        count = float(np.ceil(point - 0.5))
        one_and_square = 1.0 + x * x
        doubt = _EXPANSION_DOUBT * one_and_square * one_and_square * one_and_square
        if (0.5 - abs(count - point)) * variance * variance > doubt or variance >= EXACT_BELOW_VARIANCE:
            return min(max(count, 0.0), n)
    odds = p / (1.0 - p)
    if mean < _ADD_UP_BELOW_MEAN and u < _ALMOST_SURE:
        return float(_add_up(u, math.exp(n * math.log1p(-p)), n * odds, odds))
    return float(_walk(u, np.floor(mean), 0.0, n, _Rise(n * odds, odds, 1.0, 0.0, 1.0)))


@njit(nogil=True, cache=True, error_model="numpy")
def binomial_quantile(u: float, n: float, p: float) -> float:
    """How many of n people do it, each with chance p: the smallest k with P(at most k) ≥ u (M2, M3, M4, M15).

    u : float64, above 0 and below 1    the random number of this decision
    n : float64, people                 a whole number, 0 … 2**53
    p : float64, share 0–1              0 or less means nobody, 1 or more means everybody
    returns : float64, people           a whole number, 0 … n

    Exact while the variance np(1 − p) is below 10**6 (no wrong count in 36 million tries against adding up all chances).
    Above it the expansion is wrong by less than 10**-8 people, so that only the rounding of n·p to 16 digits remains: off by
    one person in fewer than 1 of 1,000 decisions while n·p is below 10**12 (measured at 10**12: 1 in 5,000).
    """
    if n <= 0.0 or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return n
    if p <= 0.5:
        return float(_binomial_up_to_half(u, n, p))
    # Those who stay are counted instead. "Smallest with ≥ u" becomes "smallest with > 1 − u", so 1 − u is raised by its last bit.
    rest = 1.0 - u
    rest = min(rest + rest * (1.5 * 2.0**-53), _LARGEST_BELOW_1)
    return float(n - _binomial_up_to_half(rest, n, 1.0 - p))


@njit(nogil=True, cache=True, error_model="numpy")
def poisson_quantile(u: float, mean: float) -> float:
    """How many come when `mean` are expected and each comes on their own: the smallest k with P(at most k) ≥ u (M5, M15).

    u : float64, above 0 and below 1
    mean : float64, people     0 or less means nobody
    returns : float64, people  a whole number

    Exact while the mean is below 10**6; above it as `binomial_quantile`.
    """
    if u <= 1.0 - mean or mean <= 0.0:
        return 0.0
    if mean >= _EXPAND_FROM_VARIANCE:
        x = normal_quantile(u)
        point = _expand(mean, mean, 1.0, x)
        count = float(np.ceil(point - 0.5))
        one_and_square = 1.0 + x * x
        doubt = _EXPANSION_DOUBT * one_and_square * one_and_square * one_and_square
        if (0.5 - abs(count - point)) * mean * mean > doubt or mean >= EXACT_BELOW_VARIANCE:
            return max(count, 0.0)
    if mean < _ADD_UP_BELOW_MEAN and u < _ALMOST_SURE:
        return float(_add_up(u, math.exp(-mean), mean, 0.0))
    return float(_walk(u, np.floor(mean), 0.0, math.inf, _Rise(mean, 0.0, 1.0, 0.0, 1.0)))


@njit(nogil=True, cache=True, error_model="numpy")
def poisson_quantiles(u: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """`poisson_quantile`, one for each.

    u, mean : (n,) float64
    returns : (n,) float64, people
    """
    counts = np.empty(len(u))
    for number in range(len(u)):
        counts[number] = poisson_quantile(u[number], mean[number])
    return counts


@njit(nogil=True, cache=True, error_model="numpy")
def _expand_hypergeometric(mean: float, variance: float, good: float, bad: float, take: float, x: float) -> float:
    """As `_expand`, to the second correction, from lean and tails (skewness, excess kurtosis) of the hypergeometric."""
    people = good + bad
    left = people - take
    sigma = math.sqrt(variance)
    lean = (bad - good) / people * ((left - take) / (people - 2.0))
    tails = (people * (people + 1.0) - 6.0 * good * bad - 6.0 * take * left) + 6.0 * (5.0 * people - 6.0) * variance
    tails /= (people - 2.0) * (people - 3.0)
    xx = x * x
    second = tails * (xx - 3.0) / 24.0 - lean * lean * (2.0 * xx - 5.0) / 36.0 - 1.0 / 24.0
    return mean + sigma * x + lean * (xx - 1.0) / 6.0 + x * second / sigma


@njit(nogil=True, cache=True, error_model="numpy")
def hypergeometric_quantile(u: float, good: float, bad: float, take: float) -> float:
    """How many of `take` people, picked from good + bad without putting back, are good: smallest k with P(at most k) ≥ u.

    u : float64, above 0 and below 1
    good, bad : float64, people     whole numbers of 0 or more, together below 2**53
    take : float64, people          a whole number, 0 … good + bad
    returns : float64, people       a whole number, max(0, take − bad) … min(take, good)

    Exact while the variance is below 10**6; above it wrong by less than 10**-6 people on average, 10**-4 at the ends of u,
    and by the rounding of `binomial_quantile`. Costs about as much as
    `binomial_quantile` (30 to 100 ns).
    """
    least = max(0.0, take - bad)
    most = min(take, good)
    if most <= least:
        return least
    people = good + bad
    left = people - take
    mean = take * good / people
    variance = mean * (bad / people) * (left / (people - 1.0))
    if variance >= _EXPAND_FROM_VARIANCE_HYPERGEOMETRIC:
        x = normal_quantile(u)
        point = _expand_hypergeometric(mean, variance, good, bad, take, x)
        count = float(np.ceil(point - 0.5))
        one_and_square = 1.0 + x * x
        doubt = _EXPANSION_DOUBT_HYPERGEOMETRIC * one_and_square * one_and_square
        if (0.5 - abs(count - point)) * variance > doubt or variance >= EXACT_BELOW_VARIANCE:
            return min(max(count, least), most)
    likeliest = min(max(np.floor((take + 1.0) * (good + 1.0) / (people + 2.0)), least), most)
    return float(_walk(u, likeliest, least, most, _Rise(good, 1.0, take, 1.0, bad - take + 1.0)))


# --- shares ---


@njit(nogil=True, cache=True, error_model="numpy")
def _beta_continued_fraction(x: float, alpha: float, beta: float) -> float:
    """The continued fraction of the incomplete beta function, evaluated from the front (Lentz); quick for x below the mean.

    Needs about √(alpha + beta) terms; stops after 20,000, which no alpha + beta up to 10**7 reaches.
    """
    tiny = 1e-300
    above = 1.0
    below = 1.0 - (alpha + beta) * x / (alpha + 1.0)
    if abs(below) < tiny:
        below = tiny
    below = 1.0 / below
    value = below
    for m in range(1, 20_000):
        for odd in range(2):
            if odd == 0:
                term = m * (beta - m) * x / ((alpha + 2.0 * m - 1.0) * (alpha + 2.0 * m))
            else:
                term = -(alpha + m) * (alpha + beta + m) * x / ((alpha + 2.0 * m) * (alpha + 2.0 * m + 1.0))
            below = 1.0 + term * below
            if abs(below) < tiny:
                below = tiny
            below = 1.0 / below
            above = 1.0 + term / above
            if abs(above) < tiny:
                above = tiny
            change = above * below
            value *= change
        if abs(change - 1.0) < 1e-15:
            break
    return value


@njit(nogil=True, cache=True, error_model="numpy")
def _beta_share_below(x: float, alpha: float, beta: float, log_scale: float) -> float:
    """P(share ≤ x): the regularised incomplete beta function for 0 < x < 1."""
    size = math.exp(log_scale + alpha * math.log(x) + beta * math.log1p(-x))
    if x * (alpha + beta + 2.0) < alpha + 1.0:
        return float(size * _beta_continued_fraction(x, alpha, beta) / alpha)
    return float(1.0 - size * _beta_continued_fraction(1.0 - x, beta, alpha) / beta)


@njit(nogil=True, cache=True, error_model="numpy")
def beta_quantile(u: float, alpha: float, beta: float) -> float:
    """The share that a beta-distributed share stays below with chance u (M9).

    u : float64, above 0 and below 1
    alpha, beta : float64, above 0; together below 10**7     mean share alpha / (alpha + beta)
    returns : float64, share 0–1, within 1e-10
    source : halving the interval 45 times. Every comparison is made at the same points for every u, so that a larger u never
             gives a smaller share, whatever the rounding. Costs 4 to 20 microseconds.
    """
    log_scale = math.lgamma(alpha + beta) - math.lgamma(alpha) - math.lgamma(beta)
    low = 0.0
    width = 1.0
    for _ in range(45):
        width *= 0.5
        if _beta_share_below(low + width, alpha, beta, log_scale) < u:
            low += width
    return low + 0.5 * width
