/** The scenario that the reader is making: as a link, as the YAML of `corredor compare --scenario`, and with its history. */

import type { Added, Addition, Change, DriverChange, Measure, Scenario, StudyPage } from "./study";

export const NOTHING: Scenario = { off: [], change: {}, add: {}, drivers: {}, fix: {} };

export function isEmpty(scenario: Scenario): boolean {
  const { off, ...others } = scenario;
  return off.length === 0 && Object.values(others).every((some) => Object.keys(some).length === 0);
}

/** By what a scenario in the page, and its link, name an addition. */
export function keyOf(addition: Addition): string {
  return `${addition.kind}.${addition.status}.${addition.place}`;
}

/** A measure taken away or brought back; its dose is kept for when it comes back only if it was brought back with one. */
export function withMeasure(scenario: Scenario, id: string, isOn: boolean): Scenario {
  const { [id]: _, ...change } = scenario.change;
  const others = scenario.off.filter((one) => one !== id);
  return { ...scenario, off: isOn ? others : [...others, id], change: isOn ? scenario.change : change };
}

/** Another dose, date or place of a measure; what it has itself is no change, and neither is nothing. */
export function withChange<Key extends keyof Change>(scenario: Scenario, measure: Measure, key: Key, value: Change[Key] | null): Scenario {
  const { [measure.id]: own = {}, ...others } = scenario.change;
  const { [key]: _, ...rest } = own;
  const isOwn = value === null || value === (measure as Partial<Record<keyof Change, unknown>>)[key];
  const now: Change = isOwn ? rest : { ...rest, [key]: value };
  const off = scenario.off.filter((one) => one !== measure.id);
  return { ...scenario, off, change: Object.keys(now).length > 0 ? { ...others, [measure.id]: now } : others };
}

/** Places of each part of a measure, as a scenario has them. */
export function placesOf(scenario: Scenario, measure: Measure): string[][] {
  return scenario.change[measure.id]?.at ?? measure.places.parts.map((part) => part.own);
}

/** Whether a measure can act at other places than its own, or at fewer. */
export function canMove({ places: { parts } }: Measure): boolean {
  return parts.some((part) => part.possible.length > 1) || parts.length > 1;
}

/** A measure at other places, those of each part; null where it would act nowhere, which only taking it away can say. */
export function withPlaces(scenario: Scenario, measure: Measure, places: string[][]): Scenario | null {
  if (places.every((some) => some.length === 0)) return null;
  const { parts } = measure.places;
  const at = parts.map(({ possible }, i) => possible.filter((place) => places[i]!.includes(place)));
  const isOwn = at.every((some, i) => some.join() === parts[i]!.own.join());
  return withChange(scenario, measure, "at", isOwn ? null : at);
}

/** Whether a measure with a change would begin before it ends, and within the days of the study or before. */
export function canBe(measure: Measure, change: Change, lastDate: string): boolean {
  const [from, to] = [change.from ?? measure.from, change.to ?? measure.to];
  return from <= lastDate && (to === null || from <= to);
}

/** A measure more; null takes it back. */
export function withAdded(scenario: Scenario, key: string, added: Added | null): Scenario {
  const { [key]: _, ...others } = scenario.add;
  return { ...scenario, add: added === null ? others : { ...others, [key]: added } };
}

/** A driver with a factor; none, or a factor of 1, takes it back. */
export function withDriver(scenario: Scenario, name: string, change: DriverChange | null): Scenario {
  const { [name]: _, ...others } = scenario.drivers;
  return { ...scenario, drivers: change === null || change.times === 1 ? others : { ...others, [name]: change } };
}

/** Whether days of something new lie within the study, in their order. */
export function canLast(days: { from?: string; to?: string }, study: { from: string; to: string }): boolean {
  const from = days.from ?? study.from;
  return from >= study.from && from <= study.to && (days.to === undefined || from <= days.to);
}

/** A parameter at one value in all draws; null lets it be drawn again. */
export function withParameter(scenario: Scenario, name: string, value: number | null): Scenario {
  const { [name]: _, ...fix } = scenario.fix;
  return { ...scenario, fix: value === null ? fix : { ...fix, [name]: value } };
}

/** Part of a link after #: off=a&off=b&dose.c=2&at.c=town~port&add.capacity.shelter.town=200~2021-02-01&times.wages=1.2&fix.d=0.3&tab=claims */
export function asFragment(scenario: Scenario, language: string, tab: string): string {
  const words = new URLSearchParams();
  for (const id of scenario.off) words.append("off", id);
  for (const [id, change] of Object.entries(scenario.change)) {
    for (const [key, value] of Object.entries(change)) words.append(`${key}.${id}`, Array.isArray(value) ? placesInLink(value) : String(value));
  }
  for (const [key, { people, from, to }] of Object.entries(scenario.add)) words.append(`add.${key}`, inLink(people, from, to));
  for (const [name, { times, from, to }] of Object.entries(scenario.drivers)) words.append(`times.${name}`, inLink(times, from, to));
  for (const [name, value] of Object.entries(scenario.fix)) words.append(`fix.${name}`, String(value));
  if (tab) words.append("tab", tab);
  words.append("lang", language);
  return `#${words}`;
}

/** A number and days with ~ between; what is left out at the end is not said. */
function inLink(value: number, from?: string, to?: string): string {
  return [value, from ?? "", to ?? ""].join("~").replace(/~+$/, "");
}

/** Places of a part with ~ between, parts with *. */
function placesInLink(at: string[][]): string {
  return at.map((places) => places.join("~")).join("*");
}

export interface Read {
  scenario: Scenario;
  language: string | null;
  tab: string;
  /** Parts of the link that mean nothing in this study. */
  unknown: string[];
}

export function fromFragment(fragment: string, study: StudyPage): Read {
  const read: Read = { scenario: NOTHING, language: null, tab: "", unknown: [] };
  const measures = new Map(study.measures.map((measure) => [measure.id, measure]));
  const additions = new Set(study.additions.map(keyOf));
  const parameters = new Map(study.parameters.map((parameter) => [parameter.name, parameter]));
  for (const [key, text] of new URLSearchParams(fragment.replace(/^#/, ""))) {
    const [kind, name = ""] = key.split(/\.(.*)/s);
    const value = Number(text);
    const isNumber = text.trim() !== "" && Number.isFinite(value);
    const dated = kind === "add" || kind === "times" ? numberAndDays(text, study) : null;
    const moved = kind === "at" && measures.has(name) ? placesInScenario(text, read.scenario, measures.get(name)!) : null;
    if (kind === "lang") read.language = text;
    else if (kind === "tab") read.tab = text;
    else if (kind === "add" && dated !== null && dated.value >= 0 && additions.has(name))
      read.scenario = withAdded(read.scenario, name, { people: dated.value, ...dated.days, from: dated.days.from ?? study.from });
    else if (kind === "times" && dated !== null && dated.value > 0 && study.drivers.some((driver) => driver.name === name))
      read.scenario = withDriver(read.scenario, name, { times: dated.value, ...dated.days });
    else if (kind === "off" && measures.get(text)?.acts) read.scenario = withMeasure(read.scenario, text, false);
    else if (kind === "dose" && isNumber && measures.get(name)?.terms.length)
      read.scenario = withChange(read.scenario, measures.get(name)!, "dose", value);
    else if ((kind === "from" || kind === "to") && measures.get(name)?.acts && isDate(text))
      read.scenario = withChange(read.scenario, measures.get(name)!, kind, text);
    else if (moved !== null) read.scenario = moved;
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

/** The scenario with places as `placesInLink` has written them; null where they mean nothing for the measure. */
function placesInScenario(text: string, scenario: Scenario, measure: Measure): Scenario | null {
  const { parts } = measure.places;
  const at = text.split("*").map((places) => (places === "" ? [] : places.split("~")));
  const isWell = at.length === parts.length && at.every((places, i) => places.every((place) => parts[i]!.possible.includes(place)));
  return isWell && canMove(measure) ? withPlaces(scenario, measure, at) : null;
}

/** What `inLink` has written; null where it means nothing. */
function numberAndDays(text: string, study: StudyPage): { value: number; days: { from?: string; to?: string } } | null {
  const [first = "", from = "", to = "", ...more] = text.split("~");
  const days = { ...(from && { from }), ...(to && { to }) };
  const isWell = first !== "" && Number.isFinite(Number(first)) && more.length === 0 && [from, to].every((day) => day === "" || isDate(day));
  return isWell && canLast(days, study) ? { value: Number(first), days } : null;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

/** The file of the scenario, as docs/COMPARE.md describes it. */
export function asYaml(scenario: Scenario, title: string, study: StudyPage): string {
  const lines = [`title: ${JSON.stringify(title)}`];
  if (scenario.off.length > 0) lines.push("off:", ...scenario.off.map((id) => `  - ${id}`));
  const changes = Object.entries(scenario.change);
  if (changes.length > 0) lines.push("change:", ...changes.flatMap(([id, change]) => changeInYaml(id, change, study)));
  const added = study.additions.filter((addition) => keyOf(addition) in scenario.add);
  if (added.length > 0) lines.push("add:", ...added.flatMap((addition) => addedInYaml(addition, scenario.add[keyOf(addition)]!)));
  const drivers = Object.entries(scenario.drivers);
  if (drivers.length > 0) lines.push("drivers:", ...drivers.map(([name, change]) => `  ${name}: {${inYaml(change)}}`));
  const fixed = Object.entries(scenario.fix);
  if (fixed.length > 0) lines.push("fix:", ...fixed.map(([name, value]) => `  ${name}: ${number(value)}`));
  return `${lines.join("\n")}\n`;
}

/** A measure as measures.yaml would have it. */
function addedInYaml(addition: Addition, { people, from, to }: Added): string[] {
  const { kind, status, place, place_name } = addition;
  const title = kind === "capacity" ? `Room for ${people} people: ${status}, ${place_name}` : `${people} people served a day: ${status}, ${place_name}`;
  return [
    `  - id: new_${kind}_${status}_${place}`,
    `    title: ${JSON.stringify(title)}`,
    "    actor: whoever made this scenario",
    `    kind: ${kind === "capacity" ? "shelter" : "metering"}`,
    `    from: ${from}`,
    ...(to === undefined ? [] : [`    to: ${to}`]),
    `    where: ${JSON.stringify(place_name)}`,
    "    acts_on:",
    `      - {${kind}: ${status}, set: ${number(people)}, at: {id: ${place}}}`,
  ];
}

/** A measure with what is different: places for all its actions, or each action that acts somewhere with its own. */
function changeInYaml(id: string, { at, ...others }: Change, study: StudyPage): string[] {
  if (at === undefined) return [`  ${id}: {${inYaml(others)}}`];
  const { parts, written } = study.measures.find((measure) => measure.id === id)!.places;
  const lines = [`  ${id}:`, ...Object.entries(others).map(([key, value]) => `    ${key}: ${flow(value)}`)];
  if (parts.length === 1) return [...lines, `    at: ${flow({ id: at[0] })}`];
  const placesOfAction = new Map(parts.flatMap((part, i) => part.actions.map((action) => [action, at[i]!] as const)));
  const acting = written.flatMap((action, i) => (placesOfAction.get(i)!.length === 0 ? [] : [{ ...action, at: { id: placesOfAction.get(i)! } }]));
  return [...lines, "    acts_on:", ...acting.map((action) => `      - ${flow(action)}`)];
}

const PLAIN = /^[A-Za-z][\w-]*$/;
/** Words that YAML does not read as text. */
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** A value in one line of YAML. */
function flow(value: unknown): string {
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).map(([key, of]) => `${flow(key)}: ${flow(of)}`).join(", ")}}`;
  }
  const text = String(value);
  return (PLAIN.test(text) && !NOT_TEXT.test(text)) || isDate(text) ? text : JSON.stringify(text);
}

function inYaml(change: Change | DriverChange): string {
  return Object.entries(change).map(([key, value]) => `${key}: ${typeof value === "number" ? number(value) : value}`).join(", ");
}

/** With a point, so that YAML of every age reads a number. */
function number(value: number): string {
  const text = String(value);
  return /^-?\d+e/.test(text) ? text.replace("e", ".0e") : text;
}

/** Lines that give the numbers of the page on a command line, and in Python. */
export function commandLine(study: StudyPage, draws: number): string {
  return `corredor compare ${inShell(study.study)} --scenario scenario.yaml --draws ${draws} --seed ${study.seed}${study.fitted ? "" : " --priors-only"}`;
}

function inShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function pythonLines(study: StudyPage, draws: number): string {
  const call = `corredor.compare(${JSON.stringify(study.study)}, scenario="scenario.yaml", draws=${draws}, seed=${study.seed}${study.fitted ? "" : ", priors_only=True"})`;
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
