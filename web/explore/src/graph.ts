/** Where statuses lie in the picture of the model: in rows by how many steps people come to them in; and the ways between them. */

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
/** A row with more statuses than this becomes two. */
const MOST_IN_A_ROW = 5;

/** starts: statuses in which people are before anybody has moved; they and those that nobody enters are the first row. */
export function graphOf(transitions: Transition[], starts: string[]): Graph {
  const ways = waysOf(transitions);
  const statuses = [...new Set(ways.flatMap((way) => [way.from, way.to]))];
  const entered = new Set(ways.filter((way) => way.from !== way.to).map((way) => way.to));
  const first = statuses.filter((status) => starts.includes(status) || !entered.has(status));
  const left = new Set(statuses);
  const rows: string[][] = [];
  let row = first.length > 0 ? first : statuses.slice(0, 1);
  while (row.length > 0) {
    for (const status of row) left.delete(status);
    for (let at = 0; at < row.length; at += MOST_IN_A_ROW) rows.push(row.slice(at, at + MOST_IN_A_ROW));
    const from = row;
    row = [...left].filter((status) => ways.some((way) => way.to === status && from.includes(way.from)));
    // what nobody reaches from the starts begins anew
    if (row.length === 0) row = [...left].slice(0, 1);
  }
  order(rows, ways);
  const nodes = new Map(rows.flatMap((some, at) => some.map((status, column) => [status, { status, row: at, column }] as const)));
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
