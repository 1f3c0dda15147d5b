// Runs in the reader's browser: draws the charts of a report with uPlot. The page contains this function's source text, so it
// must not refer to anything outside itself.
import type uPlot from "uplot";
import type { Chart } from "./charts.ts";

/**
 * Draws each chart into the element `#id .plot`, makes its legend buttons switch series, and shows the values under the
 * pointer, or at the point chosen with the arrow keys, in `#id .readout`.
 */
export function drawCharts(Plot: typeof uPlot, charts: readonly Chart[]): void {
  const color = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const format = (value: number): string => String(Number(value.toPrecision(4)));
  const hidden = new Map<string, boolean>();

  const guideHook = (chart: Chart) => (plot: uPlot) => {
    const { ctx, bbox } = plot;
    const at = (value: number, scale: "x" | "y"): number => plot.valToPos(value, scale, true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.beginPath();
    if (chart.guide === "identity") {
      const [low, high] = chart.xRange!;
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

  const draw = (chart: Chart): (() => void) => {
    const figure = document.getElementById(chart.id)!;
    const target = figure.querySelector<HTMLElement>(".plot")!;
    const readout = figure.querySelector<HTMLElement>(".readout")!;
    const scatter = chart.kind === "scatter";
    const size = () => {
      const width = target.clientWidth;
      // Equal ranges on both axes want a square.
      const height = scatter ? Math.min(width, 480) * (chart.guide === "identity" ? 1 : 0.8) : width * 0.55;
      return { width, height: Math.round(scatter ? height : Math.min(360, Math.max(240, height))) };
    };
    const axis = {
      stroke: color("--muted"),
      grid: { stroke: color("--grid"), width: 1 },
      ticks: { stroke: color("--grid") },
    };
    const font = "12px system-ui, sans-serif";
    const fixed = (range: readonly [number, number] | undefined) =>
      range && { range: [range[0], range[1]] as [number, number] };
    const options: uPlot.Options = {
      ...size(),
      padding: [8, 12, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: !scatter, y: false }, points: { show: true, size: 9 } },
      scales: {
        x: { time: false, ...fixed(chart.xRange) },
        y: { distr: chart.logY ? 3 : 1, ...fixed(chart.yRange) },
      },
      axes: [
        { ...axis, label: chart.xLabel, font, labelFont: font, labelSize: 22, size: 32 },
        {
          ...axis,
          label: chart.yLabel,
          font,
          labelFont: font,
          labelSize: 22,
          values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : format(tick))),
          size: (_, ticks) => 24 + 7 * Math.max(2, ...(ticks ?? []).map((tick) => tick.length)),
        },
      ],
      series: [
        {},
        ...chart.series.map(({ label }, index): uPlot.Series => {
          const stroke = color(`--series-${(index % 4) + 1}`);
          const common = { label, stroke, show: !hidden.get(`${chart.id} ${label}`) };
          if (!scatter) {
            return {
              ...common,
              width: 2,
              points: { show: chart.x.length < 3 },
              spanGaps: true,
              ...(index % 2 === 1 && { dash: [8, 3] }),
            };
          }
          // Later parts lie on top of earlier, paler ones.
          const fill = index === chart.series.length - 1 ? stroke : `${stroke}80`;
          return { ...common, paths: () => null, points: { show: true, size: 5, width: 0, fill, stroke: fill } };
        }),
      ],
      hooks: {
        drawAxes: chart.guide ? [guideHook(chart)] : [],
        setCursor: [
          (plot) => {
            const index = plot.cursor.idx;
            if (index === null || index === undefined) return;
            const values = chart.series.flatMap(({ label, values }, i) => {
              const value = values[index];
              return value === null || value === undefined || !plot.series[i + 1]!.show
                ? []
                : [`${label} ${format(value)}`];
            });
            if (values.length > 0)
              readout.textContent = `${chart.xLabel} ${format(chart.x[index]!)}: ${values.join(", ")}`;
          },
        ],
      },
    };
    const data = [chart.x, ...chart.series.map(({ values }) => values)] as uPlot.AlignedData;
    const plot = new Plot(options, data, target);

    const onKey = (event: KeyboardEvent): void => {
      const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
      const move = moves[event.key];
      if (move === undefined) return;
      event.preventDefault();
      const last = chart.x.length - 1;
      const index = Math.max(0, Math.min(last, (plot.cursor.idx ?? (move > 0 ? -1 : last + 1)) + move));
      const first = chart.series.findIndex(({ values }) => typeof values[index] === "number");
      const top = first < 0 ? 0 : plot.valToPos(chart.series[first]!.values[index]!, "y");
      plot.setCursor({ left: plot.valToPos(chart.x[index]!, "x"), top });
    };
    const buttons = [...figure.querySelectorAll<HTMLButtonElement>(".legend button")];
    const onPress = buttons.map((button, index) => () => {
      const show = !plot.series[index + 1]!.show;
      hidden.set(`${chart.id} ${chart.series[index]!.label}`, !show);
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
  };

  let drawn = charts.map(draw);
  // Colours are read when drawing: draw again when the reader switches between light and dark.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const remove of drawn) remove();
    drawn = charts.map(draw);
  });
}
