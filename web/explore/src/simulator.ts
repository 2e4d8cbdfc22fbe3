/** Draws of the study and of a scenario with common random numbers: what a scenario changes is put into the kernel's arrays. */

import { inForce, stepsOfChange } from "./calendar";
import { Kernel, type Saved } from "./kernel";
import type { Measure, Output, Scenario, StudyPage } from "./study";
import { seriesOfOutputs } from "./series";
import { Tallies, type Tally } from "./tally";

const MOST_SAVED_STEPS = 8;
const NEVER = 1_000_000_000;

export const AS_IT_IS: Scenario = { off: [], change: {}, fix: {} };

export class Simulator {
  readonly kernel: Kernel;
  private readonly measures: Map<string, Measure>;
  private readonly parameterNumber: Map<string, number>;
  private readonly outputs: Output[];
  private readonly saveAt: number[];
  private readonly saved = new Map<number, Saved[]>();
  private readonly tallies: Tallies;
  /** From which step the last draw went on. */
  private from = 0;
  private readonly plain: Record<string, Float64Array | BigInt64Array>;

  constructor(module: WebAssembly.Module, study: StudyPage, blob: ArrayBuffer) {
    this.kernel = new Kernel(module, study.kernel, blob);
    this.measures = new Map(study.measures.map((measure) => [measure.id, measure]));
    this.parameterNumber = new Map(study.parameters.map((parameter) => [parameter.name, parameter.number]));
    this.outputs = study.outputs;
    this.saveAt = stepsToSave(study.measures);
    this.kernel.keptCells = study.corridor.step_cell;
    this.tallies = new Tallies(this.kernel, study);
    this.plain = {
      constant: this.kernel.floats("recipe.constant").slice(),
      term_row: this.kernel.ints("recipe.term_row").slice(),
    };
  }

  /** One draw of the study as it is: series of all outputs. States at some steps are kept, so that scenarios can go on from there. */
  baseline(draw: number): Float64Array {
    this.prepare(draw, AS_IT_IS);
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
    return scenario === null ? this.tallies.ofStudy(draw, AS_IT_IS) : this.tallies.ofScenario(draw, scenario, this.from);
  }

  /** First step in which a scenario can differ: a measure acts from its first day on, a parameter from the start. */
  firstDifference(scenario: Scenario): number {
    if (Object.keys(scenario.fix).length > 0) return 0;
    const changed = [...scenario.off, ...Object.keys(scenario.change)];
    const acting = changed.map((id) => this.measures.get(id)!).filter((measure) => measure.acts);
    const { calendar } = this.kernel.arrays;
    const steps = acting.map((measure) => Math.min(measure.first_step, inForce(calendar, measure, scenario.change[measure.id]).firstStep));
    return Math.min(calendar.n_steps, ...steps);
  }

  private prepare(draw: number, scenario: Scenario): void {
    const { kernel } = this;
    kernel.floats("recipe.constant").set(this.plain.constant as Float64Array);
    kernel.ints("recipe.term_row").set(this.plain.term_row as BigInt64Array);
    this.setDates(scenario);
    for (const [id, { dose }] of Object.entries(scenario.change)) {
      if (dose === undefined) continue;
      for (const { term, row, constant } of this.measures.get(id)!.terms) {
        kernel.floats("recipe.constant")[row] = constant * dose;
        kernel.ints("recipe.term_row")[term] = BigInt(row);
      }
    }
    kernel.takeDraw(draw);
    for (const [name, value] of Object.entries(scenario.fix)) {
      kernel.floats("own.parameters")[this.parameterNumber.get(name)!] = value;
    }
    kernel.makeInputs();
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
    kernel.changeAlsoOn(steps);
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
