// What every method shares: tables in, predictions out, files, and what is refused.
import { parseCsv, tableOf } from "@hooke/data";
import { describe, expect, it } from "vitest";
import { dummy } from "../dummy/dummy.ts";
import { baselines } from "../plugin.ts";
import { defineMethod } from "./define-method.ts";
import { decodeFitted, encodeFitted } from "./file.ts";
import type { FitOptions, LearnContext } from "./method.ts";
import type { Inputs, Samples } from "./samples.ts";

const table = parseCsv("a,b,y\n1,x,10\n2,,20\n,z,60");

/** Keeps what it is given. */
const seen: { samples?: Samples; inputs?: Inputs } = {};
const spy = defineMethod({
  name: "acme/spy",
  tasks: ["regression", "classification"],
  options: {},
  learn: async (samples) => {
    seen.samples = samples;
    return { classes: samples.target.type === "class" ? samples.target.classes.length : 1 };
  },
  predict: ({ classes }, inputs) => {
    seen.inputs = inputs;
    return new Float64Array(inputs.rowCount * classes).fill(1 / classes);
  },
});

describe("tables", () => {
  it("become numbers with NaN and categories with -1 where cells are missing", async () => {
    const fitted = await spy().fit(table, "y");
    expect(seen.samples!.columns).toEqual([
      { name: "a", type: "number", values: Float64Array.of(1, 2, Number.NaN) },
      { name: "b", type: "category", values: Int32Array.of(0, -1, 1), categories: ["x", "z"] },
    ]);
    const { unseen } = fitted.predict(parseCsv("b,other,a\nz,1,3\nnew,1,4\nnew,1,4"));
    expect(seen.inputs!.columns[1]!.values).toEqual(Int32Array.of(1, -1, -1));
    expect(unseen).toEqual([{ column: "b", category: "new", rows: 2 }]);
  });

  it("make classes of text, and of numbers where that is asked for", async () => {
    const { target } = await spy().fit(parseCsv("a,y\n1,10\n2,9\n3,9"), "y", { classes: true });
    expect(target).toEqual({ name: "y", type: "class", classes: ["9", "10"] });
    expect(seen.samples!.target.values).toEqual(Int32Array.of(1, 0, 0));
  });

  it("keep the spelling of categories", async () => {
    await spy().fit(parseCsv("id,y\n007,1\n7,2"), "y", { categories: ["id"] });
    expect(seen.samples!.columns[0]).toMatchObject({ type: "category", categories: ["007", "7"] });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["an unknown target", () => dummy().fit(table, "z"), 'there is no column "z"'],
    ["a missing target", () => dummy().fit(table, "a"), 'the target "a" is missing on line 4'],
    ["a missing class", () => dummy().fit(table, "b"), 'the target "b" is missing on line 3'],
    ["a target among the inputs", () => dummy().fit(table, "y", { inputs: ["y"] }), "is an input and the target"],
    ["no inputs", () => dummy().fit(table, "y", { inputs: [] }), "no input column is left"],
    ["a category that is no input", () => dummy().fit(table, "y", { categories: ["c"] }), '"c" is not an input'],
    [
      "cells that cannot be squared",
      () => dummy().fit(tableOf({ a: [1, 2], y: [1, -1e200] }), "y"),
      '"y" is -1e+200 on line 2, too large to be squared',
    ],
    [
      "differences that cannot be squared",
      () => dummy().fit(tableOf({ a: [1, 2], y: [1e-200, 2e-200] }), "y"),
      '"y" is between 1e-200 and 2e-200: its differences are too small to be squared',
    ],
    [
      "inputs whose differences cannot be",
      () => dummy().fit(tableOf({ a: [0, 1e-300], y: [1, 2] }), "y"),
      '"a" is between 0 and 1e-300: its differences are too small',
    ],
    ["infinite cells", () => dummy().fit(tableOf({ a: [1, Infinity], y: [1, 2] }), "y"), "is Infinity on line 2"],
    ["text of numbers", () => dummy().fit(parseCsv('a,y\n"1,5",1\n"2,5",2'), "y"), "decimal comma"],
    ["an unknown option", () => dummy().fit(table, "y", { sed: 1 } as FitOptions), '"seed"'],
    ["weights of other rows", () => dummy().fit(table, "y", { weights: [1] }), "received 1 weights for 3 rows"],
    ["weights below 0", () => dummy().fit(table, "y", { weights: [1, -1, 1] }), "the weight -1 for row 1"],
    ["no weights", () => dummy().fit(table, "y", { weights: null as never }), "a weight for each row"],
    ["weights of 0", () => dummy().fit(table, "y", { weights: [0, 0, 0] }), "all 0"],
    ["what is no table", () => dummy().fit([] as never, "y"), "a table"],
  ])("refuses %s", async (_, fit, message) => {
    await expect(fit()).rejects.toThrow(message);
  });

  it("refuses to predict without a column, and bounds that a method does not know", async () => {
    const fitted = await dummy().fit(table, "y");
    expect(() => fitted.predict(parseCsv("a\n1"))).toThrow('there is no column "b"');
    expect(() => fitted.predict(table, { level: 0.9 })).toThrow("conformal");
    expect(() => fitted.predict(table, { level: 9 })).toThrow("a number above 0 and below 1");
  });
});

describe("files", () => {
  it("give back what was learned, and refuse what was changed", async () => {
    const fitted = await dummy().fit(table, "y", { weights: [1, 1, 2], seed: 3 });
    const file = encodeFitted(fitted);
    const again = decodeFitted(file, { plugins: [baselines] });
    expect(again.predict(table).values).toEqual(fitted.predict(table).values);
    expect(encodeFitted(again)).toEqual(file);
    for (let at = 0; at < file.length; at += 7) {
      const damaged = file.slice();
      damaged[at]! ^= 1 << (at % 8);
      expect(() => decodeFitted(damaged, { plugins: [baselines] })).toThrow();
    }
    expect(() => decodeFitted(file, { plugins: [] })).toThrow('no plugin provides "dummy"');
  });

  it("have the same bytes whatever the bits of a NaN", async () => {
    const file = async (bits64: bigint, bits32: number) => {
      const f64 = new Float64Array(BigUint64Array.of(0n, bits64).buffer);
      const f32 = new Float32Array(Uint32Array.of(0, bits32).buffer);
      const gaps = defineMethod({
        name: "acme/gaps",
        tasks: ["regression"],
        options: {},
        learn: async () => ({ f64, f32 }),
        predict: (_, { rowCount }) => new Float64Array(rowCount),
      });
      return encodeFitted(await gaps().fit(table, "y"));
    };
    expect(await file(0xfff6fffffff6ffffn, 0xffc12345)).toEqual(await file(0x7ff8000000000000n, 0x7fc00000));
  });

  it("keep methods among options", async () => {
    const inner = defineMethod({
      name: "acme/twice",
      tasks: ["regression"],
      options: { required: { of: () => undefined } },
      learn: (samples, { of }: { of: ReturnType<typeof dummy> }, context: LearnContext) => of.learn(samples, context),
      predict: (state, inputs, { of }) => of.predict(state as never, inputs).map((value) => 2 * value),
    });
    const plugins = [baselines, { name: "acme", methods: { "acme/twice": inner } }];
    const fitted = await inner({ of: dummy() }).fit(table, "y");
    const again = decodeFitted(encodeFitted(fitted as never), { plugins });
    expect(again.predict(table).values[0]).toBe(60);
  });
});

describe("a fit", () => {
  const slow = defineMethod({
    name: "acme/slow",
    tasks: ["regression"],
    options: {},
    learn: async (_, __, { pause }) => {
      for (let i = 0; i < 1e6; i++) {
        const until = performance.now() + 1;
        while (performance.now() < until);
        await pause(() => ({ fraction: i / 1e6, text: `round ${i}` }));
      }
      return {};
    },
    predict: (_, { rowCount }) => new Float64Array(rowCount),
  });

  it("is ended by a signal, tells how far it is, and starts with a signal that is not aborted", async () => {
    const controller = new AbortController();
    const told: string[] = [];
    const ended = slow().fit(table, "y", {
      signal: controller.signal,
      onProgress: ({ text }) => {
        told.push(text);
        controller.abort(new Error("enough"));
      },
    });
    await expect(ended).rejects.toThrow("enough");
    expect(told).toHaveLength(1);
    await expect(dummy().fit(table, "y", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });
});
