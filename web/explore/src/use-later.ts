/** A value as it was until the browser has painted what else it changes, so that no single painting takes long. */

import { useEffect, useState } from "preact/hooks";

export function useLater<Value>(value: Value, pauseMs: number): Value {
  const [late, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return late;
}
