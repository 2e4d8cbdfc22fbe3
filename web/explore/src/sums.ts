/** Running sums of the map's numbers over draws: of the study, and of a scenario beside the same draws of the study. */

import type { Tally } from "./tally";

/** Sums of rows by month and by day, and of how many draws. */
export class Sums {
  months = new Float64Array(0);
  days = new Float64Array(0);
  draws = 0;
  drawsByDay = 0;

  add(months: Float64Array, days: Float32Array | null): void {
    if (this.draws === 0) this.months = new Float64Array(months.length);
    this.draws += 1;
    for (let i = 0; i < months.length; i++) this.months[i]! += months[i]!;
    if (days === null) return;
    if (this.drawsByDay === 0) this.days = new Float64Array(days.length);
    this.drawsByDay += 1;
    for (let i = 0; i < days.length; i++) this.days[i]! += days[i]!;
  }
}

/** Tallies of all draws that have come, without their days, and the sums. */
export class CorridorDrawn {
  readonly baseline = new Map<number, Tally>();
  scenario = new Map<number, Tally>();
  readonly study = new Sums();
  with = new Sums();
  without = new Sums();

  addStudy(draw: number, tally: Tally): void {
    this.study.add(tally.months, tally.days);
    this.baseline.set(draw, { ...tally, days: null });
  }

  addScenario(draw: number, tally: Tally): void {
    this.with.add(tally.months, tally.days);
    this.without.add(this.baseline.get(draw)!.months, tally.daysBefore);
    this.scenario.set(draw, { ...tally, days: null, daysBefore: null });
  }

  forget(): void {
    this.scenario = new Map();
    this.with = new Sums();
    this.without = new Sums();
  }
}
