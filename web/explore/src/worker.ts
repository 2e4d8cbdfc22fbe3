/** A worker: runs the draws it is given, the study's own first, then those of the newest scenario; looks at its post between draws. */

import { Simulator } from "./simulator";
import type { ClaimPart, Scenario, StudyPage } from "./study";

/** The number that a claim is about, with and without its measures, for several values of an assumption. */
export interface Question {
  id: number;
  parts: ClaimPart[];
  measures: string[];
  parameter: string;
  values: number[];
}

export type ToWorker =
  | { kind: "question"; question: Question | null }
  | { kind: "begin"; module: WebAssembly.Module; study: StudyPage; blob: ArrayBuffer; draws: number[] }
  | { kind: "scenario"; id: number; scenario: Scenario | null };

export type FromWorker =
  | { kind: "baseline"; draw: number; series: Float64Array }
  | { kind: "scenario"; id: number; draw: number; series: Float64Array }
  | { kind: "answer"; id: number; draw: number; pairs: [number, number][] }
  | { kind: "failed"; message: string };

export interface Post {
  send(message: FromWorker): void;
  /** Lets waiting messages in. */
  pause(): Promise<void>;
}

export class Worker {
  private simulator: Simulator | null = null;
  private draws: number[] = [];
  private readonly known = new Set<number>();
  private id = 0;
  private wanted: Scenario | null = null;
  private done = new Set<number>();
  private question: Question | null = null;
  private answered = new Map<number, [number, number][]>();
  private busy = false;

  constructor(private readonly post: Post) {}

  async receive(message: ToWorker): Promise<void> {
    if (message.kind === "begin") {
      this.simulator = new Simulator(message.module, message.study, message.blob);
      this.draws = message.draws;
    } else if (message.kind === "question") {
      this.question = message.question;
      this.answered = new Map();
    } else {
      this.id = message.id;
      this.wanted = message.scenario;
      this.done = new Set();
    }
    if (!this.busy) await this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    try {
      while (this.step()) await this.post.pause();
    } catch (error) {
      this.post.send({ kind: "failed", message: String(error) });
    }
    this.busy = false;
  }

  /** One draw; false when there is nothing left to do. A draw of a scenario needs that of the study beside it. */
  private step(): boolean {
    const draw = this.draws.find((one) => !this.known.has(one) || (this.wanted !== null && !this.done.has(one)));
    if (this.simulator === null) return false;
    if (draw === undefined) return this.answer(this.simulator);
    if (!this.known.has(draw)) {
      this.known.add(draw);
      this.post.send({ kind: "baseline", draw, series: this.simulator.baseline(draw) });
    } else {
      this.done.add(draw);
      this.post.send({ kind: "scenario", id: this.id, draw, series: this.simulator.scenario(draw, this.wanted!) });
    }
    return true;
  }

  /** One draw with one value of the question, when no draw of a scenario waits. */
  private answer(simulator: Simulator): boolean {
    const { question } = this;
    const draw = question === null ? undefined : this.draws.find((one) => (this.answered.get(one)?.length ?? 0) < question.values.length);
    if (question === null || draw === undefined) return false;
    const pairs = this.answered.get(draw) ?? [];
    pairs.push(simulator.claim(draw, question.parts, question.measures, { [question.parameter]: question.values[pairs.length]! }));
    this.answered.set(draw, pairs);
    if (pairs.length === question.values.length) this.post.send({ kind: "answer", id: question.id, draw, pairs });
    return true;
  }
}
