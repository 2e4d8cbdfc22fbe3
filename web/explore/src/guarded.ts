/** Totals and numbers by place and by group of one scenario that must not be shown: small ones, and those from which a small one could be worked out. */

import { tooFew } from "./numbers";
import { firstGroupOf, firstPlaceOf } from "./series";
import { hiddenOf, type Hidden } from "./small-cells";
import type { Output } from "./study";

export interface Guarded {
  /** Of each output. */
  totals: boolean[];
  /** Of each output, by place; empty where it is not told by place. */
  places: boolean[][];
  groups: boolean[][];
}

const NOTHING: Guarded = { totals: [], places: [], groups: [] };

/** draws: series of outputs with their numbers by place and by group behind, or what of these comes after `cut` numbers. totals: mean total of each output. */
export function guarded(outputs: Output[], draws: Float64Array[], totals: number[], cut = 0): Guarded {
  if (draws.length === 0) return NOTHING;
  const [firstPlace, firstGroup] = [firstPlaceOf(outputs), firstGroupOf(outputs)].map((first) => first.map((at) => at - cut)) as [number[], number[]];
  const hiddenFrom = (output: Output, at: number, parts = 0): Hidden => hiddenOf(output.unit === "people" ? meansOf(draws, at, parts) : []);
  const places = outputs.map((output, number) => hiddenFrom(output, firstPlace[number]!, output.places?.labels.length));
  const groups = outputs.map((output, number) => hiddenFrom(output, firstGroup[number]!, output.groups?.labels.length));
  // both lists add up to the total: where one may not tell it, the other does not either
  const cells = (own: Hidden, other: Hidden): boolean[] => own.cells.map((is) => is || (other.all && !own.all));
  const alone = outputs.map(({ unit }, number) => places[number]!.all || groups[number]!.all || (unit === "people" && tooFew(totals[number]!)));
  return { totals: hiddenTogether(outputs, alone), places: places.map((own, number) => cells(own, groups[number]!)), groups: groups.map((own, number) => cells(own, places[number]!)) };
}

/** Means over draws of some numbers that stand one after another. */
function meansOf(draws: Float64Array[], from: number, length: number): Float64Array {
  const means = new Float64Array(length);
  for (const series of draws) for (let at = 0; at < length; at++) means[at]! += series[from + at]! / draws.length;
  return means;
}

/** A sum is not shown while a part of it is not, nor are the dollars of people who are not. */
export function hiddenTogether(outputs: Output[], hidden: boolean[]): boolean[] {
  const number = new Map(outputs.map((output, at) => [output.name, at]));
  const partsOf = (output: Output): string[] => [...(output.sum_of ?? []).map(([name]) => name), ...(output.account_of === undefined ? [] : [output.account_of])];
  const found = [...hidden];
  // a sum may be of sums, and an account of a sum; parts stand before what is made of them
  outputs.forEach((output, at) => (found[at] ||= partsOf(output).some((name) => found[number.get(name)!])));
  return found;
}
