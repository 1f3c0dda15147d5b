// Methods measured on three small sets, with rows or whole specimens held back.
import { wasmBackend } from "@hooke/backend-wasm";
import { dummy, nearestNeighbours, randomForest, ridge } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { compare, splits } from "@hooke/model-advisor";
import { fold, normal, randomKey, run } from "@hooke/runtime";
import type { Computing } from "../computing.ts";

/** Targets of inputs a, b and c, of what is a specimen's own, and of noise: all of variance 1. */
export const sets = {
  linear: ({ a, b, c, noise }) => 2 * a - b + 0.5 * c + 0.5 * noise,
  curved: ({ a, b, noise }) => 2 * Math.sin(2 * a) + b ** 2 + 0.2 * noise,
  specimens: ({ a, c, own, noise }) => 0.5 * a + 0.3 * c + own + 0.1 * noise,
} satisfies Readonly<Record<string, (row: Readonly<Record<"a" | "b" | "c" | "own" | "noise", number>>) => number>>;

export interface Comparing {
  readonly set: keyof typeof sets;
  /** What is held back; of specimens there are twelve. */
  readonly held: "rows" | "specimens";
  readonly seed: number;
}

export interface Found {
  /** The least error first; means over five folds. */
  readonly methods: readonly { readonly method: string; readonly error: number; readonly standardError: number }[];
  /** Those that are not significantly worse than the best. */
  readonly tie: readonly string[];
}

const [specimens, each] = [12, 10];

export async function compute({ set, held, seed }: Comparing, { signal }: Computing<Found>): Promise<Found> {
  const rows = specimens * each;
  const draw = async (name: string) =>
    (await run(wasmBackend(), () => normal(fold(randomKey(seed), name), [rows]))).data;
  const [x, y, z, effects, noise] = [
    await draw("a"),
    await draw("b"),
    await draw("c"),
    await draw("own"),
    await draw("noise"),
  ];
  const all = Array.from({ length: rows }, (_, row) => {
    const specimen = Math.floor(row / each);
    // Of a specimen, a and b are measured once.
    const at = set === "specimens" ? specimen : row;
    return { a: x[at]!, b: y[at]!, c: z[row]!, own: effects[specimen]!, noise: noise[row]!, specimen };
  });
  const column = (name: "a" | "b" | "c") => all.map((row) => row[name]);
  const { methods, tie } = await compare(
    tableOf({
      a: column("a"),
      b: column("b"),
      c: column("c"),
      specimen: all.map(({ specimen }) => `specimen ${specimen}`),
      target: all.map(sets[set]),
    }),
    {
      target: "target",
      inputs: ["a", "b", "c"],
      methods: { dummy: dummy(), line: ridge(), neighbours: nearestNeighbours(), forest: randomForest({ trees: 50 }) },
      ...(held === "specimens" && { groups: "specimen" }),
      split: held === "rows" ? splits.random() : splits.grouped(),
      seed,
      signal,
    },
  );
  return { methods: methods.map(({ method, error, standardError }) => ({ method, error, standardError })), tie };
}
