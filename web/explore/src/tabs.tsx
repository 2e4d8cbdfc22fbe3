/** The tabs of the page, as the ARIA pattern has them: one stop for the tab key, arrows move, Home and End go to the ends. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { Say } from "./words";

export const TABS = ["corridor", "measures", "claims", "model", "data", "about"] as const;

export type Tab = (typeof TABS)[number];

/** The tab that a link names; the first one for any other word. */
export function tabOf(text: string): Tab {
  return TABS.find((tab) => tab === text) ?? TABS[0];
}

const STEPS: Record<string, (at: number) => number> = {
  ArrowRight: (at) => (at + 1) % TABS.length,
  ArrowLeft: (at) => (at + TABS.length - 1) % TABS.length,
  Home: () => 0,
  End: () => TABS.length - 1,
};

export function TabBar({ tab, choose, say }: { tab: Tab; choose: (tab: Tab) => void; say: Say }) {
  const bar = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = TABS[step(TABS.indexOf(tab))]!;
    choose(next);
    bar.current!.querySelector<HTMLElement>(`#tab-${next}`)!.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={say("tabs")} ref={bar} onKeyDown={press}>
      {TABS.map((one) => (
        <button key={one} type="button" role="tab" id={`tab-${one}`} aria-controls={`panel-${one}`} aria-selected={one === tab} tabIndex={one === tab ? 0 : -1} onClick={() => choose(one)}>
          {say(`tab_${one}`)}
        </button>
      ))}
    </div>
  );
}

/** What a tab shows; it stays in the page when another is chosen, so that print and search by the browser find it. */
export function Panel({ name, tab, children }: { name: Tab; tab: Tab; children?: ComponentChildren }) {
  return (
    <div class="panel" role="tabpanel" id={`panel-${name}`} aria-labelledby={`tab-${name}`} hidden={name !== tab}>
      {children}
    </div>
  );
}
