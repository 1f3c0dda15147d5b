// Files of models that another version wrote: a part is missing, or is something else. They are refused by name, or predict the same bits.
import { wasmBackend } from "@hooke/backend-wasm";
import * as methods from "@hooke/baselines";
import { decodeFitted, encodeFitted, type Fitted, imageTable, samplesOf } from "@hooke/baselines";
import { dataset, type Table, tableOf } from "@hooke/data";
import { decodeSafetensors, encodeSafetensors } from "@hooke/data/safetensors";
import { graphDataset } from "@hooke/layers-graph";
import { HookeError } from "@hooke/runtime";
import { altered } from "@hooke/testkit/hostile";
import { expect, it } from "vitest";
import { domainOf } from "../domain/domain.ts";
import { graphNetwork, graphTable } from "../graphs/index.ts";
import { imageNetwork, network, sequenceNetwork } from "../network/index.ts";
import { decodeModelFile, encodeModelFile } from "./model-file.ts";

const backend = wasmBackend({ threads: 1 });
const plugins = [
  methods.baselines,
  { name: "networks", methods: { network, sequenceNetwork, imageNetwork, graphNetwork } },
];

const numbers = Array.from({ length: 24 }, (_, i) => ((i * 7) % 24) / 4);
const table = tableOf({
  x: numbers,
  supplier: numbers.map((_, i) => (i % 3 === 0 ? "north" : "south")),
  y: numbers.map((value, i) => 2 * value + (i % 3)),
  kind: numbers.map((value) => (value > 3 ? "high" : "low")),
});
const steps = tableOf({
  ...Object.fromEntries(
    Array.from({ length: 12 }, (_, t) => [`load ${t}`, numbers.map((value, i) => Math.sin(value * t + i))]),
  ),
  rate: numbers,
  y: numbers,
});
const images = imageTable(
  dataset({
    inputs: { shape: [12, 4, 4, 1], dtype: "f32", data: Float32Array.from({ length: 192 }, (_, i) => (i % 11) / 11) },
    targets: { shape: [12], dtype: "f64", data: Float64Array.from({ length: 12 }, (_, i) => i % 5) },
    targetNames: ["y"],
  }),
);
const graphs = graphTable(
  graphDataset({
    graphs: Array.from({ length: 12 }, (_, i) => ({
      nodes: [[i % 3], [1], [i % 2]],
      senders: [0, 1, 1, 2],
      receivers: [1, 0, 2, 1],
    })),
    targets: Array.from({ length: 12 }, (_, i) => [i % 5]),
    targetNames: ["y"],
  }),
);

const { blend, conformal, dummy, elasticNet, gaussianProcess, gradientBoosting, lasso, logistic } = methods;
const { nearestNeighbours, quadraticRidge, randomForest, randomKernels, ridge, sequenceFeatures, tuned } = methods;
const training = { updates: 2, members: 2, uncertainty: "ensemble" } as const;

const fits: Readonly<Record<string, () => Promise<readonly [Fitted, Table]>>> = Object.fromEntries(
  (
    [
      ["dummy", dummy(), table, "y"],
      ["ridge", ridge(), table, "y"],
      ["quadraticRidge", quadraticRidge(), table, "y"],
      ["lasso", lasso(), table, "y"],
      ["elasticNet", elasticNet(), table, "y"],
      ["logistic", logistic(), table, "kind"],
      ["nearestNeighbours", nearestNeighbours(), table, "y"],
      ["gaussianProcess", gaussianProcess(), table, "y"],
      ["gradientBoosting", gradientBoosting({ rounds: 3, minimumRows: 2 }), table, "y"],
      ["gradientBoosting of classes", gradientBoosting({ rounds: 3, minimumRows: 2 }), table, "kind"],
      ["randomForest", randomForest({ trees: 3 }), table, "y"],
      ["tuned", tuned({ among: [dummy(), ridge()] }), table, "y"],
      ["conformal", conformal({ method: ridge(), folds: 3 }), table, "y"],
      ["blend", blend({ methods: [ridge(), gaussianProcess()], byDeviation: true }), table, "y"],
      ["randomKernels", randomKernels({ kernels: 20 }), steps, "y"],
      ["sequenceFeatures", sequenceFeatures(), steps, "y"],
      ["network", network({ ...training, hidden: [3] }), table, "y"],
      ["sequenceNetwork", sequenceNetwork({ ...training, kind: "lstm", steps: 12 }), steps, "y"],
      ["imageNetwork", imageNetwork({ ...training, filters: [2] }), images, "y"],
      ["graphNetwork", graphNetwork({ ...training, kind: "messages", width: 2, depth: 1 }), graphs, "y"],
    ] as const
  ).map(([name, method, of, target]) => [
    name,
    async () => {
      const others = of === table ? ["x", "supplier"] : undefined;
      const columns = of === graphs ? { inputs: ["graph"], texts: ["graph"] } : { ...(others && { inputs: others }) };
      return [(await method.fit(of, target, { backend, ...columns })) as unknown as Fitted, of] as const;
    },
  ]),
);

const said = (fitted: Fitted, of: Table): unknown => {
  const { values, probabilities, bounds, deviation } = fitted.predict(of, fitted.method.bounds ? { level: 0.9 } : {});
  return [values, probabilities, bounds, deviation];
};

/** A file whose description has an entry changed. */
function rewritten(bytes: Uint8Array, entry: string, json: unknown): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const { checksum: _, ...rest } = metadata;
  return encodeSafetensors(tensors, { ...rest, [entry]: JSON.stringify(json) }, { checksum: true });
}

/** Of every altered file what is not refused by name, and does not say the same. */
function silent(
  bytes: Uint8Array,
  entry: string,
  parts: readonly string[],
  use: (bytes: Uint8Array) => unknown,
): string[] {
  const json = JSON.parse(decodeSafetensors(bytes).metadata[entry]!) as Readonly<Record<string, unknown>>;
  const expected = use(bytes);
  const wrong: string[] = [];
  let count = 0;
  for (const part of parts) {
    for (const [path, value] of altered({ [part]: json[part] })) {
      if (mayBeNull.includes(path)) continue;
      count++;
      const { [part]: _, ...rest } = json;
      try {
        expect(use(rewritten(bytes, entry, { ...rest, ...(value as object) }))).toEqual(expected);
      } catch (error) {
        if (!(error instanceof HookeError)) wrong.push(`${path}: ${String(error).split("\n")[0]}`);
      }
    }
  }
  expect(count).toBeGreaterThan(10);
  return wrong;
}

/** `null` is one of the things that these may be: atoms in place of features, and infinitely far. */
const mayBeNull = [".state.form.nodes as null", ".usual as null"];

// What options say is the author's, not a version's: of these only the kind is checked, by the method itself.
const parts = ["format", "target", "inputs", "rowCount", "seed", "warnings", "state"];

it.each(Object.keys(fits))("%s: what a file lacks or has otherwise is refused by name", async (name) => {
  const [fitted, of] = await fits[name]!();
  const use = (bytes: Uint8Array): unknown => said(decodeFitted(bytes, { plugins }), of);
  expect(silent(encodeFitted(fitted), "hooke.method", parts, use)).toEqual([]);
});

it("the domain of a model, too", async () => {
  const [fitted] = await fits.ridge!();
  const domain = domainOf({ ...samplesOf(table, "y", { inputs: ["x", "supplier"] }) });
  const bytes = encodeModelFile({ fitted, domain });
  const names = Object.keys(JSON.parse(decodeSafetensors(bytes).metadata["hooke.domain"]!));
  expect(silent(bytes, "hooke.domain", names, (file) => decodeModelFile(file).domain)).toEqual([]);
});

it("says what is missing, and what to do", async () => {
  const [fitted] = await fits.blend!();
  const bytes = encodeFitted(fitted);
  const json = JSON.parse(decodeSafetensors(bytes).metadata["hooke.method"]!);
  const { deviations: _, ...state } = json.state;
  const older = rewritten(bytes, "hooke.method", { ...json, version: "0.0.0", state });
  expect(() => decodeFitted(older, { plugins })).toThrow(
    'fitted method: state.deviations is missing; expected an array of Float64. A version of blend that keeps other things wrote it ("0.0.0"): fit it again.',
  );
});
