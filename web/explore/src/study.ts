/** What Python has put into the page: src/corredor/pages/explore says of every field where it comes from. */

export interface Entry {
  part: string;
  name: string;
  kind: "int" | "float" | "ints" | "floats";
  shape: number[];
  /** The axis that goes over change days. */
  change_axis?: number;
  at?: number;
  fill?: number | null | "inf";
}

export interface KernelArrays {
  entries: Entry[];
  draws: { parameters: number; new_parts: number; number: number };
  calendar: Calendar;
}

export interface Calendar {
  first_step_date: string;
  step_days: number;
  n_steps: number;
  last_date: string;
}

export interface DoseTerm {
  terms: number[];
  row: number;
  constant: number;
}

/** What a measure's actions add at a place: terms with the series that they have awake, changes of settings, openings and closings. */
export interface Wakes {
  terms: [number, number][];
  settings: number[];
  acts: number[];
}

/** Actions of a measure that act at the same places, and could act at the same others. */
export interface MeasurePart {
  lines: string[];
  actions: number[];
  /** Ids of places. */
  own: string[];
  possible: string[];
  /** What wakes at each possible place. */
  wakes: Wakes[];
}

export interface MeasurePlaces {
  parts: MeasurePart[];
  /** The actions without their places, as a scenario file writes them; where there are several parts. */
  written: Record<string, unknown>[];
}

export interface Measure {
  id: string;
  number: number;
  title: string;
  actor: string;
  kind: string;
  where: string;
  from: string;
  to: string | null;
  acts: boolean;
  first_step: number;
  dose: number | null;
  dose_text: string;
  dose_means: string;
  builds_up: boolean;
  terms: DoseTerm[];
  places: MeasurePlaces;
  /** What it does, in lines. */
  acts_on: string[];
  /** Ids of sources. */
  source: string[];
}

/** A capacity or a service that a reader can set anew: a measure that sleeps in the kernel's arrays. */
export interface Addition {
  kind: "capacity" | "served_per_day";
  status: string;
  place: string;
  place_name: string;
  number: number;
  row: number;
  /** How much there is as it is, over the study; people, or people a day. */
  least: number;
  most: number;
}

export interface Driver {
  name: string;
  title: string;
  unit: string;
  /** Series made of it: its number, how, and what the values are held against. */
  series: [number, "value" | "log" | "linear", number][];
}

export interface Parameter {
  name: string;
  number: number;
  title: string;
  unit: string;
  prior: string;
  basis: "literature" | "derived" | "case" | "fitted" | "assumption" | "made_up";
  note: string;
  source: string[];
  /** Whether published figures have narrowed it. */
  learned: boolean;
  low: number;
  middle: number;
  high: number;
  can_change: boolean;
}

/** What an output is told by, and which part each of its series belongs to. */
export interface Parts {
  labels: string[];
  names: string[];
  of_series: number[];
}

export interface Output {
  name: string;
  title: string;
  side: "control" | "protection" | "movement" | "money";
  unit: string;
  /** Whether it counts people who died. */
  deaths?: boolean;
  mean: boolean;
  adds_up: boolean;
  starts: string[];
  window: number[];
  first_cell?: number;
  n_series?: number;
  class_middle_days?: number[];
  places?: Parts | null;
  groups?: Parts | null;
  sum_of?: [string, number][];
  account_of?: string;
  row?: number;
  days?: number[] | null;
  actor?: string;
}

/** A stay or queue of the map's places. */
export interface Stock {
  status: string;
  place: number;
  site: number;
  /** Whether nobody leaves it. */
  final: boolean;
  /** Whether an output of the study counts it, and people leave it. */
  reported: boolean;
  /** Number of its capacity; −1 for none. */
  capacity: number;
}

/** The ground of the map at one width, in pixels. */
export interface Ground {
  width: number;
  height: number;
  land: string;
  borders: string;
  points: [number, number][];
  bends: [number, number][];
  names: { lines: string[]; x: number; y: number; anchor: string; leader: string }[];
  name_px: number;
  /** What the numbers on the map stand for, where there was no room for a name. */
  key: string;
  countries: [string, number, number][];
}

/** Cells of the map: months, then steps, of links and of stocks; and where everything lies. */
export interface CorridorFacts {
  month_cell: number;
  step_cell: number;
  n_steps: number;
  /** Steps of the warm-up. */
  first_step: number;
  months: string[];
  places: { id: string; name: string; short: string }[];
  /** Points of the map: numbers of their places. */
  sites: number[][];
  /** From site, to site, whether along a route. */
  links: [number, number, 0 | 1][];
  stocks: Stock[];
  groups: string[];
  /** Status, place and group of each pool, by their numbers. */
  pools: [number, number, number][];
  maps: Partial<Record<"wide" | "narrow", Ground>>;
}

export interface Cost {
  measure: string;
  row: number;
  a_day: boolean;
}

/** What is different in a measure; what is not named stays as it is. */
export interface Change {
  dose?: number;
  from?: string;
  to?: string;
  /** Ids of the places of each part. */
  at?: string[][];
}

/** A measure that the reader adds: so many people have room, or are served a day, from a day on. */
export interface Added {
  people: number;
  from: string;
  to?: string;
}

/** A factor on a driver's values, from the study's first day and to its last unless said. */
export interface DriverChange {
  times: number;
  from?: string;
  to?: string;
}

/** What a scenario makes different, as the YAML of `corredor compare --scenario` has it; `add` by the key of an addition. */
export interface Scenario {
  off: string[];
  change: Record<string, Change>;
  add: Record<string, Added>;
  drivers: Record<string, DriverChange>;
  fix: Record<string, number>;
}

/** Cells whose sum over a window is the number that a claim is about. */
export interface ClaimPart {
  first_cell: number;
  series: number[];
  weights: number[];
  mean: boolean;
  row: number;
}

/** What the rules need to judge an effect again. */
export interface Asked {
  measures: string[];
  parts: ClaimPart[];
  lower: boolean;
  claimed: number;
  estimate: { middle: number; error: number } | null;
  series: number | null;
  most: number | null;
  learned: boolean;
  own_counts_only: boolean;
  /** Parameters by which the measures act. */
  acts_by: string[];
  probability: number;
  rests_on: string[];
}

export type Verdict = "supported" | "contradicted" | "no large effect" | "repeats its source" | "cannot tell" | "not testable";

export interface Claim {
  id: string;
  says: string;
  said: string;
  kind: string;
  verdict: Verdict;
  rule: string;
  headline: string;
  why: string;
  number: string;
  bounds: string;
  probability: string;
  would_change: string;
  evidence: { text: string; source: string[] }[];
  assumed: { name: string; text: string }[];
  asked: Asked | null;
}

/** A row of the table of data. */
export interface DataRow {
  kind: "figure" | "driver" | "series";
  name: string;
  of: string;
  unit: string;
  figures: number;
  from: string;
  to: string;
  gaps: [string, string][];
  n_gaps: number;
  published: [string, string] | null;
  revised: number;
  provisional: number;
  source: string[];
}

export interface StudyPage {
  name: string;
  /** By which name or path a command finds the study again. */
  study: string;
  title: string;
  summary: string;
  made_up: boolean;
  from: string;
  to: string;
  seed: number;
  fitted: boolean;
  version: string;
  /** The reason for which counts of fewer than five people are shown; empty where they are not. */
  small_shown_because: string;
  kernel: KernelArrays;
  corridor: CorridorFacts;
  costs: Cost[];
  measures: Measure[];
  /** A series that is always 0, and a measure that is never in force. */
  asleep: { series: number; measure: number };
  additions: Addition[];
  drivers: Driver[];
  parameters: Parameter[];
  outputs: Output[];
  /** Day by which figures had to be published to count for a verdict. */
  claims_as_of: string;
  claims: Claim[];
  data: DataRow[];
  statuses: Record<string, string>;
  status_types: Record<string, "population" | "stay" | "gate" | "queue">;
  transitions: Transition[];
  sources: Source[];
  authors: string[];
  licence: string;
}

export interface Transition {
  name: string;
  from: string;
  to: string;
  along: string;
  /** Rate or share and everything that changes it, in lines with the names of parameters. */
  terms: string[];
}

export interface Source {
  id: string;
  publisher: string;
  title: string;
  date: string;
  url: string;
  licence: string;
}
