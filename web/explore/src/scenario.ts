/** The scenario that the reader is making: as a link, as the YAML of `corredor compare --scenario`, and with its history. */

import type { Scenario, StudyPage } from "./study";

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

/** Another dose of a measure; its own dose is no change. */
export function withDose(scenario: Scenario, id: string, dose: number, own: number | null): Scenario {
  const { [id]: _, ...change } = scenario.change;
  const off = scenario.off.filter((one) => one !== id);
  return { ...scenario, off, change: dose === own ? change : { ...change, [id]: { dose } } };
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
  for (const [id, { dose }] of Object.entries(scenario.change)) words.append(`dose.${id}`, String(dose));
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
      read.scenario = withDose(read.scenario, name, value, measures.get(name)!.dose);
    else if (kind === "fix" && isNumber && parameters.get(name)?.can_change)
      read.scenario = withParameter(read.scenario, name, value);
    else read.unknown.push(`${key}=${text}`);
  }
  return read;
}

/** The file of the scenario, as docs/COMPARE.md describes it. */
export function asYaml(scenario: Scenario, title: string): string {
  const lines = [`title: ${JSON.stringify(title)}`];
  if (scenario.off.length > 0) lines.push("off:", ...scenario.off.map((id) => `  - ${id}`));
  const changes = Object.entries(scenario.change);
  if (changes.length > 0) lines.push("change:", ...changes.map(([id, { dose }]) => `  ${id}: {dose: ${number(dose)}}`));
  const fixed = Object.entries(scenario.fix);
  if (fixed.length > 0) lines.push("fix:", ...fixed.map(([name, value]) => `  ${name}: ${number(value)}`));
  return `${lines.join("\n")}\n`;
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
