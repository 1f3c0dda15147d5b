// Golden files: what PyTorch and scikit-learn compute for stored inputs. `golden/README.md` says how they are made. Node only.
import { readFileSync } from "node:fs";
import { allocate, type DType, fail, type HostArray, sizeOf, type Tree } from "@hooke/runtime";
import { type Formula, fillByFormula } from "./golden-formula.ts";

/** The golden files: `golden/<name>.json`. */
export type GoldenName =
  | "functions"
  | "conv"
  | "conv-models"
  | "conv-trajectories"
  | "schedules"
  | "sequences"
  | "sequences-trajectories"
  | "graphs"
  | "activations"
  | "layers"
  | "operators"
  | "keras-networks"
  | "pretrained"
  | "losses"
  | "optimizers"
  | "trajectories"
  | "metrics"
  | "initializers"
  | "attention"
  | "attention-trajectories"
  | "regularization"
  | "keras-plateau"
  | "minimizers"
  | "probes"
  | "explanations"
  | "linear"
  | "gaussian-processes"
  | "trees"
  | "tree-errors";

/** Arrays by dotted path, e.g. `x` or `params.0.kernel`. */
export type GoldenArrays = Readonly<Record<string, HostArray>>;

/** A setting: a plain JSON value. */
export type GoldenSetting =
  | string
  | number
  | boolean
  | readonly GoldenSetting[]
  | { readonly [key: string]: GoldenSetting };

/** One case. A group of arrays that the case does not have is empty. */
export interface GoldenCase {
  /** Unique in its file. */
  readonly name: string;
  /** What is computed, under Hooke's name: `conv`, `huber`, `adamw` ... */
  readonly operation: string;
  readonly config: Readonly<Record<string, GoldenSetting>>;
  readonly inputs: GoldenArrays;
  /** `value` where there is one output. */
  readonly outputs: GoldenArrays;
  /** Elementwise partial derivatives: `x`, `xx`, `xxx`, or `a`, `b`, `aa`, `ab` ... */
  readonly derivatives: GoldenArrays;
  /** `d sum(value * cotangent) / d input`, under the input's path; without an input `cotangent`, `d value / d input`. */
  readonly gradients: GoldenArrays;
  /** `d sum(squares of all gradients) / d input`, under the input's path. */
  readonly secondGradients: GoldenArrays;
}

/** A golden file. */
export interface Golden {
  /** Names and versions of what computed it. */
  readonly source: string;
  readonly cases: readonly GoldenCase[];
}

/** Numbers, or the formula that they come of. */
type StoredArray = { readonly shape: readonly number[]; readonly dtype: DType } & (
  | { readonly data: readonly number[] }
  | { readonly formula: Formula }
);

const groups = ["inputs", "outputs", "derivatives", "gradients", "secondGradients"] as const;

type StoredCase = Pick<GoldenCase, "name" | "operation" | "config"> & {
  readonly [Group in (typeof groups)[number]]?: Readonly<Record<string, StoredArray>>;
};

/** Reads a golden file. */
export function loadGolden(name: GoldenName): Golden {
  const text = readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8");
  const { source, cases } = JSON.parse(text) as { source: string; cases: StoredCase[] };
  return { source, cases: cases.map((stored) => toCase(name, stored)) };
}

/**
 * The arrays under a path as a tree: `goldenTree(inputs, "params")` is `{ 0: { kernel, bias }, norm: { scale, bias } }`.
 *
 * @throws naming the path if there is nothing under it
 */
export function goldenTree(arrays: GoldenArrays, path: string): Tree<HostArray> {
  const root: Record<string, Tree<HostArray>> = {};
  for (const [key, array] of Object.entries(arrays)) {
    if (!key.startsWith(`${path}.`)) continue;
    const steps = key.slice(path.length + 1).split(".");
    const leaf = steps.pop()!;
    let branch = root;
    for (const step of steps) {
      branch[step] ??= {};
      branch = branch[step] as Record<string, Tree<HostArray>>;
    }
    branch[leaf] = array;
  }
  if (Object.keys(root).length === 0) {
    fail("goldenTree", `found nothing under "${path}"; the arrays are ${Object.keys(arrays).join(", ")}.`);
  }
  return root;
}

function toCase(file: string, stored: StoredCase): GoldenCase {
  const { name, operation, config } = stored;
  const read = (group: (typeof groups)[number]): GoldenArrays =>
    Object.fromEntries(
      Object.entries(stored[group] ?? {}).map(([key, array]) => [
        key,
        toHostArray(`golden file ${file}, case "${name}", ${group}.${key}`, array),
      ]),
    );
  return {
    name,
    operation,
    config,
    inputs: read("inputs"),
    outputs: read("outputs"),
    derivatives: read("derivatives"),
    gradients: read("gradients"),
    secondGradients: read("secondGradients"),
  };
}

function toHostArray(who: string, stored: StoredArray): HostArray {
  const { shape, dtype } = stored;
  const values = allocate(dtype, sizeOf(shape));
  if ("formula" in stored) {
    fillByFormula(values, stored.formula);
    return { shape, dtype, data: values };
  }
  const { data } = stored;
  if (data.length !== values.length) {
    fail(who, `holds ${data.length} numbers for the shape [${shape.join(", ")}]; generate the file again.`);
  }
  values.set(data);
  return { shape, dtype, data: values };
}
