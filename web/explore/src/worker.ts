/** A worker: runs the draws it is given, the study's own first, then those of the newest scenario; looks at its post between draws. */

import { Simulator } from "./simulator";
import { cardOf, type CardDraw } from "./card-draw";
import { NOTHING } from "./scenario";
import type { ClaimPart, Scenario, StudyPage } from "./study";
import type { Tally } from "./tally";

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
  | { kind: "scenario"; id: number; scenario: Scenario | null }
  | { kind: "without"; measure: string; pictured: number[] };

export type FromWorker =
  | { kind: "baseline"; draw: number; series: Float64Array; tally: Tally }
  | { kind: "scenario"; id: number; draw: number; series: Float64Array; tally: Tally }
  | { kind: "without"; measure: string; draw: number; card: CardDraw }
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
  /** Measures whose card was opened, the outputs that it pictures, and the draws without them that are done. */
  private readonly cards = new Map<string, { pictured: number[]; done: Set<number> }>();
  private study: StudyPage | null = null;
  private question: Question | null = null;
  private answered = new Map<number, [number, number][]>();
  private busy = false;

  constructor(private readonly post: Post) {}

  async receive(message: ToWorker): Promise<void> {
    if (message.kind === "begin") {
      this.simulator = new Simulator(message.module, message.study, message.blob);
      this.draws = message.draws;
      this.study = message.study;
    } else if (message.kind === "without") {
      this.cards.set(message.measure, { pictured: message.pictured, done: new Set() });
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
    if (draw === undefined) return this.answer(this.simulator) || this.card(this.simulator);
    if (!this.known.has(draw)) {
      this.known.add(draw);
      const series = this.simulator.baseline(draw);
      this.post.send({ kind: "baseline", draw, series, tally: this.simulator.tally(draw, null) });
    } else {
      this.done.add(draw);
      const series = this.simulator.scenario(draw, this.wanted!);
      this.post.send({ kind: "scenario", id: this.id, draw, series, tally: this.simulator.tally(draw, this.wanted) });
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

  /** One draw without a measure whose card is open, when neither a draw of a scenario nor a question waits. */
  private card(simulator: Simulator): boolean {
    for (const [measure, { pictured, done }] of this.cards) {
      const draw = this.draws.find((one) => !done.has(one));
      if (draw === undefined) continue;
      done.add(draw);
      const scenario = { ...NOTHING, off: [measure] };
      const series = simulator.scenario(draw, scenario);
      this.post.send({ kind: "without", measure, draw, card: cardOf(this.study!, pictured, series, simulator.tally(draw, scenario)) });
      return true;
    }
    return false;
  }
}
