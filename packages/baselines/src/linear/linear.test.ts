// Linear methods against scikit-learn, against fits without the rows left out, and what they say of tables.
import { parseCsv, type Table, tableOf } from "@hooke/data";
import type { HostArray } from "@hooke/runtime";
import { type GoldenCase, loadGolden } from "@hooke/testkit/golden";
import { describe, expect, it } from "vitest";
import { designMatrix } from "../design/design.ts";
import { decodeFitted, encodeFitted } from "../method/file.ts";
import type { Fitted, Method } from "../method/method.ts";
import { samplesOf } from "../method/samples.ts";
import { baselines } from "../plugin.ts";
import { coefficientIntervals } from "./coefficient-intervals.ts";
import { coefficients } from "./coefficients.ts";
import { elasticNet, lasso } from "./elastic-net.ts";
import type { LinearState } from "./linear-state.ts";
import { logistic } from "./logistic.ts";
import { restsFor } from "./rest.ts";
import { quadraticRidge, ridge } from "./ridge.ts";
import { bestLeftOut, ridgeAt, ridgePath } from "./ridge-fit.ts";
import { dot, type Rows, someRows } from "./rows.ts";
import { sentences } from "./sentences.ts";

const column = ({ shape: [rows, width = 1], data }: HostArray, j: number): number[] =>
  Array.from({ length: rows! }, (_, i) => data[i * width + j]!);

function tableFrom({ inputs: { numbers, categories, targets } }: GoldenCase): Table {
  const names = (values: HostArray) => Array.from(values.data, (value) => `class ${value}`);
  return tableOf({
    ...Object.fromEntries(Array.from({ length: numbers!.shape[1]! }, (_, j) => [`x${j}`, column(numbers!, j)])),
    ...(categories && { kind: names(categories) }),
    target: targets!.dtype === "f64" ? column(targets!, 0) : names(targets!),
  });
}

function methodFrom({ operation, config }: GoldenCase): Method<LinearState> {
  const { penalty, penalties = penalty, mixing } = config as { penalty: number; penalties?: number[]; mixing: number };
  if (operation === "ridge") return ridge({ penalty: penalties });
  if (operation === "quadraticRidge") return quadraticRidge({ penalty });
  if (operation === "lasso") return lasso({ penalty });
  return operation === "elasticNet" ? elasticNet({ penalty, mixing }) : logistic({ penalty, mixing });
}

const largest = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs));
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  largest(Array.from(a, (value, i) => value - b[i]!));

it.each(loadGolden("linear").cases.map((entry) => [entry.name, entry] as const))(
  "has scikit-learn's coefficients: %s",
  async (_, entry) => {
    const { weights } = entry.inputs;
    const table = tableFrom(entry);
    const { state, predict } = await methodFrom(entry).fit(table, "target", weights && { weights: weights.data });
    const { outputs } = entry;
    if (outputs.values) {
      expect(difference(predict(table).values, outputs.values.data)).toBeLessThan(1e-6 * largest(outputs.values.data));
      return;
    }
    expect(state.weights).toHaveLength(outputs.weights!.data.length);
    expect(difference(state.weights, outputs.weights!.data)).toBeLessThan(1e-6 * largest(outputs.weights!.data));
    expect(difference(state.bias, outputs.bias!.data)).toBeLessThan(1e-6 * largest(outputs.weights!.data));
    if (outputs.penalty) expect(state.penalty).toBe(outputs.penalty.data[0]);
  },
);

/** Concrete-like: two numbers of very different sizes, a gap, a category. */
const mixes = (rows: number): Table => {
  const wave = (i: number, k: number): number => Math.sin(17 * i * k + k);
  const lines = Array.from({ length: rows }, (_, i) => {
    const [cement, age] = [300 + 80 * wave(i, 1), 10 ** (1 + 0.5 * wave(i, 2))];
    const plant = ["north", "south", ""][i % 3];
    const strength = 0.1 * cement + 12 * Math.log10(age) + (plant === "north" ? 3 : 0) + 0.5 * wave(i, 3);
    return `${cement},${i % 7 === 3 ? "" : age},${plant},${wave(i, 5)},${strength}`;
  });
  return parseCsv(`cement,age,plant,noise,strength\n${lines.join("\n")}`);
};

/** What the coefficients of one output give for each row of a table. */
function sumsOf(fitted: Fitted, table: Table, output = 0): number[] {
  const { intercept, terms } = coefficients(fitted)[output]!;
  const { parts } = (fitted as Fitted<LinearState>).state.design;
  const cellOf = (input: string, term: string, row: number): number => {
    const cells = table.columns.find(({ name }) => name === input)!.values;
    if (term.includes("=")) return Number(`${input}=${cells[row]}` === term);
    const missing = Number.isNaN(cells[row]);
    if (term === `${input} missing`) return Number(missing);
    const part = parts.find((each) => each.input === input)!;
    return missing && part.type === "number" ? part.mean : (cells[row] as number);
  };
  return Array.from({ length: table.rowCount }, (_, row) =>
    terms.reduce((sum, { term, value }) => {
      const factors = term.endsWith("^2") ? [term.slice(0, -2), term.slice(0, -2)] : term.split(" * ");
      const inputOf = (factor: string) => parts.find(({ input }) => factor.startsWith(input))!.input;
      return sum + value * factors.reduce((product, factor) => product * cellOf(inputOf(factor), factor, row), 1);
    }, intercept),
  );
}

describe("every prediction is the sum of its parts", () => {
  const table = mixes(40);
  const [target] = table.columns.slice(-1).map(({ name }) => name);

  it.each([ridge(), quadraticRidge(), lasso(), elasticNet()])("$method", async (method) => {
    const fitted = await method.fit(table, target!);
    expect(difference(fitted.predict(table).values, sumsOf(fitted, table))).toBeLessThan(1e-10 * 50);
    const again = decodeFitted(encodeFitted(fitted as never), { plugins: [baselines] });
    expect(again.predict(table)).toEqual(fitted.predict(table));
  });

  it.each([2, 3])("logistic of %i classes", async (count) => {
    const strengths = table.columns.at(-1)!.values as Float64Array;
    const classes = Array.from(
      strengths,
      (value) => ["soft", "usual", "hard"][Math.min(count - 1, Math.floor((value - 26) / 15))]!,
    );
    const graded = {
      ...table,
      columns: [...table.columns.slice(0, -1), { name: "grade", type: "text" as const, values: classes }],
    };
    const fitted = await logistic({ penalty: 1 }).fit(graded, "grade");
    const { probabilities } = fitted.predict(graded);
    const logits = coefficients(fitted).map((_, output) => sumsOf(fitted, graded, output));
    for (let row = 0; row < table.rowCount; row++) {
      const own = logits.map((each) => Math.exp(each[row]!));
      const all = count === 2 ? [1, own[0]!] : own;
      const total = all.reduce((sum, each) => sum + each, 0);
      for (const [c, each] of all.entries()) expect(probabilities![row * count + c]).toBeCloseTo(each / total, 12);
    }
  });
});

it("says what it found in words, with units", async () => {
  const table = tableOf(
    { carbon: [0.1, 0.2, 0.3, 0.4], route: ["cast", "wrought", "cast", "wrought"], strength: [310, 361, 372, 423] },
    { units: { carbon: "wt%", strength: "MPa" } },
  );
  const fitted = await ridge({ penalty: 0 }).fit(table, "strength");
  const [{ output, terms }] = coefficients(fitted);
  expect([output, terms[0]!.unit, terms[1]!.unit]).toEqual(["strength", "MPa/wt%", "MPa"]);
  expect(terms[0]!.value).toBeCloseTo(310, 9);
  expect(sentences(fitted)).toEqual([
    "strength rises by 31 MPa for each 0.1 wt% of carbon, others equal.",
    "strength falls by 10 MPa where route is cast, others equal.",
    "strength rises by 10 MPa where route is wrought, others equal.",
  ]);
});

describe("penalties", () => {
  it("of ridge are chosen by rows left out, exactly, and rows of weight 2 are two rows", async () => {
    const rows: Rows = { count: 12, width: 3, data: Float64Array.from({ length: 36 }, (_, i) => Math.sin(i * i)) };
    const targets = Float64Array.from({ length: 12 }, (_, i) => rows.data[3 * i]! + 0.3 * Math.cos(7 * i));
    const weights = Float64Array.from({ length: 12 }, (_, i) => 1 + (i % 3));
    const problem = { rows, targets, columns: 1, weights };
    const { leftOut } = await bestLeftOut("test", await ridgePath(problem, restsFor()), [0.5], restsFor());
    for (let row = 0; row < 12; row++) {
      const others = Array.from({ length: 12 }, (_, i) => i).filter((i) => i !== row);
      const repeated = others.flatMap((i) => new Array<number>(weights[i]!).fill(i));
      const without = {
        rows: someRows(rows, repeated),
        targets: Float64Array.from(repeated, (i) => targets[i]!),
        columns: 1,
      };
      const linear = ridgeAt(await ridgePath(without, restsFor()), 0.5);
      expect(leftOut[row]).toBeCloseTo(linear.bias[0]! + dot(linear.weights[0]!, rows.data, 3 * row), 10);
    }
  });

  it("leave out inputs that say nothing, and say where a smaller one may be better", async () => {
    const table = mixes(80);
    const { state, warnings } = await lasso().fit(table, "strength");
    const noise = state.design.names.indexOf("noise");
    expect(Math.abs(state.weights[noise]!)).toBeLessThan(0.05);
    expect(warnings).toEqual([]);
    const edge = await lasso({ penalty: [10, 5, 2] }).fit(table, "strength");
    expect(edge.warnings.join()).toContain("The smallest penalty predicts best");
  });

  it("begin where every weight is 0, as scikit-learn's and glmnet's paths do", async () => {
    const noise = tableOf({ x: [1, 2, 3, 4, 5, 6], y: [1, -1, 1, 1, -1, 1] });
    const { state, warnings, predict } = await lasso().fit(noise, "y");
    expect(state.weights).toEqual(Float64Array.of(0));
    expect(warnings.join()).toContain("say little about the target");
    expect(predict(noise).values[0]).toBeCloseTo(1 / 3, 12);
  });

  it("are where nothing moves any more, of many categories with weights too", async () => {
    const [count, kinds, penalty] = [240, 40, 0.005];
    const kind = Array.from({ length: count }, (_, i) => (i * i + 3 * i) % kinds);
    const x = Float64Array.from({ length: count }, (_, i) => (i * 37) % 101);
    const y = kind.map((each, i) => Math.sin(each) + x[i]! / 40 + ((i * 7) % 11) / 20);
    const weights = Float64Array.from({ length: count }, (_, i) => 1 + (i % 3));
    const table = tableOf({ kind: kind.map((each) => `k${each}`), x, y });
    const { state, predict } = await lasso({ penalty }).fit(table, "y", { weights });
    const residual = predict(table).values.map((value, i) => y[i]! - value);
    const total = dot(weights, new Float64Array(count).fill(1));
    expect(Math.abs(dot(weights, residual)) / total).toBeLessThan(1e-12);
    const rows = designMatrix(state.design, samplesOf(table, "y", {}));
    for (const [j, weight] of state.weights.entries()) {
      const slope =
        residual.reduce((sum, left, i) => sum + weights[i]! * left * rows[i * state.weights.length + j]!, 0) / total;
      expect(Math.abs(slope)).toBeLessThan(penalty + 1e-9);
      if (weight !== 0) expect(slope).toBeCloseTo(Math.sign(weight) * penalty, 9);
    }
    expect(state.weights.filter((weight) => weight !== 0).length).toBeGreaterThan(10);
  });

  it("are the same bits for the same seed, whoever asks", async () => {
    const table = mixes(30);
    const fits = await Promise.all([1, 1].map((seed) => elasticNet().fit(table, "strength", { seed })));
    expect(fits[0]!.state).toEqual(fits[1]!.state);
  });
});

describe("intervals of coefficients", () => {
  it("cover what does not change, and tell how often each term is selected", async () => {
    const table = mixes(60);
    const fitted = await lasso({ penalty: 0.3 }).fit(table, "strength");
    const [{ terms }] = await coefficientIntervals(fitted, table, { repeats: 40, seed: 2 });
    const [cement, age, , north, , noise] = terms;
    expect(cement!.lower).toBeLessThan(cement!.value);
    expect(cement!.upper).toBeGreaterThan(cement!.value);
    expect([cement!.selected, age!.selected, north!.selected]).toEqual([1, 1, 1]);
    expect(noise!.selected).toBeLessThan(0.9);
    expect((await coefficientIntervals(fitted, table, { repeats: 40, seed: 2 }))[0].terms).toEqual(terms);
  });

  it("of rows in groups are wider: repeats of a specimen are no new ones", async () => {
    const specimen = Array.from({ length: 60 }, (_, i) => `s${i % 6}`);
    const x = Array.from({ length: 60 }, (_, i) => (i % 6) + 0.01 * i);
    const table = tableOf({ x, specimen, y: x.map((value, i) => value + Math.sin(5 * (i % 6))) });
    const options = { inputs: ["x"], groups: "specimen" };
    const fitted = await ridge({ penalty: 1 }).fit(table, "y", options);
    const width = async (groups: { groups?: string }): Promise<number> => {
      const [{ terms }] = await coefficientIntervals(fitted, table, { repeats: 60, ...groups });
      return terms[0]!.upper - terms[0]!.lower;
    };
    expect(await width({ groups: "specimen" })).toBeGreaterThan(1.5 * (await width({})));
  });

  it("of classes keep all classes, of other tables are refused, and stop", async () => {
    const table = tableOf({ x: [1, 2, 3, 4, 5, 6], y: ["a", "a", "a", "b", "a", "b"] });
    const fitted = await logistic({ penalty: 1 }).fit(table, "y");
    const [{ output, terms }] = await coefficientIntervals(fitted, table, { repeats: 30 });
    expect(output).toBe("log-odds of b against a");
    expect(terms[0]!.upper).toBeGreaterThan(terms[0]!.lower);
    await expect(coefficientIntervals(fitted, tableOf({ x: [1], y: ["a"] }))).rejects.toThrow("give its table");
    const weights = [1, 1, -1, 1, 1, 1];
    await expect(coefficientIntervals(fitted, table, { weights })).rejects.toThrow("received the weight -1 for row 2");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(coefficientIntervals(fitted, table, { signal })).rejects.toThrow("enough");
  });
});

it.each<[string, () => Promise<unknown>, string]>([
  ["penalties below 0", async () => ridge({ penalty: -1 }), "a number of at least 0"],
  ["a choice of a penalty of 0", async () => ridge({ penalty: [0, 1] }), "above 0 to choose from"],
  ["mixing of 0", async () => elasticNet({ mixing: 0 }), "a number above 0, at most 1"],
  ["one fold", async () => lasso({ folds: 1 }), "at least 2"],
  ["no penalty of classes", async () => logistic({ penalty: 0 }), "the penalty 0"],
  ["numbers as classes", () => logistic().fit(mixes(9), "strength"), "classes: true"],
  ["one class", () => logistic().fit(tableOf({ x: [1, 2], y: ["a", "a"] }), "y"), "nothing to tell apart"],
  [
    "too many products",
    () =>
      quadraticRidge().fit(tableOf({ x: Array.from({ length: 70 }, (_, i) => `${i}`), y: new Array(70).fill(1) }), "y"),
    "70 columns",
  ],
  ["coefficients of what is no sum", async () => coefficients({ state: {} } as Fitted), "one that is a sum of terms"],
])("refuses %s", async (_, act, message) => {
  await expect(act()).rejects.toThrow(message);
});

it("chooses the same penalty, over the sum of the weights, however large weights are", async () => {
  const x = Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const table = tableOf({
    x,
    z: x.map((_, i) => Math.cos(2 * i)),
    kind: x.map((v, i) => (v + (i % 3) > 1 ? "a" : "b")),
  });
  const [once, thrice] = await Promise.all(
    [1, 3].map((weight) => logistic().fit(table, "kind", { weights: x.map(() => weight) })),
  );
  expect(thrice!.state.penalty / once!.state.penalty).toBeCloseTo(3, 12);
  expect(difference(thrice!.state.weights, once!.state.weights)).toBeLessThan(1e-7);
});
