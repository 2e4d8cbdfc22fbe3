/** Numbers as a reader sees them; counts of people below 5 are never shown. src/corredor/results/wording.py does it for the reports. */

import type { Language } from "./words";

export const SMALLEST_SHOWN_PEOPLE = 5;
export const MISSING = "–";
const SMALLEST_SHOWN_DAYS = 0.01;

/** Whether small counts are hidden: always, unless whoever made the page gave a reason, which stands in its head (study.small_shown_because). */
const HIDES_SMALL = globalThis.document?.querySelector('meta[name="small-counts-shown-because"]') == null;

/** Whether a count is more than nobody and too small to be shown. */
export function tooFew(people: number): boolean {
  return HIDES_SMALL && people > 0 && people < SMALLEST_SHOWN_PEOPLE;
}

/** Where a picture draws a value: counts too small to be shown are all drawn at 5, so that no height tells them. */
export function drawnAt(value: number, unit: string): number {
  return unit === "people" && tooFew(value) ? SMALLEST_SHOWN_PEOPLE : value;
}

/** Where a picture draws a difference: of fewer than 5 people as none. */
export function drawnDifference(value: number, unit: string): number {
  return unit === "people" && tooFew(Math.abs(value)) ? 0 : value;
}

/** The edge of the band of small counts; 0 for a picture without one. */
export function floorOf(unit: string): number {
  return unit === "people" && HIDES_SMALL ? SMALLEST_SHOWN_PEOPLE : 0;
}

const made = new Map<string, { format(value: number | Date): string }>();

/** Formats are dear to make, and a page has few of them. */
function formatOf(key: string, make: () => { format(value: number | Date): string }): { format(value: number | Date): string } {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

function plain(value: number, language: Language, digits: Intl.NumberFormatOptions): string {
  const key = `${language} ${digits.notation} ${digits.maximumFractionDigits} ${digits.maximumSignificantDigits}`;
  return formatOf(key, () => new Intl.NumberFormat(language, { useGrouping: true, ...digits }) as { format(value: number | Date): string }).format(value);
}

function dateIn(date: string, language: Language, parts: Intl.DateTimeFormatOptions): string {
  const key = `${language} ${parts.day} ${parts.month}`;
  return formatOf(key, () => new Intl.DateTimeFormat(language, { ...parts, timeZone: "UTC" })).format(new Date(`${date}T00:00:00Z`));
}

export function exact(value: number, unit: string, language: Language): string {
  if (!Number.isFinite(value)) return MISSING;
  if (unit === "people") {
    if (tooFew(value)) return `<${SMALLEST_SHOWN_PEOPLE}`;
    return plain(value, language, { maximumFractionDigits: value >= 10 ? 0 : 1 });
  }
  const size = { notation: "compact", maximumSignificantDigits: 3 } as const;
  if (unit === "USD") return `$${plain(value, language, Math.abs(value) >= 1e6 ? size : { maximumFractionDigits: 0 })}`;
  if (unit === "days" && value > 0 && value < SMALLEST_SHOWN_DAYS) return `<${plain(SMALLEST_SHOWN_DAYS, language, {})}`;
  return plain(value, language, Math.abs(value) >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });
}

const MORE_OR_FEWER = { en: ["more", "fewer"], es: ["más", "menos"] } as const;

/** With its sign: +1,250, −38, 0; of people one smaller than 5 is "<5 more" or "<5 fewer", as small counts are. */
export function signed(value: number, unit: string, language: Language): string {
  if (!Number.isFinite(value)) return MISSING;
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (unit === "people" && tooFew(size)) return `<${SMALLEST_SHOWN_PEOPLE} ${MORE_OR_FEWER[language][value > 0 ? 0 : 1]}`;
  if (unit === "days" && size < SMALLEST_SHOWN_DAYS) return `${exact(size, unit, language)} ${MORE_OR_FEWER[language][value > 0 ? 0 : 1]}`;
  const text = unit === "days" && size < 10 ? plain(size, language, { maximumSignificantDigits: 2 }) : exact(size, unit, language);
  return `${value > 0 ? "+" : "−"}${text}`;
}

export function short(value: number, unit: string, language: Language): string {
  const text = plain(value, language, Math.abs(value) >= 1e6 ? { notation: "compact", maximumSignificantDigits: 3 } : { maximumSignificantDigits: 4 });
  return unit === "USD" ? `$${text}` : text;
}

/** A month with its year, as a heading. */
export function monthText(date: string, language: Language): string {
  const text = dateIn(date, language, { month: "long", year: "numeric" });
  return text[0]!.toUpperCase() + text.slice(1);
}

export function dateText(date: string, language: Language): string {
  return dateIn(date, language, { day: "numeric", month: "short", year: "numeric" });
}
