// Conformal bounds and sets: the law of their coverage over many splits, groups, specimens, fields, classes; and what they refuse.
import { conformal, randomFrom, ridge } from "@hooke/baselines";
import { dataset, split, take } from "@hooke/data";
import { array, type HostArray, randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { scoreBounds } from "../scores/bounds.ts";
import { scoreSets } from "../scores/classes.ts";
import { conformalSets } from "./conformal-sets.ts";
import { cvPlus } from "./cv-plus.ts";
import { quantileConformal } from "./quantile-conformal.ts";
import { splitConformal } from "./split-conformal.ts";

const zerosOf = (count: number): HostArray => array(new Float64Array(count));

/** The share of a Beta(a, b) distribution below x, for whole a and b: that of binomial numbers. */
function betaBelow(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let [sum, logChoose] = [0, 0];
  for (let k = 0; k <= n; k++) {
    if (k > 0) logChoose += Math.log((n - k + 1) / k);
    if (k >= a) sum += Math.exp(logChoose + k * Math.log(x) + (n - k) * Math.log(1 - x));
  }
  return sum;
}

describe("coverage over 1,000 splits", () => {
  const [rows, level] = [99, 0.9];
  const random = randomFrom(randomKey(7), "coverage");
  // Errors evenly spread over (-1, 1): the half width of bounds is the share of new rows within.
  const shares = Array.from({ length: 1000 }, () => {
    const targets = array(Float64Array.from({ length: rows }, () => 2 * random.uniform() - 1));
    const { upper } = splitConformal({ predictions: zerosOf(rows), targets }).bounds(zerosOf(1), { level });
    return upper.data[0]!;
  }).sort((a, b) => a - b);
  const rank = Math.ceil(level * (rows + 1));

  it("is the level, in the mean, and never misses by more than chance", () => {
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    // The mean of Beta(90, 10) is 0.9, its deviation 0.0299: of 1,000 the mean is known to 0.00094.
    expect(Math.abs(mean - rank / (rows + 1))).toBeLessThan(3 * 0.00095);
  });

  it("follows its Beta law (Kolmogorov and Smirnov)", () => {
    const distances = shares.map((share, i) => {
      const below = betaBelow(share, rank, rows + 1 - rank);
      return Math.max(Math.abs(below - i / shares.length), Math.abs(below - (i + 1) / shares.length));
    });
    // The value that is passed once in a hundred where the law holds.
    expect(Math.max(...distances)).toBeLessThan(1.628 / Math.sqrt(shares.length));
  });
});

describe("groups", () => {
  const random = randomFrom(randomKey(1), "groups");
  const names = Array.from({ length: 600 }, (_, i) => (i % 3 === 0 ? "rolled" : "cast"));
  const targets = array(Float64Array.from(names, (name) => (name === "cast" ? 4 : 1) * (2 * random.uniform() - 1)));
  const part = (from: number, to: number) => ({
    predictions: zerosOf(to - from),
    targets: array(targets.data.slice(from, to) as Float64Array),
    groups: names.slice(from, to),
  });
  const [calibration, fresh] = [part(0, 300), part(300, 600)];

  it("are calibrated by themselves: each holds its level, where all rows together hold too many of one", () => {
    const { groups, predictions, targets: truth } = fresh;
    const own = splitConformal(calibration).bounds(predictions, { groups });
    const { byGroup } = scoreBounds(own, truth, { groups });
    for (const share of byGroup.values()) expect(Math.abs(share - 0.9)).toBeLessThan(0.06);
    const { groups: _, ...together } = calibration;
    const all = scoreBounds(splitConformal(together).bounds(predictions), truth, { groups });
    expect(all.byGroup.get("rolled")).toBe(1);
    expect(all.byGroup.get("cast")).toBeLessThan(0.88);
  });

  it("that were not calibrated are refused, as are groups on one side alone", () => {
    const fitted = splitConformal(calibration);
    expect(() => fitted.bounds(zerosOf(1), { groups: ["forged"] })).toThrow(
      'the group "forged", of which the calibration part has none; it has "rolled"',
    );
    expect(() => fitted.bounds(zerosOf(1))).toThrow("was calibrated by groups and received none");
    expect(() => splitConformal({ ...calibration, groups: ["a"] })).toThrow("received 1 groups for 300 rows");
  });
});

it("specimens count as one: rows of a new specimen are within, of which rows by themselves promise too much", () => {
  const random = randomFrom(randomKey(5), "specimens");
  const specimens = Array.from({ length: 19 }, (_, s) => new Array<string>(s === 0 ? 400 : 5).fill(`S${s}`)).flat();
  let [wide, narrow] = [0, 0];
  for (let trial = 0; trial < 200; trial++) {
    const offset = new Map<string, number>();
    const errorOf = (name: string) => {
      if (!offset.has(name)) offset.set(name, 2 * random.uniform());
      return offset.get(name)! + 0.1 * random.uniform();
    };
    const part = { predictions: zerosOf(specimens.length), targets: array(Float64Array.from(specimens, errorOf)) };
    const fresh = array([errorOf("new")]);
    const held = (options: object) =>
      scoreBounds(splitConformal({ ...part, ...options }).bounds(zerosOf(1)), fresh).coverage;
    wide += held({ specimens }) / 200;
    narrow += held({}) / 200;
  }
  expect(wide).toBeGreaterThan(0.85);
  expect(narrow).toBeLessThan(0.75);
});

it("a deviation makes bounds as wide as it says, and holds", () => {
  const random = randomFrom(randomKey(2), "deviation");
  const deviation = array(Float64Array.from({ length: 400 }, () => 0.1 + random.uniform()));
  const targets = array(
    Float64Array.from(deviation.data, (scale) => scale * (random.uniform() + random.uniform() - 1)),
  );
  const bounds = splitConformal({ predictions: zerosOf(400), targets, deviation }).bounds(zerosOf(2), {
    deviation: array([0.5, 1]),
  });
  expect(bounds.upper.data[1]! / bounds.upper.data[0]!).toBeCloseTo(2, 6);
  expect(() => splitConformal({ predictions: zerosOf(400), targets, deviation }).bounds(zerosOf(1))).toThrow(
    "was calibrated with a deviation and received none",
  );
});

it("fields are held point by point, or whole", () => {
  const random = randomFrom(randomKey(3), "fields");
  const fields = (count: number) =>
    array(
      Float64Array.from({ length: count * 12 }, () => random.uniform() - 0.5),
      { shape: [count, 3, 4, 1] },
    );
  const none = (count: number): HostArray => ({ ...zerosOf(count * 12), shape: [count, 3, 4, 1] });
  const [targets, fresh] = [fields(200), fields(500)];
  const held = (jointly: boolean) => splitConformal({ predictions: none(200), targets, jointly }).bounds(none(500));
  expect(scoreBounds(held(false), fresh).coverage).toBeCloseTo(0.9, 1);
  const whole = held(true);
  let within = 0;
  for (let row = 0; row < 500; row++) {
    const all = Array.from({ length: 12 }, (_, i) => row * 12 + i);
    if (all.every((i) => Math.abs(fresh.data[i]!) <= whole.upper.data[i]!)) within++;
  }
  expect(Math.abs(within / 500 - 0.9)).toBeLessThan(0.06);
});

it("quantiles are moved out where they are too narrow, and in where they are too wide", () => {
  const random = randomFrom(randomKey(4), "quantiles");
  const x = Array.from({ length: 600 }, () => random.uniform());
  const y = x.map((value) => value * (2 * random.uniform() - 1));
  const bounds = (from: number, to: number, factor: number) => ({
    lower: array(x.slice(from, to).map((value) => -factor * value)),
    upper: array(x.slice(from, to).map((value) => factor * value)),
  });
  for (const factor of [0.5, 2]) {
    const calibration = quantileConformal({ bounds: bounds(0, 300, factor), targets: array(y.slice(0, 300)) });
    const found = calibration.bounds(bounds(300, 600, factor));
    expect(Math.abs(scoreBounds(found, array(y.slice(300))).coverage - 0.9)).toBeLessThan(0.05);
  }
});

it("takes quantiles as a model gives them, of which the first and the last are bounds, and no single one", () => {
  const targets = array(Array.from({ length: 20 }, (_, i) => i));
  const ends = { lower: array(targets.data), upper: array(targets.data.map((value) => value + (value % 3))) };
  const quantiles = array([[...ends.lower.data], [...targets.data], [...ends.upper.data]]);
  const of = (bounds: Parameters<typeof quantileConformal>[0]["bounds"]) =>
    quantileConformal({ bounds, targets }).bounds(bounds, { level: 0.8 });
  expect(of(quantiles)).toEqual(of(ends));
  expect(() => of(array([[...targets.data]]))).toThrow("two quantiles at least, [quantiles, rows, ...]");
});

describe("classes", () => {
  const random = randomFrom(randomKey(6), "classes");
  // Of three classes, the last one rare, and the model in doubt about it.
  const rows = Array.from({ length: 1200 }, () => {
    const label = random.uniform() < 0.1 ? 2 : random.uniform() < 0.5 ? 0 : 1;
    const sure = label === 2 ? 0.4 * random.uniform() : 0.3 + 0.7 * random.uniform();
    const share = random.uniform();
    const rest = [share * (1 - sure), (1 - share) * (1 - sure)];
    return { label, probabilities: [0, 1, 2].map((c) => (c === label ? sure : rest.pop()!)) };
  });
  const part = (from: number, to: number) => ({
    probabilities: array(
      rows.slice(from, to).map(({ probabilities }) => probabilities),
      { dtype: "f64" },
    ),
    targets: array(
      rows.slice(from, to).map(({ label }) => label),
      { dtype: "i32" },
    ),
  });
  const [calibration, fresh] = [part(0, 600), part(600, 1200)];

  it.each(["threshold", "adaptive"] as const)("hold the true class: %s", (score) => {
    const sets = conformalSets({ ...calibration, score }).sets(fresh.probabilities);
    expect(scoreSets(sets, fresh.targets).coverage).toBeGreaterThan(0.87);
    expect(scoreSets(sets, fresh.targets).coverage).toBeLessThan(0.94);
  });

  it("hold the rare class, too, where classes are groups", () => {
    const rare = (groups: object) =>
      scoreSets(conformalSets({ ...calibration, ...groups }).sets(fresh.probabilities), fresh.targets).byClass[2]!;
    expect(rare({})).toBeLessThan(0.6);
    expect(rare({ groups: "classes" })).toBeGreaterThan(0.8);
  });

  it("that are no probabilities, or numbers for labels, are refused", () => {
    expect(() => conformalSets({ ...calibration, probabilities: array([[2, 3]]) })).toThrow(
      "row 0 holds no probabilities",
    );
    expect(() => conformalSets({ ...calibration, targets: array([0.5]) })).toThrow("they are labels, i32[600]");
    expect(() => splitConformal({ predictions: calibration.probabilities, targets: calibration.targets })).toThrow(
      "which look like labels of classes",
    );
  });
});

describe("CV+", () => {
  const random = randomFrom(randomKey(8), "cv");
  const x = Array.from({ length: 40 }, () => [random.uniform()]);
  const y = x.map(([at]) => [2 * at! + random.uniform()]);
  const data = dataset({ inputs: array(x, { dtype: "f64" }), targets: array(y, { dtype: "f64" }) });
  /** The mean of the targets. */
  const fit = async ({ targets }: { readonly targets: HostArray }) => {
    const mean = [...targets.data].reduce((sum, value) => sum + value, 0) / targets.data.length;
    return async (rows: object) => {
      const { shape } = ("inputs" in rows ? (rows.inputs as HostArray) : (rows as HostArray)) as HostArray;
      return array(
        Array.from({ length: shape[0]! }, () => [mean]),
        { dtype: "f64" },
      );
    };
  };

  it("is the definition: ranks of what models without each row say, and of their errors", async () => {
    const progress: number[] = [];
    const fitted = await cvPlus({ data, fit, folds: 40, onProgress: ({ completed }) => progress.push(completed) });
    const { lower, upper } = await fitted.bounds(take(data, [0, 1]), { level: 0.8 });
    const sum = y.reduce((all, [value]) => all + value!, 0);
    const without = y.map(([value]) => (sum - value!) / 39);
    const ends = (sign: number) =>
      y.map(([value], i) => sign * without[i]! + Math.abs(value! - without[i]!)).sort((a, b) => a - b)[32]!;
    expect(upper.data[1]).toBeCloseTo(ends(1), 12);
    expect(lower.data[0]).toBeCloseTo(-ends(-1), 12);
    expect(progress.at(-1)).toBe(40);
    expect(fitted.predictions.data[3]).toBeCloseTo(without[3]!, 12);
  });

  it("agrees in width with the method of tables that does the same", async () => {
    const { tableOf } = await import("@hooke/data");
    const table = tableOf({ x: x.map(([at]) => at!), y: y.map(([value]) => value!) });
    const method = await conformal({ method: ridge({ penalty: 1e12 }), folds: 40 }).fit(table, "y");
    const { bounds } = method.predict(table, { level: 0.8 });
    const own = await (await cvPlus({ data, fit, folds: 40 })).bounds(take(data, [0]), { level: 0.8 });
    expect(own.upper.data[0]).toBeCloseTo(bounds!.upper[0]!, 3);
  });

  it("refuses too few rows, and ends at a signal", async () => {
    const few = await cvPlus({ data: take(data, [0, 1, 2, 3]), fit });
    await expect(few.bounds(data)).rejects.toThrow("level 0.9 takes 9 rows at least, and there are 4");
    const ended = AbortSignal.abort(new Error("enough"));
    await expect(cvPlus({ data, fit, signal: ended })).rejects.toThrow("enough");
  });
});

it("a calibration part too small for the level is refused, with what it takes", () => {
  const calibration = splitConformal({ predictions: zerosOf(9), targets: zerosOf(9) });
  expect(() => calibration.bounds(zerosOf(1), { level: 0.95 })).toThrow(
    "level 0.95 takes 19 rows to calibrate on at least, and there are 9. Hold back more, or ask for a level of at most 0.9",
  );
  expect(calibration.bounds(zerosOf(1), { level: 0.9 }).upper.data[0]).toBe(0);
  const nineteen = splitConformal({ predictions: zerosOf(19), targets: zerosOf(19) });
  expect(nineteen.bounds(zerosOf(1), { level: 0.95 }).upper.data[0]).toBe(0);
  const specimens = ["a", "a", "a", "b", "b", "b", "c", "c", "c"];
  expect(() => splitConformal({ predictions: zerosOf(9), targets: zerosOf(9), specimens }).bounds(zerosOf(1))).toThrow(
    "level 0.9 takes 9 specimens to calibrate on at least, and there are 3",
  );
});

it("whole groups are held back by the split that gives the calibration part", () => {
  const heats = Array.from({ length: 60 }, (_, i) => `H${i % 12}`);
  const parts = split(60, { train: "rest", calibration: 0.25 }, 0, heats);
  const trained = new Set(Array.from(parts.train, (row) => heats[row]));
  expect(Array.from(parts.calibration).filter((row) => trained.has(heats[row]))).toEqual([]);
});
