// How a figure is drawn: uPlot's options, in the colours of the page.
import uPlot from "uplot";
import { number, roundStep } from "./readings.ts";

/** Columns of numbers; what is not finite is a gap. */
export type Points = readonly (readonly number[])[];

type Range = readonly [min: number, max: number];

/** How a series is drawn. */
export type Look = "lines" | "points";

export interface PlotProps {
  /** The horizontal one first. */
  readonly columns: Points;
  readonly names: readonly string[];
  /** What runs along the horizontal and the vertical axis. */
  readonly axes: readonly [string, string];
  /** Of all series, or one each. */
  readonly kind: Look | readonly Look[];
  /** The ranges of both axes while there is nothing to draw. */
  readonly empty: readonly [Range, Range];
  readonly logarithmic?: boolean;
  /** The horizontal axis counts. */
  readonly counted?: boolean;
  /** Both axes alike, with the line on which they are equal. */
  readonly identity?: boolean;
  /** Where upright lines stand; the note says what they mean. */
  readonly marks?: readonly number[];
}

/** How the lines of a figure are told apart, besides by the order in which they are listed. */
export const strokes = [
  { ink: "--accent", dash: [] },
  { ink: "--warm", dash: [8, 5] },
  { ink: "--third", dash: [2, 4] },
  { ink: "--fourth", dash: [10, 4, 2, 4] },
  { ink: "--ink", dash: [] },
] as const;

/** How the series of that number is drawn. */
export const lookOf = ({ kind }: Pick<PlotProps, "kind">, series: number): Look =>
  typeof kind === "string" ? kind : kind[series]!;

/** One value is no line; a point shows it. */
const isSingle = ({ data }: uPlot): boolean => data[0].length === 1;

/** Columns as uPlot wants them; what is not finite leaves a gap, and an empty figure still has its axes. */
function drawn({ columns, empty, names }: PlotProps): uPlot.AlignedData {
  if (columns[0]!.length === 0) return [[...empty[0]], ...names.slice(1).map(() => [null, null])];
  const [x, ...rest] = columns;
  return [[...x!], ...rest.map((column) => column.map((value) => (Number.isFinite(value) ? value : null)))];
}

/** The smallest range of round numbers that holds every value of both columns. */
function commonRange({ columns, empty }: PlotProps): [number, number] {
  const values = columns.flat().filter(Number.isFinite);
  const ends = values.length === 0 ? empty[0] : [Math.min(...values), Math.max(...values)];
  const [least, most] = ends as Range;
  const step = roundStep((most - least) / 20 || Math.abs(most) || 1);
  const at = (count: number): number => Number((count * step).toPrecision(12));
  const [low, high] = [Math.floor(least / step), Math.ceil(most / step)];
  // A range is no point.
  return low === high ? [at(low - 1), at(high + 1)] : [at(low), at(high)];
}

/** A dashed line between two points in the units of the axes. */
function drawGuide(plot: uPlot, colour: string, from: readonly [number, number], to: readonly [number, number]): void {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(plot.valToPos(from[0], "x", true), plot.valToPos(from[1], "y", true));
  ctx.lineTo(plot.valToPos(to[0], "x", true), plot.valToPos(to[1], "y", true));
  ctx.stroke();
  ctx.restore();
}

/** The line on which both axes are equal, and the marks that are in sight. */
function drawGuides(plot: uPlot, { identity, marks = [] }: PlotProps, colour: string): void {
  const { min: left = 0, max: right = 1 } = plot.scales.x!;
  const { min: low = 0, max: high = 1 } = plot.scales.y!;
  if (identity) drawGuide(plot, colour, [left, left], [right, right]);
  for (const at of marks) if (at >= left && at <= right) drawGuide(plot, colour, [at, low], [at, high]);
}

/** The colours that the page's variables stand for now. */
function inks(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  // A canvas knows no light-dark(): a probe's colour is what the page resolved it to.
  const probe = document.body.appendChild(document.createElement("i"));
  probe.className = "probe";
  const resolved = new Map(
    ["--quiet", "--line", ...strokes.map(({ ink }) => ink)].map((name) => {
      probe.style.color = `var(${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return (name) => resolved.get(name) ?? style.color;
}

function options(props: () => PlotProps, { width, height }: Size, pointAt: (row?: number) => void): uPlot.Options {
  const { names, axes, logarithmic, identity, counted } = props();
  const ink = inks();
  const font = `12px ${getComputedStyle(document.documentElement).fontFamily}`;
  const axis: uPlot.Axis = {
    stroke: ink("--quiet"),
    grid: { stroke: ink("--line"), width: 1 },
    ticks: { show: false },
    font,
    labelFont: font,
    labelSize: 20,
    values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : number(tick))),
  };
  const common = (): [number, number] => commonRange(props());
  const upwards = (_: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax => {
    if (min === null || max === null) return [...props().empty[1]];
    return logarithmic ? uPlot.rangeLog(min, max, 10, false) : uPlot.rangeNum(min, max, 0.1, true);
  };
  /** Room for half the label of a tick at the right end. */
  const besideLast = (): number => {
    const { columns, empty } = props();
    const last = identity ? common()[1] : (columns[0]!.at(-1) ?? empty[0][1]);
    return Math.max(12, 2 + 3.5 * Math.min(8, number(last).length));
  };
  return {
    width,
    height,
    padding: [8, besideLast, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: { time: false, ...(identity && { range: common }) },
      y: { distr: logarithmic ? 3 : 1, range: identity ? common : upwards },
    },
    axes: [
      {
        ...axis,
        label: axes[0],
        size: 32,
        ...(counted && { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] }),
      },
      {
        ...axis,
        label: axes[1],
        size: (_, ticks) => 16 + 7 * Math.max(4, ...(ticks ?? []).map(({ length }) => length)),
      },
    ],
    hooks: {
      setCursor: [({ cursor }) => pointAt(cursor.idx ?? undefined)],
      draw: [(plot) => drawGuides(plot, props(), ink("--quiet"))],
    },
    series: names.map((label, i) => {
      if (i === 0) return { label };
      const { ink: name, dash } = strokes[i - 1]!;
      const stroke = ink(name);
      const line = { width: 2, dash: dash.map((length) => length * devicePixelRatio), points: { show: isSingle } };
      const dots = { paths: () => null, points: { show: true, size: 5, width: 0, fill: stroke } };
      // Without pxAlign a point lies where its value is, not on the nearest whole pixel: slopes stay straight.
      return { label, stroke, pxAlign: 0, ...(lookOf(props(), i - 1) === "lines" ? line : dots) };
    }),
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const sizeOf = ({ clientWidth, clientHeight }: HTMLElement): Size => ({ width: clientWidth, height: clientHeight });

/** A figure on the page. */
export interface Plot {
  /** Draws what the properties are now. */
  update(): void;
  remove(): void;
}

/** Draws a figure into an element, as large as it is, and again when the colours change. `pointAt`: the row under the pointer. */
export function plot(element: HTMLElement, props: () => PlotProps, pointAt: (row?: number) => void): Plot {
  const point = (row?: number): void => pointAt(props().columns[0]!.length === 0 ? undefined : row);
  const make = (): uPlot => new uPlot(options(props, sizeOf(element), point), drawn(props()), element);
  /** What uPlot takes once: what runs along the axes. */
  const fixed = (): string => props().axes.join("\n");
  let [current, made] = [make(), fixed()];
  const redraw = (): void => {
    current.destroy();
    [current, made] = [make(), fixed()];
  };
  const colours = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
  for (const query of colours) query.addEventListener("change", redraw);
  const resizing = new ResizeObserver(() => {
    const { width, height } = sizeOf(element);
    if (width !== current.width || height !== current.height) current.setSize({ width, height });
  });
  resizing.observe(element);
  return {
    update() {
      if (made === fixed()) current.setData(drawn(props()));
      else redraw();
    },
    remove() {
      resizing.disconnect();
      for (const query of colours) query.removeEventListener("change", redraw);
      current.destroy();
    },
  };
}
