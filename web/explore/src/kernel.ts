/** The compiled kernel with its arrays in its memory. The table that its door takes is laid out as web/kernel/door.py says. */

import type { Entry, KernelArrays } from "./study";

const INPUTS = 1;
const START = 2;
const RUN = 4;
const ORDERS = 4;
const ITEM_BYTES = 8;
const PAGE_BYTES = 65536;
/** NEVER of src/corredor/engine/network/covariates.py. */
const LOG_OF_NOTHING = -2000;

type Numbers = Float64Array | BigInt64Array;

/** Where everybody is before a step, and what was counted until then; what is 0 is left out. */
export interface Saved {
  step: number;
  parts: { key: string; index: Int32Array; value: Numbers }[];
}

export class Kernel {
  readonly arrays: KernelArrays;
  private readonly blob: ArrayBuffer;
  private readonly memory: WebAssembly.Memory;
  private readonly door: (table: bigint) => number;
  private readonly address = new Map<string, number>();
  private readonly length = new Map<string, number>();
  private readonly slot = new Map<string, number>();
  private readonly changeSteps: number[];
  private changes: number;
  /** Cells of outputs from here on are not saved with a state. */
  keptCells = Infinity;
  private table = 0;
  private tableLength = 0;

  constructor(module: WebAssembly.Module, arrays: KernelArrays, blob: ArrayBuffer) {
    const instance = new WebAssembly.Instance(module, {});
    this.arrays = arrays;
    this.blob = blob;
    this.memory = instance.exports.memory as WebAssembly.Memory;
    this.door = instance.exports.door as (table: bigint) => number;
    this.layOut((instance.exports.__heap_base as WebAssembly.Global).value as number);
    for (const entry of arrays.entries) this.fill(entry);
    this.changeSteps = Array.from(this.ints("recipe.change_step"), Number);
    this.changes = this.changeSteps.length;
  }

  /** Lets things change on further steps; between two days of change every series stays as it is. `anew`: also when it is so already. */
  changeAlsoOn(steps: number[], anew = false): void {
    const own = this.changeSteps;
    const all = [...new Set([...own, ...steps])].sort((one, other) => one - other);
    if (!anew && all.length === this.changes && all.every((step, i) => Number(this.ints("recipe.change_step")[i]) === step)) return;
    const before = all.map((step) => own.findLastIndex((one) => one <= step));
    const entry = (key: string): Entry => this.arrays.entries.find((one) => keyOf(one) === key)!;
    const [month, series] = [entry("recipe.change_month"), entry("recipe.fixed_series")];
    this.setChanges(own.length);
    this.fill(month);
    this.fill(series);
    const months = before.map((at) => this.ints("recipe.change_month")[at]!);
    const values = this.floats("recipe.fixed_series").slice();
    this.setChanges(all.length);
    this.ints("recipe.change_step").set(all.map(BigInt));
    this.ints("recipe.change_month").set(months);
    const into = this.floats("recipe.fixed_series");
    for (let row = 0; row < series.shape[0]!; row++) {
      before.forEach((at, i) => (into[row * all.length + i] = values[row * own.length + at]!));
    }
    const changeOfStep = this.ints("topology.change_of_step");
    let change = -1;
    for (let step = 0; step < changeOfStep.length; step++) {
      if (all[change + 1] === step) change += 1;
      changeOfStep[step] = BigInt(change);
    }
  }

  /** Multiplies the values from which a series was made by a factor, on the change days from one step to before another. */
  multiplySeries(series: number, made: "value" | "log" | "linear", base: number, factor: number, first: number, end: number): void {
    const values = this.floats("recipe.fixed_series");
    this.ints("recipe.change_step").forEach((step, change) => {
      if (step < first || step >= end) return;
      const at = series * this.changes + change;
      // of 0 the log stands for nothing, times whatever
      if (made !== "log") values[at] = (values[at]! + base) * factor - base;
      else if (values[at]! > LOG_OF_NOTHING) values[at]! += Math.log(factor);
    });
  }

  floats(key: string): Float64Array {
    return new Float64Array(this.memory.buffer, this.address.get(key)!, this.length.get(key)!);
  }

  ints(key: string): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, this.address.get(key)!, this.length.get(key)!);
  }

  /** A whole number that stands in the table itself. */
  setNumber(key: string, value: number): void {
    this.orders()[this.slot.get(key)!] = BigInt(value);
  }

  /** Numbers of a draw as Python has sampled them. */
  takeDraw(draw: number): void {
    for (const name of ["parameters", "new_parts"] as const) {
      const into = this.floats(`own.${name}`);
      const at = this.arrays.draws[name] + draw * into.length * ITEM_BYTES;
      into.set(new Float64Array(this.blob, at, into.length));
    }
    this.setNumber("inputs.draw", draw);
  }

  makeInputs(): void {
    this.call(INPUTS, 0, 0);
  }

  /** Nobody has moved, nothing is counted. */
  start(): void {
    for (const part of ["state", "scratch", "own"]) {
      for (const entry of this.arrays.entries) {
        if (entry.part === part && (part !== "own" || entry.name === "out")) this.fill(entry);
      }
    }
    this.call(START, 0, 0);
  }

  run(from: number, to: number): void {
    this.call(RUN, from, to);
  }

  save(step: number): Saved {
    const keys = this.arrays.entries.filter((entry) => entry.part === "state").map(keyOf);
    const cells = { key: "own.out", ...sparse(this.floats("own.out").subarray(0, this.keptCells)) };
    return { step, parts: [...keys.map((key) => ({ key, ...sparse(this.numbers(key)) })), cells] };
  }

  goOnFrom(saved: Saved): void {
    for (const { key, index, value } of saved.parts) {
      const into = this.numbers(key);
      if (into instanceof Float64Array) into.fill(0);
      else into.fill(0n);
      for (let i = 0; i < index.length; i++) into[index[i]!] = value[i]!;
    }
    for (const entry of this.arrays.entries) if (entry.part === "scratch") this.fill(entry);
  }

  /** Arrays over change days have this many of them from now on. */
  private setChanges(number: number): void {
    this.changes = number;
    const orders = this.orders();
    for (const entry of this.arrays.entries) {
      if (entry.change_axis === undefined) continue;
      const key = keyOf(entry);
      const shape = entry.shape.map((axis, i) => (i === entry.change_axis ? number : axis));
      this.length.set(key, product(shape));
      orders[this.slot.get(key)! + 1 + entry.change_axis] = BigInt(number);
    }
  }

  private numbers(key: string): Numbers {
    const entry = this.arrays.entries.find((one) => keyOf(one) === key)!;
    return entry.kind === "ints" ? this.ints(key) : this.floats(key);
  }

  private orders(): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, this.table, this.tableLength);
  }

  private call(tasks: number, from: number, to: number): void {
    const orders = this.orders();
    orders[0] = BigInt(tasks);
    orders[1] = BigInt(from);
    orders[2] = BigInt(to);
    orders[3] = 0n;
    const status = this.door(BigInt(this.table));
    if (status !== 0) throw new Error(`the kernel ended with status ${status}`);
  }

  private layOut(heapBase: number): void {
    let at = (heapBase + 15) & ~15;
    let slot = ORDERS;
    const table: bigint[] = [0n, 0n, 0n, 0n];
    for (const entry of this.arrays.entries) {
      const key = keyOf(entry);
      this.slot.set(key, slot);
      if (entry.kind === "int") {
        table.push(BigInt(entry.fill as number));
        slot += 1;
        continue;
      }
      const length = product(entry.shape);
      const most = product(entry.shape.map((axis, i) => (i === entry.change_axis ? this.arrays.calendar.n_steps : axis)));
      this.address.set(key, at);
      this.length.set(key, length);
      table.push(BigInt(at), ...(entry.kind === "float" ? [] : entry.shape.map(BigInt)));
      slot += 1 + (entry.kind === "float" ? 0 : entry.shape.length);
      at += Math.max(most, 1) * ITEM_BYTES;
    }
    this.table = at;
    this.tableLength = table.length;
    const more = at + table.length * ITEM_BYTES - this.memory.buffer.byteLength;
    if (more > 0) this.memory.grow(Math.ceil(more / PAGE_BYTES));
    this.orders().set(table);
  }

  private fill(entry: Entry): void {
    const key = keyOf(entry);
    if (entry.kind === "int") return;
    if (entry.kind === "ints") {
      const into = this.ints(key);
      if (entry.at === undefined) into.fill(BigInt((entry.fill as number) ?? 0));
      else new Int32Array(this.blob, entry.at, into.length).forEach((value, i) => (into[i] = BigInt(value)));
      return;
    }
    const into = this.floats(key);
    if (entry.at === undefined) into.fill(entry.fill === "inf" ? Infinity : (entry.fill ?? NaN));
    else into.set(new Float64Array(this.blob, entry.at, into.length));
  }
}

function keyOf(entry: Entry): string {
  return `${entry.part}.${entry.name}`;
}

function product(shape: number[]): number {
  return shape.reduce((whole, axis) => whole * axis, 1);
}

function sparse(numbers: Numbers): { index: Int32Array; value: Numbers } {
  const index: number[] = [];
  for (let i = 0; i < numbers.length; i++) if (numbers[i] != 0) index.push(i);
  const value = numbers instanceof Float64Array ? new Float64Array(index.length) : new BigInt64Array(index.length);
  index.forEach((from, i) => (value[i] = numbers[from] as never));
  return { index: Int32Array.from(index), value };
}
