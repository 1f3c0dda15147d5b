// A figure with its caption and legend, and the same numbers as a table for those who do not see it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lookOf, type Plot, type PlotProps, plot, strokes } from "./plot.ts";
import { number } from "./readings.ts";

export interface ChartProps extends PlotProps {
  readonly title: string;
  readonly note: string;
  /** The figure in a sentence; empty while there is nothing to say. */
  readonly summary: string;
  readonly wide?: boolean;
  /** Beside the title: what the figure is chosen by. */
  readonly children?: ComponentChildren;
}

/** What each line looks like: in its dashes too, for those to whom the colours look alike. */
function Legend(props: Pick<PlotProps, "names" | "kind">) {
  return (
    <ul class="legend">
      {props.names.slice(1).map((name, i) => (
        <li key={name}>
          <svg width="28" height="6" aria-hidden="true" style={{ color: `var(${strokes[i]!.ink})` }}>
            {lookOf(props, i) === "points" ? (
              <circle {...{ cx: 14, cy: 3, r: 3 }} fill="currentColor" />
            ) : (
              <line
                {...{ x1: 0, x2: 28, y1: 3, y2: 3 }}
                stroke="currentColor"
                stroke-width="2"
                stroke-dasharray={strokes[i]!.dash.join(" ")}
              />
            )}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

/** At most some ten rows of the columns, the last one included. */
function Table({ names, columns }: PlotProps) {
  const every = Math.max(1, Math.ceil(columns[0]!.length / 10));
  const rows = columns[0]!.map((_, i) => i).filter((i) => i % every === 0 || i === columns[0]!.length - 1);
  return (
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
              <td key={names[i]}>{Number.isFinite(column[row]) ? number(column[row]!) : "–"}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Chart(props: ChartProps) {
  const { title, note, summary, names, axes, columns, empty, wide, marks = [], children } = props;
  const latest = useRef(props);
  latest.current = props;
  const place = useRef<HTMLDivElement>(null);
  const figure = useRef<Plot>(undefined);
  const [pointed, setPointed] = useState<number>();
  // A closed table is left out: rewriting it at every report would cost more than the drawing.
  const [open, setOpen] = useState(false);

  useEffect(() => {
    figure.current = plot(place.current!, () => latest.current, setPointed);
    return () => figure.current!.remove();
  }, []);
  useEffect(() => figure.current!.update(), [columns, ...empty.flat(), ...axes, marks.join()]);

  const [across, ...rest] = columns.map((column) => (pointed === undefined ? undefined : column[pointed]));
  const values = rest.flatMap((value, i) => (Number.isFinite(value) ? [`${names[i + 1]} ${number(value!)}`] : []));
  const reading = across === undefined ? summary : `${names[0]} ${number(across)}: ${values.join(", ")}.`;
  return (
    <figure class={wide ? "wide" : ""}>
      <figcaption>
        <div class="title">
          <h2>{title}</h2>
          {children}
        </div>
        <p>{note}</p>
        <p class="summary">{reading}</p>
      </figcaption>
      <div class="plot">
        <div ref={place} aria-hidden="true" />
        {columns[0]!.length === 0 && <p class="empty">Nothing yet: press Start.</p>}
      </div>
      {names.length > 2 && <Legend {...props} />}
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{title} as a table</summary>
        {open && <Table {...props} />}
      </details>
    </figure>
  );
}
