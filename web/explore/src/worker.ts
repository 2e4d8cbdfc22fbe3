/** A worker: runs the draws it is given, the study's own first, then those of the newest scenario; looks at its post between draws. */

import { Simulator } from "./simulator";
import type { Scenario, StudyPage } from "./study";

export type ToWorker =
  | { kind: "begin"; module: WebAssembly.Module; study: StudyPage; blob: ArrayBuffer; draws: number[] }
  | { kind: "scenario"; id: number; scenario: Scenario | null };

export type FromWorker =
  | { kind: "baseline"; draw: number; series: Float64Array }
  | { kind: "scenario"; id: number; draw: number; series: Float64Array }
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
  private busy = false;

  constructor(private readonly post: Post) {}

  async receive(message: ToWorker): Promise<void> {
    if (message.kind === "begin") {
      this.simulator = new Simulator(message.module, message.study, message.blob);
      this.draws = message.draws;
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
    if (draw === undefined || this.simulator === null) return false;
    if (!this.known.has(draw)) {
      this.known.add(draw);
      this.post.send({ kind: "baseline", draw, series: this.simulator.baseline(draw) });
    } else {
      this.done.add(draw);
      this.post.send({ kind: "scenario", id: this.id, draw, series: this.simulator.scenario(draw, this.wanted!) });
    }
    return true;
  }
}
