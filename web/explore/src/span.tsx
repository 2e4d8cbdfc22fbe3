/** An effect as a line: 80 % of simulations, the mean as a dot, 0 in the middle of the scale; grey where the sign is not sure. */

import type { Effect } from "./effects";
import { isUnsure } from "./totals";

const [WIDTH, HEIGHT] = [160, 14];

export function Span({ effect, reach }: { effect: Effect; reach: number }) {
  const x = (value: number): number => WIDTH / 2 + ((WIDTH / 2 - 5) * Math.max(-1, Math.min(value / reach, 1)));
  const kind = isUnsure(effect) ? "unsure" : effect.mean > 0 ? "more" : "fewer";
  return (
    <svg class={`span ${kind}`} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path class="zero" d={`M${WIDTH / 2} 0V${HEIGHT}`} />
      <path class="interval" d={`M${x(effect.low80)} ${HEIGHT / 2}H${x(effect.high80)}`} />
      <circle cx={x(effect.mean)} cy={HEIGHT / 2} r={4} />
    </svg>
  );
}
