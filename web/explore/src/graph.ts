/** Where statuses lie in the picture of the model: in rows, each below those from which people come; and the ways between them. */

import type { Transition } from "./study";

export interface Node {
  status: string;
  row: number;
  /** Place in its row, from 0. */
  column: number;
}

/** All transitions from one status to another. */
export interface Way {
  from: string;
  to: string;
  transitions: Transition[];
}

export interface Graph {
  nodes: Map<string, Node>;
  ways: Way[];
  /** Statuses of each row, from left to right. */
  rows: string[][];
}

const SWEEPS = 8;

/** starts: statuses in which people are before anybody has moved. */
export function graphOf(transitions: Transition[], starts: string[]): Graph {
  const ways = waysOf(transitions);
  const statuses = [...new Set([...starts, ...ways.flatMap((way) => [way.from, way.to])])].filter((status) => ways.some((way) => way.from === status || way.to === status));
  const onward = withoutCircles(statuses, ways);
  const rank = new Map(statuses.map((status) => [status, 0]));
  for (let round = 0; round < statuses.length; round++) {
    for (const { from, to } of onward) rank.set(to, Math.max(rank.get(to)!, rank.get(from)! + 1));
  }
  const rows: string[][] = [];
  for (const status of statuses) (rows[rank.get(status)!] ??= []).push(status);
  order(rows, onward);
  const nodes = new Map(rows.flatMap((row, at) => row.map((status, column) => [status, { status, row: at, column }] as const)));
  return { nodes, ways, rows };
}

function waysOf(transitions: Transition[]): Way[] {
  const ways = new Map<string, Way>();
  for (const transition of transitions) {
    const key = `${transition.from}>${transition.to}`;
    if (!ways.has(key)) ways.set(key, { from: transition.from, to: transition.to, transitions: [] });
    ways.get(key)!.transitions.push(transition);
  }
  return [...ways.values()];
}

/** Ways less those that lead back to where people have been, as one meets them going from the starts on. */
function withoutCircles(statuses: string[], ways: Way[]): Way[] {
  const [open, closed, kept] = [new Set<string>(), new Set<string>(), [] as Way[]];
  const visit = (status: string): void => {
    open.add(status);
    for (const way of ways.filter((one) => one.from === status)) {
      if (open.has(way.to)) continue;
      kept.push(way);
      if (!closed.has(way.to)) visit(way.to);
    }
    open.delete(status);
    closed.add(status);
  };
  for (const status of statuses) if (!closed.has(status)) visit(status);
  return kept;
}

/** Each row by the mean place of the neighbours above and below, so that few ways cross (Sugiyama, Tagawa & Toda 1981). */
function order(rows: string[][], ways: Way[]): void {
  const placeOf = (status: string): number => {
    const row = rows.find((one) => one.includes(status))!;
    return (row.indexOf(status) + 0.5) / row.length;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const row of sweep % 2 === 0 ? rows : rows.toReversed()) {
      const mean = new Map(
        row.map((status) => {
          const near = ways.filter((way) => way.from === status || way.to === status).map((way) => placeOf(way.from === status ? way.to : way.from));
          return [status, near.length > 0 ? near.reduce((sum, one) => sum + one, 0) / near.length : placeOf(status)];
        }),
      );
      row.sort((one, other) => mean.get(one)! - mean.get(other)!);
    }
  }
}
