/** Draws of the study and of a scenario with common random numbers: what a scenario changes is put into the kernel's arrays. */

import { dayOf, inForce, stepOfDay, stepsOfChange } from "./calendar";
import { Kernel, type Saved } from "./kernel";
import { keyOf, NOTHING } from "./scenario";
import type { Addition, ClaimPart, Driver, DriverChange, Measure, Output, Scenario, StudyPage } from "./study";
import { seriesOfOutputs } from "./series";
import { Tallies, type Tally } from "./tally";

const MOST_SAVED_STEPS = 8;
const NEVER = 1_000_000_000;
/** Which series a term has, and which measure changes a setting, or opens and closes: by these the actions of a measure sleep and wake. */
const MOVED = ["recipe.term_series", "recipe.setting_measure", "recipe.act_measure"] as const;

export class Simulator {
  readonly kernel: Kernel;
  private readonly measures: Map<string, Measure>;
  private readonly parameterNumber: Map<string, number>;
  private readonly additions: Map<string, Addition>;
  private readonly drivers: Map<string, Driver>;
  private readonly firstDay: string;
  private readonly outputs: Output[];
  private readonly saveAt: number[];
  private readonly saved = new Map<number, Saved[]>();
  private readonly tallies: Tallies;
  /** From which step the last draw went on. */
  private from = 0;
  private isDriven = false;
  private readonly asleep: StudyPage["asleep"];
  private readonly plain: { constant: Float64Array; term_row: BigInt64Array; moved: BigInt64Array[] };

  constructor(module: WebAssembly.Module, study: StudyPage, blob: ArrayBuffer) {
    this.kernel = new Kernel(module, study.kernel, blob);
    this.measures = new Map(study.measures.map((measure) => [measure.id, measure]));
    this.parameterNumber = new Map(study.parameters.map((parameter) => [parameter.name, parameter.number]));
    this.additions = new Map(study.additions.map((addition) => [keyOf(addition), addition]));
    this.drivers = new Map(study.drivers.map((driver) => [driver.name, driver]));
    this.firstDay = study.from;
    this.outputs = study.outputs;
    this.asleep = study.asleep;
    this.saveAt = stepsToSave(study.measures);
    this.kernel.keptCells = study.corridor.step_cell;
    this.tallies = new Tallies(this.kernel, study);
    this.plain = {
      constant: this.kernel.floats("recipe.constant").slice(),
      term_row: this.kernel.ints("recipe.term_row").slice(),
      moved: MOVED.map((key) => this.kernel.ints(key).slice()),
    };
  }

  /** One draw of the study as it is: series of all outputs. States at some steps are kept, so that scenarios can go on from there. */
  baseline(draw: number): Float64Array {
    this.prepare(draw, NOTHING);
    this.kernel.start();
    const kept: Saved[] = [];
    let step = 0;
    for (const next of this.saveAt) {
      this.kernel.run(step, next);
      kept.push(this.kernel.save(next));
      step = next;
    }
    this.kernel.run(step, this.kernel.arrays.calendar.n_steps);
    this.saved.set(draw, kept);
    return this.series();
  }

  /** The same draw in a scenario, from the last saved state before the first step that can differ. */
  scenario(draw: number, scenario: Scenario): Float64Array {
    this.prepare(draw, scenario);
    const first = this.firstDifference(scenario);
    const from = (this.saved.get(draw) ?? []).filter((saved) => saved.step <= first).at(-1);
    if (from === undefined) this.kernel.start();
    else this.kernel.goOnFrom(from);
    this.from = from?.step ?? 0;
    this.kernel.run(this.from, this.kernel.arrays.calendar.n_steps);
    return this.series();
  }

  /** What else is told of the draw that was just run: of the study itself, or of a scenario of it. */
  tally(draw: number, scenario: Scenario | null): Tally {
    return scenario === null ? this.tallies.ofStudy(draw, NOTHING) : this.tallies.ofScenario(draw, scenario, this.from);
  }

  /** The number that a claim is about, with its measures and without them, in one draw with parameters fixed. */
  claim(draw: number, parts: ClaimPart[], measures: string[], fix: Record<string, number>): [number, number] {
    const { kernel } = this;
    const end = kernel.arrays.calendar.n_steps;
    const [with_, without] = [{ ...NOTHING, fix }, { ...NOTHING, fix, off: measures }];
    const first = Math.max(this.firstDifference({ ...NOTHING, off: measures }), 0);
    this.prepare(draw, with_);
    kernel.start();
    kernel.run(0, first);
    const past = kernel.save(first);
    kernel.run(first, end);
    const found = this.window(parts);
    this.prepare(draw, without);
    kernel.goOnFrom(past);
    kernel.run(first, end);
    return [found, this.window(parts)];
  }

  private window(parts: ClaimPart[]): number {
    const [cells, values] = [this.kernel.floats("own.out"), this.kernel.floats("workings.values")];
    let whole = 0;
    for (const { first_cell, series, weights, mean, row } of parts) {
      let sum = 0;
      for (const one of series) weights.forEach((weight, period) => (sum += cells[first_cell + one * weights.length + period]! * weight));
      whole += (mean ? sum / series.length : sum) * (row < 0 ? 1 : values[row]!);
    }
    return whole;
  }

  /** First step in which a scenario can differ: a measure acts from its first day on, a parameter from the start. */
  firstDifference(scenario: Scenario): number {
    if (Object.keys(scenario.fix).length > 0) return 0;
    const changed = [...scenario.off, ...Object.keys(scenario.change)];
    const acting = changed.map((id) => this.measures.get(id)!).filter((measure) => measure.acts);
    const { calendar } = this.kernel.arrays;
    const steps = acting.map((measure) => Math.min(measure.first_step, inForce(calendar, measure, scenario.change[measure.id]).firstStep));
    for (const { from } of [...Object.values(scenario.add), ...Object.values(scenario.drivers)]) {
      steps.push(stepOfDay(calendar, dayOf(calendar, from ?? this.firstDay)));
    }
    return Math.min(calendar.n_steps, ...steps);
  }

  private prepare(draw: number, scenario: Scenario): void {
    const { kernel } = this;
    kernel.floats("recipe.constant").set(this.plain.constant);
    kernel.ints("recipe.term_row").set(this.plain.term_row);
    this.setPlaces(scenario);
    this.setDates(scenario);
    this.setDrivers(scenario);
    for (const [id, { dose }] of Object.entries(scenario.change)) {
      if (dose === undefined) continue;
      for (const { terms, row, constant } of this.measures.get(id)!.terms) {
        kernel.floats("recipe.constant")[row] = constant * dose;
        for (const term of terms) kernel.ints("recipe.term_row")[term] = BigInt(row);
      }
    }
    kernel.takeDraw(draw);
    for (const [name, value] of Object.entries(scenario.fix)) {
      kernel.floats("own.parameters")[this.parameterNumber.get(name)!] = value;
    }
    kernel.makeInputs();
  }

  /** Where every measure acts, in the scenario: what it would add elsewhere sleeps. */
  private setPlaces(scenario: Scenario): void {
    const [termSeries, settingMeasure, actMeasure] = MOVED.map((key, at) => {
      const into = this.kernel.ints(key);
      into.set(this.plain.moved[at]!);
      return into;
    }) as [BigInt64Array, BigInt64Array, BigInt64Array];
    for (const [id, { at }] of Object.entries(scenario.change)) {
      const { number, places } = this.measures.get(id)!;
      at?.forEach((chosen, part) =>
        places.parts[part]!.possible.forEach((place, i) => {
          const { terms, settings, acts } = places.parts[part]!.wakes[i]!;
          const isAwake = chosen.includes(place);
          for (const [term, series] of terms) termSeries[term] = BigInt(isAwake ? series : this.asleep.series);
          for (const setting of settings) settingMeasure[setting] = BigInt(isAwake ? number : this.asleep.measure);
          for (const act of acts) actMeasure[act] = BigInt(isAwake ? number : this.asleep.measure);
        }),
      );
    }
  }

  /** When every measure is in force, in the scenario. */
  private setDates(scenario: Scenario): void {
    const { kernel } = this;
    const { calendar } = kernel.arrays;
    const steps: number[] = [];
    for (const measure of this.measures.values()) {
      const when = inForce(calendar, measure, scenario.change[measure.id]);
      const isOff = scenario.off.includes(measure.id);
      kernel.ints("recipe.measure_first_step")[measure.number] = BigInt(isOff ? NEVER : when.firstStep);
      kernel.ints("recipe.measure_end_step")[measure.number] = BigInt(when.endStep);
      kernel.floats("recipe.measure_first_day")[measure.number] = isOff ? Infinity : when.firstDay;
      kernel.floats("recipe.measure_end_day")[measure.number] = when.endDay;
      if (measure.id in scenario.change && !isOff) steps.push(...stepsOfChange(calendar, measure, when));
    }
    for (const addition of this.additions.values()) {
      const added = scenario.add[keyOf(addition)];
      const when = added === undefined ? null : inForce(calendar, { from: added.from, to: added.to ?? null });
      kernel.ints("recipe.measure_first_step")[addition.number] = BigInt(when?.firstStep ?? NEVER);
      kernel.ints("recipe.measure_end_step")[addition.number] = BigInt(when?.endStep ?? NEVER);
      if (added === undefined) continue;
      kernel.floats("recipe.constant")[addition.row] = added.people;
      steps.push(...this.within([when!.firstStep, when!.endStep]));
    }
    for (const change of Object.values(scenario.drivers)) steps.push(...this.within(this.stepsOfDriver(change)));
    const isDriven = Object.keys(scenario.drivers).length > 0;
    kernel.changeAlsoOn(steps, isDriven || this.isDriven);
    this.isDriven = isDriven;
  }

  private setDrivers(scenario: Scenario): void {
    for (const [name, change] of Object.entries(scenario.drivers)) {
      const [first, end] = this.stepsOfDriver(change);
      for (const [series, made, base] of this.drivers.get(name)!.series) this.kernel.multiplySeries(series, made, base, change.times, first, end);
    }
  }

  /** First step of a factor on a driver, and the step after its last. */
  private stepsOfDriver({ from, to }: DriverChange): [number, number] {
    const { calendar } = this.kernel.arrays;
    const first = stepOfDay(calendar, dayOf(calendar, from ?? this.firstDay));
    return [first, to === undefined ? calendar.n_steps : stepOfDay(calendar, dayOf(calendar, to) + 1)];
  }

  private within(steps: number[]): number[] {
    return steps.filter((step) => step >= 0 && step < this.kernel.arrays.calendar.n_steps);
  }

  private series(): Float64Array {
    return seriesOfOutputs(this.outputs, this.kernel.floats("own.out"), this.kernel.floats("workings.values"));
  }
}

/** A few of the steps on which measures begin, spread over all of them. */
export function stepsToSave(measures: Measure[]): number[] {
  const steps = [...new Set(measures.filter((measure) => measure.acts).map((measure) => measure.first_step))];
  const later = steps.filter((step) => step > 0).sort((one, other) => one - other);
  if (later.length <= MOST_SAVED_STEPS) return later;
  const chosen = Array.from({ length: MOST_SAVED_STEPS }, (_, i) => later[Math.floor((i * later.length) / MOST_SAVED_STEPS)]!);
  return [...new Set(chosen)];
}
