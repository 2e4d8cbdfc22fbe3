/** Fewer people on the left, more on the right, as many: nobody is lost. Who of those became whom is not known, so all go through one trunk. */

export interface Node {
  key: string;
  name: string;
  number: string;
  people: number;
  unsure: boolean;
}

const TRUNK_PX = 150;
const LINE_PX = 14;
const GAP_PX = 10;
const SIZES = {
  wide: { width: 760, label: 235, letters: 34, bar: 9, trunk: 44 },
  narrow: { width: 340, label: 122, letters: 16, bar: 6, trunk: 20 },
};

interface SankeyProps {
  fewer: Node[];
  more: Node[];
  size: "wide" | "narrow";
  label: string;
}

export function Sankey({ fewer, more, size, label }: SankeyProps) {
  const { width, label: room, letters, bar, trunk } = SIZES[size];
  const whole = Math.max(sum(fewer), sum(more), 1);
  const sides = [placed(fewer, whole, letters), placed(more, whole, letters)];
  const height = Math.max(...sides.map((side) => side.height), TRUNK_PX + 20);
  const middle = (width - trunk) / 2;
  return (
    <svg class="sankey" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <rect class="trunk" x={middle} y={(height - TRUNK_PX) / 2} width={trunk} height={TRUNK_PX} />
      {sides.map((side, at) => {
        const isMore = at === 1;
        const shift = (height - side.height) / 2;
        const edge = isMore ? width - room - bar : room;
        let trunkAt = (height - TRUNK_PX) / 2;
        return (
          <g key={at} class={isMore ? "more" : "fewer"}>
            {side.nodes.map(({ node, lines, numberFrom, y, thick }) => {
              const top = y + shift;
              const [from, to] = isMore ? [middle + trunk, edge] : [edge + bar, middle];
              const [left, right] = isMore ? [trunkAt, top] : [top, trunkAt];
              trunkAt += thick;
              const half = (from + to) / 2;
              const path = `M${from} ${left}C${half} ${left} ${half} ${right} ${to} ${right}V${right + thick}C${half} ${right + thick} ${half} ${left + thick} ${from} ${left + thick}Z`;
              const textAt = isMore ? width - room + 7 : room - 7;
              return (
                <g key={node.key} class={node.unsure ? "unsure" : ""} data-key={node.key}>
                  <path class="ribbon" d={path} />
                  <rect class="tip" x={edge} y={top} width={bar} height={thick} />
                  <text class={isMore ? "start" : "end"} y={top + thick / 2 - ((lines.length - 1) * LINE_PX) / 2 + 4}>
                    {lines.map((line, number) => (
                      <tspan key={number} x={textAt} dy={number === 0 ? 0 : LINE_PX} class={number >= numberFrom ? "number" : ""}>
                        {line}
                      </tspan>
                    ))}
                  </text>
                </g>
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}

function sum(nodes: Node[]): number {
  return nodes.reduce((whole, node) => whole + node.people, 0);
}

/** Nodes below each other, each with room for its lines; the last ones are its number. */
function placed(nodes: Node[], whole: number, letters: number): { nodes: { node: Node; lines: string[]; numberFrom: number; y: number; thick: number }[]; height: number } {
  let at = 4;
  const found = nodes.map((node) => {
    const number = wrapped(node.number, letters - 2);
    const lines = [...wrapped(node.name, letters), ...number];
    const thick = Math.max((TRUNK_PX * node.people) / whole, 0.6);
    const slot = Math.max(thick, lines.length * LINE_PX) + GAP_PX;
    const y = at + (slot - thick) / 2;
    at += slot;
    return { node, lines, numberFrom: lines.length - number.length, y, thick };
  });
  return { nodes: found, height: at + 4 };
}

function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim();
    if (lines.length > 0 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.length <= 3 ? lines : [...lines.slice(0, 2), `${lines[2]!.slice(0, letters - 1)}…`];
}
