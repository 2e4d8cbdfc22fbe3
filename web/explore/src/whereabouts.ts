/** Where everybody is at the end, as differences between two runs of the same draws: by status, or by status and place; they add up to 0. */

import { effectOf, type Effect } from "./effects";
import { hiddenOf } from "./small-cells";
import type { StudyPage } from "./study";

export type By = "status" | "place" | "group";

export interface Whereabouts {
  key: string;
  /** Numbers of status and place; none for people under way, and for the place where only the status is told. */
  status: number | null;
  place: number | null;
  effect: Effect;
}

interface Keyed {
  keys: string[];
  /** Number of its key for each pool, and for those under way to it. */
  of: Int32Array;
}

const known = new WeakMap<StudyPage, Map<By, Keyed>>();

/** The key of every pool, in the order of the study's statuses with people under way last. */
function keyed(study: StudyPage, by: By): Keyed {
  const found = known.get(study) ?? new Map<By, Keyed>();
  known.set(study, found);
  if (!found.has(by)) {
    const { pools } = study.corridor;
    const texts = [...pools, ...pools].map(([status, place, group], at) => {
      const what = at < pools.length ? `${status}` : "under_way";
      return by === "status" ? what : by === "place" ? `${what} ${place}` : `${what} ${group}`;
    });
    const order = (key: string): number => (key.startsWith("under_way") ? Infinity : Number(key.split(" ")[0]));
    const keys = [...new Set(texts)].sort((one, other) => (order(one) === order(other) ? 0 : order(one) - order(other)));
    const number = new Map(keys.map((key, at) => [key, at]));
    found.set(by, { keys, of: Int32Array.from(texts, (key) => number.get(key)!) });
  }
  return found.get(by)!;
}

function summed({ keys, of }: Keyed, end: Float64Array): Float64Array {
  const people = new Float64Array(keys.length);
  for (let at = 0; at < end.length; at++) people[of[at]!]! += end[at]!;
  return people;
}

/** Which means must not be shown, in the order of the keys: the places of a status add up to it, and all statuses to everybody. */
function hiddenAtEnd(study: StudyPage, ends: Float64Array[], by: "status" | "place"): boolean[] {
  const [places, statuses] = [keyed(study, "place"), keyed(study, "status")];
  const mean = new Float64Array(places.keys.length);
  for (const end of ends) for (let at = 0; at < end.length; at++) mean[places.of[at]!]! += end[at]! / ends.length;
  const status = new Map(statuses.keys.map((key, at) => [key, at]));
  const { cells, groups } = hiddenOf(mean, [places.keys.map((key) => status.get(key.split(" ")[0]!)!)]);
  return by === "place" ? cells : groups[0]!;
}

/** now, before: `end` of tallies, of the same draws in the same order. */
export function whereabouts(study: StudyPage, now: Float64Array[], before: Float64Array[], by: "status" | "place"): Whereabouts[] {
  const told = keyed(study, by);
  const [is, was] = [now.map((end) => summed(told, end)), before.map((end) => summed(told, end))];
  const [hiddenNow, hiddenBefore] = [hiddenAtEnd(study, now, by), hiddenAtEnd(study, before, by)];
  return told.keys.map((key, at) => {
    const [status, place] = key.split(" ");
    const hides = { with: hiddenNow[at]!, without: hiddenBefore[at]! };
    const effect = { ...effectOf(is.map((people) => people[at]!), was.map((people) => people[at]!)), hides };
    return { key, status: status === "under_way" ? null : Number(status), place: place === undefined ? null : Number(place), effect };
  });
}

/** People of each group who are in another status or on another way at the end, by the means over draws; the largest first. */
export function elsewhereByGroup(study: StudyPage, now: Float64Array[], before: Float64Array[]): { group: string; people: number }[] {
  const told = keyed(study, "group");
  const mean = new Float64Array(told.keys.length);
  now.forEach((end, draw) => {
    const [is, was] = [summed(told, end), summed(told, before[draw]!)];
    for (let at = 0; at < mean.length; at++) mean[at]! += (is[at]! - was[at]!) / now.length;
  });
  const people = study.corridor.groups.map(() => 0);
  told.keys.forEach((key, at) => (people[Number(key.split(" ")[1])]! += Math.max(mean[at]!, 0)));
  return study.corridor.groups.map((group, at) => ({ group, people: people[at]! })).sort((one, other) => other.people - one.people);
}
