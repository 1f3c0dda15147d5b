// Every kind of figures: what it says in words, what it shows without scripts, and that its drawing needs nothing from outside.
import { runInNewContext } from "node:vm";
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { type Draw, startDrawing } from "../drawing/start-drawing.ts";
import { type Figure, type KnownFigure, kinds } from "../kinds.ts";
import { colorAt } from "../maps/color-scale.ts";
import { sourceOf } from "../page.ts";
import { renderFigure } from "../render-figure.ts";
import { samples, scattered } from "../samples.fixture.ts";
import { curvesPlot } from "./curves.ts";

const render = async (figure: Figure) => {
  const { markup, drawing } = await renderFigure(figure, 0, 2);
  const text = markup.markup;
  return { text, drawing, alternative: /<figure [^>]*aria-label="([^"]*)"/.exec(text)![1]! };
};
// biome-ignore lint/suspicious/noExplicitAny: what a kind draws from is its own affair
const dataOf = async (figure: Figure): Promise<any> => (await render(figure)).drawing!.data;
const unaligned = (text: string) => text.replaceAll(/ style="--missing:[^"]*"/g, "");
const numbers = (...texts: string[]) => texts.map((text) => `<td class="number">${text}</td>`).join("");

test.each(Object.values(samples))("$kind: a heading, a caption, words for those who do not see it", async (figure) => {
  const { text, alternative } = await render(figure);
  expect(text).toContain(`<h2>${figure.title}</h2>`);
  expect(text).toContain(`<figcaption>${figure.caption}`);
  expect(alternative.length).toBeGreaterThan(20);
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

test.each([...Object.values(samples), scattered].filter(({ kind }) => kinds[kind].draw))(
  "$kind, $title: its drawing refers to nothing outside itself and browser globals",
  async (figure) => {
    const { drawing } = await render(figure);
    const plots: unknown[] = [];
    const read: unknown[] = [];
    const listeners = new Map<string, (event: unknown) => void>();
    const element = {
      clientWidth: 600,
      style: {},
      getAttribute: () => "true",
      setAttribute: () => {},
      addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
      removeEventListener: (name: string) => listeners.delete(name),
      getBoundingClientRect: () => ({ left: 0, top: 0, width: 100, height: 100 }),
      closest: () => element,
      querySelector: () => element,
      querySelectorAll: () => [element, element],
      set textContent(text: string) {
        read.push(text);
      },
    };
    const page = {
      document: element,
      getComputedStyle: () => ({ getPropertyValue: () => " #123456" }),
      matchMedia: () => element,
      atob,
      ResizeObserver: class {
        observe() {}
        disconnect() {}
      },
      Plot: class {
        cursor = {};
        constructor(...given: unknown[]) {
          plots.push(given);
        }
        valToPos() {
          return 0;
        }
        setCursor() {}
        destroy() {}
      },
      drawings: [[0, 0, drawing!.data]],
    };
    const [start, draw] = [startDrawing, drawing!.draw].map(sourceOf);
    const drawn = runInNewContext(`(${start})(document, [${draw}], drawings, Plot)`, page);
    listeners.get("keydown")!({ key: "ArrowRight", preventDefault: () => {} });
    listeners.get("pointermove")?.({ clientX: 50, clientY: 50 });
    expect(plots).toHaveLength(kinds[figure.kind].plots ? 1 : 0);
    if (!kinds[figure.kind].plots) expect(read.length, "nothing is read aloud on ArrowRight").toBeGreaterThan(0);
    drawn.remove();
    expect(listeners.size).toBe(0);
  },
);

describe("curves", () => {
  test("gaps stay gaps, and are told in the table", async () => {
    const { x: _, ...given } = samples.curves;
    const figure = { ...given, x: [0, 0.1 + 0.2, 1], series: [{ label: "u", values: [0, Number.NaN, null] }] };
    const { text } = await render(figure);
    expect(text).toContain('<th scope="col">strain (%)</th><th scope="col" class="number">u</th>');
    expect(text).toContain('<th scope="row">0.3</th><td class="number">–</td>');
    expect((await dataOf(figure)).series[0].values).toEqual([0, null, null]);
  });

  test("a logarithmic axis starts at a tick", () => {
    const series = [{ label: "loss", values: [2, 0.031] }];
    expect(curvesPlot({ ...samples.curves, x: [1, 2], series, logarithmic: true }, "f").yRange).toEqual([0.02, 2.5]);
  });

  test("long ones are listed in 200 rows with the last", async () => {
    const x = Array.from({ length: 1000 }, (_, i) => i + 1);
    const { text } = await render({ ...samples.curves, x, series: [{ label: "train", values: x }] });
    expect(text).toContain("(one row in 5)");
    expect(text).toContain('<th scope="row">1000</th>');
    expect(text).not.toContain('<th scope="row">2</th>');
  });
});

describe("points", () => {
  test("parity and residuals share an ascending axis with gaps", async () => {
    expect(await dataOf(samples.parity)).toMatchObject({
      x: [1, 2, 3],
      series: [
        { label: "train", values: [1.5, null, 2.5] },
        { label: "test", values: [null, 4, null] },
      ],
      xRange: [0.88, 4.12],
      yRange: [0.88, 4.12],
    });
    expect(await dataOf(samples.residuals)).toMatchObject({
      x: [1.5, 2.5, 4],
      series: [{ values: [0.5, -0.5, null] }, { values: [null, null, 2] }],
    });
    expect(unaligned((await render(samples.residuals)).text)).toContain(
      `<th scope="row">test</th>${numbers("2", "4", "2")}`,
    );
    expect((await render(samples.parity)).alternative).toContain(
      "train: 2 rows, root mean square of the residuals 0.5.",
    );
  });

  test("many are thinned, and the caption says so; those that are not finite are left out", async () => {
    const many = Float32Array.from({ length: 10_000 }, (_, i) => (i === 5 ? Number.NaN : i));
    const figure = { ...samples.scatter, clouds: [{ label: "all", x: many, y: many }] };
    expect((await dataOf(figure)).x).toHaveLength(4000);
    expect((await render(figure)).text).toContain("4,000 of 10,000 rows are drawn.");
  });
});

describe("tables", () => {
  test("confusion has recall and precision", async () => {
    const { text, alternative } = await render(samples.confusion);
    expect(text).toContain('<th scope="col" class="number">&lt;crack&gt;</th>');
    // Counts end below their heads, whatever digits the precision below has; recalls stand below each other.
    expect(text).toContain(`<th scope="row">&lt;crack&gt;</th>${numbers("1", "3", "0")}`);
    expect(unaligned(text)).toContain(`<th scope="row">&lt;crack&gt;</th>${numbers("1", "3", "0", "0.75")}`);
    expect(alternative).toContain("11 of 14 rows are predicted right");
  });

  test("numbers are aligned by their points, units stand in the head, words to the left", async () => {
    const { text } = await render(samples.table);
    expect(text).toContain('<th scope="col" class="number">yield stress (MPa)</th><th scope="col">temper</th>');
    expect(text).toContain('<td class="number">276.3</td><td>T6</td>');
    expect(text).toContain('<td class="number" style="--missing:1.47">503</td>');
    expect(text).toContain('style="--missing:1.47">–</td>');
  });

  test("bars are drawn from zero, with errors, and said in numbers", async () => {
    const { text } = await render(samples.bars);
    expect(text).toContain("9.31 ± 0.8</td>");
    expect(text).toContain('<path class="zero" d="M6.906 0v10"/>');
    const one = { ...samples.bars, bars: [{ label: "a", value: 0 }] };
    expect((await render(one)).text).toContain('width="0"');
  });
});

describe("maps", () => {
  test("a grid is a picture of its values with contour lines; the words say where the extremes are", async () => {
    const { text, alternative } = await render(samples.fieldMap);
    expect(text).toMatch(/<img class="cells" alt="" src="data:image\/png;base64,\w/);
    expect(text).toContain('<svg class="contours" viewBox="0 0 24 16"');
    expect(alternative).toMatch(
      /^temperature \(K\) over x \(m\) and y \(m\), 16 by 24 values: from 293 at \(2, 1\) to 49\d\.?\d? at \(0\.\d+, 0\.4\)\.$/,
    );
  });

  test("a way is a line over the map, from a ring to a dot, with gaps where it is not finite", async () => {
    const grid = {
      ...samples.fieldMap,
      values: array([
        [0, 1],
        [2, 3],
      ]),
      x: [0, 1],
      y: [0, 1],
    }; // drawn from -0.5 to 1.5
    const way = { x: [0.5, 1.5, Number.NaN, 0.5, 0], y: [0.5, 0.5, 0.5, 1, 1] };
    const { text, alternative } = await render({ ...grid, way });
    expect(text).toContain('<path class="halo" d="M50 50L100 50M50 25L25 25"/>');
    expect(text).toContain(
      '<circle class="start" cx="50%" cy="50%" r="5"/><circle class="end" cx="25%" cy="25%" r="5"/>',
    );
    expect(alternative).toContain("; a way of 5 points from (0.5, 0.5) to (0, 1).");
    await expect(render({ ...grid, way: { x: [1, 2], y: [1] } })).rejects.toThrow("2 values of x and 1 of y");
  });

  test("values that are not finite and values beyond the range are said", async () => {
    const values = array([
      [0, 1],
      [Number.NaN, 5],
    ]);
    const { text } = await render({ ...samples.fieldMap, values, x: [0, 1], y: [0, 1], range: [0, 2] });
    expect(text).toContain("1 of 4 values are not finite: they are left blank.");
    expect(text).toContain("Values from 0 to 5 are shown in colours from 0 to 2; beyond, the colour stays the same.");
  });

  test("values of both signs have colours on both sides of 0, unless they are asked to have others", async () => {
    const values = array([
      [-1, 1],
      [0, 3],
    ]);
    const field = { ...samples.fieldMap, values, x: [0, 1], y: [0, 1] };
    const [signed, plain] = [await render(field), await render({ ...field, colors: "sequential" })];
    expect(signed.text).toContain("Blue is below 0, brown above.");
    expect(signed.text).toContain(`${colorAt("diverging", 254)})"`);
    expect(plain.text).not.toContain("Blue");
    expect(plain.text).toContain(`${colorAt("sequential", 254)})"`);
  });

  test("what is thinned out counts for colours and words", async () => {
    const x = Array.from({ length: 5000 }, (_, i) => i);
    const values = array(x.map((at) => (at === 1 || at === 4999 ? 9 : 0)));
    const { text, alternative } = await render({ ...scattered, values, x, y: x } as KnownFigure);
    expect(text).toContain("4,000 of 5,000 points are drawn.");
    expect(alternative).toContain("5,000 points: from 0 at (0, 0) to 9 at (1, 1).");
  });

  test("points are circles; one value everywhere has a colour and a scale", async () => {
    expect((await render(scattered)).text.match(/<circle/g)).toHaveLength(60);
    const values = array(new Float32Array(60).fill(7));
    expect((await render({ ...scattered, values } as KnownFigure)).text).toContain(
      `fill="${colorAt("sequential", 127)}"`,
    );
  });

  test("a picture without an overlay is an image with words", async () => {
    const { overlay: _, ...plain } = samples.picture;
    const { text, drawing } = await render(plain);
    expect(text).toContain(
      '<img class="picture cells" style="--aspect: 1.3333333333333333" width="64" height="48" alt="Where the network looked." src="data:',
    );
    expect(drawing).toBeUndefined();
    expect((await render(samples.picture)).alternative).toContain("the largest at column 32, row 36");
  });

  test("a history has a strip for each step, half way to its neighbours, and a line with gaps", async () => {
    const { text, alternative } = await render(samples.history);
    const strips = [...text.matchAll(/<rect x="([\d.]+)" y="0" width="([\d.]+)"/g)].map(([, x, width]) => [x, width]);
    // Edges at -0.5, 0.5, 1.5, 3 and 5.
    expect(strips.flat().map(Number)).toEqual([0, 18.18, 18.18, 18.18, 36.36, 27.28, 63.64, 36.36]);
    expect(text).toContain(`fill="${colorAt("diverging", 254)}"`);
    expect(alternative).toBe(
      "load (kN) over time (h), 4 steps. Behind them share of the life (h), from -5 to 60; the largest is 60 at 2.",
    );
    const gap = { ...samples.history, y: [10, Number.NaN, 31, 9], shares: [1, Number.NaN, 2, 3] };
    const { text: other } = await render(gap);
    expect(other.match(/<rect/g)).toHaveLength(3);
    expect(other).toMatch(/d="M[\d. ]+M[\d. ]+L[\d. ]+"/);
  });
});

test.each<[string, Figure, string]>([
  [
    "lengths",
    { ...samples.curves, x: [1] },
    'figure "Stress over strain": series "steel" has 4 values for 1 values of x; they must match.',
  ],
  ["order", { ...samples.curves, x: [0, 2, 1, 3] }, "x[2] is 1; x is finite and ascends."],
  [
    "logarithm",
    { ...samples.curves, logarithmic: true },
    "its smallest value is 0; a logarithmic axis takes values above 0.",
  ],
  [
    "parts",
    { ...samples.parity, parts: [{ label: "test", actual: [1], predicted: [] }] },
    'part "test" has 1 actual and 0 predicted values; they must match.',
  ],
  [
    "clouds",
    { ...samples.scatter, clouds: [{ label: "a", x: [1], y: [] }] },
    '"a" has 1 values of x and 0 of y; they must match.',
  ],
  [
    "classes",
    { ...samples.confusion, classes: ["ok"] },
    "it has counts i32[3, 3] for 1 classes; there is one for each pair, [1, 1].",
  ],
  ["cells", { ...samples.table, rows: [["a"]] }, "row 0 has 1 cells for 3 columns; they must match."],
  [
    "bars",
    { ...samples.bars, bars: [{ label: "a", value: Number.NaN }] },
    'bar "a" has value NaN and error 0; they are finite',
  ],
  [
    "contours",
    { ...scattered, contours: true } as Figure,
    'option "contours" is true for values f32[60]; contours need a grid.',
  ],
  ["pixels", { ...samples.picture, width: 7 }, "it has 3072 bytes for 7 x 48 pixels; there are 1, 3 or 4 for each."],
  [
    "overlay",
    { ...samples.picture, overlay: { quantity: "w", values: array([1]) } },
    "the overlay has values f32[1]; it takes [rows, columns].",
  ],
  ["shares", { ...samples.history, shares: [1] }, "it has 4 values of x, 4 of y and 1 shares; there is one of each"],
  ["steps", { ...samples.history, x: [0, 1, 1, 2] }, "x[2] is 1; x is finite and ascends."],
  [
    "option",
    { ...samples.bars, colour: "red" } as Figure,
    'figure "Importances": received the unknown option "colour".',
  ],
  [
    "gaps",
    { ...samples.parity, parts: [{ label: "a", actual: [1], predicted: [null as unknown as number] }] },
    'option "parts" is',
  ],
  [
    "renderer",
    { kind: {} as never, title: "T", caption: "" },
    'figure "T": its kind renders nothing; expected a figure from',
  ],
  ["kind", { kind: "pie", title: "T", caption: "" } as unknown as Figure, 'figure "T": is of kind "pie"; expected'],
])("message: %s", async (_, figure, message) => {
  await expect(renderFigure(figure, 0, 2)).rejects.toThrow(message);
});

test("a drawing function without its data is not called", async () => {
  const draw: Draw = () => ({ remove() {} });
  const kind = { options: {}, render: () => ({ alternative: "a", body: { markup: "" } }), draw };
  expect((await renderFigure({ kind, title: "T", caption: "C" }, 0, 2)).drawing).toBeUndefined();
});
