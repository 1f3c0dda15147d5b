// Explanations of graphs and of sequences that end: shares of what is there alone, the right atoms, maps that follow the weights.

import { wasmBackend } from "@hooke/backend-wasm";
import { randomFrom } from "@hooke/baselines";
import {
  adam,
  dense,
  fit,
  initialize,
  inputShapeOf,
  type Layer,
  mse,
  predict,
  sequential,
  type TrainedModel,
} from "@hooke/core";
import { type Dataset, dataset, padSequences, take } from "@hooke/data";
import { dmpnn, type Graph, gin, graphDataset, graphUnion, painn, readout, schnet } from "@hooke/layers-graph";
import { lstm } from "@hooke/layers-seq";
import { array, type HostArray, randomKey } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { exactShapley, gridParts, integratedGradients, nodeOcclusion, occlusion, overChannels } from "./index.ts";

const backend = wasmBackend();

/** Kinds of nodes: two that matter where they are neighbours, two that do not. */
const kinds = ["A", "B", "C", "D"];

/** Trees of 5 to 10 nodes with one A and one B, which are neighbours in half of them: the target. */
function planted(
  count: number,
  seed: number,
): { readonly data: Dataset; readonly places: readonly (readonly number[])[] } {
  const random = randomFrom(randomKey(seed), "trees");
  const graphs: Graph[] = [];
  const targets: number[][] = [];
  const places: number[][] = [];
  for (let i = 0; i < count; i++) {
    const size = 5 + random.below(6);
    const edges = Array.from({ length: size - 1 }, (_, node): [number, number] => [random.below(node + 1), node + 1]);
    const isNear = i % 2 === 0;
    const apart = (): [number, number] => {
      const [a, b] = Array.from(random.choose(size, 2)) as [number, number];
      return edges.some((ends) => ends.includes(a) && ends.includes(b)) ? apart() : [a, b];
    };
    const [a, b] = isNear ? edges[random.below(edges.length)]! : apart();
    const nodes = Array.from({ length: size }, (_, node) => (node === a ? 0 : node === b ? 1 : 2 + random.below(2)));
    graphs.push({
      nodes: nodes.map((kind) => kinds.map((_, k) => Number(k === kind))),
      senders: edges.flat(),
      receivers: edges.flatMap(([one, other]) => [other, one]),
    });
    targets.push([isNear ? 1 : 0]);
    places.push([a, b]);
  }
  return { data: graphDataset({ graphs, targets }), places };
}

const trained = async (data: Dataset, model: Layer, epochs: number): Promise<TrainedModel> => {
  const settings = { loss: mse(), optimizer: adam(), learningRate: 0.01, batchSize: 32, seed: 0 };
  return (await fit({ backend, model, data: { train: data }, epochs, ...settings })).model;
};

/** A row of a matrix. */
const rowOf = ({ data, shape }: HostArray, row: number): number[] =>
  Array.from(data.subarray(row * shape[1]!, (row + 1) * shape[1]!), Number);
const untrained = async (layer: Layer, data: Dataset, seed = 0): Promise<TrainedModel> => {
  const inputShape = inputShapeOf(data.inputs, data.extras);
  return { layer, inputShape, variables: await initialize(backend, layer, inputShape, seed) };
};

describe("graphs", () => {
  it("the atoms of a planted pair are found in at least 95 of 100 molecules", async () => {
    const { data } = planted(600, 1);
    const { data: fresh, places } = planted(200, 2);
    const model = await trained(data, dmpnn({ outputs: 1, width: 24, depth: 2, readout: "sum" }), 25);
    const near = Array.from({ length: 100 }, (_, i) => 2 * i);
    const rows = take(fresh, near);
    const { data: found } = await predict(model, rows, { backend });
    expect(found.filter((value: number) => value > 0.5).length).toBeGreaterThan(95);
    // In place of an atom: none of the kinds.
    const gradients = await integratedGradients(model, rows, { backend, baseline: 0, tolerance: 0.05 });
    const maps = {
      "integrated gradients": overChannels(gradients.values),
      occlusion: (await nodeOcclusion(model, rows, { backend })).values,
    };
    for (const [name, map] of Object.entries(maps)) {
      const right = near.filter((row, i) => {
        const shares = rowOf(map, i);
        return places[row]!.includes(shares.indexOf(Math.max(...shares)));
      });
      expect(right.length, name).toBeGreaterThanOrEqual(95);
    }
  });

  it("shares of a padded graph are those of the graph alone, and add up", async () => {
    const { data } = planted(6, 3);
    const model = await untrained(dmpnn({ outputs: 1, width: 8, depth: 2 }), data);
    const { values, predictions, base, errors } = await integratedGradients(model, data, { backend, baseline: 0 });
    const nodes = overChannels(values);
    const lengths = data.extras.lengths!.data;
    for (const [row, prediction] of predictions.entries()) {
      const shares = rowOf(nodes, row);
      const sum = shares.reduce((total, share) => total + share, 0);
      expect(sum).toBeCloseTo(prediction - base[row]! + errors[row]!, 6);
      expect(shares.slice(Number(lengths[row])).every((share) => share === 0)).toBe(true);
    }
    const smallest = lengths.indexOf(Math.min(...Array.from(lengths, Number)) as never);
    const alone = await integratedGradients(model, take(data, [smallest]), { backend, baseline: 0 });
    for (const [i, share] of rowOf(overChannels(alone.values), 0).entries())
      expect(share).toBeCloseTo(rowOf(nodes, smallest)[i]!, 6);
  });

  it.each([
    ["SchNet", schnet({ outputs: 1, width: 8, depth: 2, cutoff: 3 })],
    ["PaiNN", painn({ outputs: 1, width: 8, depth: 1, cutoff: 3 })],
  ])("an atom that is taken out (%s) leaves what is predicted of the others", async (_, layer) => {
    const all = [
      [0, 0, 0],
      [1, 0.2, 0],
      [0.3, 1.1, 0.4],
      [1.2, 1, 1],
    ];
    const cluster = (kept: readonly number[]): Graph => ({
      nodes: array(
        kept.map((atom) => [[1, 8, 6, 1][atom]!]),
        { dtype: "i32" },
      ),
      positions: kept.map((atom) => all[atom]!),
      senders: kept.flatMap((__, i) => kept.flatMap((___, j) => (i === j ? [] : [i]))),
      receivers: kept.flatMap((__, i) => kept.flatMap((___, j) => (i === j ? [] : [j]))),
    });
    const whole = graphDataset({ graphs: [cluster([0, 1, 2, 3]), cluster([1, 3])] });
    const model = await untrained(layer, whole);
    const { values, predictions } = await nodeOcclusion(model, whole, { backend });
    for (const atom of [0, 1, 2, 3]) {
      const rest = graphDataset({ graphs: [cluster([0, 1, 2, 3].filter((other) => other !== atom))] });
      const { data } = await predict(model, rest, { backend });
      expect(rowOf(values, 0)[atom]).toBeCloseTo(predictions[0]! - data[0]!, 5);
    }
    expect(rowOf(values, 1).slice(2)).toEqual([0, 0]);
    await expect(integratedGradients(model, whole, { backend, baseline: 0 })).rejects.toThrow(
      "of graphs nodeOcclusion",
    );
  });

  it("weights of each layer that are drawn anew change the maps", async () => {
    const { data } = planted(3, 4);
    const layer = dmpnn({ outputs: 1, width: 8, depth: 2, readout: "sum" });
    const [own, other] = [await untrained(layer, data), await untrained(layer, data, 1)];
    const maps = {
      gradients: async (model: TrainedModel) =>
        (await integratedGradients(model, data, { backend, baseline: 0 })).values.data,
      occlusion: async (model: TrainedModel) => (await nodeOcclusion(model, data, { backend })).values.data,
    };
    type Tree = { readonly body: { readonly layer: Readonly<Record<string, HostArray>> } };
    const { layer: parts } = (own.variables.params as unknown as Tree).body;
    for (const [name, map] of Object.entries(maps)) {
      const before = Array.from(await map(own), Number);
      for (const path of Object.keys(parts)) {
        const drawn = { ...parts, [path]: (other.variables.params as unknown as Tree).body.layer[path]! };
        const params = { body: { layer: drawn } } as never;
        const after = Array.from(await map({ ...own, variables: { ...own.variables, params } }), Number);
        const difference = Math.hypot(...before.map((value, i) => value - after[i]!));
        expect(difference / Math.hypot(...before), `${name}, ${path}`).toBeGreaterThan(0.1);
      }
    }
  });

  it("refuses what is no graph, and a graph of one node", async () => {
    const layer = sequential([lstm({ hiddenSize: 2, returns: "last" }), dense({ units: 1 })]);
    const { inputs, extras } = padSequences([[[1], [2]], [[3]]]);
    const data = dataset({ inputs, extras, targets: array([[1], [2]]) });
    const model = await untrained(layer, data);
    await expect(nodeOcclusion(model, data, { backend })).rejects.toThrow("without lengths, senders and receivers");
    const single = graphDataset({ graphs: [{ nodes: [[1]], senders: [], receivers: [] }], isolated: true });
    const sums = await untrained(graphUnion(readout({ kind: "sum" })), single);
    await expect(nodeOcclusion(sums, single, { backend })).rejects.toThrow("graph 0 has a single node");
    expect(() => overChannels(array([[1, 2]]))).toThrow("give [rows, ..., channels]");
    expect(gin({ outputs: 1 }).type).toBe("gin");
  });
});

describe("sequences that end", () => {
  const { inputs, extras } = padSequences([
    [[1], [3], [-2]],
    [[2], [1], [4], [0.5], [-1]],
  ]);
  const data = dataset({ inputs, extras, targets: array([[1], [2]]) });
  const alone = (row: number, length: number) => {
    const rows = padSequences([Array.from({ length }, (_, t) => [Number(inputs.data[row * 5 + t]!)])]);
    return dataset({ inputs: rows.inputs, extras: rows.extras, targets: array([[1]]) });
  };
  const layer = sequential([lstm({ hiddenSize: 4, returns: "last" }), dense({ units: 1 })]);

  it("have shares for the steps that count alone: gradients, occlusion, Shapley values", async () => {
    const model = await untrained(layer, data);
    for (const [row, length] of [
      [0, 3],
      [1, 5],
    ] as const) {
      const own = { ...model, inputShape: inputShapeOf(alone(row, length).inputs, alone(row, length).extras) };
      const settings = { backend, baseline: 0 };
      const padded = await integratedGradients(model, take(data, [row]), settings);
      const whole = await integratedGradients(own, alone(row, length), settings);
      const covered = await occlusion(model, take(data, [row]), { backend, cover: 0 });
      const coveredAlone = await occlusion(own, alone(row, length), { backend, cover: 0 });
      const background = array(new Float32Array(5), { shape: [1, 5, 1] });
      const shared = await exactShapley(model, take(data, [row]), { backend, background, parts: gridParts([5], 1) });
      const still = array(new Float32Array(length), { shape: [1, length, 1] });
      const sharedAlone = await exactShapley(own, alone(row, length), {
        backend,
        background: still,
        parts: gridParts([length], 1),
      });
      for (let t = 0; t < 5; t++) {
        expect(padded.values.data[t]).toBeCloseTo(Number(whole.values.data[t] ?? 0), 6);
        expect(covered.values.data[t]).toBeCloseTo(Number(coveredAlone.values.data[t] ?? 0), 6);
        expect(shared.values[t]).toBeCloseTo(sharedAlone.values[t] ?? 0, 6);
      }
    }
    const background = array(new Float32Array(5), { shape: [1, 5, 1] });
    const two = exactShapley(model, data, { backend, background, parts: gridParts([5], 1) });
    await expect(two).rejects.toThrow(
      "received 2 rows with lengths, on which the base depends; give one row at a time",
    );
  });
});
