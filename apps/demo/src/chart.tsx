// A figure: curves or points drawn by uPlot, and the same numbers as a table for those who do not see them.
import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Points } from "./messages.ts";

export interface ChartProps {
  readonly title: string;
  readonly note: string;
  /** Names of the columns, the horizontal one first. */
  readonly names: readonly string[];
  readonly columns: Points;
  readonly kind: "lines" | "points";
  readonly logarithmic?: boolean;
  readonly wide?: boolean;
}

const inks = ["--accent", "--warm", "--third"];

function optionsOf({ names, kind, logarithmic }: ChartProps, width: number): uPlot.Options {
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
  };
  const options: uPlot.Options = {
    width,
    height: 260,
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false }, ...(logarithmic ? { y: { distr: 3 as const } } : {}) },
    axes: [axis, { ...axis, size: 56 }],
    series: names.map((label, i) =>
      i === 0
        ? { label }
        : {
            label,
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
  const { title, note, names, columns, wide } = props;
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
        optionsOf(props, element.clientWidth),
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
