// A molecule with what its atoms add: disks about those that raise and lower the prediction, the larger the more, and the numbers as a table.
import { inUnit, number } from "../../shell/readings.ts";
import { ScrollTable } from "../../shell/scroll-table.tsx";
import type { Drawing } from "./drawing.ts";

interface MoleculeProps {
  readonly drawing: Drawing;
  readonly unit: string;
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${number(Number(Math.abs(value).toPrecision(2)))}`;

/** In lengths of a bond. */
const [margin, largest, gap] = [0.9, 0.48, 0.07];

function Bond({ ends, order }: { readonly ends: readonly { x: number; y: number }[]; readonly order: number }) {
  const [a, b] = ends as [{ x: number; y: number }, { x: number; y: number }];
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [across, along] = [(-(b.y - a.y) / length) * gap, ((b.x - a.x) / length) * gap];
  const lines = order === 1 ? [0] : order === 3 ? [-1.6, 0, 1.6] : [-1, 1];
  return (
    <>
      {lines.map((side) => (
        <line
          key={side}
          x1={a.x + side * across}
          y1={-(a.y + side * along)}
          x2={b.x + side * across}
          y2={-(b.y + side * along)}
          stroke-dasharray={order === 1.5 && side > 0 ? "0.12 0.08" : undefined}
        />
      ))}
    </>
  );
}

export function Molecule({ drawing: { atoms, bonds }, unit }: MoleculeProps) {
  const most = Math.max(...atoms.map(({ share }) => Math.abs(share))) || 1;
  const [xs, ys] = [atoms.map(({ x }) => x), atoms.map(({ y }) => -y)];
  const [left, top] = [Math.min(...xs) - margin, Math.min(...ys) - margin];
  const [width, height] = [Math.max(...xs) + margin - left, Math.max(...ys) + margin - top];
  const order = atoms.map((_, i) => i).sort((a, b) => Math.abs(atoms[b]!.share) - Math.abs(atoms[a]!.share));
  const said = order
    .slice(0, 3)
    .map((i) => `${atoms[i]!.symbol} ${i + 1} ${signed(atoms[i]!.share)}`)
    .join(", ");
  return (
    <div class="molecule">
      <svg
        viewBox={`${left} ${top} ${width} ${height}`}
        role="img"
        aria-label={`The molecule; most is added by ${said}${unit === "" ? "" : ` (${unit})`}.`}
      >
        {atoms.map(({ x, y, share }, i) => (
          <circle
            key={`${i} ${x}`}
            class={share < 0 ? "lowers" : "raises"}
            {...{ cx: x, cy: -y, r: largest * Math.sqrt(Math.abs(share) / most) }}
          />
        ))}
        {bonds.map(({ from, to, order: bond }) => (
          <Bond key={`${from} ${to}`} ends={[atoms[from]!, atoms[to]!]} order={bond} />
        ))}
        {atoms.map(({ x, y, symbol }, i) => (
          <text key={`${i} ${symbol}`} x={x} y={-y} dy="0.11">
            {symbol}
            <tspan class="place" dx="0.03">
              {i + 1}
            </tspan>
          </text>
        ))}
      </svg>
      <p class="legend">
        <span class="raises">raises the prediction</span> <span class="lowers">lowers it</span>
      </p>
      <details>
        <summary>What each atom adds, as a table</summary>
        <ScrollTable label="What each atom adds" heads={["Atom", unit === "" ? "Adds" : `Adds (${unit})`]}>
          {order.map((i) => (
            <tr key={i}>
              <th scope="row">{`${atoms[i]!.symbol} ${i + 1}`}</th>
              <td>{inUnit(signed(atoms[i]!.share), "")}</td>
            </tr>
          ))}
        </ScrollTable>
      </details>
    </div>
  );
}
