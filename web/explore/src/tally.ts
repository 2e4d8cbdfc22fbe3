/** What the map, “where people go instead” and the cards of measures need of a draw, from the kernel's memory after its last step. */

import { dayOf } from "./calendar";
import type { Kernel } from "./kernel";
import type { Change, Cost, Measure, Scenario, StudyPage } from "./study";

const MOST_BYTES_OF_DAYS = 40e6;
const FEWEST_DRAWS_BY_DAY = 10;

/** Numbers of each stock with a capacity, one after another: days on which it was full, most people beyond its places, most people. */
export const CROWDING = ["fullDays", "beyond", "peak"] as const;

export interface Tally {
  /** Links, then stocks: the months of each row; people who set off, and people who are there on the mean day. */
  months: Float64Array;
  /** People at the end by pool, then those on their way by the pool that they will reach. */
  end: Float64Array;
  crowding: Float64Array;
  /** US dollars of each measure with a cost. */
  usd: Float64Array;
  /** The same rows by day, or by step where one is longer, and for a scenario those of the study; the first draws alone have them. */
  days: Float32Array | null;
  daysBefore: Float32Array | null;
}

/** How many draws, from the first on, are also kept by day: as many as fit into a phone. */
export function drawsByDay(study: StudyPage): number {
  const bytes = rowsOf(study) * study.corridor.n_steps * Float32Array.BYTES_PER_ELEMENT;
  return Math.min(study.kernel.draws.number, Math.max(FEWEST_DRAWS_BY_DAY, Math.floor(MOST_BYTES_OF_DAYS / Math.max(bytes, 1))));
}

export function rowsOf({ corridor }: StudyPage): number {
  return corridor.links.length + corridor.stocks.length;
}

/** Days of a period of the map: a day, or a longer step. */
export function periodDays(study: StudyPage): number {
  return Math.max(study.kernel.calendar.step_days, 1);
}

/** Periods of the map by day. */
export function dayPeriods(study: StudyPage): number {
  return Math.ceil(((study.corridor.n_steps * study.kernel.calendar.step_days) / periodDays(study)) - 1e-9);
}

/** A worker's: keeps what the study's own draws counted, as a scenario that goes on from a saved state counts only what comes after. */
export class Tallies {
  private readonly byDay: number;
  private readonly measures: Map<string, Measure>;
  private readonly withCapacity: { row: number; capacity: number }[];
  /** Steps of all rows, or of those with a capacity alone. */
  private readonly own = new Map<number, Float32Array>();

  constructor(private readonly kernel: Kernel, private readonly study: StudyPage) {
    this.byDay = drawsByDay(study);
    this.measures = new Map(study.measures.map((measure) => [measure.id, measure]));
    const { links, stocks } = study.corridor;
    this.withCapacity = stocks.flatMap(({ capacity }, at) => (capacity < 0 ? [] : [{ row: links.length + at, capacity }]));
  }

  /** After a run of the study itself from its first step. */
  ofStudy(draw: number, scenario: Scenario): Tally {
    const all = draw < this.byDay;
    const rows = all ? Array.from({ length: rowsOf(this.study) }, (_, row) => row) : this.withCapacity.map(({ row }) => row);
    const own = new Float32Array(rows.length * this.study.corridor.n_steps);
    rows.forEach((row, at) => own.set(this.steps(row), at * this.study.corridor.n_steps));
    this.own.set(draw, own);
    return { ...this.read(scenario), days: all ? this.inDays(own) : null, daysBefore: null };
  }

  /** After a run of a scenario that went on from a step of the study's own run. */
  ofScenario(draw: number, scenario: Scenario, from: number): Tally {
    const all = draw < this.byDay;
    const own = this.own.get(draw)!;
    const past = Math.max(from - this.study.corridor.first_step, 0);
    const length = this.study.corridor.n_steps;
    const rows = all ? Array.from({ length: rowsOf(this.study) }, (_, row) => row) : this.withCapacity.map(({ row }) => row);
    rows.forEach((row, at) => this.steps(row).set(own.subarray(at * length, at * length + past)));
    const tally = this.read(scenario);
    if (!all) return { ...tally, days: null, daysBefore: null };
    const { step_cell } = this.study.corridor;
    const days = this.inDays(this.kernel.floats("own.out").subarray(step_cell, step_cell + rows.length * length));
    return { ...tally, days, daysBefore: this.inDays(own) };
  }

  private steps(row: number): Float64Array {
    const { step_cell, n_steps } = this.study.corridor;
    return this.kernel.floats("own.out").subarray(step_cell + row * n_steps, step_cell + (row + 1) * n_steps);
  }

  private read(scenario: Scenario): Pick<Tally, "months" | "end" | "crowding" | "usd"> {
    const { month_cell, step_cell } = this.study.corridor;
    const values = this.kernel.floats("workings.values");
    const usd = this.study.costs.map((cost) => {
      if (scenario.off.includes(cost.measure)) return 0;
      return values[cost.row]! * daysOfCost(this.study, this.measures.get(cost.measure)!, cost, scenario.change[cost.measure]);
    });
    return { months: this.kernel.floats("own.out").slice(month_cell, step_cell), end: this.atEnd(), crowding: this.crowding(), usd: Float64Array.from(usd) };
  }

  private atEnd(): Float64Array {
    const { kernel } = this;
    const people = kernel.floats("state.people");
    const stages = kernel.floats("state.stages");
    const [to, firstBranch, firstStage] = (["to", "first_branch"] as const).map((name) => kernel.ints(`topology.journey_${name}`)).concat(kernel.ints("topology.branch_first_stage"));
    const end = new Float64Array(2 * people.length);
    end.set(people);
    for (let journey = 0; journey < to!.length; journey++) {
      const last = Number(firstStage![Number(firstBranch![journey + 1])]);
      const at = people.length + Number(to![journey]);
      for (let stage = Number(firstStage![Number(firstBranch![journey])]); stage < last; stage++) end[at]! += stages[stage]!;
    }
    return end;
  }

  private crowding(): Float64Array {
    const { first_step, n_steps } = this.study.corridor;
    const found = new Float64Array(this.withCapacity.length * CROWDING.length);
    if (found.length === 0) return found;
    const capacities = this.kernel.floats("inputs.capacity");
    const changes = this.kernel.ints("recipe.change_step").length;
    const changeOfStep = this.kernel.ints("topology.change_of_step");
    this.withCapacity.forEach(({ row, capacity }, at) => {
      const people = this.steps(row);
      const into = found.subarray(at * CROWDING.length, (at + 1) * CROWDING.length);
      for (let step = 0; step < n_steps; step++) {
        const places = capacities[capacity * changes + Number(changeOfStep[first_step + step])]!;
        if (people[step]! > 0 && people[step]! >= places) into[0]! += this.study.kernel.calendar.step_days;
        into[1] = Math.max(into[1]!, people[step]! - places);
        into[2] = Math.max(into[2]!, people[step]!);
      }
    });
    return found;
  }

  /** Steps shorter than a day become days: flows are summed, people averaged. */
  private inDays(steps: ArrayLike<number>): Float32Array {
    const { n_steps, links } = this.study.corridor;
    const each = Math.round(periodDays(this.study) / this.study.kernel.calendar.step_days);
    if (each === 1) return Float32Array.from(steps);
    const periods = dayPeriods(this.study);
    const days = new Float32Array((steps.length / n_steps) * periods);
    for (let at = 0; at < steps.length; at++) {
      const row = Math.floor(at / n_steps);
      days[row * periods + Math.floor((at % n_steps) / each)]! += row < links.length ? steps[at]! : steps[at]! / each;
    }
    return days;
  }
}

/** Days by which an amount is multiplied, as `measure_cost_usd` in src/corredor/effects/compare/one_dataset.py has them. */
function daysOfCost(study: StudyPage, measure: Measure, cost: Cost, change: Change = {}): number {
  const { calendar } = study.kernel;
  const [from, to] = [change.from ?? measure.from, change.to ?? measure.to];
  const [first, end] = [dayOf(calendar, study.from), dayOf(calendar, study.to)];
  const begin = dayOf(calendar, from);
  const last = to === null ? Math.max(end, begin) : dayOf(calendar, to);
  const inside = Math.max(Math.min(last, end) - Math.max(begin, first) + 1, 0);
  return cost.a_day ? inside : inside / (last - begin + 1);
}
