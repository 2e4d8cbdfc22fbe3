/** An effect over time: the difference draw by draw, median and 80 and 95 % of simulations, around 0; less than five people are drawn as none. */

import { BANDS, fanOf } from "./effects";
import { lineThrough, niceTop } from "./fan";
import { FewBand } from "./few-band";
import { dateText, drawnDifference, floorOf, short } from "./numbers";
import { hiddenOf } from "./small-cells";
import type { Output } from "./study";
import type { Language } from "./words";

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [400, 170, 58, 8, 8, 22];

export function DifferenceFan({ output, now, before, language }: { output: Output; now: Float64Array[]; before: Float64Array[]; language: Language }) {
  const fan = fanOf(now.map((series, draw) => series.map((value, period) => value - before[draw]![period]!))).map((line) => line.map((value) => drawnDifference(value, output.unit)));
  const [low, high] = [fan[0]!, fan.at(-1)!];
  const reach = niceTop(Math.max(...low.map(Math.abs), ...high.map(Math.abs), floorOf(output.unit), 1e-9));
  const [bottom, top] = [Math.min(...low) < -reach / 50 ? -reach : -reach / 10, Math.max(...high) > reach / 50 ? reach : reach / 10];
  const days = output.starts.map((start) => Date.parse(`${start}T00:00:00Z`));
  const x = (day: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * (day - days[0]!)) / Math.max(days.at(-1)! - days[0]!, 1);
  const y = (value: number): number => TOP + ((HEIGHT - BOTTOM - TOP) * (top - value)) / (top - bottom);
  const leftOut = output.unit === "people" && now.length === 1 ? [now[0]!, before[0]!].map((series) => hiddenOf(series).cells) : [];
  const points = (line: Float64Array): string[] => days.flatMap((day, at) => (leftOut.some((hidden) => hidden[at]) ? [] : [`${x(day).toFixed(1)},${y(line[at]!).toFixed(1)}`]));
  const area = (band: number): string => lineThrough([...points(fan[BANDS.length - 1 - band]!), ...points(fan[band]!).reverse()], "Z");
  const ticks = [top === reach ? reach : null, 0, bottom === -reach ? -reach : null].filter((tick) => tick !== null);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={output.title}>
      <FewBand x={LEFT} width={WIDTH - LEFT - RIGHT} top={y(Math.min(floorOf(output.unit), top))} bottom={y(Math.max(-floorOf(output.unit), bottom))} language={language} word="fewDifferences" />
      {ticks.map((tick) => (
        <g key={tick}>
          <line class={tick === 0 ? "zero" : "grid"} x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
          <text class="end" x={LEFT - 5} y={y(tick) + 4}>
            {`${tick > 0 ? "+" : tick < 0 ? "−" : ""}${short(Math.abs(tick), output.unit, language)}`}
          </text>
        </g>
      ))}
      {[0, -1].map((at) => (
        <text key={at} class={at === 0 ? "start" : "end"} x={x(days.at(at)!)} y={HEIGHT - 5}>
          {dateText(output.starts.at(at)!, language)}
        </text>
      ))}
      <path class="band b95" d={area(0)} />
      <path class="band b50" d={area(1)} />
      <path class="median" d={lineThrough(points(fan[BANDS.indexOf(0.5)]!))} />
    </svg>
  );
}
