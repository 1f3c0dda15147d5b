// A figure: curves or points drawn by uPlot, and the same numbers as a table for those who do not see them.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Points } from "./messages.ts";

export interface ChartProps {
  readonly title: string;
  readonly note: string;
  /** Names of the columns, the horizontal one first. */
  readonly names: readonly string[];
  /** What runs along the horizontal and the vertical axis. */
  readonly axes: readonly [string, string];
  /** The figure in a sentence; empty while there is nothing to say. */
  readonly summary: string;
  readonly columns: Points;
  readonly kind: "lines" | "points";
  readonly logarithmic?: boolean;
  readonly wide?: boolean;
  /** The horizontal axis counts. */
  readonly counted?: boolean;
  /** Both axes alike, with the line on which they are equal. */
  readonly identity?: boolean;
}

const inks = ["--accent", "--warm", "--third"];

/** The smallest range that holds every value of both columns. */
function commonRange(columns: Points): [number, number] {
  const values = columns.flat();
  if (values.length === 0) return [-1, 1];
  return [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
}

/** A value of the legend, which is empty while nothing is pointed at. */
const shown = (_: uPlot, value: number | null): string => (value === null ? "" : String(Number(value.toPrecision(4))));

function drawIdentity(plot: uPlot, colour: string): void {
  const { min = 0, max = 1 } = plot.scales.x!;
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(plot.valToPos(min, "x", true), plot.valToPos(min, "y", true));
  ctx.lineTo(plot.valToPos(max, "x", true), plot.valToPos(max, "y", true));
  ctx.stroke();
  ctx.restore();
}

function optionsOf(
  { names, axes, kind, logarithmic, identity, counted }: ChartProps,
  width: number,
  columns: () => Points,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  // A canvas knows no light-dark(): a probe's colour is what the page resolved it to.
  const probe = document.body.appendChild(document.createElement("i"));
  const ink = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const axis = {
    stroke: ink("--quiet"),
    grid: { stroke: ink("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
    labelFont: `12px ${style.fontFamily}`,
    labelSize: 20,
  };
  const quiet = ink("--quiet");
  const range = (): [number, number] => commonRange(columns());
  const options: uPlot.Options = {
    width,
    height: 260,
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, ...(identity && { range }) },
      y: { ...(logarithmic && { distr: 3 as const }), ...(identity && { range }) },
    },
    axes: [
      { ...axis, label: axes[0], size: 32, ...(counted && { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] }) },
      { ...axis, label: axes[1], size: 48 },
    ],
    ...(identity && { hooks: { draw: [(plot: uPlot) => drawIdentity(plot, quiet)] } }),
    series: names.map((label, i) =>
      i === 0
        ? { label, value: shown }
        : {
            label,
            value: shown,
            stroke: ink(inks[i - 1]!),
            width: kind === "lines" ? 2 : 0,
            ...(kind === "lines" ? { dash: [[], [8, 5], [2, 4]][i - 1]! } : { paths: () => null }),
            points: { show: kind === "points", size: 5, fill: ink(inks[i - 1]!) },
          },
    ),
  };
  probe.remove();
  return options;
}

export function Chart(props: ChartProps) {
  const { title, note, summary, names, columns, wide } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(columns);
  latest.current = columns;

  useEffect(() => {
    const element = place.current!;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsOf(props, element.clientWidth, () => latest.current),
        latest.current.map((column) => [...column]) as uPlot.AlignedData,
        element,
      );
    };
    draw();
    const resizing = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: 260 }));
    resizing.observe(element);
    dark.addEventListener("change", draw);
    return () => {
      resizing.disconnect();
      dark.removeEventListener("change", draw);
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(columns.map((column) => [...column]) as uPlot.AlignedData), [columns]);

  // A closed table is left out: rewriting it at every report would cost more than the drawing.
  const [open, setOpen] = useState(false);
  const across = open ? columns[0]! : [];
  const every = Math.max(1, Math.ceil(across.length / 10));
  const rows = across.map((_, i) => i).filter((i) => i % every === 0 || i === across.length - 1);
  return (
    <figure class={wide ? "wide" : ""}>
      <figcaption>
        <h2>{title}</h2>
        <p>{note}</p>
        <p class="summary">{summary || (columns[0]!.length === 0 ? "Press Start to see it grow." : "")}</p>
      </figcaption>
      <div ref={place} aria-hidden="true" />
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{title} as a table</summary>
        <table>
          <thead>
            <tr>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row}>
                {columns.map((column, i) => (
                  <td key={names[i]}>{Number(column[row]!.toPrecision(4))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
