/** An effect on people as a line: 80 % of simulations, the mean as a dot, 0 in the middle of the scale; grey where the sign is not sure. */

import type { Effect } from "./effects";
import { drawnDifference, SMALLEST_SHOWN_PEOPLE } from "./numbers";
import { drawnEffect, isHidden } from "./shown-effects";
import { isUnsure } from "./totals";

const [WIDTH, HEIGHT] = [160, 14];

/** The end of a scale on which these effects are drawn. */
export function reachOf(effects: Effect[]): number {
  return Math.max(SMALLEST_SHOWN_PEOPLE, ...effects.flatMap((effect) => (isHidden(effect, "people") ? [Math.abs(drawnEffect(effect, "people"))] : [effect.low80, effect.high80, effect.mean].map(Math.abs))));
}

export function Span({ effect, reach }: { effect: Effect; reach: number }) {
  const x = (value: number): number => WIDTH / 2 + ((WIDTH / 2 - 5) * Math.max(-1, Math.min(value / reach, 1)));
  const end = (value: number): number => x(drawnDifference(value, "people"));
  const kind = isUnsure(effect) ? "unsure" : effect.mean > 0 ? "more" : "fewer";
  return (
    <svg class={`span ${kind}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path class="zero" d={`M${WIDTH / 2} 0V${HEIGHT}`} />
      {!isHidden(effect, "people") && <path class="interval" d={`M${end(effect.low80)} ${HEIGHT / 2}H${end(effect.high80)}`} />}
      <circle cx={x(drawnEffect(effect, "people"))} cy={HEIGHT / 2} r={4} />
    </svg>
  );
}
