/** What the reader can bring about that the study does not have: more or less room at a place, more or fewer people served, drivers up or down. */

import { useState } from "preact/hooks";
import { DateBox, NumberBox } from "./controls";
import { exact } from "./numbers";
import { canLast, keyOf, withAdded, withDriver } from "./scenario";
import type { Added, Addition, Driver, DriverChange, Scenario, StudyPage } from "./study";
import type { Language, Say } from "./words";

interface Controls {
  study: StudyPage;
  scenario: Scenario;
  change: (scenario: Scenario) => void;
  say: Say;
  language: Language;
}

/** Measures from two templates: room for so many people at a place, so many served a day at a port. */
export function Additions({ study, scenario, change, say, language }: Controls) {
  const chosen = study.additions.filter((one) => keyOf(one) in scenario.add);
  const others = study.additions.filter((one) => !(keyOf(one) in scenario.add));
  const [picked, pick] = useState("");
  if (study.additions.length === 0) return null;
  const next = others.find((one) => keyOf(one) === picked) ?? others[0];
  const add = (): void => change(withAdded(scenario, keyOf(next!), { people: suggested(next!), from: study.from }));
  return (
    <section id="additions" aria-labelledby="additions-title">
      <h2 id="additions-title">{say("additions")}</h2>
      <p class="quiet">{say("additionsNote")}</p>
      <ul class="list">
        {chosen.map((addition) => (
          <AdditionRow key={keyOf(addition)} addition={addition} added={scenario.add[keyOf(addition)]!} study={study} say={say} language={language} take={(added) => change(withAdded(scenario, keyOf(addition), added))} />
        ))}
      </ul>
      {next !== undefined && (
        <div class="tools">
          <select aria-label={say("newMeasure")} value={keyOf(next)} onChange={(event) => pick(event.currentTarget.value)}>
            {(["capacity", "served_per_day"] as const).map((kind) => {
              const some = others.filter((one) => one.kind === kind);
              return (
                some.length > 0 && (
                  <optgroup key={kind} label={say(kind === "capacity" ? "roomFor" : "servedADay")}>
                    {some.map((one) => (
                      <option key={keyOf(one)} value={keyOf(one)}>
                        {titleOf(one)}
                      </option>
                    ))}
                  </optgroup>
                )
              );
            })}
          </select>
          <button type="button" onClick={add}>
            {say("addMeasure")}
          </button>
        </div>
      )}
    </section>
  );
}

function titleOf({ status, place_name }: Addition): string {
  return `${status.replaceAll("_", " ")}: ${place_name}`;
}

/** Half as much again as there is at most, in a number that is easily said; something where there is nothing. */
function suggested({ kind, most }: Addition): number {
  const wanted = most > 0 ? 1.5 * most : kind === "capacity" ? 500 : 10;
  const size = 10 ** Math.max(Math.floor(Math.log10(wanted)) - 1, 0);
  return Math.ceil(wanted / size) * size;
}

interface RowProps {
  addition: Addition;
  added: Added;
  study: StudyPage;
  say: Say;
  language: Language;
  take: (added: Added | null) => void;
}

function AdditionRow({ addition, added, study, say, language, take }: RowProps) {
  const { kind, least, most } = addition;
  const put = (changed: Added): boolean => {
    const isPossible = canLast(changed, study);
    if (isPossible) take(changed);
    return isPossible;
  };
  const text = (people: number): string => exact(people, kind === "capacity" ? "people" : "", language);
  const level = text(least) === text(most) ? text(most) : `${text(least)} – ${text(most)}`;
  return (
    <li class="changed" data-addition={keyOf(addition)}>
      <b>
        {say(kind === "capacity" ? "roomFor" : "servedADay")}: {titleOf(addition)}
      </b>
      <span class="quiet">{say("asItIs", { level })}</span>
      <div class="dose">
        <label>
          {say(kind === "capacity" ? "people" : "peopleADay")}{" "}
          <NumberBox value={added.people} least={0} take={(people) => put({ ...added, people: people ?? suggested(addition) })} />
        </label>
      </div>
      <Days days={added} study={study} say={say} put={(days) => put({ people: added.people, ...days, from: days.from ?? study.from })} />
      <button type="button" class="all" onClick={() => take(null)}>
        {say("takeBack")}
      </button>
    </li>
  );
}

interface DaysProps {
  days: { from?: string; to?: string };
  study: StudyPage;
  say: Say;
  put: (days: { from?: string; to?: string }) => boolean;
}

/** First and last day of something new; an empty box is the study's own. */
function Days({ days: { from, to }, study, say, put }: DaysProps) {
  const known = (days: { from?: string | null; to?: string | null }): { from?: string; to?: string } => ({ ...(days.from && { from: days.from }), ...(days.to && { to: days.to }) });
  return (
    <div class="dose">
      <label>
        {say("from")} <DateBox value={from ?? study.from} last={study.to} disabled={false} take={(value) => put(known({ from: value, to }))} />
      </label>
      <label>
        {say("to")} <DateBox value={to ?? null} last={study.to} disabled={false} take={(value) => put(known({ from, to: value }))} />
      </label>
    </div>
  );
}

const PERCENTS = [-50, -20, 0, 20, 50] as const;

/** Drivers up or down: a factor on their values; what they are held against stays. */
export function Drivers({ study, scenario, change, say }: Controls) {
  if (study.drivers.length === 0) return null;
  return (
    <section id="drivers" aria-labelledby="drivers-title">
      <h2 id="drivers-title">{say("drivers")}</h2>
      <p class="quiet">{say("driversNote")}</p>
      <ul class="list">
        {study.drivers.map((driver) => (
          <DriverRow key={driver.name} driver={driver} changed={scenario.drivers[driver.name] ?? null} study={study} say={say} take={(changed) => change(withDriver(scenario, driver.name, changed))} />
        ))}
      </ul>
    </section>
  );
}

interface DriverProps {
  driver: Driver;
  changed: DriverChange | null;
  study: StudyPage;
  say: Say;
  take: (changed: DriverChange | null) => void;
}

function DriverRow({ driver, changed, study, say, take }: DriverProps) {
  const times = changed?.times ?? 1;
  const put = (next: DriverChange): boolean => {
    const isPossible = next.times > 0 && canLast(next, study);
    if (isPossible) take(next);
    return isPossible;
  };
  return (
    <li class={changed === null ? "" : "changed"} data-driver={driver.name}>
      <b>{driver.title}</b>
      <span class="quiet">{driver.unit}</span>
      <div class="dose" role="group" aria-label={driver.title}>
        {PERCENTS.map((percent) => {
          const factor = 1 + percent / 100;
          return (
            <button key={percent} type="button" class="step" aria-pressed={times === factor} onClick={() => put({ ...changed, times: factor })}>
              {percent === 0 ? say("asItWas") : `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`}
            </button>
          );
        })}
        <label>
          {say("times")} <NumberBox value={times} least={0} take={(value) => put({ ...changed, times: value ?? 1 })} />
        </label>
      </div>
      {changed !== null && <Days days={changed} study={study} say={say} put={(days) => put({ times, ...days })} />}
    </li>
  );
}
