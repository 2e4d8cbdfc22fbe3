/** Workers side by side, and what they have sent: series of every draw of the study and of the newest scenario. */

import type { CardDraw } from "./card-draw";
import { CorridorDrawn } from "./sums";
import type { FromWorker, Question, ToWorker } from "./worker";
import type { Scenario, StudyPage } from "./study";

const MOST_WORKERS = 8;

export interface Drawn {
  baseline: Map<number, Float64Array>;
  scenario: Map<number, Float64Array>;
  /** Of what `scenario` holds draws; null for the study alone. */
  of: Scenario | null;
  corridor: CorridorDrawn;
  /** Measure whose card was opened → draws of the study without it. */
  without: Map<string, Map<number, CardDraw>>;
}

export function nothingDrawn(): Drawn {
  return { baseline: new Map(), scenario: new Map(), of: null, corridor: new CorridorDrawn(), without: new Map() };
}

/** 1, 2, 4, 8 … and all: what is dear to work out is worked out anew when so many draws have come. */
export function stageOf(draws: number, all: number): number {
  return draws >= all ? all : 2 ** Math.floor(Math.log2(Math.max(draws, 1)));
}

export class Pool {
  readonly drawn: Drawn = nothingDrawn();
  private readonly workers: Worker[];
  private id = 0;
  /** Answers to the newest question, by draw: a pair for each value. */
  answers = new Map<number, [number, number][]>();
  question: Question | null = null;

  constructor(
    program: string,
    module: WebAssembly.Module,
    study: StudyPage,
    blob: ArrayBuffer,
    private readonly told: () => void,
    failed: (message: string) => void,
  ) {
    const number = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, MOST_WORKERS, study.kernel.draws.number));
    const address = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    this.workers = Array.from({ length: number }, (_, at) => {
      const worker = new Worker(address);
      worker.onmessage = (event: MessageEvent<FromWorker>) => this.take(event.data, failed);
      worker.onerror = (event) => failed(event.message);
      const draws = Array.from({ length: study.kernel.draws.number }, (__, draw) => draw).filter((draw) => draw % number === at);
      worker.postMessage({ kind: "begin", module, study, blob, draws } satisfies ToWorker);
      return worker;
    });
  }

  /** The scenario of which draws are wanted from now on; none for the study alone. */
  want(scenario: Scenario | null): void {
    this.id += 1;
    this.drawn.scenario = new Map();
    this.drawn.of = scenario;
    this.drawn.corridor.forget();
    for (const worker of this.workers) worker.postMessage({ kind: "scenario", id: this.id, scenario } satisfies ToWorker);
  }

  /** The study without a measure, in all draws, when no draw of a scenario waits. */
  wantWithout(measure: string, pictured: number[]): void {
    if (this.drawn.without.has(measure)) return;
    this.drawn.without.set(measure, new Map());
    for (const worker of this.workers) worker.postMessage({ kind: "without", measure, pictured } satisfies ToWorker);
  }

  /** Lets the workers answer a question when they have nothing else to do; a new one takes the place of the last. */
  ask(question: Omit<Question, "id">): void {
    this.question = { ...question, id: (this.question?.id ?? 0) + 1 };
    this.answers = new Map();
    for (const worker of this.workers) worker.postMessage({ kind: "question", question: this.question } satisfies ToWorker);
    this.told();
  }

  private take(message: FromWorker, failed: (message: string) => void): void {
    if (message.kind === "failed") return failed(message.message);
    const { drawn } = this;
    if (message.kind === "answer") {
      if (message.id === this.question?.id) this.answers.set(message.draw, message.pairs);
    } else if (message.kind === "baseline") {
      drawn.baseline.set(message.draw, message.series);
      drawn.corridor.addStudy(message.draw, message.tally);
    } else if (message.kind === "without") {
      drawn.without.get(message.measure)!.set(message.draw, message.card);
    } else if (message.id === this.id) {
      drawn.scenario.set(message.draw, message.series);
      drawn.corridor.addScenario(message.draw, message.tally);
    }
    this.told();
  }
}
