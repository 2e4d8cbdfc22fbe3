/** The marks of the map: land, ways with the people on them, places with those who are there. Positions come from Python (corridor.py). */

import type { Ground } from "./study";

/** Where a way begins, the point it bends to, and where it ends. */
export interface Curve {
  start: [number, number];
  bend: [number, number];
  end: [number, number];
}

export function curveOf(ground: Ground, link: [number, number, 0 | 1], at: number): Curve {
  return { start: ground.points[link[0]]!, bend: ground.bends[at]!, end: ground.points[link[1]]! };
}

export function Land({ ground }: { ground: Ground }) {
  return (
    <g aria-hidden="true">
      <rect class="sea" width={ground.width} height={ground.height} />
      <path class="land" d={ground.land} />
      <path class="border" d={ground.borders} />
      {ground.countries.map(([text, x, y]) => (
        <text key={`${text}${x}`} class="middle country" x={x} y={y}>
          {text}
        </text>
      ))}
    </g>
  );
}

export function Names({ ground }: { ground: Ground }) {
  return (
    <g aria-hidden="true" class="names">
      {ground.names.map(({ lines, x, y, anchor, leader }) => (
        <g key={`${lines[0]}${x}`}>
          {leader && <path class="leader" d={leader} />}
          <text class={`${anchor} place`} y={y} style={{ fontSize: `${ground.name_px}px` }}>
            {lines.map((line, at) => (
              <tspan key={at} x={x} dy={at === 0 ? 0 : 1.1 * ground.name_px}>
                {line}
              </tspan>
            ))}
          </text>
        </g>
      ))}
    </g>
  );
}

export interface WayMark {
  at: number;
  curve: Curve;
  width: number;
  /** Movement along a route, or without one; more or fewer people than there were. */
  kind: "route" | "other" | "more" | "fewer";
  /** Whether the sign of a difference is not clear. */
  unsure: boolean;
  text: string;
  people: number;
  chosen: boolean;
}

/** A line as wide as its flow, dots that go along it, and a head; more and fewer differ by dashes and by their sign, too. */
export function Way({ mark, choose }: { mark: WayMark; choose: (at: number) => void }) {
  const { curve, width, kind } = mark;
  const path = `M${curve.start.join(" ")}Q${curve.bend.join(" ")} ${curve.end.join(" ")}`;
  const [tip, before] = [pointAt(curve, 0.62), pointAt(curve, 0.58)];
  const length = Math.hypot(curve.end[0] - curve.start[0], curve.end[1] - curve.start[1]);
  return (
    <g class={`way ${kind}${mark.unsure ? " unsure" : ""}${mark.chosen ? " chosen" : ""}`} data-link={mark.at} data-people={mark.people} onClick={() => choose(mark.at)}>
      <path class="reach" d={path} />
      <path class="line" d={path} style={{ strokeWidth: `${width.toFixed(2)}px` }}>
        <title>{mark.text}</title>
      </path>
      <path class="dots" d={path} style={{ strokeWidth: `${Math.max(1.8, 0.55 * width).toFixed(2)}px` }} />
      {length > 26 && width >= 1 && <path class="head" d={head(tip, before, 3.4 + 0.42 * width)} />}
      {width >= 4 && (kind === "more" || kind === "fewer") && <Sign at={pointAt(curve, 0.4)} kind={kind} />}
    </g>
  );
}

export interface PlaceMark {
  site: number;
  at: [number, number];
  radius: number;
  /** Radius as it was, in a scenario; 0 where it is not drawn. */
  was: number;
  kind: "plain" | "more" | "fewer";
  unsure: boolean;
  text: string;
  people: number;
  chosen: boolean;
}

/** A place with a circle as large as those who are there. One of them is reached by Tab, the others from it with the arrow keys. */
export function PlaceDot({ mark, first, choose, step, small }: { mark: PlaceMark; first: boolean; choose: (site: number) => void; step: (event: KeyboardEvent) => void; small: boolean }) {
  const { at: [x, y], kind, radius } = mark;
  return (
    <g
      class={`stay ${kind}${mark.unsure ? " unsure" : ""}${mark.chosen ? " chosen" : ""}`}
      role="button"
      tabindex={first ? 0 : -1}
      aria-label={mark.text}
      aria-pressed={mark.chosen}
      data-site={mark.site}
      data-people={mark.people}
      onClick={() => choose(mark.site)}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") choose(mark.site);
        else return step(event);
        event.preventDefault();
      }}
    >
      <circle class="reach" cx={x} cy={y} r={Math.max(radius, 11)} />
      {radius > 0 && <circle class="people" cx={x} cy={y} r={radius} />}
      {mark.was > 0 && <circle class="was" cx={x} cy={y} r={mark.was} />}
      <circle class="spot" cx={x} cy={y} r={small ? 2.2 : 3} />
      {kind !== "plain" && radius > 8 && <Sign at={[x, y - 0.5 * radius]} kind={kind} />}
      <title>{mark.text}</title>
    </g>
  );
}

function Sign({ at, kind }: { at: [number, number]; kind: "more" | "fewer" }) {
  return (
    <text class="middle sign" x={at[0]} y={at[1] + 4} aria-hidden="true">
      {kind === "more" ? "+" : "−"}
    </text>
  );
}

function pointAt({ start, bend, end }: Curve, share: number): [number, number] {
  const [a, b, c] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2];
  return [a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]];
}

/** A slim, notched head, as the report's map has it. */
function head(tip: [number, number], before: [number, number], size: number): string {
  const length = Math.hypot(tip[0] - before[0], tip[1] - before[1]) || 1;
  const along = [(tip[0] - before[0]) / length, (tip[1] - before[1]) / length] as const;
  const corner = (behind: number, aside: number): string =>
    `${(tip[0] - size * (behind * along[0] + aside * along[1])).toFixed(1)} ${(tip[1] - size * (behind * along[1] - aside * along[0])).toFixed(1)}`;
  return `M${tip[0].toFixed(1)} ${tip[1].toFixed(1)}L${corner(2.2, 0.8)}L${corner(1.55, 0)}L${corner(2.2, -0.8)}Z`;
}
