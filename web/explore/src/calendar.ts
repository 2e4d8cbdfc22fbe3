/** Dates as steps, as src/corredor/engine/network/calendar.py and recipe.py have them. */

import type { Calendar, Change, Measure } from "./study";

const DAY_MS = 86_400_000;
const ROUNDING = 1e-9;

/** Days from the beginning of step 0 to a date. */
export function dayOf(calendar: Calendar, date: string): number {
  return Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${calendar.first_step_date}T00:00:00Z`)) / DAY_MS);
}

/** First step whose middle is on or after the beginning of a day; may lie before 0 or after the end. */
export function stepOfDay(calendar: Calendar, day: number): number {
  return Math.ceil(day / calendar.step_days - 0.5 - ROUNDING);
}

/** When a measure is in force: steps and days, the end left out; days without an end for one that lasts. */
export interface InForce {
  firstStep: number;
  endStep: number;
  firstDay: number;
  endDay: number;
}

export function inForce(calendar: Calendar, measure: Pick<Measure, "from" | "to">, change: Change = {}): InForce {
  const firstDay = dayOf(calendar, change.from ?? measure.from);
  const to = change.to ?? measure.to;
  const endDay = to === null ? Infinity : dayOf(calendar, to) + 1;
  const lasts = endDay > dayOf(calendar, calendar.last_date);
  const endStep = lasts ? calendar.n_steps : stepOfDay(calendar, endDay);
  return { firstStep: stepOfDay(calendar, firstDay), endStep, firstDay, endDay };
}

/** Steps on which something of a measure changes: its first and last, and the weeks of an effect that builds up and fades. */
export function stepsOfChange(calendar: Calendar, measure: Measure, { firstStep, endStep, firstDay, endDay }: InForce): number[] {
  const steps = [firstStep, endStep];
  if (measure.builds_up) {
    const last = dayOf(calendar, calendar.last_date) + 1;
    for (let day = firstDay; day < Math.min(endDay, last); day += 7) steps.push(stepOfDay(calendar, day));
    for (let day = endDay; day < last; day += 7) steps.push(stepOfDay(calendar, day));
  }
  return steps.filter((step) => step >= 0 && step < calendar.n_steps);
}
