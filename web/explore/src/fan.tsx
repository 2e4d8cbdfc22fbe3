/** One output over time: a fan of the scenario over the study as it was. */

import { BANDS } from "./effects";
import { FewBand } from "./few-band";
import { dateText, drawnAt, floorOf, short } from "./numbers";
import type { Output } from "./study";
import type { Language } from "./words";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [400, 190, 52, 8, 8, 22];

export interface Fan {
  now: Float64Array[];
  before: Float64Array[] | null;
  /** Periods whose number would give a small count away; none of many draws, whose quantiles do not add up. */
  leftOut?: { now: boolean[]; before: boolean[] };
}

export function FanChart({ output, fan, language }: { output: Output; fan: Fan; language: Language }) {
  const days = output.starts.map((start) => Date.parse(`${start}T00:00:00Z`) / 86400000);
  const [first, last] = [days[0]!, days.at(-1)!];
  const top = niceTop(Math.max(floorOf(output.unit), ...[fan.now.at(-1), fan.before?.at(-2)].map((line) => maximum(line))));
  const x = (day: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (day - first)) / Math.max(last - first, 1);
  const y = (value: number): number => HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * drawnAt(value, output.unit)) / top;
  const points = (line: Float64Array, leftOut: boolean[] = []): string[] => days.flatMap((day, i) => (leftOut[i] ? [] : [`${x(day).toFixed(1)},${y(line[i]!).toFixed(1)}`]));
  const path = (line: Float64Array, leftOut?: boolean[]): string => lineThrough(points(line, leftOut));
  const area = (low: Float64Array, high: Float64Array, leftOut?: boolean[]): string => lineThrough([...points(high, leftOut), ...points(low, leftOut).reverse()], "Z");
  const middle = BANDS.indexOf(0.5);
  // a tick among the small counts would be drawn with them, on the tick of their upper edge
  const ticks = [0, top / 2, top].filter((tick) => drawnAt(tick, output.unit) === tick);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={output.title} data-output={output.name}>
      <FewBand x={LEFT} width={WIDTH - LEFT - RIGHT} top={y(floorOf(output.unit))} bottom={y(0)} language={language} />
      {ticks.map((tick) => (
        <g key={tick}>
          <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text class="end" x={LEFT - 5} y={y(tick) + 4}>
            {short(tick, output.unit, language)}
          </text>
        </g>
      ))}
      {[first, last].map((day, end) => (
        <text key={end} class={end === 0 ? "start" : "end"} x={x(day)} y={HEIGHT - 5}>
          {dateText(output.starts.at(end === 0 ? 0 : -1)!, language)}
        </text>
      ))}
      {fan.before && <path class="band-before" d={area(fan.before[1]!, fan.before[5]!, fan.leftOut?.before)} />}
      {[0, 1, 2].map((band) => (
        <path key={band} class={`band ${["b95", "b80", "b50"][band]}`} d={area(fan.now[band]!, fan.now[BANDS.length - 1 - band]!, fan.leftOut?.now)} />
      ))}
      {fan.before && <path class="before" d={path(fan.before[middle]!, fan.leftOut?.before)} />}
      <path class="median" d={path(fan.now[middle]!, fan.leftOut?.now)} />
    </svg>
  );
}

/** A line through points, if there are any. */
export function lineThrough(points: string[], end = ""): string {
  return points.length > 0 ? `M${points.join("L")}${end}` : "";
}

function maximum(line: Float64Array | undefined): number {
  return line === undefined ? 0 : line.reduce((most, value) => Math.max(most, value), 0);
}

/** The next of 1, 2, 2.5, 4, 5 and 8 times a power of ten. */
export function niceTop(most: number): number {
  if (!(most > 0)) return 1;
  const size = 10 ** Math.floor(Math.log10(most));
  return ([1, 2, 2.5, 4, 5, 8, 10].find((step) => step * size >= most) ?? 10) * size;
}
