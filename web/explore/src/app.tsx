/** The page: tabs, and beside what a change does the change itself. */

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { About } from "./about";
import { Additions, Drivers } from "./additions";
import { MeasureCards } from "./cards";
import { Claims } from "./claims";
import { Measures, Parameters } from "./controls";
import { Corridor } from "./corridor";
import { Data } from "./data";
import { Diversion } from "./diversion";
import { Keep } from "./keep";
import { Model } from "./model";
import { dateText } from "./numbers";
import { nothingDrawn, type Pool } from "./pool";
import { Remade, Still } from "./remade";
import { InShort, Results } from "./results";
import { asFragment, changed, fromFragment, isEmpty, NOTHING, redone, undone, type History } from "./scenario";
import type { Scenario, StudyPage } from "./study";
import { Panel, TABS, TabBar, tabOf, type Tab } from "./tabs";
import { Tour, TourOffer, atFirst, type TourState } from "./tour";
import { useTurns } from "./use-turns";
import { languageOf, sayIn, type Language, type Say } from "./words";

const SHORTEST_PAUSE_MS = 60;
const LONGEST_PAUSE_MS = 1500;
/** Painting may take one part in so many of the time; the rest is for the workers. */
const PAUSES_PER_PAINT = 8;
/** From when on what is behind the other tabs is made, one after another. */
const LATER_MS = 1500;
const TURN_MS = 60;
/** Tabs whose numbers change with every draw. */
const OF_DRAWS: Tab[] = ["corridor", "measures"];

export type MakePool = (told: () => void, failed: (message: string) => void) => Pool;

export function App({ study, makePool }: { study: StudyPage; makePool: MakePool }) {
  const read = useMemo(() => fromFragment(location.hash, study), []);
  const [history, setHistory] = useState<History>({ past: [], now: read.scenario, future: [] });
  const [language, setLanguage] = useState<Language>(languageOf(read.language ?? navigator.language));
  const [failure, setFailure] = useState("");
  const [sought, seek] = useState("");
  const [tab, choose] = useState<Tab>(tabOf(read.tab));
  const [isLater, setLater] = useState(false);
  const [printing, print] = useState(false);
  const [touring, tour] = useState<TourState>(atFirst);
  const [, repaint] = useReducer((times: number) => times + 1, 0);
  const pool = useRef<Pool | null>(null);
  const address = useRef(location.hash);
  const follow = (): void => {
    address.current = location.hash;
    const { scenario, tab } = fromFragment(location.hash, study);
    setHistory((old) => changed(old, scenario));
    choose(tabOf(tab));
  };
  const painted = useRef(0);
  /** Whether nothing of the newest scenario has been painted yet. */
  const isNew = useRef(true);
  const began = performance.now();
  useLayoutEffect(() => void (painted.current = performance.now() - began));
  const say = sayIn(language);
  const scenario = history.now;

  useEffect(() => {
    let waiting = false;
    const told = (): void => {
      if (isNew.current && pool.current !== null && pool.current.drawn.scenario.size > 0) {
        isNew.current = false;
        return repaint(undefined);
      }
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
    window.history.replaceState(null, "", asFragment(scenario, language, tab === TABS[0] ? "" : tab));
    address.current = location.hash;
  }, [scenario, language, tab]);
  useEffect(() => {
    // what is behind the other tabs is made when the page has been painted, so that it opens quickly and prints whole
    const later = setTimeout(() => setLater(true), LATER_MS);
    return () => clearTimeout(later);
  }, []);
  useEffect(() => {
    isNew.current = !isEmpty(scenario);
    pool.current?.want(isEmpty(scenario) ? null : scenario);
  }, [scenario]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
      if (!isUndo || (event.target instanceof HTMLInputElement && event.target.type !== "checkbox")) return;
      event.preventDefault();
      setHistory(event.shiftKey ? redone : undone);
    };
    window.addEventListener("keydown", press);
    window.addEventListener("hashchange", follow);
    window.addEventListener("beforeprint", () => print(true));
    window.addEventListener("afterprint", () => print(false));
    return () => (window.removeEventListener("keydown", press), window.removeEventListener("hashchange", follow));
  }, []);

  const change = (next: Scenario): void => setHistory((old) => changed(old, next));
  const find = (parameter: string): void => {
    seek(parameter);
    choose("measures");
    setTimeout(() => goTo("assumptions"));
  };
  const drawn = pool.current?.drawn ?? nothingDrawn();
  const alone = isEmpty(scenario);
  const all = study.kernel.draws.number;
  const done = (alone ? drawn.baseline : drawn.scenario).size;
  const made = useTurns(isLater, TABS.length, TURN_MS);
  const renewed = useTurns(done >= all, OF_DRAWS.length, TURN_MS);
  const shows = (one: Tab): boolean => one === tab || printing || TABS.indexOf(one) < made;
  /** What is behind another tab is not painted while draws come in. */
  const follows = (one: Tab): boolean => one === tab || printing || OF_DRAWS.indexOf(one) < renewed;
  const controls = { scenario, change, say, language };
  const shown = { study, drawn, alone, say, language };
  const answers = pool.current?.answers.size ?? 0;
  const claims = useMemo(() => <Claims study={study} pool={pool.current} answered={answers} say={say} language={language} />, [language, answers, pool.current, pool.current?.question]);
  const model = useMemo(() => <Model study={study} say={say} language={language} seek={find} />, [language]);
  const data = useMemo(() => <Data study={study} say={say} language={language} />, [language]);
  const measures = () => (
    <>
      {shows("measures") && (
        <>
          <InShort {...shown} />
          <Diversion {...shown} />
          <MeasureCards study={study} drawn={drawn} want={(measure, pictured) => pool.current?.wantWithout(measure, pictured)} say={say} language={language} />
        </>
      )}
    </>
  );
  const aside = () => (
    <aside class="controls" aria-label={say("yourChange")}>
      <Measures study={study} {...controls} />
      <Additions study={study} {...controls} />
      <Drivers study={study} {...controls} />
      <Parameters parameters={study.parameters} sought={sought} seek={seek} {...controls} />
      <Keep study={study} scenario={scenario} say={say} />
    </aside>
  );
  return (
    <>
      <a class="skip" href="#results" onClick={(event) => skip(event, () => choose(TABS[0]))}>
        {say("skip")}
      </a>
      <Masthead study={study} say={say} language={language} setLanguage={setLanguage} />
      <main data-scenario={JSON.stringify(alone ? null : scenario)}>
        <TourOffer state={touring} go={tour} choose={choose} say={say} />
        <div class="bar">
          <TabBar tab={tab} choose={choose} say={say} />
          <div class="doing">
            <button type="button" disabled={history.past.length === 0} onClick={() => setHistory(undone)}>
              {say("undo")}
            </button>
            <button type="button" disabled={history.future.length === 0} onClick={() => setHistory(redone)}>
              {say("redo")}
            </button>
            <button type="button" disabled={alone} onClick={() => change(NOTHING)}>
              {say("reset")}
            </button>
            <Progress done={done} all={all} alone={alone} say={say} />
          </div>
        </div>
        {failure && <p class="trouble">{say("failed", { message: failure })}</p>}
        {read.unknown.length > 0 && <p class="trouble">{say("unknownLink", { parts: read.unknown.join(", ") })}</p>}
        <div class={`columns on-${tab}`}>
          <div>
            <Panel name="corridor" tab={tab}>
              <Still isLive={follows("corridor")} make={() => <Results {...shown}>{shows("corridor") && <Corridor {...shown} />}</Results>} />
            </Panel>
            <Panel name="measures" tab={tab}>
              <Still isLive={follows("measures") && shows("measures")} make={measures} />
            </Panel>
            <Panel name="claims" tab={tab}>
              {shows("claims") && claims}
            </Panel>
            <Panel name="model" tab={tab}>
              {shows("model") && model}
            </Panel>
            <Panel name="data" tab={tab}>
              {shows("data") && data}
            </Panel>
            <Panel name="about" tab={tab}>
              {shows("about") && <About study={study} say={say} tour={() => tour({ offered: false, step: 0 })} />}
            </Panel>
          </div>
          <Remade on={[scenario, sought, language]} make={aside} />
        </div>
      </main>
      {touring.step !== null && <Tour state={touring} go={tour} choose={choose} say={say} />}
    </>
  );
}

/** The fragment is the scenario's, so that the link goes to its place by itself. */
function skip(event: Event, show: () => void): void {
  event.preventDefault();
  show();
  setTimeout(() => goTo("results"));
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

function Progress({ done, all, alone, say }: { done: number; all: number; alone: boolean; say: Say }) {
  const word = done >= all ? "ready" : alone ? "studyRuns" : "stillRunning";
  return (
    <span class="progress" role="status">
      <progress max={all} value={done} aria-label={say(word, { done, all })} /> {say(word, { done, all })}
    </span>
  );
}
