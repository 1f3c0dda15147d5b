// Runs in the reader's browser: draws curves and points with uPlot. Pages contain this function's source text, so that it must
// not refer to anything outside itself.
import type uPlot from "uplot";
import type { DrawingKit } from "../figure.ts";
import type { Plot } from "../figures/plot.ts";

/**
 * Draws into the figure's `.plot`, makes its legend buttons switch series, and reads the values under the pointer or at the
 * point chosen with the arrow keys.
 */
export function drawPlot(figure: HTMLElement, data: Plot, kit: DrawingKit): () => void {
  const { x, series, guide, xRange, yRange, xLabel, yLabel } = data;
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
      const [low, high] = xRange!;
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
    const values = series.flatMap(({ label, values }, i) => {
      const value = values[index];
      return value === null || value === undefined || !plot.series[i + 1]!.show ? [] : [`${label} ${format(value)}`];
    });
    if (values.length > 0) kit.read(`${xLabel} ${format(x[index]!, 7)}: ${values.join(", ")}`);
  };

  const seriesOptions = series.map(({ label }, index): uPlot.Series => {
    const stroke = color(`--series-${(index % 4) + 1}`);
    const common = { label, stroke, show: buttons[index]!.getAttribute("aria-pressed") === "true" };
    if (!points) {
      const dash = index % 2 === 1 ? { dash: [8, 3] } : {};
      return { ...common, width: 2, points: { show: x.length < 3 }, spanGaps: true, ...dash };
    }
    // Later parts lie on top of earlier, paler ones.
    const fill = index === series.length - 1 ? stroke : `${stroke}80`;
    return { ...common, paths: () => null, points: { show: true, size: 5, width: 0, fill, stroke: fill } };
  });

  const fixed = (range: readonly [number, number] | undefined) =>
    range && { range: [range[0], range[1]] as [number, number] };
  const axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--grid"), width: 1 },
    ticks: { stroke: color("--grid") },
    font,
    labelFont: font,
    labelSize: 22,
  };
  const options: uPlot.Options = {
    ...size(),
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: !points, y: false }, points: { show: true, size: 9 } },
    scales: {
      x: { time: false, ...fixed(xRange) },
      y: { distr: data.logarithmic ? 3 : 1, ...fixed(yRange) },
    },
    axes: [
      { ...axis, label: xLabel, size: 32 },
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
  const plot = new kit.Plot(options, [x, ...series.map(({ values }) => values)] as uPlot.AlignedData, target);

  const onKey = (event: KeyboardEvent): void => {
    const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
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
  return () => {
    observer.disconnect();
    target.removeEventListener("keydown", onKey);
    buttons.forEach((button, index) => void button.removeEventListener("click", onPress[index]!));
    plot.destroy();
  };
}
