/** What the card of a measure keeps of a draw: totals of all outputs, and the series that it shows. */

import { firstOf, totalOf } from "./series";
import type { Output, StudyPage } from "./study";
import type { Tally } from "./tally";

export const MOST_FANS_OF_A_SIDE = 2;

export interface CardDraw {
  totals: Float64Array;
  /** Of the outputs that the card pictures. */
  series: Float64Array[];
  end: Float64Array;
  crowding: Float64Array;
  usd: Float64Array;
}

/** Of some outputs the first of control and of protection, equally many, that have a series over time. */
export function picturedOf(outputs: Output[]): Output[] {
  const of = (side: Output["side"]): Output[] => outputs.filter((output) => output.side === side && output.class_middle_days === undefined);
  const fair = Math.min(MOST_FANS_OF_A_SIDE, Math.max(of("control").length, 1), Math.max(of("protection").length, 1));
  return [...of("control").slice(0, fair), ...of("protection").slice(0, fair)];
}

/** pictured: numbers of the outputs whose series are kept. */
export function cardOf({ outputs }: StudyPage, pictured: number[], series: Float64Array, { end, crowding, usd }: Tally): CardDraw {
  const first = firstOf(outputs);
  const part = (number: number): Float64Array => series.subarray(first[number], first[number + 1]);
  return { totals: Float64Array.from(outputs, (output, number) => totalOf(output, part(number))), series: pictured.map((number) => part(number).slice()), end, crowding, usd };
}
