/** A tour of two minutes, offered on the first visit: it shows one part after another, never stands in the way, and can be taken again. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { Tab } from "./tabs";
import type { Say, Word } from "./words";

const REMEMBERED = "corredor-explore-tour";

/** Each step: the tab that it shows, what it points at, what it says. */
const STEPS: { tab: Tab; at: string; title: Word; text: Word }[] = [
  { tab: "corridor", at: "#results", title: "tour1", text: "tour1Text" },
  { tab: "measures", at: "#measures", title: "tour2", text: "tour2Text" },
  { tab: "measures", at: "#assumptions", title: "tour3", text: "tour3Text" },
  { tab: "corridor", at: "#totals-title", title: "tour4", text: "tour4Text" },
  { tab: "claims", at: "#claims", title: "tour5", text: "tour5Text" },
  { tab: "model", at: "#model", title: "tour6", text: "tour6Text" },
  { tab: "measures", at: "#keep", title: "tour7", text: "tour7Text" },
];

/** Pages opened from a file may be refused what they want to remember. */
function wasSeen(): boolean {
  try {
    return localStorage.getItem(REMEMBERED) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    localStorage.setItem(REMEMBERED, "seen");
  } catch {
    // then it is offered again
  }
}

/** Whether the tour is offered, and at which step it is. */
export interface TourState {
  offered: boolean;
  step: number | null;
}

export function atFirst(): TourState {
  return { offered: !wasSeen(), step: null };
}

interface Told {
  state: TourState;
  go: (state: TourState) => void;
  choose: (tab: Tab) => void;
  say: Say;
}

/** The offer, above everything; the reader goes on as if it were not there, or takes it. */
export function TourOffer({ state, go, say }: Told) {
  if (!state.offered || state.step !== null) return null;
  const leave = (step: number | null): void => {
    remember();
    go({ offered: false, step });
  };
  return (
    <aside class="offer" aria-label={say("tour")}>
      <span>{say("tourOffer")}</span>
      <button type="button" onClick={() => leave(0)}>
        {say("tourBegin")}
      </button>
      <button type="button" class="plain" onClick={() => leave(null)}>
        {say("tourNotNow")}
      </button>
    </aside>
  );
}

export function Tour({ state, go, choose, say }: Told) {
  const box = useRef<HTMLElement>(null);
  const [came] = useState(() => document.activeElement as HTMLElement | null);
  const number = state.step ?? 0;
  const step = STEPS[number]!;
  useEffect(() => {
    choose(step.tab);
    // after the tab has been painted
    const later = setTimeout(() => {
      const target = document.querySelector<HTMLElement>(step.at);
      target?.classList.add("toured");
      const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
      target?.scrollIntoView({ block: "start", behavior: isStill ? "auto" : "smooth" });
      box.current?.focus({ preventScroll: true });
    }, 80);
    return () => {
      clearTimeout(later);
      document.querySelector(".toured")?.classList.remove("toured");
    };
  }, [number]);
  const close = (): void => {
    go({ offered: false, step: null });
    came?.focus?.();
  };
  const isLast = number === STEPS.length - 1;
  return (
    <section class="tour" role="dialog" aria-label={say("tour")} tabIndex={-1} ref={box} onKeyDown={(event) => event.key === "Escape" && close()}>
      <p class="quiet">{say("tourStep", { number: number + 1, all: STEPS.length })}</p>
      <h2>{say(step.title)}</h2>
      <p aria-live="polite">{say(step.text)}</p>
      <p class="tools">
        <button type="button" disabled={number === 0} onClick={() => go({ ...state, step: number - 1 })}>
          {say("tourBack")}
        </button>
        <button type="button" onClick={() => (isLast ? close() : go({ ...state, step: number + 1 }))}>
          {say(isLast ? "tourEnd" : "tourNext")}
        </button>
        {!isLast && (
          <button type="button" class="plain" onClick={close}>
            {say("tourClose")}
          </button>
        )}
      </p>
    </section>
  );
}
