/** The band of a chart in which counts of fewer than 5 people lie, as the reports' charts have it (src/corredor/pages/charts/axes.py). */

import { sayIn, type Language, type Word } from "./words";

/** A lower one is not seen beside the line of 0. */
const LOWEST_PX = 3;

interface FewBandProps {
  x: number;
  width: number;
  top: number;
  bottom: number;
  language: Language;
  /** What its title says. */
  word?: Word;
}

export function FewBand({ x, width, top, bottom, language, word = "fewBand" }: FewBandProps) {
  if (bottom - top < LOWEST_PX) return null;
  return (
    <rect class="few" x={x} y={top} width={width} height={bottom - top}>
      <title>{sayIn(language)(word)}</title>
    </rect>
  );
}
