// Reports: what the page contains, that it needs nothing outside itself, and that its script runs on its own.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { formatNumber, historyChart, parityCharts } from "./charts.ts";
import { drawCharts } from "./draw.ts";
import { writeReport } from "./node/write-report.ts";
import { renderReport } from "./page.ts";
import type { Report } from "./report.ts";

const report: Report = {
  title: 'Steel & <b>"bolts"</b>',
  summary: [{ label: "Parameters", value: 4929 }],
  history: {
    epochs: [1, 2, 3],
    series: [
      { label: "train", values: [2, 0.5, 0.031] },
      { label: "validation", values: [null, Number.NaN, 0.25] },
    ],
  },
  metrics: [
    { name: "RMSE (MPa)", values: { train: 1.23456, test: 2 } },
    { name: "R²", values: { test: 0.9 } },
  ],
  parity: [
    { label: "train", actual: [3, 1], predicted: [2.5, 1.5] },
    { label: "test", actual: [2], predicted: [4] },
  ],
  quantity: "strength (MPa)",
  details: [{ title: "Versions", rows: [{ label: "code", value: "</script><script>alert(1)</script>" }] }],
};
const library = { script: "var uPlot = 0;", style: ".u { }", license: "MIT -- a" };

describe("charts", () => {
  test.each([
    [[1, 0.02], true],
    [[1, 0.5], false],
    [[1, 0], false],
    [[1, -0.001], false],
    [[null, Number.NaN], false],
  ])("values %j: logarithmic %s", (values, logY) => {
    const history = { epochs: [1, 2], series: [{ label: "train", values }] };
    expect(historyChart(history).logY).toBe(logY);
  });

  test("history says where the curves end; gaps stay gaps", () => {
    const chart = historyChart(report.history!);
    expect(chart.caption).toBe("Train ends at 0.031, validation ends at 0.25. The vertical axis is logarithmic.");
    expect(chart.series[1]!.values).toEqual([null, null, 0.25]);
    expect(chart.yRange).toEqual([0.02, 2.5]);
  });

  test("parity and residuals share an ascending axis with gaps", () => {
    const [parity, residuals] = parityCharts(report.parity!, "strength");
    expect(parity).toMatchObject({
      x: [1, 2, 3],
      series: [
        { label: "train", values: [1.5, null, 2.5] },
        { label: "test", values: [null, 4, null] },
      ],
      xRange: [0.88, 4.12],
      yRange: [0.88, 4.12],
    });
    expect(residuals).toMatchObject({
      x: [1.5, 2.5, 4],
      series: [{ values: [0.5, -0.5, null] }, { values: [null, null, 2] }],
    });
  });

  test("many rows are thinned, and the caption says so; rows that are not finite are left out", () => {
    const many = Float32Array.from({ length: 10_000 }, (_, i) => (i === 5 ? Number.NaN : i));
    const [chart] = parityCharts([{ label: "train", actual: many, predicted: many }], "x");
    expect(chart!.x).toHaveLength(4000);
    expect(chart!.caption).toContain("4,000 of 10,000 rows are drawn.");
  });

  test.each([
    [1234.5678, "1,235"],
    [0.000012345, "1.234e-5"],
    [0, "0"],
    [-2.5, "-2.5"],
    [1e9, "1e+9"],
    [Number.NaN, "–"],
    [null, "–"],
  ])("%s is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test("messages", () => {
    const history = { epochs: [1], series: [{ label: "train", values: [1, 2] }] };
    expect(() => historyChart(history)).toThrow(
      'writeReport: series "train" has 2 values for 1 epochs; they must match.',
    );
    expect(() => parityCharts([{ label: "test", actual: [1], predicted: [] }], "x")).toThrow(
      'writeReport: part "test" has 1 actual and 0 predicted values; they must match.',
    );
  });
});

describe("page", () => {
  const page = renderReport(report, library);

  test("text is escaped, in HTML and inside the script", () => {
    expect(page).toContain("<h1>Steel &amp; &lt;b&gt;&quot;bolts&quot;&lt;/b&gt;</h1>");
    expect(page).not.toContain("alert(1)</script>");
    const hostile = { ...report, quantity: "</script><!--" };
    expect(renderReport(hostile, library).match(/<\/script>/g)).toHaveLength(2);
  });

  test("loads nothing", () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/\b(src|href)=|@import|url\(/);
  });

  test("metrics by part, with a dash where there is none", () => {
    expect(page).toContain('<th scope="row">RMSE (MPa)</th><td class="number">1.235</td><td class="number">2</td>');
    expect(page).toContain('<th scope="row">R²</th><td class="number">–</td><td class="number">0.9</td>');
  });

  test("tables say what the plots show", () => {
    expect(page).toContain('<th scope="row">3</th><td class="number">0.031</td><td class="number">0.25</td>');
    expect(page).toContain(
      '<th scope="row">test</th><td class="number">2</td><td class="number">4</td><td class="number">2</td>',
    );
  });

  test("classification has no parity plot", () => {
    const { parity: _, ...rest } = report;
    const plain = renderReport(rest, library);
    expect(plain).not.toContain('id="parity"');
    expect(plain).toContain('id="history"');
  });

  test("classes have a table of what was taken for what, and warnings are listed", () => {
    const counts = array(Int32Array.of(8, 2, 0, 1, 3, 0, 0, 0, 0), { shape: [3, 3] });
    const confusion = [{ label: "test", classes: ["ok", "<crack>", "pore"], counts }];
    const listed = renderReport({ ...report, confusion, warnings: ['t.csv: the text in "a<b" is not used.'] }, library);
    const cells = (...texts: string[]) => texts.map((text) => `<td class="number">${text}</td>`).join("");
    expect(listed).toContain('<th scope="col" class="number">&lt;crack&gt;</th>');
    expect(listed).toContain(`<th scope="row">&lt;crack&gt;</th>${cells("1", "3", "0", "0.75")}`);
    expect(listed).toContain(`<th scope="row">pore</th>${cells("0", "0", "0", "–")}`);
    expect(listed).toContain(`<th scope="row">precision</th>${cells("0.8889", "0.6", "–", "")}`);
    expect(listed).toContain("<li>t.csv: the text in &quot;a&lt;b&quot; is not used.</li>");
    expect(page).not.toContain('id="warnings"');
    expect(() => renderReport({ ...report, confusion: [{ ...confusion[0]!, classes: ["ok"] }] }, library)).toThrow(
      'writeReport: part "test" has counts i32[3, 3] for 1 classes; there is one for each pair, [1, 1].',
    );
  });

  test("other curves are drawn and listed; a report needs no training", () => {
    const { history: _, parity: __, ...rest } = report;
    const chart = { title: "Sine", caption: "It waves.", xLabel: "t (s)", yLabel: "u (mm)", x: [0, 0.1 + 0.2] };
    const charts = [{ ...chart, series: [{ label: "u", values: [0, Number.NaN] }] }];
    const plain = renderReport({ ...rest, charts }, library);
    expect(plain).toContain('<h2 id="chart-1-title">Sine</h2>');
    expect(plain).toContain('<th scope="col">t (s)</th><th scope="col" class="number">u</th>');
    expect(plain).toContain('<th scope="row">0.3</th><td class="number">–</td>');
    expect(plain).not.toContain('id="history"');
    const series = [{ label: "u", values: [0] }];
    expect(() => renderReport({ ...rest, charts: [{ ...chart, series }] }, library)).toThrow(
      'writeReport: series "u" has 1 values for 2 values of x; they must match.',
    );
  });

  test("long histories are thinned to 200 rows and keep the last epoch", () => {
    const epochs = Array.from({ length: 1000 }, (_, i) => i + 1);
    const long = renderReport(
      { ...report, history: { epochs, series: [{ label: "train", values: epochs }] } },
      library,
    );
    expect(long).toContain("(one row in 5)");
    expect(long).toContain('<th scope="row">1000</th>');
    expect(long).not.toContain('<th scope="row">2</th>');
  });
});

test("the drawing function refers to nothing outside itself and browser globals", () => {
  const plots: unknown[][] = [];
  const element = () => ({
    clientWidth: 600,
    addEventListener: () => {},
    querySelector: element,
    querySelectorAll: () => [],
  });
  const browser = {
    document: { documentElement: {}, getElementById: element },
    getComputedStyle: () => ({ getPropertyValue: () => " #123456" }),
    matchMedia: element,
    ResizeObserver: class {
      observe() {}
    },
    Plot: class {
      constructor(...given: unknown[]) {
        plots.push(given);
      }
    },
    charts: [historyChart(report.history!), ...parityCharts(report.parity!, "strength")],
  };
  runInNewContext(`(${String(drawCharts)})(Plot, charts)`, browser);
  expect(plots.map(([options]) => (options as { width: number; height: number }).height)).toEqual([330, 480, 384]);
  expect(plots[0]![1]).toEqual([
    [1, 2, 3],
    [2, 0.5, 0.031],
    [null, null, 0.25],
  ]);
});

test("every text is escaped wherever it stands, and parts may be named as anything", () => {
  const text = `</script><!--<img src=x onerror="alert(1)">'&`;
  const page = renderReport(
    {
      title: text,
      summary: [{ label: text, value: text }],
      history: { epochs: [1], series: [{ label: text, values: [1] }] },
      metrics: [
        { name: text, values: { constructor: 1, [text]: 2 } as Record<string, number> },
        { name: "other", values: { test: 3 } },
      ],
      charts: [
        { title: text, caption: text, xLabel: text, yLabel: text, x: [1], series: [{ label: text, values: [1] }] },
      ],
      parity: [{ label: text, actual: [1], predicted: [1] }],
      quantity: text,
      confusion: [{ label: text, classes: [text], counts: array([[1]]) }],
      warnings: [text],
      details: [{ title: text, rows: [{ label: text, value: text }] }],
    },
    library,
  );
  expect(page).not.toContain("<img");
  expect(page.match(/<\/script>/g)).toHaveLength(2);
  expect(page.match(/<!--/g)).toHaveLength(1);
  expect(page).toContain('<th scope="row">other</th><td class="number">–</td>');
});

test("the file contains the plotting library with its notice", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hooke-"));
  try {
    await writeReport(join(folder, "report.html"), report);
    const page = await readFile(join(folder, "report.html"), "utf8");
    expect(page).toContain("https://github.com/leeoniya/uPlot");
    expect(page).toContain("Copyright (c) 2022 Leon Sorokin");
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page.length).toBeLessThan(80_000);
    expect(await readdir(folder)).toEqual(["report.html"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
