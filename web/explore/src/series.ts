/** Outputs of a draw from its cells: one series after another, each with its periods; of days waited the classes instead. */

import type { Output } from "./study";

/** Length of an output's part of a draw's series. */
export function lengthOf(output: Output): number {
  return output.class_middle_days?.length ?? output.starts.length;
}

/** Where each output's part begins, and the length of all at the end. */
export function firstOf(outputs: Output[]): number[] {
  const first = [0];
  for (const output of outputs) first.push(first.at(-1)! + lengthOf(output));
  return first;
}

/** Where the places of each output begin, behind all series: its number over the whole study by place. */
export function firstPlaceOf(outputs: Output[]): number[] {
  const first = [firstOf(outputs).at(-1)!];
  for (const output of outputs) first.push(first.at(-1)! + (output.places?.labels.length ?? 0));
  return first;
}

/** Where the groups of each output begin, behind all places. */
export function firstGroupOf(outputs: Output[]): number[] {
  const first = [firstPlaceOf(outputs).at(-1)!];
  for (const output of outputs) first.push(first.at(-1)! + (output.groups?.labels.length ?? 0));
  return first;
}

export function seriesOfOutputs(outputs: Output[], cells: Float64Array, values: Float64Array): Float64Array {
  const first = firstOf(outputs);
  const firstPlace = firstPlaceOf(outputs);
  const firstGroup = firstGroupOf(outputs);
  const all = new Float64Array(firstGroup.at(-1)!);
  const partOf = (number: number): Float64Array => all.subarray(first[number], first[number + 1]);
  const numberOf = new Map(outputs.map((output, number) => [output.name, number]));
  outputs.forEach((output, number) => {
    if (output.first_cell === undefined) return;
    fromCells(output, cells, partOf(number));
    if (output.places) partsFromCells(output, output.places.of_series, cells, all.subarray(firstPlace[number], firstPlace[number + 1]));
    if (output.groups) partsFromCells(output, output.groups.of_series, cells, all.subarray(firstGroup[number], firstGroup[number + 1]));
  });
  outputs.forEach((output, number) => {
    for (const [name, row] of output.sum_of ?? []) add(partOf(number), partOf(numberOf.get(name)!), values[row]!);
  });
  outputs.forEach((output, number) => {
    if (output.account_of === undefined) return;
    add(partOf(number), partOf(numberOf.get(output.account_of)!), values[output.row!]!, output.days);
  });
  return all;
}

function fromCells(output: Output, cells: Float64Array, into: Float64Array): void {
  const periods = output.starts.length;
  const classes = output.class_middle_days?.length ?? 1;
  for (let series = 0; series < output.n_series!; series++) {
    const from = output.first_cell! + series * periods;
    for (let period = 0; period < periods; period++) {
      // days waited are told by class: people served over the whole study
      if (classes > 1) into[series % classes]! += cells[from + period]! * output.window[period]!;
      else into[period]! += cells[from + period]!;
    }
  }
  if (output.mean && !output.adds_up) into.forEach((total, period) => (into[period] = total / output.n_series!));
}

function partsFromCells(output: Output, ofSeries: number[], cells: Float64Array, into: Float64Array): void {
  const periods = output.starts.length;
  const isMean = output.mean && !output.adds_up;
  ofSeries.forEach((part, series) => {
    const total = totalOf(output, cells.subarray(output.first_cell! + series * periods, output.first_cell! + (series + 1) * periods));
    into[part]! += isMean ? (total * into.length) / ofSeries.length : total;
  });
}

function add(into: Float64Array, part: Float64Array, factor: number, days?: number[] | null): void {
  for (let period = 0; period < into.length; period++) {
    into[period]! += part[period]! * factor * (days?.[period] ?? 1);
  }
}

/** An output over the whole study: a flow in all, a stock or a wait on the mean day; NaN where nobody was served. */
export function totalOf(output: Output, part: Float64Array): number {
  if (output.class_middle_days !== undefined) {
    const people = part.reduce((sum, served) => sum + served, 0);
    const days = part.reduce((sum, served, i) => sum + served * output.class_middle_days![i]!, 0);
    return people > 0 ? days / people : NaN;
  }
  return part.reduce((sum, value, period) => sum + value * output.window[period]!, 0);
}
