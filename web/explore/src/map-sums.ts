/** Sums that the map shows of its rows, and which of its numbers must not be shown. */

import { tooFew } from "./numbers";
import { hiddenOf } from "./small-cells";
import type { StudyPage } from "./study";

interface SummedRows {
  rows: number[];
  /** Two ways in which they are summed: the code (0, 1 …) of every row. */
  groups: number[][];
}

const known = new WeakMap<StudyPage, SummedRows[]>();

/** Rows of a place that are shown together: those who may go on, those of them whom outputs count, each status; and those who stay. */
export function summedRows(study: StudyPage): SummedRows[] {
  if (!known.has(study)) known.set(study, sumsOf(study));
  return known.get(study)!;
}

function sumsOf({ corridor }: StudyPage): SummedRows[] {
  const numbered = corridor.stocks.map((stock, at) => ({ ...stock, row: corridor.links.length + at }));
  return corridor.sites.flatMap((_, site) => {
    const here = numbered.filter((stock) => stock.site === site);
    const staying = here.filter(({ final }) => final);
    const parts = [here.filter(({ final }) => !final), ...[...new Set(staying.map(({ status }) => status))].map((status) => staying.filter((stock) => stock.status === status))];
    return parts.filter((part) => part.length > 0).map((part) => {
      const statuses = [...new Set(part.map(({ status }) => status))];
      return { rows: part.map(({ row }) => row), groups: [part.map(({ reported }) => (reported ? 1 : 0)), part.map(({ status }) => statuses.indexOf(status))] };
    });
  });
}

/** Which numbers of the map on a date must not be shown. */
export interface HiddenOnMap {
  rows: boolean[];
  /** Sums of several rows, by their numbers joined with commas. */
  sums: Map<string, boolean>;
}

export function hiddenOnMap(study: StudyPage, people: Float64Array): HiddenOnMap {
  const rows = Array.from(people, tooFew);
  const sums = new Map<string, boolean>();
  for (const { rows: of, groups } of summedRows(study)) {
    const { cells, groups: hidden, all } = hiddenOf(of.map((row) => people[row]!), groups);
    of.forEach((row, at) => (rows[row] = cells[at]!));
    groups.forEach((codes, level) => hidden[level]!.forEach((is, code) => sums.set(of.filter((_, at) => codes[at] === code).join(), is)));
    sums.set(of.join(), all);
  }
  return { rows, sums };
}

/** Whether the sum of some rows must not be shown. */
export function isHiddenTogether(hidden: HiddenOnMap, rows: number[]): boolean {
  return rows.length === 1 ? hidden.rows[rows[0]!]! : (hidden.sums.get(rows.join()) ?? rows.some((row) => hidden.rows[row]));
}
