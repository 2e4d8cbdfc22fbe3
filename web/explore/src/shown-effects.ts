/** What is shown of an effect: a level that is too small or would give a small one away is not, nor then a difference from which it could be worked out. */

import type { Effect } from "./effects";
import { exact, MISSING, signed, SMALLEST_SHOWN_PEOPLE, tooFew } from "./numbers";
import type { Language, Say } from "./words";

export type Side = "with" | "without";

type Levels = Pick<Effect, "with" | "without" | "mean" | "hides">;

export function isLevelHidden(effect: Levels, side: Side, unit: string): boolean {
  return isSmall(effect, side, unit) || (effect.hides?.[side] ?? false);
}

/** Whether the difference must not be told, as a level of it is not. */
export function isHidden(effect: Levels, unit: string): boolean {
  return isLevelHidden(effect, "with", unit) || isLevelHidden(effect, "without", unit);
}

export function levelText(effect: Levels, side: Side, unit: string, language: Language): string {
  return isLevelHidden(effect, side, unit) && !isSmall(effect, side, unit) ? MISSING : exact(effect[side], unit, language);
}

/** The difference with its sign; where one level is small, no more than the other one says. */
export function effectText(effect: Levels, unit: string, language: Language): string {
  if (!isHidden(effect, unit)) return signed(effect.mean, unit, language);
  if (Math.abs(effect.mean) < SMALLEST_SHOWN_PEOPLE && isSmall(effect, "with", unit) && isSmall(effect, "without", unit)) return signed(effect.mean, unit, language);
  const known = beyondSmall(effect, unit);
  if (known === null) return MISSING;
  if (known === 0) return signed(isSmall(effect, "with", unit) ? 1 : -1, unit, language);
  return `≈ ${signed(known, unit, language)}`;
}

export function intervalText({ low80, high80, ...effect }: Effect, unit: string, language: Language): string {
  if (isHidden(effect, unit)) return MISSING;
  const [low, high] = [signed(low80, unit, language), signed(high80, unit, language)];
  return low === high ? low : `${low} … ${high}`;
}

/** Days have no sign of their own, as dollars have; of people the heading says that it is about them. */
export function inUnit(text: string, unit: string, say: Say): string {
  return unit === "days" && text !== MISSING ? `${text} ${say("days")}` : text;
}

/** How large a difference is drawn: as its text tells it; 0 where that is less than five people or nothing. */
export function drawnEffect(effect: Levels, unit: string): number {
  const told = isHidden(effect, unit) ? (beyondSmall(effect, unit) ?? 0) : effect.mean;
  return unit === "people" && tooFew(Math.abs(told)) ? 0 : told;
}

/** For sorting: the largest drawn difference of people first. */
export function largestDrawnFirst(one: { effect: Levels }, other: { effect: Levels }): number {
  return Math.abs(drawnEffect(other.effect, "people")) - Math.abs(drawnEffect(one.effect, "people"));
}

/** The level of the other side with its sign, where one is small and the other one shown. */
function beyondSmall(effect: Levels, unit: string): number | null {
  if (isSmall(effect, "without", unit) && !isLevelHidden(effect, "with", unit)) return effect.with;
  if (isSmall(effect, "with", unit) && !isLevelHidden(effect, "without", unit)) return -effect.without;
  return null;
}

function isSmall(effect: Levels, side: Side, unit: string): boolean {
  return unit === "people" && tooFew(effect[side]);
}

/** The numbers behind the texts, for whoever reads the page by program; none where the text has none. */
export function numbersOf(effect: Effect, unit: string): Record<string, number | null> {
  const [hidden, level] = [isHidden(effect, unit), (side: Side) => (isLevelHidden(effect, side, unit) ? null : effect[side])];
  const told = (value: number): number | null => (hidden || (unit === "people" && tooFew(Math.abs(value))) ? null : value);
  return { with: level("with"), without: level("without"), mean: told(effect.mean), median: told(effect.median), low80: told(effect.low80), high80: told(effect.high80) };
}
