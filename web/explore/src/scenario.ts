/** The scenario that the reader is making: as a link, as the YAML of `corredor compare --scenario`, and with its history. */

import type { Change, Measure, Scenario, StudyPage } from "./study";

export const NOTHING: Scenario = { off: [], change: {}, fix: {} };

export function isEmpty(scenario: Scenario): boolean {
  return scenario.off.length === 0 && Object.keys(scenario.change).length === 0 && Object.keys(scenario.fix).length === 0;
}

/** A measure taken away or brought back; its dose is kept for when it comes back only if it was brought back with one. */
export function withMeasure(scenario: Scenario, id: string, isOn: boolean): Scenario {
  const { [id]: _, ...change } = scenario.change;
  const others = scenario.off.filter((one) => one !== id);
  return { ...scenario, off: isOn ? others : [...others, id], change: isOn ? scenario.change : change };
}

/** Another dose or date of a measure; what it has itself is no change, and neither is nothing. */
export function withChange<Key extends keyof Change>(scenario: Scenario, measure: Measure, key: Key, value: Change[Key] | null): Scenario {
  const { [measure.id]: own = {}, ...others } = scenario.change;
  const { [key]: _, ...rest } = own;
  const isOwn = value === null || value === measure[key];
  const now: Change = isOwn ? rest : { ...rest, [key]: value };
  const off = scenario.off.filter((one) => one !== measure.id);
  return { ...scenario, off, change: Object.keys(now).length > 0 ? { ...others, [measure.id]: now } : others };
}

/** Whether a measure with a change would begin before it ends, and within the days of the study or before. */
export function canBe(measure: Measure, change: Change, lastDate: string): boolean {
  const [from, to] = [change.from ?? measure.from, change.to ?? measure.to];
  return from <= lastDate && (to === null || from <= to);
}

/** A parameter at one value in all draws; null lets it be drawn again. */
export function withParameter(scenario: Scenario, name: string, value: number | null): Scenario {
  const { [name]: _, ...fix } = scenario.fix;
  return { ...scenario, fix: value === null ? fix : { ...fix, [name]: value } };
}

/** Part of a link after #: off=a&off=b&dose.c=2&fix.d=0.3 */
export function asFragment(scenario: Scenario, language: string): string {
  const words = new URLSearchParams();
  for (const id of scenario.off) words.append("off", id);
  for (const [id, change] of Object.entries(scenario.change)) {
    for (const [key, value] of Object.entries(change)) words.append(`${key}.${id}`, String(value));
  }
  for (const [name, value] of Object.entries(scenario.fix)) words.append(`fix.${name}`, String(value));
  words.append("lang", language);
  return `#${words}`;
}

export interface Read {
  scenario: Scenario;
  language: string | null;
  /** Parts of the link that mean nothing in this study. */
  unknown: string[];
}

export function fromFragment(fragment: string, study: StudyPage): Read {
  const read: Read = { scenario: NOTHING, language: null, unknown: [] };
  const measures = new Map(study.measures.map((measure) => [measure.id, measure]));
  const parameters = new Map(study.parameters.map((parameter) => [parameter.name, parameter]));
  for (const [key, text] of new URLSearchParams(fragment.replace(/^#/, ""))) {
    const [kind, name = ""] = key.split(/\.(.*)/s);
    const value = Number(text);
    const isNumber = text.trim() !== "" && Number.isFinite(value);
    if (kind === "lang") read.language = text;
    else if (kind === "off" && measures.get(text)?.acts) read.scenario = withMeasure(read.scenario, text, false);
    else if (kind === "dose" && isNumber && measures.get(name)?.terms.length)
      read.scenario = withChange(read.scenario, measures.get(name)!, "dose", value);
    else if ((kind === "from" || kind === "to") && measures.get(name)?.acts && isDate(text))
      read.scenario = withChange(read.scenario, measures.get(name)!, kind, text);
    else if (kind === "fix" && isNumber && parameters.get(name)?.can_change)
      read.scenario = withParameter(read.scenario, name, value);
    else read.unknown.push(`${key}=${text}`);
  }
  for (const [id, change] of Object.entries(read.scenario.change)) {
    const measure = measures.get(id)!;
    if (canBe(measure, change, study.to)) continue;
    read.unknown.push(`from.${id}=${change.from ?? measure.from} to.${id}=${change.to ?? measure.to}`);
    read.scenario = withMeasure(withMeasure(read.scenario, id, false), id, true);
  }
  return read;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

/** The file of the scenario, as docs/COMPARE.md describes it. */
export function asYaml(scenario: Scenario, title: string): string {
  const lines = [`title: ${JSON.stringify(title)}`];
  if (scenario.off.length > 0) lines.push("off:", ...scenario.off.map((id) => `  - ${id}`));
  const changes = Object.entries(scenario.change);
  if (changes.length > 0) lines.push("change:", ...changes.map(([id, change]) => `  ${id}: {${inYaml(change)}}`));
  const fixed = Object.entries(scenario.fix);
  if (fixed.length > 0) lines.push("fix:", ...fixed.map(([name, value]) => `  ${name}: ${number(value)}`));
  return `${lines.join("\n")}\n`;
}

function inYaml(change: Change): string {
  return Object.entries(change).map(([key, value]) => `${key}: ${typeof value === "number" ? number(value) : value}`).join(", ");
}

/** With a point, so that YAML of every age reads a number. */
function number(value: number): string {
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}

/** Lines that give the numbers of the page on a command line, and in Python. */
export function commandLine(study: StudyPage, draws: number): string {
  return `corredor compare ${study.name} --scenario scenario.yaml --draws ${draws} --seed ${study.seed}`;
}

export function pythonLines(study: StudyPage, draws: number): string {
  const call = `corredor.compare("${study.name}", scenario="scenario.yaml", draws=${draws}, seed=${study.seed})`;
  return ["import corredor", "from corredor.effects.compare.effects import effect_table", "", `pairs = ${call}`, "print(effect_table(pairs))"].join("\n");
}

/** Scenarios that were, and those that were taken back. */
export interface History {
  past: Scenario[];
  now: Scenario;
  future: Scenario[];
}

export function changed(history: History, now: Scenario): History {
  return JSON.stringify(now) === JSON.stringify(history.now) ? history : { past: [...history.past, history.now], now, future: [] };
}

export function undone(history: History): History {
  const now = history.past.at(-1);
  return now === undefined ? history : { past: history.past.slice(0, -1), now, future: [history.now, ...history.future] };
}

export function redone(history: History): History {
  const [now, ...future] = history.future;
  return now === undefined ? history : { past: [...history.past, history.now], now, future };
}
