/** The page: what a change does first, then what can be changed. */

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { MeasureCards } from "./cards";
import { Measures, Parameters } from "./controls";
import { Corridor } from "./corridor";
import { Keep } from "./keep";
import { Diversion } from "./diversion";
import { dateText } from "./numbers";
import { nothingDrawn, type Drawn, type Pool } from "./pool";
import { Model } from "./model";
import { Results } from "./results";
import { asFragment, changed, fromFragment, isEmpty, redone, undone, type History } from "./scenario";
import type { Scenario, StudyPage } from "./study";
import { languageOf, sayIn, type Language, type Say } from "./words";

const SHORTEST_PAUSE_MS = 60;
const LONGEST_PAUSE_MS = 1500;
/** Painting may take one part in so many of the time; the rest is for the workers. */
const PAUSES_PER_PAINT = 8;

export type MakePool = (told: () => void, failed: (message: string) => void) => Pool;

export function App({ study, makePool }: { study: StudyPage; makePool: MakePool }) {
  const read = useMemo(() => fromFragment(location.hash, study), []);
  const [history, setHistory] = useState<History>({ past: [], now: read.scenario, future: [] });
  const [language, setLanguage] = useState<Language>(languageOf(read.language ?? navigator.language));
  const [failure, setFailure] = useState("");
  const [sought, seek] = useState("");
  const [, repaint] = useReducer((times: number) => times + 1, 0);
  const pool = useRef<Pool | null>(null);
  const address = useRef(location.hash);
  const follow = (): void => {
    address.current = location.hash;
    setHistory((old) => changed(old, fromFragment(location.hash, study).scenario));
  };
  const painted = useRef(0);
  const began = performance.now();
  useLayoutEffect(() => void (painted.current = performance.now() - began));
  const say = sayIn(language);
  const scenario = history.now;

  useEffect(() => {
    let waiting = false;
    const told = (): void => {
      if (waiting) return;
      waiting = true;
      const pause = Math.min(Math.max(PAUSES_PER_PAINT * painted.current, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
      setTimeout(() => ((waiting = false), repaint(undefined)), pause);
    };
    pool.current = makePool(told, setFailure);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
    // a link that was opened meanwhile is followed, not written over
    if (location.hash !== address.current) return follow();
    window.history.replaceState(null, "", asFragment(scenario, language));
    address.current = location.hash;
  }, [scenario, language]);
  useEffect(() => pool.current?.want(isEmpty(scenario) ? null : scenario), [scenario]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
      if (!isUndo || (event.target instanceof HTMLInputElement && event.target.type !== "checkbox")) return;
      event.preventDefault();
      setHistory(event.shiftKey ? redone : undone);
    };
    window.addEventListener("keydown", press);
    window.addEventListener("hashchange", follow);
    return () => (window.removeEventListener("keydown", press), window.removeEventListener("hashchange", follow));
  }, []);

  const change = (next: Scenario): void => setHistory((old) => changed(old, next));
  const find = (parameter: string): void => {
    seek(parameter);
    goTo("assumptions");
  };
  const drawn = pool.current?.drawn ?? nothingDrawn();
  const controls = { scenario, change, say, language };
  return (
    <>
      <a class="skip" href="#results" onClick={skip}>
        {say("skip")}
      </a>
      <Masthead study={study} say={say} language={language} setLanguage={setLanguage} />
      <main>
        <div class="bar">
          <button type="button" disabled={history.past.length === 0} onClick={() => setHistory(undone)}>
            {say("undo")}
          </button>
          <button type="button" disabled={history.future.length === 0} onClick={() => setHistory(redone)}>
            {say("redo")}
          </button>
          <button type="button" disabled={isEmpty(scenario)} onClick={() => change({ off: [], change: {}, fix: {} })}>
            {say("reset")}
          </button>
          <nav class="jump" aria-label={say("jump")}>
            {(["toResults", "measures", "assumptions", "keep"] as const).map((word) => (
              <button key={word} type="button" onClick={() => goTo(word === "toResults" ? "results" : word)}>
                {say(word)}
              </button>
            ))}
          </nav>
          <Progress drawn={drawn} all={study.kernel.draws.number} alone={isEmpty(scenario)} say={say} />
        </div>
        {failure && <p class="trouble">{say("failed", { message: failure })}</p>}
        {read.unknown.length > 0 && <p class="trouble">{say("unknownLink", { parts: read.unknown.join(", ") })}</p>}
        <div class="columns">
          <div>
            <Results study={study} drawn={drawn} alone={isEmpty(scenario)} say={say} language={language} />
            <Corridor study={study} drawn={drawn} alone={isEmpty(scenario)} say={say} language={language} />
            <Diversion study={study} drawn={drawn} alone={isEmpty(scenario)} say={say} language={language} />
            <MeasureCards study={study} drawn={drawn} want={(measure, pictured) => pool.current?.wantWithout(measure, pictured)} say={say} language={language} />
            <Model study={study} say={say} seek={find} />
          </div>
          <div class="controls">
            <Measures measures={study.measures} lastDate={study.to} {...controls} />
            <Parameters parameters={study.parameters} sought={sought} seek={seek} {...controls} />
            <Keep study={study} scenario={scenario} say={say} />
            <section id="about">
              <h2>{say("about")}</h2>
              <p>{say("aboutText")}</p>
              <p class="quiet">corredor {study.version}</p>
            </section>
          </div>
        </div>
      </main>
    </>
  );
}

/** The fragment is the scenario's, so that the link goes to its place by itself. */
function skip(event: Event): void {
  event.preventDefault();
  goTo("results");
}

function goTo(id: string): void {
  const section = document.getElementById(id)!;
  section.scrollIntoView();
  section.focus({ preventScroll: true });
}

interface Spoken {
  study: StudyPage;
  say: Say;
}

function Masthead({ study, say, language, setLanguage }: Spoken & { language: Language; setLanguage: (language: Language) => void }) {
  const period = `${dateText(study.from, language)} – ${dateText(study.to, language)}`;
  return (
    <header class="masthead">
      <p class="kicker">
        {say("kicker")} · {period} · {say(study.fitted ? "fitted" : "priors")}
      </p>
      <button class="language" type="button" lang={language === "en" ? "es" : "en"} aria-label={say("languageLabel")} onClick={() => setLanguage(language === "en" ? "es" : "en")}>
        {say("language")}
      </button>
      <h1 lang="en">{study.title}</h1>
      {study.made_up && (
        <p class="made-up">
          {say("madeUp")} <span>{say("madeUpMore")}</span>
        </p>
      )}
      <p class="deck">{say("how", { draws: study.kernel.draws.number })}</p>
    </header>
  );
}

function Progress({ drawn, all, alone, say }: { drawn: Drawn; all: number; alone: boolean; say: Say }) {
  const done = alone ? drawn.baseline.size : drawn.scenario.size;
  const word = done >= all ? "ready" : alone ? "studyRuns" : "stillRunning";
  return (
    <span class="progress" role="status">
      <progress max={all} value={done} aria-label={say(word, { done, all })} /> {say(word, { done, all })}
    </span>
  );
}
