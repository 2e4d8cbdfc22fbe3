/** What a change does: the headline, outputs over time, the totals; control never without protection. */

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { costRows } from "./cost-rows";
import { effectOf, fanOf } from "./effects";
import { FanChart, type Fan } from "./fan";
import { guarded, hiddenTogether, type Guarded } from "./guarded";
import { MISSING } from "./numbers";
import { Places } from "./places";
import type { Drawn } from "./pool";
import { Remade } from "./remade";
import { firstOf, totalOf } from "./series";
import { effectText, intervalText, inUnit } from "./shown-effects";
import { hiddenOf } from "./small-cells";
import type { Shown } from "./shown";
import type { Output, Scenario } from "./study";
import type { Tally } from "./tally";
import { SIDES, Totals, signWords, type Row } from "./totals";
import { useLater } from "./use-later";
import type { Language, Say, Word } from "./words";

const MOST_OF_A_SIDE = 3;
const MOST_NUMBERS_OF_A_SIDE = 2;
/** Draws by which outputs that count the same people are known. */
export const FEWEST_TO_TELL_APART = 3;
const PAUSE_MS = 30;
const SMALLEST_DIFFERENCE = 1e-9;

/** Draws that are there with and without the change, side by side, and what they say of every output that is told. */
interface Paired {
  /** The scenario; null for the study alone. */
  of: Scenario | null;
  first: number[];
  now: Float64Array[];
  before: Float64Array[];
  told: Output[];
  rows: Row[];
  /** Dollars of each measure with a cost, of each draw. */
  usdNow: Float64Array[];
  usdBefore: Float64Array[];
  /** What must not be shown with the change, and as it was. */
  hiddenNow: Guarded;
  hiddenBefore: Guarded;
}

/** The same object while no further draw has come. */
function usePaired({ study, drawn, alone }: Pick<Shown, "study" | "drawn" | "alone">): Paired {
  const first = useMemo(() => firstOf(study.outputs), [study]);
  const told = useMemo(() => distinct(study.outputs, drawn, first), [study, drawn.baseline.size >= FEWEST_TO_TELL_APART]);
  return useMemo(() => {
    const pairs = [...(alone ? drawn.baseline : drawn.scenario)].filter(([draw]) => drawn.baseline.has(draw)).sort(([one], [other]) => one - other);
    const now = pairs.map(([, series]) => series);
    const before = pairs.map(([draw]) => drawn.baseline.get(draw)!);
    const effects = study.outputs.map((_, number) => {
      const total = (series: Float64Array): number => totalsOf(study.outputs, series, first)[number]!;
      return effectOf(now.map(total), before.map(total));
    });
    const hiddenBefore = guarded(study.outputs, before, effects.map((effect) => effect.without));
    const hiddenNow = alone ? hiddenBefore : guarded(study.outputs, now, effects.map((effect) => effect.with));
    const rows: Row[] = told.map((output) => {
      const number = study.outputs.indexOf(output);
      return { output, effect: { ...effects[number]!, hides: { with: hiddenNow.totals[number]!, without: hiddenBefore.totals[number]! } } };
    });
    const usd = (tallies: Map<number, Tally>): Float64Array[] => pairs.map(([draw]) => tallies.get(draw)!.usd);
    return { of: alone ? null : drawn.of, first, now, before, told, rows, usdNow: usd(alone ? drawn.corridor.baseline : drawn.corridor.scenario), usdBefore: usd(drawn.corridor.baseline), hiddenNow, hiddenBefore };
  }, [study, alone, told, drawn.baseline.size, drawn.scenario, drawn.scenario.size]);
}

/** What the change does, in a few numbers, beside what is changed. */
export function InShort({ study, drawn, alone, say, language }: Shown) {
  const { rows } = usePaired({ study, drawn, alone });
  return (
    <section id="in-short" aria-labelledby="in-short-title">
      <h2 id="in-short-title">{say("results")}</h2>
      {alone ? <p class="deck">{say("nothingYet")}</p> : <Headline rows={rows} say={say} language={language} />}
    </section>
  );
}

/** Headline and fans at once, the tables when these have been painted; between them what is given, the map. */
export function Results({ study, drawn, alone, say, language, children }: Shown & { children?: ComponentChildren }) {
  const paired = usePaired({ study, drawn, alone });
  const late = useLater(paired, PAUSE_MS);
  const isComplete = late === paired && paired.now.length >= study.kernel.draws.number;
  return (
    <section id="results" tabIndex={-1} aria-labelledby="results-title" data-pairs={paired.now.length} data-complete={isComplete} data-of={JSON.stringify(paired.of)}>
      <h2 id="results-title">{say("results")}</h2>
      {alone ? <p class="deck">{say("nothingYet")}</p> : <Headline rows={paired.rows} say={say} language={language} />}
      {children}
      <Remade on={[paired, language]} make={() => <Fans study={study} drawn={drawn} alone={alone} paired={paired} say={say} language={language} />} />
      <Remade on={[late, language]} make={() => <Tables study={study} paired={late} say={say} language={language} />} />
    </section>
  );
}

function Fans({ study, drawn, alone, paired, say, language }: Shown & { paired: Paired }) {
  const { first, now, before, told } = paired;
  const part = (series: Float64Array, number: number): Float64Array => series.subarray(first[number], first[number + 1]);
  const fansBefore = useMemo(() => new Map<string, { of: number; fan: Float64Array[] }>(), [study]);
  const numberOf = new Map(study.outputs.map((output, number) => [output.name, number]));
  const single = useMemo(() => {
    if (study.kernel.draws.number > 1 || now.length === 0) return null;
    return { now: hiddenPeriods(study.outputs, now[0]!, first), before: hiddenPeriods(study.outputs, before[0]!, first) };
  }, [now]);
  const fan = (output: Output): Fan => {
    const number = numberOf.get(output.name)!;
    const fans = (draws: Float64Array[]): Float64Array[] => fanOf(draws.map((series) => part(series, number)));
    const leftOut = single && output.unit === "people" ? { now: single.now[number]!, before: single.before[number]! } : undefined;
    if (alone) return { now: fans(now), before: null, leftOut };
    const of = drawn.baseline.size;
    if (fansBefore.get(output.name)?.of !== of) fansBefore.set(output.name, { of, fan: fans([...drawn.baseline.values()]) });
    return { now: fans(now), before: fansBefore.get(output.name)!.fan, leftOut };
  };
  const pictured = told.filter((output) => output.class_middle_days === undefined && output.side !== "money");
  const chosen = firstOfEachSide(pictured);
  const rest = pictured.filter((output) => !chosen.includes(output));
  const [isOpen, open] = useState(false);
  const picture = (output: Output) => (
    <figure key={output.name} class={output.side}>
      <h3>{output.title}</h3>
      <p class="unit">
        {say(output.side)} · {axisWords(output, say)}
      </p>
      {now.length > 0 && <FanChart output={output} fan={fan(output)} language={language} />}
    </figure>
  );
  return (
    <>
      <h3>{say("series")}</h3>
      <p class="quiet">{say(alone ? "seriesNoteAlone" : "seriesNote")}</p>
      <div class="panels">{chosen.map(picture)}</div>
      <details onToggle={(event) => open(event.currentTarget.open)}>
        <summary>{say("moreSeries", { number: rest.length })}</summary>
        <div class="panels">{isOpen && rest.map(picture)}</div>
      </details>
    </>
  );
}

function Tables({ study, paired, say, language }: Pick<Shown, "study" | "say" | "language"> & { paired: Paired }) {
  const { now, before, told, rows, usdNow, usdBefore, hiddenNow, hiddenBefore } = paired;
  return (
    <>
      <h3 id="totals-title">{say("totals")}</h3>
      {now.length > 0 && (
        <>
          <Totals rows={[...rows, ...costRows(study, usdNow, usdBefore, say)]} say={say} language={language} />
          <Places outputs={study.outputs} told={told} now={now} before={before} hiddenNow={hiddenNow} hiddenBefore={hiddenBefore} say={say} language={language} />
        </>
      )}
    </>
  );
}

/** How large an effect is for the size of what it changes. */
export function weightOf({ effect }: Row): number {
  return Math.abs(effect.mean) / (Math.abs(effect.without) + 1);
}

/** As many rows of protection as of control, the largest for their size first. */
export function largestOfEachSide(rows: Row[], most: number, language: Language): Row[] {
  const sides = (["control", "protection"] as const).map((side) =>
    rows.filter(({ output, effect }) => output.side === side && effect.draws > 0 && effectText(effect, output.unit, language) !== MISSING).sort((one, other) => weightOf(other) - weightOf(one)),
  );
  const fair = Math.min(most, ...sides.map((side) => Math.max(side.length, 1)));
  return sides.flatMap((side) => side.slice(0, fair));
}

/** What a change does in as many numbers of protection as of control. */
export function Headline({ rows, say, language }: { rows: Row[]; say: Say; language: Language }) {
  return (
    <ul class="numbers">
      {largestOfEachSide(rows, MOST_NUMBERS_OF_A_SIDE, language).map(({ output, effect }) => (
        <li key={output.name} class={output.side}>
          <span class="side">{say(output.side)}</span>
          <span class="what">{output.title}</span>
          <span class="number">{inUnit(effectText(effect, output.unit, language), output.unit, say)}</span>
          <span class="interval">
            {inUnit(intervalText(effect, output.unit, language), output.unit, say)} ({say("interval")})
          </span>
          <span class="words">{signWords(effect, output.unit, say)}</span>
        </li>
      ))}
    </ul>
  );
}

const DAY_MS = 86_400_000;

/** What an axis counts: people a month; people, mean of the day. */
export function axisWords(output: Output, say: Say): string {
  const [first, second] = output.starts.map((start) => Date.parse(start));
  const days = second === undefined ? Infinity : (second - first!) / DAY_MS;
  const every = days >= 28 ? "month" : days >= 7 ? "week" : "day";
  return say(`${output.mean ? "mean" : "flow"}Every_${every}`, { unit: say(unitWord(output.unit)) });
}

/** The page's word for a unit. */
function unitWord(unit: string): Word {
  return unit === "days" ? "days" : unit === "USD" ? "dollars" : "people";
}

const knownTotals = new WeakMap<Float64Array, number[]>();

/** Every output of a draw over the whole study; worked out once. */
export function totalsOf(outputs: Output[], series: Float64Array, first: number[]): number[] {
  let totals = knownTotals.get(series);
  if (totals === undefined) {
    totals = outputs.map((output, number) => totalOf(output, series.subarray(first[number], first[number + 1])));
    knownTotals.set(series, totals);
  }
  return totals;
}

/** Periods of a single draw that must not be drawn: small ones, and those that would give them away in the total. */
function hiddenPeriods(outputs: Output[], series: Float64Array, first: number[]): boolean[][] {
  const own = outputs.map((output, number) => (output.unit === "people" ? hiddenOf(series.subarray(first[number], first[number + 1])).cells : []));
  const hidden = outputs.map((): boolean[] => []);
  for (let period = 0; period < Math.max(0, ...own.map((cells) => cells.length)); period++) {
    hiddenTogether(outputs, own.map((cells) => cells[period] ?? false)).forEach((is, number) => (hidden[number]![period] = is));
  }
  return hidden;
}

/** Outputs that count the same people as another of their side, cut in another way, are left out. */
export function distinct(outputs: Output[], drawn: Drawn, first: number[]): Output[] {
  const draws = [...drawn.baseline.values()].slice(0, FEWEST_TO_TELL_APART);
  const totals = (number: number): number[] => draws.map((series) => totalOf(outputs[number]!, series.subarray(first[number], first[number + 1])));
  const kept: [Output, number[]][] = [];
  outputs.forEach((output, number) => {
    const own = totals(number);
    const again = kept.some(
      ([other, known]) =>
        other.side === output.side &&
        other.unit === output.unit &&
        own.some((value) => value !== 0) &&
        own.every((value, draw) => Math.abs(value - known[draw]!) <= SMALLEST_DIFFERENCE * Math.abs(value)),
    );
    if (!again) kept.push([output, own]);
  });
  return kept.map(([output]) => output);
}

/** The first outputs of control and of protection, equally many, then of movement. */
function firstOfEachSide(outputs: Output[]): Output[] {
  const of = (side: Output["side"]): Output[] => outputs.filter((output) => output.side === side);
  const fair = Math.min(MOST_OF_A_SIDE, Math.max(of("control").length, 1), Math.max(of("protection").length, 1));
  return SIDES.filter((side) => side !== "money").flatMap((side) => of(side).slice(0, side === "movement" ? MOST_OF_A_SIDE : fair));
}
