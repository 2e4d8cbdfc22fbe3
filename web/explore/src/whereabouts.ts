/** Where everybody is at the end, as differences between two runs of the same draws: by status, or by status and place; they add up to 0. */

import { effectOf, type Effect } from "./effects";
import { summedRows } from "./map-sums";
import { tooFew } from "./numbers";
import { hiddenOf } from "./small-cells";
import type { StudyPage } from "./study";
import { drawsByDay } from "./tally";

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

/** People of each key, by the means over some draws. */
function meansOf({ keys, of }: Keyed, ends: Float64Array[]): Float64Array {
  const people = new Float64Array(keys.length);
  for (const end of ends) for (let at = 0; at < end.length; at++) people[of[at]!]! += end[at]! / ends.length;
  return people;
}

/**
 * Which means must not be shown: the places of a status add up to it, and all statuses to everybody. Where the map's last day has the same
 * numbers, its sums add up too. onMap: of each kind of sum there, whether that of each place of a status is hidden.
 */
function hiddenAtEnd(study: StudyPage, ends: Float64Array[]): { places: boolean[]; statuses: boolean[]; onMap: boolean[][] } {
  const [places, statuses] = [keyed(study, "place"), keyed(study, "status")];
  const status = new Map(statuses.keys.map((key, at) => [key, at]));
  const onMap = isLastDayOnMap(study) ? mapSums(study, places.keys) : [];
  const { cells, groups } = hiddenOf(meansOf(places, ends), [places.keys.map((key) => status.get(key.split(" ")[0]!)!), ...onMap]);
  return { places: cells, statuses: groups[0]!, onMap: onMap.map((codes, kind) => codes.map((code) => groups[kind + 1]![code]!)) };
}

/** Whether the map by day has as many draws as where people are at the end. */
function isLastDayOnMap(study: StudyPage): boolean {
  return drawsByDay(study) >= study.kernel.draws.number;
}

/** For each kind of sum on the map, to which sum each key belongs; one that is in none is alone. */
function mapSums(study: StudyPage, keys: string[]): number[][] {
  const alone = keys.map((_, at) => at);
  const row = rowOfKey(study, keys);
  const sums: number[][] = [alone, alone, alone].map((codes) => [...codes]);
  for (const { rows, groups } of summedRows(study)) {
    const here = rows.map((one) => row.indexOf(one));
    [rows.map(() => 0), ...groups].forEach((codes, kind) => here.forEach((at, number) => (sums[kind]![at] = here[codes.indexOf(codes[number]!)]!)));
  }
  return sums;
}

/** Row of the map of each key; -1 for people under way and for stays that the map does not have. */
function rowOfKey({ corridor, statuses }: StudyPage, keys: string[]): number[] {
  const names = Object.keys(statuses);
  return keys.map((key) => {
    const [status, place] = key.split(" ").map(Number);
    const at = corridor.stocks.findIndex((stock) => stock.status === names[status!] && stock.place === place);
    return at < 0 ? -1 : corridor.links.length + at;
  });
}

/** What the map must not show on the last day by day, beside where people are at the end: of rows that are stays, and of sums; null where it has other draws. */
export function hiddenOnLastDay(study: StudyPage, ends: Float64Array[]): { rows: (boolean | undefined)[]; sums: Map<string, boolean> } | null {
  if (!isLastDayOnMap(study) || ends.length === 0) return null;
  const { keys } = keyed(study, "place");
  const row = rowOfKey(study, keys);
  const hidden = hiddenAtEnd(study, ends);
  const rows: (boolean | undefined)[] = [];
  row.forEach((one, at) => one >= 0 && (rows[one] = hidden.places[at]));
  const sums = new Map<string, boolean>();
  for (const { rows: of, groups } of summedRows(study)) {
    [of.map(() => 0), ...groups].forEach((parts, kind) => {
      for (const part of new Set(parts)) {
        const some = of.filter((_, at) => parts[at] === part);
        sums.set(some.join(), hidden.onMap[kind]![row.indexOf(some[0]!)]!);
      }
    });
  }
  return { rows, sums };
}

/** now, before: `end` of tallies, of the same draws in the same order. */
export function whereabouts(study: StudyPage, now: Float64Array[], before: Float64Array[], by: "status" | "place"): Whereabouts[] {
  const told = keyed(study, by);
  const [is, was] = [now.map((end) => meansOf(told, [end])), before.map((end) => meansOf(told, [end]))];
  const [hiddenNow, hiddenBefore] = [hiddenAtEnd(study, now), hiddenAtEnd(study, before)].map(({ places, statuses }) => (by === "place" ? places : statuses)) as [boolean[], boolean[]];
  return told.keys.map((key, at) => {
    const [status, place] = key.split(" ");
    const hides = { with: hiddenNow[at]!, without: hiddenBefore[at]! };
    const effect = { ...effectOf(is.map((people) => people[at]!), was.map((people) => people[at]!)), hides };
    return { key, status: status === "under_way" ? null : Number(status), place: place === undefined ? null : Number(place), effect };
  });
}

/**
 * People of each group who are in another status or on another way at the end, by the means over draws; the largest first. hides: whether
 * they are in a status with few people of any group, of whom it would tell beside the status as a whole.
 */
export function elsewhereByGroup(study: StudyPage, now: Float64Array[], before: Float64Array[]): { group: string; people: number; hides: boolean }[] {
  const told = keyed(study, "group");
  const [is, was] = [meansOf(told, now), meansOf(told, before)];
  const parts = told.keys.map((key) => key.split(" "));
  const hasFew = new Set(parts.flatMap(([status], at) => (tooFew(is[at]!) || tooFew(was[at]!) ? [status] : [])));
  const found = study.corridor.groups.map((group) => ({ group, people: 0, hides: false }));
  parts.forEach(([status, group], at) => {
    const of = found[Number(group)]!;
    if (is[at]! <= was[at]!) return;
    of.people += is[at]! - was[at]!;
    of.hides ||= hasFew.has(status);
  });
  return found.sort((one, other) => other.people - one.people);
}
