/** Where everybody is at the end, as differences between two runs of the same draws: by status, or by status and place; they add up to 0. */

import { effectOf, type Effect } from "./effects";
import type { StudyPage } from "./study";

export type By = "status" | "place";

export interface Whereabouts {
  key: string;
  /** Numbers of status and place; none for people under way, and for the place where only the status is told. */
  status: number | null;
  place: number | null;
  effect: Effect;
}

/** People in a draw's pools at the end, then those under way, by key, in the order of the study. */
function summed(study: StudyPage, end: Float64Array, by: By): Map<string, number> {
  const { pools } = study.corridor;
  const found = new Map<string, number>();
  pools.forEach(([status, place], pool) => {
    for (const [key, people] of [[by === "status" ? `${status}` : `${status} ${place}`, end[pool]!], [by === "status" ? "under_way" : `under_way ${place}`, end[pools.length + pool]!]] as const) {
      found.set(key, (found.get(key) ?? 0) + people);
    }
  });
  return found;
}

/** Rows in the order of the study's statuses, people under way last; `ends` as of a tally, both in the same order of draws. */
export function whereabouts(study: StudyPage, now: Float64Array[], before: Float64Array[], by: By): Whereabouts[] {
  const [is, was] = [now.map((end) => summed(study, end, by)), before.map((end) => summed(study, end, by))];
  const keys = [...new Set([...(is[0]?.keys() ?? [])])];
  const order = (key: string): number => (key.startsWith("under_way") ? Infinity : Number(key.split(" ")[0]));
  keys.sort((one, other) => (order(one) === order(other) ? 0 : order(one) - order(other)));
  return keys.map((key) => {
    const [status, place] = key.split(" ");
    const of = (maps: Map<string, number>[]): number[] => maps.map((map) => map.get(key)!);
    return { key, status: status === "under_way" ? null : Number(status), place: place === undefined ? null : Number(place), effect: effectOf(of(is), of(was)) };
  });
}

/** People of each group who are in another status or on another way at the end, by the means over draws; the largest first. */
export function elsewhereByGroup(study: StudyPage, now: Float64Array[], before: Float64Array[]): { group: string; people: number }[] {
  const { pools, groups } = study.corridor;
  const mean = new Map<string, number>();
  now.forEach((end, draw) => {
    pools.forEach(([status, , group], pool) => {
      for (const [key, at] of [[`${group} ${status}`, pool], [`${group} under_way`, pools.length + pool]] as const) {
        mean.set(key, (mean.get(key) ?? 0) + (end[at]! - before[draw]![at]!) / now.length);
      }
    });
  });
  const people = groups.map(() => 0);
  for (const [key, difference] of mean) people[Number(key.split(" ")[0])]! += Math.max(difference, 0);
  return groups.map((group, at) => ({ group, people: people[at]! })).sort((one, other) => other.people - one.people);
}
