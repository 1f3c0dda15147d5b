// Reports: what the page contains, that it needs nothing outside itself, and what is refused.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, checks } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { defineFigure } from "./define-figure.ts";
import type { FigureText } from "./figure.ts";
import { html } from "./html.ts";
import { writeReport } from "./node/write-report.ts";
import { formatNumber, ticksWithin } from "./numbers.ts";
import { renderReport } from "./page.ts";
import { figuresOf, type Report } from "./report.ts";
import { samples } from "./samples.fixture.ts";

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
const library = { script: "var uPlot = 0;", license: "MIT -- a" };

test.each([
  [[1, 0.02], true],
  [[1, 0.5], false],
  [[1, 0], false],
  [[1, -0.001], false],
  [[null, Number.NaN], false],
])("losses %j: logarithmic %s", (values, logarithmic) => {
  const history = { epochs: [1, 2], series: [{ label: "train", values }] };
  expect(figuresOf({ title: "", history })).toMatchObject([{ logarithmic }]);
});

describe("numbers", () => {
  test.each([
    [1234.5678, "1,235"],
    [0.000012345, "1.234e-5"],
    [0, "0"],
    [-2.5, "-2.5"],
    [1e9, "1e+9"],
    [Number.NaN, "–"],
    [null, "–"],
  ])("%s is written %s", (value, text) => expect(formatNumber(value)).toBe(text));

  test.each([
    [0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    [293, 451, ["300", "350", "400", "450"]],
    [-0.03, 0.05, ["-0.02", "0", "0.02", "0.04"]],
    [1e-7, 4e-7, ["1e-7", "2e-7", "3e-7", "4e-7"]],
    [2e9, 2.0004e9, ["2.0000e+9", "2.0001e+9", "2.0002e+9", "2.0003e+9", "2.0004e+9"]],
  ])("ticks from %s to %s", (low, high, labels) => {
    expect(ticksWithin(low, high).map(({ label }) => label)).toEqual(labels);
  });
});

describe("page", async () => {
  const page = await renderReport(report, library);

  test("text is escaped, in HTML and inside the script", async () => {
    expect(page).toContain("<h1>Steel &amp; &lt;b&gt;&quot;bolts&quot;&lt;/b&gt;</h1>");
    expect(page).not.toContain("alert(1)</script>");
    const hostile = { ...report, quantity: "</script><!--" };
    expect((await renderReport(hostile, library)).match(/<\/script>/g)).toHaveLength(2);
  });

  test("a fact that is a sentence has a line of its own", async () => {
    const sentence = "Use ridge: no other method is clearly better on rows held back.";
    const summary = [
      { label: "Advice", value: sentence },
      { label: "Rows", value: 12 },
    ];
    const facts = await renderReport({ ...report, summary }, library);
    expect(facts).toContain(`<div class="long"><dt>Advice</dt><dd>${sentence}</dd></div>`);
    expect(facts).toContain("<div><dt>Rows</dt><dd>12</dd></div>");
  });

  test("loads nothing", async () => {
    const all = await renderReport({ ...report, figures: Object.values(samples) }, library);
    expect(all).toContain("default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:");
    expect(all).not.toMatch(/\b(src|href)="(?!data:image\/png;base64,)|@import|url\(/);
  });

  test("metrics by part, with a dash where there is none", () => {
    const row = (name: string, ...cells: string[]) =>
      `<th scope="row">${name}</th>${cells.map((cell) => `<td class="number">${cell}</td>`).join("")}`;
    const text = page.replaceAll(/ style="--missing:[^"]*"/g, "");
    expect(text).toContain(row("RMSE (MPa)", "1.235", "2"));
    expect(text).toContain(row("R²", "–", "0.9"));
  });

  test("history says where the curves end, warnings are listed, what is not there has no heading", async () => {
    expect(page).toContain("Train ends at 0.031, validation ends at 0.25. The vertical axis is logarithmic.");
    expect(page).not.toContain("Worth a look");
    const warnings = ['t.csv: the text in "a<b" is not used.'];
    expect(await renderReport({ title: "T", warnings })).toContain(
      "<li>t.csv: the text in &quot;a&lt;b&quot; is not used.</li>",
    );
  });

  test("the library and scripts are there only for what uses them", async () => {
    const { bars, fieldMap } = samples;
    expect(await renderReport({ title: "T", figures: [bars] })).not.toContain("<script>");
    const map = await renderReport({ title: "T", figures: [fieldMap] });
    expect(map.match(/<script>/g)).toHaveLength(1);
    await expect(renderReport(report)).rejects.toThrow(
      "renderReport: a figure plots, and there is no plotting library; pass",
    );
  });
});

test("a kind from outside renders and draws, its method's text in the page", async () => {
  interface Verdict extends FigureText {
    readonly passed: boolean;
  }
  const verdict = defineFigure<Verdict, string>({
    options: { required: { passed: checks.flag } },
    render: ({ passed }) => ({
      alternative: "a verdict",
      body: html`<p>${passed ? "<yes>" : "no"}</p>`,
      data: "</script>",
    }),
    draw(figure, data) {
      figure.title = `${data}</script><!--`;
      return { remove() {} };
    },
  });
  const figure = verdict({ title: "V", caption: "C.", passed: true });
  const page = await renderReport({ title: "T", figures: [figure, figure] });
  expect(page).toContain("<p>&lt;yes&gt;</p>");
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/function draw\(figure, data\)/g)).toHaveLength(1);
  const wrong = verdict({ title: "V", caption: "C.", passed: 1 as unknown as boolean });
  await expect(renderReport({ title: "T", figures: [wrong] })).rejects.toThrow(
    'figure "V": option "passed" is 1; expected true or false.',
  );
});

test("every text is escaped wherever it stands, and parts may be named as anything", async () => {
  const text = `</script><!--<img src=x onerror="alert(1)">'&`;
  const page = await renderReport(
    {
      title: text,
      summary: [{ label: text, value: text }],
      history: { epochs: [1], series: [{ label: text, values: [1] }] },
      metrics: [
        { name: text, values: { constructor: 1, [text]: 2 } as Record<string, number> },
        { name: "other", values: { test: 3 } },
      ],
      figures: [
        {
          kind: "curves",
          title: text,
          caption: text,
          xLabel: text,
          yLabel: text,
          x: [1],
          series: [{ label: text, values: [1] }],
        },
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
    expect(page.length).toBeLessThan(90_000);
    expect(await readdir(folder)).toEqual(["report.html"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
