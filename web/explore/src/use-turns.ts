/** Things that take long are made one after another, so that no single painting does. */

import { useEffect, useState } from "preact/hooks";

/** How many of so many things may be made by now: none while one must not begin, then one more after each pause. */
export function useTurns(mayBegin: boolean, all: number, pauseMs: number): number {
  const [turn, take] = useState(0);
  useEffect(() => {
    if (!mayBegin) return take(0);
    if (turn >= all) return;
    const timer = setTimeout(() => take(turn + 1), pauseMs);
    return () => clearTimeout(timer);
  }, [mayBegin, turn]);
  return mayBegin ? turn : 0;
}
