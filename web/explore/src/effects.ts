/** Numbers over draws: quantiles as NumPy has them, effects of pairs of draws as `corredor compare` has them. */

/** Quantile of sorted numbers, between neighbours in a straight line. */
export function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN;
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  const [low, high] = [sorted[below]!, sorted[above]!];
  const part = at - below;
  // NumPy goes from the nearer neighbour
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

export function sorted(numbers: Iterable<number>): Float64Array {
  return Float64Array.from(numbers).filter(Number.isFinite).sort();
}

/** with, without: means over the draws that say something in both; mean is with − without. The rest is of the difference. */
export interface Effect {
  with: number;
  without: number;
  mean: number;
  median: number;
  low80: number;
  high80: number;
  low95: number;
  high95: number;
  up: number;
  down: number;
  draws: number;
  /** Levels that must not be shown though they are not small, as they would give small ones away. */
  hides?: { with: boolean; without: boolean };
}

/** with, without: one number of each draw, in the same order. */
export function effectOf(with_: number[], without: number[]): Effect {
  const known = with_.map((_, draw) => draw).filter((draw) => Number.isFinite(with_[draw]! - without[draw]!));
  const difference = sorted(known.map((draw) => with_[draw]! - without[draw]!));
  const meanOf = (values: number[]): number => known.reduce((sum, draw) => sum + values[draw]!, 0) / known.length;
  const [meanWith, meanWithout] = [meanOf(with_), meanOf(without)];
  const share = (count: number): number => (difference.length > 0 ? count / difference.length : NaN);
  return {
    with: meanWith,
    without: meanWithout,
    mean: meanWith - meanWithout,
    median: quantile(difference, 0.5),
    low80: quantile(difference, 0.1),
    high80: quantile(difference, 0.9),
    low95: quantile(difference, 0.025),
    high95: quantile(difference, 0.975),
    up: share(difference.filter((value) => value > 0).length),
    down: share(difference.filter((value) => value < 0).length),
    draws: difference.length,
  };
}

export const BANDS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

/** Quantiles of every period over draws: one array of periods for each of BANDS. */
export function fanOf(draws: Float64Array[]): Float64Array[] {
  const periods = draws[0]?.length ?? 0;
  const fan = BANDS.map(() => new Float64Array(periods));
  const column = new Float64Array(draws.length);
  for (let period = 0; period < periods; period++) {
    draws.forEach((series, draw) => (column[draw] = series[period]!));
    column.sort();
    BANDS.forEach((share, band) => (fan[band]![period] = quantile(column, share)));
  }
  return fan;
}
