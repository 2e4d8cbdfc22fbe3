/** The rules by which draws of an effect become a verdict: src/corredor/effects/claims/verdicts.py and weighing.py, in numbers. */

import type { Asked, Verdict } from "./study";

const SURE = 0.975;
const FEWEST_CHANGED = 0.05;
const APART = 3;
const LARGE = 2;
/** SOMEBODY of effect_evidence.py: added to both sides of a ratio; people. */
const SOMEBODY = 0.5;

export type Why = "noWay" | "apart" | "uncertain" | "assumed" | "holds" | "fails" | "notLarge" | "repeats";

export interface Judged {
  probability: number;
  verdict: Verdict;
  why: Why;
  /** Middle and 95 % of the effect, logs of with / without. */
  low: number;
  middle: number;
  high: number;
}

interface Weighed {
  weights: number[];
  means: number[];
  sd: number;
  apart: boolean;
}

/** pairs: the number that the claim is about, with its measures and without them, one pair for each draw. */
export function judge(asked: Asked, pairs: [number, number][], isFitted: boolean, isLearned: boolean): Judged {
  const ratios = pairs.map(([with_, without]) => Math.log(with_ + SOMEBODY) - Math.log(without + SOMEBODY));
  const sign = asked.lower ? -1 : 1;
  const weighed = weigh(ratios, isFitted ? null : asked.estimate);
  const probability = shareBeyond(weighed, asked.claimed, sign);
  const changed = pairs.filter(([with_, without]) => with_ !== without).length / pairs.length;
  const seen = { ...asked, probability, changed, learned: isLearned, apart: weighed.apart };
  let [verdict, why] = judgeEffect(seen, asked.series);
  if (verdict === "supported" && asked.own_counts_only && !isLearned) {
    const [others, whyOthers] = judgeEffect(seen, null);
    if (others === "contradicted") [verdict, why] = [others, whyOthers];
    else if (others !== "supported") [verdict, why] = ["repeats its source", "repeats"];
  }
  const [low, middle, high] = [0.025, 0.5, 0.975].map((share) => quantileOf(weighed, share)) as [number, number, number];
  return { probability, verdict, why, low, middle, high };
}

interface Seen {
  probability: number;
  changed: number;
  learned: boolean;
  apart: boolean;
  most: number | null;
}

/** C6, C7, C8 and C10. series: what the published series says, +1 for the claim, −1 against it, 0 neither, none: there is none. */
function judgeEffect(seen: Seen, series: number | null): [Verdict, Why] {
  const [verdict, why] = judgeSize(seen, series);
  if (verdict === "cannot tell" && series === 0 && seen.most !== null && seen.most < LARGE) return ["no large effect", "notLarge"];
  return [verdict, why];
}

function judgeSize(seen: Seen, series: number | null): [Verdict, Why] {
  if (seen.changed < FEWEST_CHANGED) return ["cannot tell", "noWay"];
  if (seen.apart) return ["cannot tell", "apart"];
  const [isYes, isNo] = [seen.probability >= SURE, seen.probability <= 1 - SURE];
  if (!isYes && !isNo) return ["cannot tell", "uncertain"];
  if ((isYes && series === -1) || (isNo && series === 1)) return ["cannot tell", "apart"];
  if (!(seen.learned || (isYes && series === 1) || (isNo && series === -1))) return ["cannot tell", "assumed"];
  return isNo ? ["contradicted", "fails"] : ["supported", "holds"];
}

function weigh(draws: number[], estimate: Asked["estimate"]): Weighed {
  const n = draws.length;
  const alike = draws.map(() => 1 / n);
  const mean = draws.reduce((sum, one) => sum + one, 0) / n;
  const sd = Math.sqrt(draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / n);
  if (estimate === null || sd === 0) return { weights: alike, means: draws, sd: 0, apart: false };
  const { middle, error } = estimate;
  if (Math.abs(middle - mean) > APART * Math.hypot(error, sd)) return { weights: alike, means: draws, sd: 0, apart: true };
  const kernel = 1.06 * sd * n ** -0.2;
  const logs = draws.map((one) => (-0.5 * (one - middle) ** 2) / (error ** 2 + kernel ** 2));
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const whole = weights.reduce((sum, one) => sum + one, 0);
  const precision = 1 / kernel ** 2 + 1 / error ** 2;
  return {
    weights: weights.map((weight) => weight / whole),
    means: draws.map((one) => (one / kernel ** 2 + middle / error ** 2) / precision),
    sd: precision ** -0.5,
    apart: false,
  };
}

/** Probability of more than a threshold in the direction of `sign`, or of as much where the threshold is not 0. */
function shareBeyond({ weights, means, sd }: Weighed, threshold: number, sign: number): number {
  return means.reduce((sum, mean, i) => {
    const distance = sign * (mean - threshold);
    return sum + weights[i]! * (sd > 0 ? normalShare(distance / sd) : distance >= 0 && sign * mean > 0 ? 1 : 0);
  }, 0);
}

/** The value below which so much of the mixture lies. */
function quantileOf({ weights, means, sd }: Weighed, share: number): number {
  if (sd === 0) {
    // as NumPy's interp: between the middles of the weights
    const order = means.map((_, i) => i).sort((one, other) => means[one]! - means[other]!);
    let [before, last] = [-Infinity, means[order[0]!]!];
    let sum = 0;
    for (const i of order) {
      const at = sum + weights[i]! / 2;
      sum += weights[i]!;
      if (at >= share) return before === -Infinity ? means[i]! : last + ((means[i]! - last) * (share - before)) / (at - before);
      [before, last] = [at, means[i]!];
    }
    return last;
  }
  const below = (x: number): number => means.reduce((sum, mean, i) => sum + weights[i]! * normalShare((x - mean) / sd), 0);
  let [low, high] = [Math.min(...means) - 9 * sd, Math.max(...means) + 9 * sd];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

/** Share of the standard normal distribution below z: a series near 0, a continued fraction in the tails (Abramowitz & Stegun 26.2.10, 26.2.14). */
export function normalShare(z: number): number {
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  const size = Math.abs(z);
  if (size < 5) {
    let [term, sum] = [size, size];
    for (let k = 1; term > 1e-17 * sum; k++) sum += term *= (size * size) / (2 * k + 1);
    return z < 0 ? 0.5 - density * sum : 0.5 + density * sum;
  }
  let fraction = size;
  for (let k = 60; k >= 1; k--) fraction = size + k / fraction;
  const tail = density / fraction;
  return z < 0 ? tail : 1 - tail;
}
