// Runs in the reader's browser: draws curves and points with uPlot. Pages contain this function's source text, so that it must
// not refer to anything outside itself.
import type uPlot from "uplot";
import type { DrawingKit, Drawn } from "../figure.ts";
import type { Plot } from "../figures/plot.ts";

/**
 * Draws into the figure's `.plot`, makes its legend buttons switch series, and reads the values under the pointer or at the
 * point chosen with the arrow keys.
 */
export function drawPlot(figure: HTMLElement, given: Plot, kit: DrawingKit): Drawn<Plot> {
  let data = given;
  const { guide, xLabel, yLabel } = data;
  const { color, format } = kit;
  const target = figure.querySelector<HTMLElement>(".plot")!;
  const buttons = [...figure.querySelectorAll<HTMLButtonElement>(".legend button")];
  const points = data.look === "points";
  const font = "12px system-ui, sans-serif";

  const drawGuide = (plot: uPlot): void => {
    const { ctx, bbox } = plot;
    const at = (value: number, scale: "x" | "y"): number => plot.valToPos(value, scale, true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.beginPath();
    if (guide === "identity") {
      const [low, high] = data.xRange!;
      ctx.moveTo(at(low, "x"), at(low, "y"));
      ctx.lineTo(at(high, "x"), at(high, "y"));
    } else {
      ctx.moveTo(bbox.left, at(0, "y"));
      ctx.lineTo(bbox.left + bbox.width, at(0, "y"));
    }
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.strokeStyle = color("--muted");
    ctx.stroke();
    ctx.restore();
  };

  const size = (): { width: number; height: number } => {
    const width = target.clientWidth;
    // Equal ranges on both axes want a square.
    const height = points ? Math.min(width, 480) * (guide === "identity" ? 1 : 0.8) : width * 0.55;
    return { width, height: Math.round(points ? height : Math.min(360, Math.max(240, height))) };
  };

  const readValues = (plot: uPlot): void => {
    const index = plot.cursor.idx;
    if (index === null || index === undefined) return;
    const values = data.series.flatMap(({ label, values }, i) => {
      const value = values[index];
      return value === null || value === undefined || !plot.series[i + 1]!.show ? [] : [`${label} ${format(value)}`];
    });
    if (values.length > 0) kit.read(`${xLabel} ${format(data.x[index]!, 7)}: ${values.join(", ")}`);
  };

  const seriesOptions = data.series.map(({ label }, index): uPlot.Series => {
    const stroke = color(`--series-${(index % 4) + 1}`);
    const common = { label, stroke, show: buttons[index]!.getAttribute("aria-pressed") === "true" };
    if (!points) {
      const dash = index % 2 === 1 ? { dash: [8, 3] } : {};
      return { ...common, width: 2, points: { show: () => data.x.length < 3 }, spanGaps: true, ...dash };
    }
    // Later parts lie on top of earlier, paler ones.
    const fill = index === data.series.length - 1 ? stroke : `${stroke}80`;
    // A few points are seen as well as many.
    const dot = data.x.length < 100 ? 8 : 5;
    return { ...common, paths: () => null, points: { show: true, size: dot, width: 0, fill, stroke: fill } };
  });

  const fixed = (name: "xRange" | "yRange") =>
    data[name] && { range: (): [number, number] => [data[name]![0], data[name]![1]] };
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--grid"), width: 1 },
    ticks: { stroke: color("--grid") },
    font,
    labelFont: font,
    labelSize: 22,
  };
  /** Room for half the label of a tick at the right end. */
  const besideLast = (): number => {
    const last = data.xRange?.[1] ?? data.x.at(-1) ?? 0;
    return Math.max(12, 2 + 3.5 * Math.min(8, format(last, 7).length));
  };
  const options: uPlot.Options = {
    ...size(),
    padding: [8, besideLast, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: !points, y: false }, points: { show: true, size: 9 } },
    scales: {
      x: { time: false, ...fixed("xRange") },
      y: { distr: data.logarithmic ? 3 : 1, ...fixed("yRange") },
    },
    axes: [
      { ...axis, label: xLabel, size: 30, labelSize: 18 },
      {
        ...axis,
        label: yLabel,
        values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : format(tick, 7))),
        size: (_, ticks) => 24 + 7 * Math.max(2, ...(ticks ?? []).map((tick) => tick.length)),
      },
    ],
    series: [{}, ...seriesOptions],
    hooks: { drawAxes: guide ? [drawGuide] : [], setCursor: [readValues] },
  };
  const columns = (): uPlot.AlignedData =>
    [data.x, ...data.series.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const plot = new kit.Plot(options, columns(), target);

  const onKey = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const { x, series } = data;
    const last = x.length - 1;
    const index = Math.max(0, Math.min(last, (plot.cursor.idx ?? (move > 0 ? -1 : last + 1)) + move));
    const first = series.findIndex(({ values }) => typeof values[index] === "number");
    const top = first < 0 ? 0 : plot.valToPos(series[first]!.values[index]!, "y");
    plot.setCursor({ left: plot.valToPos(x[index]!, "x"), top });
  };
  const onPress = buttons.map((button, index) => () => {
    const show = !plot.series[index + 1]!.show;
    button.setAttribute("aria-pressed", String(show));
    plot.setSeries(index + 1, { show });
  });
  target.addEventListener("keydown", onKey);
  buttons.forEach((button, index) => void button.addEventListener("click", onPress[index]!));
  const observer = new ResizeObserver(() => {
    const next = size();
    if (next.width !== plot.width) plot.setSize(next);
  });
  observer.observe(target);
  /** What the plot was made for, which new values do not change. */
  const made = ({ x: _, series, xRange, yRange, ...look }: Plot): string =>
    JSON.stringify([look, series.map(({ label }) => label), !xRange, !yRange]);
  return {
    update(next) {
      if (made(next) !== made(data)) return false;
      const { min, max } = plot.scales.x!;
      const zoomed = !data.xRange && data.x.length > 1 && (min !== data.x[0] || max !== data.x.at(-1));
      data = next;
      plot.setData(columns(), !zoomed);
      if (zoomed) plot.setScale("x", { min: min!, max: max! });
      kit.read("");
      readValues(plot);
      return true;
    },
    remove() {
      observer.disconnect();
      target.removeEventListener("keydown", onKey);
      buttons.forEach((button, index) => void button.removeEventListener("click", onPress[index]!));
      plot.destroy();
    },
  };
}
