/** What is made anew only when something that it hangs on has changed. It is a component's whole answer: beside others, Preact keeps what it replaces. */

import type { VNode } from "preact";
import { useMemo } from "preact/hooks";

type Make = () => VNode;

/** Made anew when one of `on` has changed. */
export function Remade({ on, make }: { on: unknown[]; make: Make }) {
  return useMemo(make, on);
}

/** Made anew with the page while it is live; then it stays as it is. */
export function Still({ isLive, make }: { isLive: boolean; make: Make }) {
  return useMemo(make, [isLive ? {} : null]);
}
