/** What measures cost, as rows beside the outputs; `dollar_table` of `corredor compare` has the same. */

import { effectOf } from "./effects";
import type { Output, StudyPage } from "./study";
import type { Row } from "./totals";
import type { Say } from "./words";

/** now, before: dollars of each measure with a cost, of the same draws in the same order. */
export function costRows(study: StudyPage, now: Float64Array[], before: Float64Array[], say: Say): Row[] {
  return study.costs.map(({ measure: id }, at) => {
    const measure = study.measures.find((one) => one.id === id)!;
    const output: Output = { name: id, title: say("costOf", { measure: measure.title }), side: "money", unit: "USD", mean: false, adds_up: true, starts: [], window: [], actor: measure.actor };
    return { output, effect: effectOf(now.map((usd) => usd[at]!), before.map((usd) => usd[at]!)), isCost: true };
  });
}
