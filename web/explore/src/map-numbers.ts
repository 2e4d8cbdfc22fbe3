/** Numbers of the map: means over draws of every way and every stay, for a month or a day, as it was, with the change, or their difference. */

import { effectOf, type Effect } from "./effects";
import { SMALLEST_SHOWN_PEOPLE } from "./numbers";
import { hiddenOnMap, isHiddenTogether, type HiddenOnMap } from "./map-sums";
import type { CorridorDrawn, Sums } from "./sums";
import type { Stock, StudyPage } from "./study";
import { dayPeriods, periodDays, rowsOf, type Tally } from "./tally";
import { isUnsure } from "./totals";
import { hiddenOnLastDay } from "./whereabouts";

export type Unit = "month" | "day";
export type Mode = "before" | "now" | "difference";

const DAY_MS = 86_400_000;
export interface MapNumbers {
  /** Of each row, links first: as it was and as it is on the map's date; the same where nothing is changed. */
  before: Float64Array;
  now: Float64Array;
  draws: number;
  hiddenBefore: HiddenOnMap;
  hiddenNow: HiddenOnMap;
}

/** Rows together on the map's date: levels, their difference, and what of it must not be shown. */
export function levelsOf(numbers: MapNumbers, rows: number[]): Levels {
  const sum = (of: Float64Array): number => rows.reduce((whole, row) => whole + of[row]!, 0);
  const [without, with_] = [sum(numbers.before), sum(numbers.now)];
  return { with: with_, without, mean: with_ - without, hides: { with: isHiddenTogether(numbers.hiddenNow, rows), without: isHiddenTogether(numbers.hiddenBefore, rows) } };
}

export type Levels = Pick<Effect, "with" | "without" | "mean" | "hides">;

export function periodsOf(study: StudyPage, unit: Unit): number {
  return unit === "month" ? study.corridor.months.length : dayPeriods(study);
}

/** First day of a period. */
export function startOf(study: StudyPage, unit: Unit, period: number): string {
  if (unit === "month") return study.corridor.months[period]!;
  return new Date(Date.parse(`${study.from}T00:00:00Z`) + period * periodDays(study) * DAY_MS).toISOString().slice(0, 10);
}

/** The period of another unit that holds the middle of this one, or its beginning. */
export function samePeriod(study: StudyPage, from: Unit, to: Unit, period: number): number {
  if (from === to) return period;
  const start = startOf(study, from, period);
  if (to === "month") return Math.max(study.corridor.months.findLastIndex((month) => month <= start), 0);
  const day = (Date.parse(`${start}T00:00:00Z`) - Date.parse(`${study.from}T00:00:00Z`)) / DAY_MS;
  return Math.min(Math.ceil(day / periodDays(study)), dayPeriods(study) - 1);
}

export function numbersAt(study: StudyPage, drawn: CorridorDrawn, alone: boolean, unit: Unit, period: number): MapNumbers {
  const [before, now] = alone ? [drawn.study, drawn.study] : [drawn.without, drawn.with];
  const at = (sums: Sums): Float64Array => meansAt(study, sums, unit, period);
  const people = { before: at(before), now: at(now) };
  const isLast = unit === "day" && period === periodsOf(study, unit) - 1;
  const hidden = (of: Float64Array, tallies: Tally[]): HiddenOnMap => {
    const onMap = hiddenOnMap(study, of);
    const atEnd = isLast ? hiddenOnLastDay(study, tallies.map(({ end }) => end)) : null;
    return atEnd === null ? onMap : { rows: onMap.rows.map((is, row) => atEnd.rows[row] ?? is), sums: atEnd.sums };
  };
  const ofStudy = [...drawn.baseline].filter(([draw]) => alone || drawn.scenario.has(draw)).map(([, tally]) => tally);
  const ofScenario = alone ? ofStudy : [...drawn.scenario.values()];
  return { ...people, draws: unit === "month" ? now.draws : now.drawsByDay, hiddenBefore: hidden(people.before, ofStudy), hiddenNow: hidden(people.now, ofScenario) };
}

/** Whether rows together have a difference of the same sign in 95 of 100 draws in a month; by day nobody counts signs. */
export function isSure(study: StudyPage, drawn: CorridorDrawn, unit: Unit, period: number, rows: number[]): boolean {
  return unit === "day" || !isUnsure(differenceInMonth(study, drawn, period, rows));
}

/** The difference in a month of rows together, with what of it must not be shown. */
export function effectInMonth(study: StudyPage, drawn: CorridorDrawn, month: number, rows: number[]): Effect {
  const hides = (sums: Sums): boolean => isHiddenTogether(hiddenOnMap(study, meansAt(study, sums, "month", month)), rows);
  return { ...differenceInMonth(study, drawn, month, rows), hides: { with: hides(drawn.with), without: hides(drawn.without) } };
}

function differenceInMonth(study: StudyPage, drawn: CorridorDrawn, month: number, rows: number[]): Effect {
  const months = study.corridor.months.length;
  const of = (tally: Tally): number => rows.reduce((sum, row) => sum + tally.months[row * months + month]!, 0);
  const pairs = [...drawn.scenario].map(([draw, tally]) => [of(tally), of(drawn.baseline.get(draw)!)] as const);
  return effectOf(pairs.map(([now]) => now), pairs.map(([, before]) => before));
}

function meansAt(study: StudyPage, sums: Sums, unit: Unit, period: number): Float64Array {
  const [all, draws] = unit === "month" ? [sums.months, sums.draws] : [sums.days, sums.drawsByDay];
  const periods = periodsOf(study, unit);
  return Float64Array.from({ length: rowsOf(study) }, (_, row) => (draws > 0 ? all[row * periods + period]! / draws : 0));
}

/** The number at which lines are widest: the largest of all links in all periods, of differences apart. */
export function fullWidth(study: StudyPage, drawn: CorridorDrawn, alone: boolean, unit: Unit, mode: Mode): number {
  return largest(study, drawn, alone, unit, mode, study.corridor.links.map((_, row) => [row]));
}

/** The number at which circles are largest. */
export function fullCircle(study: StudyPage, drawn: CorridorDrawn, alone: boolean, unit: Unit, mode: Mode, shown: (stock: Stock) => boolean): number {
  const { links, stocks, sites } = study.corridor;
  const ofSite = sites.map((_, site) => stocks.flatMap((stock, at) => (stock.site === site && shown(stock) ? [links.length + at] : [])));
  return largest(study, drawn, alone, unit, mode, ofSite);
}

function largest(study: StudyPage, drawn: CorridorDrawn, alone: boolean, unit: Unit, mode: Mode, groups: number[][]): number {
  const [before, now] = alone ? [drawn.study, drawn.study] : [drawn.without, drawn.with];
  const pick = (sums: Sums): Float64Array => (unit === "month" ? sums.months : sums.days);
  const draws = unit === "month" ? now.draws : now.drawsByDay;
  const periods = periodsOf(study, unit);
  const [one, other] = [pick(before), pick(now)];
  let most = 0;
  for (const rows of draws > 0 ? groups : []) {
    for (let period = 0; period < periods; period++) {
      let [was, is] = [0, 0];
      for (const row of rows) {
        was += one[row * periods + period]!;
        is += other[row * periods + period]!;
      }
      most = Math.max(most, mode === "difference" ? Math.abs(is - was) : Math.max(was, is));
    }
  }
  return Math.max(draws > 0 ? most / draws : 0, SMALLEST_SHOWN_PEOPLE);
}
