// Advice: what is said of clean data and of data that are not, that nothing held back is seen, and that it comes again from its record.
import { defineMethod, type LearnContext, randomFrom, ridge, type Samples } from "@hooke/baselines";
import { type Table, tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { compare } from "../comparison/compare.ts";
import { splits } from "../splits/splits.ts";
import { advise } from "./advise.ts";
import { foldMeasurer } from "./fold-measurer.ts";
import { adviseLines } from "./only.fixture.ts";
import type { AdviseOptions } from "./options.ts";

const budget = { seconds: 0.01 };
type Columns = Record<string, number[] | string[]>;

/** A law in two of three inputs, with noise. */
function columns(rows: number, seed = 0): Columns {
  const random = randomFrom(randomKey(seed), "law");
  const draw = () => Array.from({ length: rows }, () => random.uniform());
  const [a, b, c] = [draw(), draw(), draw()];
  const noise = draw();
  return { a, b, c, y: a.map((value, i) => 5 * value - 3 * b[i]! + 0.4 * (noise[i]! - 0.5)) };
}
const say = (given: Columns, options: Partial<AdviseOptions> = {}) =>
  advise(tableOf(given), { target: "y", budget, ...options });
/** What is said of what is read off the table, which trees say nothing of. */
const sayOfLines = (given: Columns, options: Partial<AdviseOptions> = {}) =>
  adviseLines(tableOf(given), { target: "y", budget, ...options });
const kinds = (advice: Awaited<ReturnType<typeof say>>) => advice.warnings.map(({ kind }) => kind);

describe("warnings", () => {
  it("are none of clean data, and the simplest method is advised", async () => {
    const advice = await say(columns(120));
    expect(advice.warnings).toEqual([]);
    expect(advice.recommended!.method).toBe("ridge");
    expect(advice.equivalent[0]).toBe("ridge");
    expect(advice.recommended!.skill).toBeGreaterThan(0.8);
    expect(advice.sentences()[0]).toMatch(/^Use ridge: RMSE 0\.1/);
  });

  it("call no column the target's giveaway for going with it in a handful of rows", async () => {
    const few = { a: [1, 2, 3], b: [6, 3.9, 2], kind: ["x", "y", "x"], y: [10, 20.1, 29.9] };
    expect(kinds(await say(few)).filter((kind) => kind === "leak")).toEqual([]);
  });

  it("are of groups that are rows, which takes a measurement for names", async () => {
    const advice = await sayOfLines(columns(60), { groups: "a" });
    expect(advice.warnings[0]).toMatchObject({ kind: "groups", columns: ["a"] });
    expect(advice.warnings[0]!.text).toContain('"a" has 60 values in 60 rows');
  });

  it.each<[string, string, (clean: Columns) => Columns]>([
    ["a column without a value", "empty", (clean) => ({ ...clean, d: clean.a!.map(() => Number.NaN) })],
    [
      "a column that is the target with noise",
      "leak",
      (clean) => ({ ...clean, after: (clean.y as number[]).map((y, i) => y + 0.05 * (i % 3)) }),
    ],
    ["running numbers", "identifier", (clean) => ({ id: (clean.y as number[]).map((_, i) => i + 1), ...clean })],
    [
      "rows that come twice",
      "duplicates",
      (clean) =>
        Object.fromEntries(
          Object.entries(clean).map(([name, cells]) => [name, [...cells, ...cells.slice(0, 40)] as number[]]),
        ),
    ],
    [
      "rows that were copied and rounded",
      "near-duplicates",
      (clean) =>
        Object.fromEntries(
          Object.entries(clean).map(([name, cells]) => [
            name,
            [...cells, ...cells.slice(0, 30).map((cell) => Number((cell as number).toPrecision(4)))] as number[],
          ]),
        ),
    ],
    ["a drift along the table", "drift", (clean) => ({ ...clean, y: (clean.y as number[]).map((y, i) => y + i / 30) })],
  ])("of %s", async (_, kind, spoil) => {
    const advice = await sayOfLines(spoil(columns(120)));
    expect(kinds(advice)).toEqual([kind]);
  });

  it("of a target that was shuffled, whoever is measured", async () => {
    const clean = columns(120);
    const shuffled = (clean.y as number[]).map((_, i, all) => all[(i * 47) % 120]!);
    expect(kinds(await say({ ...clean, y: shuffled }))).toEqual(["no-signal"]);
  });

  it("of names that repeat, whose groups are predicted worse when held back; both errors are shown", async () => {
    const random = randomFrom(randomKey(3), "groups");
    const own = Array.from({ length: 15 }, () => [random.uniform(), 4 * random.uniform()]);
    const rows = Array.from({ length: 150 }, (_, i) => i);
    const given = {
      composition: rows.map((i) => own[i % 15]![0]!),
      load: rows.map(() => random.uniform()),
      y: rows.map((i) => own[i % 15]![1]! + random.uniform() / 5),
    };
    const heat = rows.map((i) => `H${i % 15}`);
    const advice = await sayOfLines({ ...given, heat }, { budget: { seconds: 3 } });
    expect(kinds(advice)).toContain("groups");
    expect(advice.assumptions.at(-1)!.overrule).toContain("groups");
    const answered = await sayOfLines({ ...given, heat }, { groups: "heat" });
    expect(answered.record.groups).toBe("heat");
    expect(kinds(answered)).not.toContain("groups");
  });
});

describe("what is advised", () => {
  it("is nothing where a law is as good", async () => {
    const law = {
      name: "mixture rule",
      formula: ({ a, b }: Record<string, number | string>) => 5 * (a as number) - 3 * (b as number),
    };
    const advice = await say(columns(80), { laws: [law] });
    expect(advice.recommended).toBeUndefined();
    expect(advice.sentences()[0]).toContain("use the law");
    await expect(advice.fit()).rejects.toThrow("recommends no method");
  });

  it("is fitted on all rows, with bounds and the domain, and comes again to the bit", async () => {
    const given = columns(50);
    const [one, two] = [await say(given), await say(given)];
    expect(JSON.stringify(one.recommended)).not.toBe("");
    const [a, b] = [await one.fit(), await two.fit()];
    expect(a.fitted.rowCount).toBe(50);
    const { values, bounds } = a.fitted.predict(tableOf(given), { level: 0.9 });
    expect(values).toEqual(b.fitted.predict(tableOf(given), { level: 0.9 }).values);
    expect(bounds!.upper[0]! > values[0]!).toBe(true);
    expect(a.domain.ranges.map(({ input }) => input)).toEqual(["a", "b", "c"]);
    const tuned = await one.fit({ method: "tuned boosting" });
    expect(tuned.fitted.method.options.method).toMatchObject({ method: "gradientBoosting" });
    await expect(one.fit({ method: "magic" })).rejects.toThrow("the candidates are");
  });

  it("can be measured again from its record", async () => {
    const given = columns(60);
    const advice = await say(given, { seed: 4 });
    const again = await compare(tableOf(given), {
      target: "y",
      methods: { ridge: ridge() },
      split: advice.record.split,
      seed: advice.record.seed,
    });
    const first = advice.comparison.methods.find(({ method }) => method === "ridge")!;
    if (first.folds === 5) expect(again.methods[0]!.error).toBe(first.error);
  });

  it("is the same whatever else the machine does, where the budget is repeats", async () => {
    const given = columns(20);
    const asked = { budget: { repeats: 1 }, elsewhere: false } as const;
    const advice = await say(given, asked);
    expect(advice.record).toMatchObject({ budget: { repeats: 1 }, isCut: false });
    expect(advice.elsewhere).toEqual([]);
    const { methods } = advice.comparison;
    expect(methods.map(({ method }) => method)).toEqual(expect.arrayContaining(["tuned boosting", "blend"]));
    for (const { folds } of methods) expect(folds).toBe(5);
    // A blend takes what its parts have learned of a fold, and is what it would be by itself.
    const alone = await compare(tableOf(given), { target: "y", methods: { blend: advice.candidates.blend! } });
    expect(alone.methods[0]!.error).toBe(methods.find(({ method }) => method === "blend")!.error);
  });

  it("is asked of as many folds as there are groups, where these are few", async () => {
    const given = { ...columns(60), heat: Array.from({ length: 60 }, (_, i) => `H${i % 3}`) };
    const advice = await say(given, { groups: "heat", elsewhere: false });
    expect(advice.record.split).toEqual({ kind: "grouped", folds: 3 });
    expect(advice.recommended!.method).toBe("ridge");
  });

  it("is measured on some of many rows, of which it says so, and learned from all of them", async () => {
    const given = columns(200);
    const asked = { groups: "none", measuredRows: 60, budget: { seconds: 0.01 } } as const;
    const advice = await say(given, asked);
    const { what, overrule } = advice.assumptions[0]!;
    expect(what).toBe("60 of the 200 rows, drawn at random, tell which method fits");
    expect(advice.record).toMatchObject({ rows: 200, measuredRows: 60 });
    expect(advice.comparison.predictions("ridge")).toHaveLength(60);
    expect((await advice.fit()).fitted.rowCount).toBe(200);
    expect(advice.report().parity![0]!.actual).toHaveLength(60);
    const measure = await foldMeasurer(tableOf(given), { target: "y", ...asked });
    const byWorkers = await say(given, { ...asked, workers: { count: 1, measure } });
    expect(byWorkers.recommended!.error).toBe(advice.recommended!.error);
    expect(overrule).toBe("measuredRows: 200");
    const all = await sayOfLines(given, { ...asked, measuredRows: 200 });
    expect(all.assumptions).toEqual([]);
    expect(all.record.measuredRows).toBe(200);
  });

  it.runIf(process.env.HOOKE_TESTS === "full")("is measured on 10,000 of 100,000 rows", async () => {
    const advice = await say(columns(100_000), { groups: "none" });
    expect(advice.record).toMatchObject({ rows: 100_000, measuredRows: 10_000 });
    expect(advice.recommended!.method).toBe("ridge");
    expect((await advice.fit()).fitted.rowCount).toBe(100_000);
  });

  it("goes into a report, Markdown and JSON", async () => {
    const advice = await say(columns(60));
    expect(advice.markdown()).toContain("| ridge |");
    expect(JSON.parse(JSON.stringify(advice)).recommended.method).toBe("ridge");
    expect(advice.report().figures![0]!.kind).toBe("bars");
  });
});

it("lets no candidate see what is held back: other targets and inputs there change nothing that was learned", async () => {
  const learned: Samples[] = [];
  const spy = defineMethod({
    name: "acme/spy",
    tasks: ["regression"],
    options: {},
    learn: (samples, _, context: LearnContext) => {
      learned.push(samples);
      return ridge().learn(samples, context);
    },
    predict: (state, inputs) => ridge().predict(state, inputs),
  });
  const given = columns(50);
  const options = { target: "y", methods: { spy: spy() }, split: splits.later({ folds: 2 }) };
  await compare(tableOf(given), options);
  const [before] = learned.splice(0);
  const states = await ridge().learn(before!, { key: randomKey(0), pause: () => undefined, warn: () => undefined });
  const test = before!.rowCount;
  const spoiled: Columns = Object.fromEntries(
    Object.entries(given).map(([name, cells]) => [
      name,
      (cells as number[]).map((cell, i) => (i < test ? cell : 1e3 * cell)),
    ]),
  );
  await compare(tableOf(spoiled), options);
  const after = await ridge().learn(learned[0]!, { key: randomKey(0), pause: () => undefined, warn: () => undefined });
  expect(after).toEqual(states);
});

it.each<[string, Partial<AdviseOptions>, string]>([
  ["an unknown purpose", { purpose: "new-specimen" as never }, "new-group"],
  ["new groups without groups", { purpose: "new-group" }, 'groups: "specimen"'],
  ["an error of classes for numbers", { error: "wrong" }, "is numbers"],
  ["two budgets", { budget: { seconds: 1, repeats: 1 } as never }, "or { repeats }"],
  ["an unknown option", { bugdet: { seconds: 1 } } as never, "budget"],
  ["a law that is none", { laws: [{ name: "x" }] as never }, "a list of laws"],
])("refuses %s", async (_, options, message) => {
  await expect(say(columns(40), options)).rejects.toThrow(message);
});

it("is ended by a signal, and tells what it knows so far", async () => {
  const answers: string[] = [];
  const controller = new AbortController();
  const table: Table = tableOf(columns(200));
  const asked = advise(table, {
    target: "y",
    signal: controller.signal,
    onAnswer: ({ method }) => {
      answers.push(method);
      controller.abort(new Error("enough"));
    },
  });
  await expect(asked).rejects.toThrow("enough");
  expect(answers).toHaveLength(1);
});

it.each([{ repeats: 1 }, { seconds: 1 }])(
  "tells how much of the budget %j is spent, and never goes back",
  async (of) => {
    const told: number[] = [];
    await say(columns(20), { budget: of, onProgress: ({ fraction }) => void told.push(fraction) });
    expect(told.length).toBeGreaterThan(3);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeGreaterThan(0.3);
    expect(told.at(-1)).toBeLessThanOrEqual(1);
  },
);

describe("workers", () => {
  it("find what is found without, at any number of folds at once, and are given plain data", async () => {
    const table = tableOf(columns(60));
    const options = { target: "y", groups: "none", budget: { seconds: 0.01 } } as const;
    const own = await advise(table, options);
    let [now, most] = [0, 0];
    const measure = await foldMeasurer(table, options);
    const advice = await advise(table, {
      ...options,
      workers: {
        count: 3,
        async measure(work) {
          most = Math.max(most, ++now);
          // The first ones answer last.
          for (let turns = 3 - (work.fold % 3); turns > 0; turns--) await new Promise((resolve) => setTimeout(resolve));
          const result = structuredClone(await measure(structuredClone(work)));
          now--;
          return result;
        },
      },
    });
    const errors = ({ comparison }: typeof own) =>
      comparison.methods.map(({ method, error, folds }) => ({ method, error, folds }));
    expect(errors(advice)).toEqual(errors(own));
    expect(advice.recommended!.method).toBe(own.recommended!.method);
    expect(most).toBe(3);
  });

  it("that fail leave a failure, and stop with the signal", async () => {
    const table = tableOf(columns(60));
    const options = { target: "y", groups: "none", budget: { seconds: 0.01 } } as const;
    const measure = await foldMeasurer(table, options);
    const abort = new AbortController();
    const stopped = advise(table, {
      ...options,
      signal: abort.signal,
      workers: {
        count: 2,
        async measure(work) {
          abort.abort(new Error("stopped here"));
          return measure(work);
        },
      },
    });
    await expect(stopped).rejects.toThrow("stopped here");
    await expect(measure({ method: "abacus", split: splits.random(), repeat: 0, fold: 0 })).rejects.toThrow(
      'foldMeasurer: was asked for "abacus"; the candidates are "dummy"',
    );
  });
});
