"""Is each function of random_numbers.py right? Published and hand-worked numbers, scipy as a check, both ways of running."""

import itertools
import json
import math
import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from numba import njit
from scipy import special, stats

from corredor.engine import random_numbers
from corredor.engine.draws import halves, uniforms_of_draws

STRATIFIED = (np.arange(20_000) + 0.5) / 20_000
ENDS = np.array([2.0**-53, 2.0**-40, 1e-9, 1e-6, 1 - 1e-6, 1 - 2.0**-30, 1 - 2.0**-53])
U = np.sort(np.concatenate([STRATIFIED, ENDS]))


@njit(nogil=True)
def counts(law, u, first, second, third):
    """Quantiles for arrays: law 0 binomial (n, p), 1 Poisson (mean), 2 hypergeometric (good, bad, take)."""
    result = np.empty(len(u))
    for i in range(len(u)):
        if law == 0:
            result[i] = random_numbers.binomial_quantile(u[i], first[i], second[i])
        elif law == 1:
            result[i] = random_numbers.poisson_quantile(u[i], first[i])
        else:
            result[i] = random_numbers.hypergeometric_quantile(u[i], first[i], second[i], third[i])
    return result


def quantiles(law, u, *arguments):
    columns = [
        np.ascontiguousarray(np.broadcast_to(float(a) if np.isscalar(a) else a, u.shape)) for a in (*arguments, 0.0, 0.0)[:3]
    ]
    return counts(law, u, *columns)


def binomial(u, n, p):
    return quantiles(0, u, n, p)


def poisson(u, mean):
    return quantiles(1, u, mean)


def hypergeometric(u, good, bad, take):
    return quantiles(2, u, good, bad, take)


def share_wrong(count, u, law):
    """Share of counts k that are not the smallest with P(at most k) ≥ u, by scipy's chances, ties in its 11 digits aside."""
    tie = 1e-11
    from_below = (law.cdf(count) < u * (1 - tie)) | (law.cdf(count - 1) >= u * (1 + tie))
    from_above = (law.sf(count) > (1 - u) * (1 + tie)) | (law.sf(count - 1) <= (1 - u) * (1 - tie))
    return np.where(u <= 0.5, from_below, from_above).mean()


# --- the number with an address ---


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ],
)
def test_philox_gives_the_answers_published_with_random123(counter, key, answer):
    words = [int(word, 16) for word in (counter + " " + key).split()]
    assert [int(word) for word in random_numbers.philox4x32(*words)] == [int(word, 16) for word in answer.split()]


def test_the_pair_is_made_of_the_four_words_of_its_address():
    first, second = random_numbers.uniform_pair(0, 0, 0, 0, 0, 0)
    assert first == (2 * (0x6627E8D5 * 2**20 + (0xE169C58D >> 12)) + 1) / 2**53
    assert second == (2 * (0xBC57AC4C * 2**20 + (0x9B00DBD8 >> 12)) + 1) / 2**53
    # The key is the seed; the counter is draw, step, entity, tag, in this order.
    first, _ = random_numbers.uniform_pair(0xA4093822, 0x299F31D0, 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)
    assert first == (2 * (0xD16CFE09 * 2**20 + (0x94FDCCEB >> 12)) + 1) / 2**53


def test_numbers_stay_off_both_ends_and_their_rest_to_1_is_exact():
    largest_words = 2**52 - 1
    assert (2.0 * 0 + 1.0) * 2.0**-53 > 0.0
    assert (2.0 * largest_words + 1.0) * 2.0**-53 < 1.0
    for entity in range(500):
        for u in random_numbers.uniform_pair(1, 2, 3, 4, entity, 5):
            assert int(Fraction(u) * 2**53) % 2 == 1
            assert Fraction(1.0 - u) == 1 - Fraction(u)


def test_a_tag_packs_purpose_group_and_index_without_overlap():
    assert random_numbers.tag(1, 2, 3) == 1 * 2**24 + 2 * 2**12 + 3
    assert random_numbers.tag(random_numbers.PURPOSES - 1, random_numbers.GROUPS - 1, random_numbers.INDICES - 1) == 2**32 - 1
    assert random_numbers.tag.py_func(np.int32(200), np.int32(4095), np.int32(1)) == 200 * 2**24 + 4095 * 2**12 + 1
    some = [(p, g, i) for p in (0, 1, 7, 255) for g in (0, 1, 15, 4095) for i in (0, 1, 4095)]
    assert len({random_numbers.tag(*each) for each in some}) == len(some)


# --- the bell curve ---


def test_the_normal_quantile_gives_the_answers_published_with_as241():
    assert random_numbers.normal_quantile(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)
    assert random_numbers.normal_quantile(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert random_numbers.normal_quantile(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)


def test_the_normal_quantile_agrees_with_scipy_and_is_odd():
    here = np.array([random_numbers.normal_quantile(u) for u in U])
    np.testing.assert_allclose(here, special.ndtri(U), rtol=3e-15, atol=1e-16)
    assert all(
        random_numbers.normal_quantile(1.0 - u) == -x
        for u, x in zip(ENDS, map(random_numbers.normal_quantile, ENDS), strict=True)
        if u > 0.5
    )


# --- counts ---


def test_counts_worked_by_hand():
    # Two coins: P(0) = ¼, P(at most 1) = ¾. The boundary belongs to the lower count.
    assert [random_numbers.binomial_quantile(u, 2.0, 0.5) for u in (0.25, 0.2500001, 0.75, 0.7500001)] == [0, 1, 1, 2]
    # One person who goes with chance ¾ stays with chance ¼: the tie falls on the same side when the stayers are counted.
    assert [random_numbers.binomial_quantile(u, 1.0, 0.75) for u in (0.25, 0.2500001)] == [0, 1]
    assert [random_numbers.binomial_quantile(u, 2.0, 0.75) for u in (0.0625, 0.0625001, 0.4375, 0.4375001)] == [0, 1, 1, 2]
    # Poisson with mean 1: P(0) = 1/e = 0.3679, P(at most 1) = 0.7358, P(at most 2) = 0.9197.
    assert [random_numbers.poisson_quantile(u, 1.0) for u in (0.3678, 0.3679, 0.7357, 0.7358, 0.9196, 0.9198)] == [
        0,
        1,
        1,
        2,
        2,
        3,
    ]
    # Two of 2 good and 2 bad: 1 of 6 ways has no good, 4 of 6 one, 1 of 6 two.
    assert [random_numbers.hypergeometric_quantile(u, 2.0, 2.0, 2.0) for u in (0.1666, 0.1667, 0.8333, 0.8334)] == [0, 1, 1, 2]
    # Five of 4 good and 2 bad: at least 3 are good; all 4 are in 2 of 6 ways.
    assert [random_numbers.hypergeometric_quantile(u, 4.0, 2.0, 5.0) for u in (0.6666, 0.6667)] == [3, 4]


def test_what_is_certain_needs_no_luck():
    for u in ENDS:
        assert random_numbers.binomial_quantile(u, 0.0, 0.5) == 0
        assert random_numbers.binomial_quantile(u, 1e9, 0.0) == 0
        assert random_numbers.binomial_quantile(u, 1e9, -1e-18) == 0
        assert random_numbers.binomial_quantile(u, 1e9, 1.0) == 1e9
        assert random_numbers.binomial_quantile(u, 7.0, 1.0 + 1e-15) == 7
        assert random_numbers.poisson_quantile(u, 0.0) == 0
        assert random_numbers.hypergeometric_quantile(u, 0.0, 8.0, 3.0) == 0
        assert random_numbers.hypergeometric_quantile(u, 8.0, 0.0, 3.0) == 3
        assert random_numbers.hypergeometric_quantile(u, 5.0, 6.0, 11.0) == 5
        assert random_numbers.hypergeometric_quantile(u, 5.0, 6.0, 0.0) == 0


@pytest.mark.parametrize("p", [1e-6, 1e-3, 0.02, 0.3, 0.5, 0.8, 0.999])
def test_binomial_counts_are_those_of_scipy(p):
    for n in (1, 2, 9, 40, 300, 5_000, 100_000, 3_000_000, 1_000_000_000):
        u = (STRATIFIED if p > 0.5 else U)[::4]
        assert share_wrong(binomial(u, n, p), u, stats.binom(n, p)) == 0, n


def test_poisson_counts_are_those_of_scipy():
    for mean in (1e-4, 0.3, 0.69, 0.71, 1.0, 2.5, 7.0, 29.9, 30.1, 400.0, 2e4):
        assert share_wrong(poisson(U, mean), U, stats.poisson(mean)) == 0, mean


def just_around_boundaries(k, at_most, more):
    """u just below and just above every P(at most k), and the counts that belong to them: the hardest u for an expansion."""
    lower = (at_most > 1e-15) & (at_most <= 0.5)
    upper = (more > 1e-9) & (more < 0.5)
    low, high = at_most[lower], more[upper]
    near_low = 1e-10 * low
    near_high = np.maximum(1e-10 * high, 1e-13)  # u near 1 has no more digits than this to tell sides apart
    u = [low - near_low, low + near_low, 1 - high - near_high, 1 - high + near_high]
    return np.concatenate(u), np.concatenate([k[lower], k[lower] + 1, k[upper], k[upper] + 1])


def some_counts(mean, sigma, most):
    k = np.unique(np.linspace(mean - 9 * sigma, min(mean + 9 * sigma, most), 400).round())
    return k[k >= 0]


def around_binomial_boundaries(n, p, sigmas=9):
    # Not stats.binom.cdf: it rounds 1 − p and is wrong in the tenth digit for many people and a small share.
    k = some_counts(n * p, sigmas / 9 * math.sqrt(n * p * (1 - p)), n - 1)
    return just_around_boundaries(k, special.betaincc(k + 1, n - k, p), special.betainc(k + 1, n - k, p))


@pytest.mark.parametrize("variance", [0.7, 0.75, 0.9, 1.2, 1.5, 2, 3, 5, 8, 15, 40, 300, 5_000, 200_000])
def test_counts_are_exact_on_both_sides_of_every_boundary(variance):
    for p in (1e-6, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.35, 0.45, 0.5):
        for more in (1.0, 1.1, 1.25):
            n = math.ceil(variance * more / (p * (1 - p)))
            u, right = around_binomial_boundaries(n, p)
            assert len(u) >= 4
            np.testing.assert_array_equal(binomial(u, n, p), right, err_msg=f"{n=} {p=}")
    k = some_counts(variance, math.sqrt(variance), math.inf)
    u, right = just_around_boundaries(k, special.gammaincc(k + 1, variance), special.gammainc(k + 1, variance))
    np.testing.assert_array_equal(poisson(u, variance), right)


@pytest.mark.parametrize(
    ("good", "bad", "take"),
    [(3, 4, 5), (10, 20, 5), (20, 15, 25), (60, 40, 50), (500, 30, 90), (40, 3_000, 700), (900, 2_000, 2_500)],
)
def test_hypergeometric_counts_are_those_of_whole_number_arithmetic(good, bad, take):
    least, most = max(0, take - bad), min(take, good)
    ways = [math.comb(good, k) * math.comb(bad, take - k) for k in range(least, most + 1)]
    passed = list(itertools.accumulate(ways))
    k = np.arange(least, most, dtype=float)
    at_most = np.array([part / passed[-1] for part in passed[:-1]])
    more = np.array([(passed[-1] - part) / passed[-1] for part in passed[:-1]])
    u, right = just_around_boundaries(k, at_most, more)
    assert len(u) >= 4
    np.testing.assert_array_equal(hypergeometric(u, good, bad, take), right)
    np.testing.assert_array_equal(hypergeometric(STRATIFIED, good, bad, take), least + np.searchsorted(at_most, STRATIFIED))


def test_the_question_on_both_sides_of_every_boundary_would_notice_an_expansion_with_a_term_less():
    n, p = 3_000_000, 1e-5
    mean, sigma, lean = n * p, math.sqrt(n * p * (1 - p)), 1 - 2 * p
    u, right = around_binomial_boundaries(n, p, sigmas=3)
    x = special.ndtri(u)
    shortened = np.ceil(mean + sigma * x + lean * (x * x - 1) / 6 + x * (-2 * x * x - 4) / (144 * sigma) - 0.5)
    assert (shortened != right).mean() > 0.2
    assert np.abs(shortened - right).max() == 1


@pytest.mark.parametrize(("n", "p"), [(10**7, 0.3), (10**9, 0.013), (10**12, 1e-5), (10**12, 0.5), (10**13, 0.1), (2**53, 1e-4)])
def test_above_the_exact_variance_fewer_than_1_decision_in_1000_is_off_and_by_one(n, p):
    share = Fraction(p)
    mean, variance, lean = n * share, float(n * share * (1 - share)), float(1 - 2 * share)
    assert variance >= random_numbers.EXACT_BELOW_VARIANCE
    x = special.ndtri(STRATIFIED)
    g, sigma = lean**2, math.sqrt(variance)
    # The mean in whole people and a rest, each exact, so that nothing is lost to its size.
    rest = sigma * x + lean * (x**2 - 1) / 6 + x * ((g - 3) * x**2 - (7 * g - 3)) / (144 * sigma) + float(mean % 1)
    right = np.ceil(rest - 0.5)
    here = binomial(STRATIFIED, n, p) - float(mean // 1)
    assert (here != right).mean() < 1e-3
    assert np.abs(here - right).max() <= 1
    # The same question notices a mean that is 2 % of a person off.
    assert (here != np.ceil(rest + 0.02 - 0.5)).mean() > 1e-2


def test_more_luck_never_means_fewer_people():
    for n, p in ((5, 0.3), (60, 0.02), (60, 0.97), (4_000, 0.1), (10**8, 0.4), (10**12, 0.2)):
        assert (np.diff(binomial(U, n, p)) >= 0).all()
    for mean in (0.6, 0.8, 35.0, 3e7):
        assert (np.diff(poisson(U, mean)) >= 0).all()
    for good, bad, take in ((9, 9, 9), (80, 900, 200), (10**8, 10**8, 10**7)):
        assert (np.diff(hypergeometric(U, good, bad, take)) >= 0).all()


@pytest.mark.parametrize("p", [0.003, 0.11, 0.5, 0.83])
def test_one_more_person_means_the_same_count_or_one_more(p):
    people = np.arange(0.0, 3_000.0)
    for u in (1e-7, 0.013, 0.31, 0.5000001, 0.77, 0.998, 1 - 1e-9):
        step = np.diff(binomial(np.full_like(people, u), people, p))
        assert set(np.unique(step)) <= {0.0, 1.0}


def test_a_higher_chance_never_means_fewer_people():
    p = np.linspace(0.0, 1.0, 4_001)
    for n in (1.0, 7.0, 130.0, 9_000.0):
        for u in (1e-7, 0.09, 0.5000001, 0.8, 1 - 1e-9):
            assert (np.diff(binomial(np.full_like(p, u), n, p)) >= 0).all()


def test_no_luck_and_no_size_leaves_the_possible_or_fails_to_end():
    for n in (1.0, 2.0, 1e3, 1e9, 2.0**53):
        for p in (1e-300, 1e-17, 1e-9, 0.3, 0.5, 0.7, 1 - 2.0**-53):
            count = binomial(ENDS, n, p)
            assert ((count >= 0) & (count <= n) & (count == np.floor(count))).all()
    for mean in (1e-300, 1e-17, 1e-9, 5.0, 1e5, 1e15):
        count = poisson(ENDS, mean)
        assert ((count >= 0) & (count == np.floor(count)) & (count <= 2 * mean + 60)).all()
    for good, bad, take in ((1.0, 1.0, 1.0), (1.0, 2.0**52, 2.0**51), (1e15, 1e15, 1e15), (1e15, 3.0, 1e15)):
        count = hypergeometric(ENDS, good, bad, take)
        assert ((count >= max(0.0, take - bad)) & (count <= min(take, good))).all()


# --- shares ---


def test_beta_shares_worked_by_hand():
    for u in (0.01, 0.25, 0.64, 0.99):
        assert random_numbers.beta_quantile(u, 1.0, 1.0) == pytest.approx(u, abs=1e-12)
        assert random_numbers.beta_quantile(u, 2.0, 1.0) == pytest.approx(math.sqrt(u), abs=1e-12)
        assert random_numbers.beta_quantile(u, 1.0, 2.0) == pytest.approx(1 - math.sqrt(1 - u), abs=1e-12)


@pytest.mark.parametrize(("alpha", "beta"), [(0.02, 3.0), (0.5, 0.5), (2.0, 5.0), (60.0, 3.0), (1e3, 4e3), (2e5, 1e5)])
def test_beta_shares_are_those_of_scipy_and_rise_with_luck(alpha, beta):
    u = U[::500]
    here = np.array([random_numbers.beta_quantile(each, alpha, beta) for each in u])
    np.testing.assert_allclose(here, special.betaincinv(alpha, beta, u), atol=1e-10, rtol=0)
    assert (np.diff(here) >= 0).all()


# --- both ways of running ---

SAMPLE = """
import json, sys
from corredor.engine import random_numbers

found = []
for entity in range(120):
    u, v = random_numbers.uniform_pair(4_000_000_000, 7, 3, entity, 11 * entity, random_numbers.tag(200, entity, 5))
    found += [u, v, random_numbers.normal_quantile(u), random_numbers.normal_quantile(u / 64), random_numbers.normal_quantile(u * 1e-12)]
    for n in (1.0, 12.0, 250.0, 1e5, 1e8):
        for p in (0.002, 0.3, 0.5, 0.96):
            found.append(random_numbers.binomial_quantile(u, n, p))
            found.append(random_numbers.binomial_quantile(v * 1e-7, n, p))
    found += [random_numbers.poisson_quantile(v, mean) for mean in (0.4, 0.9, 3.0, 50.0, 2e6)]
    found += [random_numbers.hypergeometric_quantile(v, good, 70.0, 40.0) for good in (3.0, 80.0, 4000.0)]
    if entity % 10 == 0:
        found += [random_numbers.beta_quantile(u, alpha, 3.5) for alpha in (0.3, 2.0, 900.0)]
json.dump([float(x).hex() for x in found], sys.stdout)
"""


def test_plain_python_and_compiled_code_give_the_same_bits():
    results = []
    for disabled in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning", "-c", SAMPLE],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        results.append(json.loads(run.stdout))
    compiled, plain = results
    assert len(set(plain)) > 500
    assert compiled == plain


def test_four_numbers_of_one_block_are_its_four_words():
    words = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    four = random_numbers.uniform_four(0, 0, 0, 0, 0, 0)
    assert four == tuple((2 * word + 1) / 2**33 for word in words)
    assert [random_numbers.one_of(number, *four) for number in range(4)] == list(four)


def test_the_smallest_and_largest_of_four_numbers_are_inside_0_and_1():
    # the least and greatest words there can be, by the formula of uniform_four
    assert 0 < (2 * 0 + 1) / 2**33 < 2.4e-10
    assert 1 - 2.4e-10 < (2 * (2**32 - 1) + 1) / 2**33 < 1


@pytest.mark.parametrize("first", [0, 1, 999_950, 2**32 - 60])
def test_numbers_of_many_addresses_at_once_are_those_of_each(first):
    seed, entity, purpose = 2**62 + 12345678901, 2**32 - 1, random_numbers.tag(101, 3, 2)
    one, other = uniforms_of_draws(seed, 20, np.arange(3), np.array([entity]), purpose, first)
    for step in range(3):
        pairs = [random_numbers.uniform_pair(*halves(seed), first + number, step, entity, purpose) for number in range(20)]
        assert list(zip(one[step].tolist(), other[step].tolist(), strict=True)) == pairs
