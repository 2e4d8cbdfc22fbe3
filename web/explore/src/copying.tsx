/** Tables to take along: as text with tabs, which spreadsheets paste into cells. */

import { useState } from "preact/hooks";
import type { Say } from "./words";

/** Puts a text on the clipboard; by selecting it where the browser does not give pages its clipboard. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** A button that copies, and says whether it could. */
export function CopyButton({ text, label, say }: { text: () => string; label: string; say: Say }) {
  const [told, tell] = useState<{ text: string; done: boolean } | null>(null);
  const press = async (button: HTMLElement): Promise<void> => {
    const now = text();
    tell({ text: now, done: await copied(now) });
    button.focus();
  };
  const word = told === null || told.text !== text() ? null : told.done ? "copied" : "notCopied";
  return (
    <>
      <button type="button" class="copy" onClick={(event) => void press(event.currentTarget)}>
        {label}
      </button>
      <span class="quiet" role="status">
        {word && ` ${say(word)}`}
      </span>
    </>
  );
}
