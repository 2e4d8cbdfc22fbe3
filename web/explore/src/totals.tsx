/** The table of totals: every output as it was and with the change, its effect with interval and sign; protection beside control. */

import { ColumnHeads } from "./column-heads";
import { CopyButton } from "./copying";
import type { Effect } from "./effects";
import { effectText, intervalText, levelText, numbersOf } from "./shown-effects";
import type { Output } from "./study";
import { asTable } from "./table-text";
import type { Language, Say, Word } from "./words";

export const SIDES = ["control", "protection", "movement", "money"] as const;

/** What is told of an effect, in this order: the answer first. */
export const EFFECT_COLUMNS: Word[] = ["effect", "interval", "without", "with", "sign"];

const SURE = 0.95;

export interface Row {
  output: Output;
  effect: Effect;
  /** Whether it is the cost of a measure, which is no output. */
  isCost?: boolean;
}

interface Table {
  rows: Row[];
  say: Say;
  language: Language;
}

export function Totals({ rows, say, language }: Table) {
  const columns: Word[] = ["output", ...EFFECT_COLUMNS];
  const table = (): string => asTable([columns.map((word) => say(word)), ...rows.map((row) => [row.output.title, ...cells(row.effect, row.output.unit, language, say)])]);
  return (
    <>
      <div class="scroll" role="region" aria-labelledby="totals-title" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <ColumnHeads columns={columns} say={say} />
            </tr>
          </thead>
          {SIDES.map((side) => (
            <tbody key={side} class={side}>
              {rows.some((row) => row.output.side === side) && (
                <tr class="side">
                  <th scope="rowgroup" colSpan={columns.length}>
                    {say(side)}
                  </th>
                </tr>
              )}
              {rows.filter((row) => row.output.side === side).map((row) => <TotalRow key={row.output.name} row={row} say={say} language={language} />)}
            </tbody>
          ))}
        </table>
      </div>
      <p class="quiet">{say("totalsNote")}</p>
      <CopyButton text={table} label={say("copy")} say={say} />
    </>
  );
}

function TotalRow({ row, say, language }: { row: Row; say: Say; language: Language }) {
  const { effect, output } = row;
  const isMean = output.mean || output.class_middle_days !== undefined;
  return (
    <tr data-output={row.isCost ? undefined : output.name} data-cost={row.isCost ? output.name : undefined} data-numbers={JSON.stringify(numbersOf(effect, output.unit))}>
      <th scope="row">
        {output.title} <span class="quiet">{output.actor && `${output.actor} `}{output.unit === "days" ? `(${say("days")})` : say(isMean ? "mean" : "flow")}</span>
      </th>
      {cells(effect, output.unit, language, say).map((text, i) => (
        <td key={i}>{text}</td>
      ))}
    </tr>
  );
}

/** Texts of EFFECT_COLUMNS. */
export function cells(effect: Effect, unit: string, language: Language, say: Say): string[] {
  return [
    effectText(effect, unit, language),
    intervalText(effect, unit, language),
    levelText(effect, "without", unit, language),
    levelText(effect, "with", unit, language),
    signWords(effect, unit, say),
  ];
}

/** Whether fewer than 95 in 100 simulations have the sign of most. */
export function isUnsure({ up, down }: Effect): boolean {
  return !(Math.max(up, down) >= SURE);
}

export function signWords(effect: Effect, unit: string, say: Say): string {
  const { up, down } = effect;
  if (!Number.isFinite(up) || (up === 0 && down === 0)) return say("same");
  const same = 1 - up - down;
  const rounded = (share: number): number => Math.min(Math.round(100 * share), 99);
  if (same > 0.5) return say("sameIn", { share: rounded(same) });
  const words: [Word, Word][] = unit === "days" ? [["longer", "longerEvery"], ["shorter", "shorterEvery"]] : [["more", "moreEvery"], ["fewer", "fewerEvery"]];
  const [word, every] = words[up >= down ? 0 : 1]!;
  const share = Math.max(up, down);
  if (share >= 0.9995) return say(every);
  const told = say(word, { share: rounded(share) });
  return share >= SURE ? told : `${told}: ${say("unsure")}`;
}
