/** What the card of a measure keeps of a draw: totals of all outputs, numbers by place and by group, and the series of those that it may show. */

import { firstOf, firstPlaceOf, totalOf } from "./series";
import type { Output, StudyPage } from "./study";
import type { Tally } from "./tally";

export interface CardDraw {
  totals: Float64Array;
  /** Of all outputs, by place, then by group, as `firstPlaceOf` has them from its first on. */
  parts: Float64Array;
  /** Of the outputs that the card may picture. */
  series: Float64Array[];
  end: Float64Array;
  crowding: Float64Array;
  usd: Float64Array;
}

const MOST_OF_A_SIDE = 6;
/** Numbers of all series together, so that the draws of an opened card stay small. */
const MOST_PERIODS = 1500;

/** Outputs of control and of protection that have a series over time, of which the card pictures those with the largest effect. */
export function candidatesOf(outputs: Output[]): Output[] {
  const of = (side: Output["side"]): Output[] => outputs.filter((output) => output.side === side && output.class_middle_days === undefined && output.starts.length > 1).slice(0, MOST_OF_A_SIDE);
  const [control, protection] = [of("control"), of("protection")];
  const turns = Array.from({ length: MOST_OF_A_SIDE }, (_, at) => [control[at], protection[at]]).flat().filter((output) => output !== undefined);
  let periods = 0;
  return turns.filter((output, at) => (periods += output.starts.length) <= MOST_PERIODS || at < 2);
}

/** pictured: numbers of the outputs whose series are kept. */
export function cardOf({ outputs }: StudyPage, pictured: number[], series: Float64Array, { end, crowding, usd }: Tally): CardDraw {
  const first = firstOf(outputs);
  const part = (number: number): Float64Array => series.subarray(first[number], first[number + 1]);
  return { totals: Float64Array.from(outputs, (output, number) => totalOf(output, part(number))), parts: series.slice(firstPlaceOf(outputs)[0]), series: pictured.map((number) => part(number).slice()), end, crowding, usd };
}
