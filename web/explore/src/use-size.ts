/** Whether there is room for the wide picture of something. */

import { useEffect, useState } from "preact/hooks";

const NARROW_PX = 600;

export function useSize(frame: { current: HTMLElement | null }): "wide" | "narrow" {
  const [size, set] = useState<"wide" | "narrow">(window.innerWidth < NARROW_PX ? "narrow" : "wide");
  const element = frame.current;
  useEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width } = entry!.contentRect;
      // behind another tab it has no width, and stays as it was
      if (width > 0) set(width < NARROW_PX ? "narrow" : "wide");
    });
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
