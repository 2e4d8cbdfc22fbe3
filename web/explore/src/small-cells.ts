/**
 * Which counts of a table must not be shown, so that none of fewer than five people can be worked out from those that are: the rule of
 * src/corredor/results/small_cells.py for tables of one axis. A small count is hidden, and another one with it, so that people can be
 * moved between the two without changing a total.
 */

import { SMALLEST_SHOWN_PEOPLE, tooFew } from "./numbers";

export interface Hidden {
  cells: boolean[];
  /** Of each grouping, by code. */
  groups: boolean[][];
  all: boolean;
}

/** people: counts that add up. groups: for each way in which they are summed elsewhere, the code (0, 1 …) of every count. */
export function hiddenOf(people: ArrayLike<number>, groups: number[][] = []): Hidden {
  const n = people.length;
  const identity = Array.from({ length: n }, (_, at) => at);
  const levels = [identity, ...groups];
  if (n > 1) levels.push(identity.map(() => 0));
  const hidden = levels.map((codes) => sumsOf(people, codes).map(tooFew));
  const small = hidden.map((mask) => (mask.some(Boolean) ? [...mask] : null));
  const moved = levels.map(() => new Uint8Array(n));
  const isLeaf = identity.map((at) => tooFew(people[at]!));
  levels.forEach((codes, level) => {
    for (const cell of identity) {
      if (small[level]?.[codes[cell]!] && isLeaf[cell] && moved[level]![cell] === 0) hide(cell, companionOf(people, levels, hidden[0]!, cell, level));
    }
  });
  return { cells: hidden[0]!, groups: hidden.slice(1, 1 + groups.length), all: hidden.at(-1)![0] ?? false };

  /** Every sum that changes when people are moved between the two. */
  function hide(cell: number, other: number): void {
    levels.forEach((codes, level) => {
      const [one, two] = [codes[cell]!, codes[other]!];
      if (one === two && cell !== other) return;
      hidden[level]![one] = hidden[level]![two] = true;
      moved[level]![cell] = 1;
    });
  }
}

/** The count to hide with a small one: of as many of its groups as can be, then one that is hidden already, then the smallest; itself where none is large enough. */
function companionOf(people: ArrayLike<number>, levels: number[][], isHidden: boolean[], cell: number, level: number): number {
  let best = cell;
  let least = [Infinity, Infinity, Infinity];
  for (let other = 0; other < people.length; other++) {
    if (!(people[other]! >= SMALLEST_SHOWN_PEOPLE) || levels[level]![other] === levels[level]![cell]) continue;
    const apart = levels.reduce((sum, codes) => sum + (codes[other] === codes[cell] ? 0 : 1), 0);
    const cost = [apart, isHidden[other] ? 0 : 1, people[other]!];
    const differs = cost.findIndex((part, at) => part !== least[at]);
    if (differs >= 0 && cost[differs]! < least[differs]!) [best, least] = [other, cost];
  }
  return best;
}

function sumsOf(people: ArrayLike<number>, codes: number[]): number[] {
  const sums = Array.from({ length: Math.max(-1, ...codes) + 1 }, () => 0);
  codes.forEach((code, at) => (sums[code]! += people[at]! || 0));
  return sums;
}
