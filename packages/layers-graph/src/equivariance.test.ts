// Atoms in space: energies stay and vectors turn where all positions are turned, shifted or mirrored; forces are slopes of energies.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, fit, frozen, initialize, inputShapeOf, type Layer, predict } from "@hooke/core";
import { take } from "@hooke/data";
import { array, type HostArray, treeMap } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { clusters } from "./graphs.fixture.ts";
import {
  egnn,
  egnnBlock,
  energyForceLoss,
  energyForces,
  type Graph,
  gin,
  graphDataset,
  painn,
  painnBlock,
  schnet,
} from "./index.ts";

const backend = wasmBackend();
const graphs = clusters(6);
const small = { outputs: 1, width: 8, depth: 2 } as const;
const near = { ...small, cutoff: 3 } as const;

type Turn = (place: readonly number[]) => number[];
const [sine, cosine] = [Math.sin(0.7), Math.cos(0.7)];
/** About the first axis, then about the third, mirrored. */
const turn: Turn = ([x, y, z]) => {
  const [b, c] = [cosine * y! - sine * z!, sine * y! + cosine * z!];
  return [-(cosine * x! - sine * b), sine * x! + cosine * b, c];
};
const moved: Turn = (place) => turn(place).map((at, axis) => at + axis - 0.7);
const turned = (graph: Graph): Graph => ({
  ...graph,
  positions: (graph.positions as number[][]).map(moved),
});

async function outputs(layer: Layer, given: readonly Graph[]): Promise<HostArray> {
  const data = graphDataset({ graphs: given });
  const inputShape = inputShapeOf(data.inputs, data.extras);
  const variables = await initialize(backend, layer, inputShape, 0);
  return predict({ layer, inputShape, variables }, data, { backend });
}
const differenceOf = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
const scaleOf = ({ data }: HostArray): number => Math.max(1, ...data.map(Math.abs));

describe("invariance", () => {
  it.each([
    ["schnet", schnet(near)],
    ["painn", painn(near)],
    ["egnn", egnn(small)],
  ])("%s", async (_, layer) => {
    const [before, after] = [await outputs(layer, graphs), await outputs(layer, graphs.map(turned))];
    expect(differenceOf(after.data, before.data)).toBeLessThan(1e-5 * scaleOf(before));
    const others = await outputs(
      layer,
      graphs.map((graph) => ({
        ...graph,
        positions: (graph.positions as number[][]).map(([x, y, z]) => [1.3 * x!, y!, z!]),
      })),
    );
    expect(differenceOf(others.data, before.data)).toBeGreaterThan(1e-4);
  });
});

describe("equivariance", () => {
  it("forces turn with the atoms, and add up to nothing", async () => {
    const layer = energyForces(painn(near));
    const [before, after] = [await outputs(layer, graphs), await outputs(layer, graphs.map(turned))];
    const expected = [...before.data];
    for (let at = 0; at < expected.length; at += 4) {
      const [x, y, z] = turn(expected.slice(at + 1, at + 4));
      expected.splice(at + 1, 3, x!, y!, z!);
    }
    expect(differenceOf(after.data, expected)).toBeLessThan(1e-5 * scaleOf(before));
    const width = before.data.length / graphs.length;
    for (let row = 0; row < graphs.length; row++) {
      const forces = [...before.data.slice(row * width, (row + 1) * width)];
      for (const axis of [1, 2, 3]) {
        const total = forces.reduce((sum, value, i) => (i % 4 === axis ? sum + value : sum), 0);
        expect(Math.abs(total)).toBeLessThan(1e-5 * scaleOf(before));
      }
    }
  });

  /** A layer on one cluster, whose atoms have these features. */
  async function onCluster(
    layer: Layer,
    rows: readonly number[][],
    { senders, receivers }: Graph,
    places?: number[][],
  ) {
    const ends = (list: ArrayLike<number>) => array([Array.from(list)], { dtype: "i32" });
    const extras = {
      senders: ends(senders),
      receivers: ends(receivers),
      ...(places && { positions: array([places]) }),
    };
    const inputs = array([rows as number[][]]);
    const inputShape = inputShapeOf(inputs, extras);
    const { params, state } = await initialize(backend, layer, inputShape, 0);
    // Larger moves than a new block makes.
    const louder = treeMap(params, (leaf: HostArray, path: string) =>
      path.startsWith("move2") ? { ...leaf, data: leaf.data.map((value: number) => 1000 * value) } : leaf,
    ) as typeof params;
    const { data, shape } = await predict({ layer, inputShape, variables: { params: louder, state } }, inputs, {
      backend,
      extras,
    });
    return rows.map((_, row) => [...data.slice(row * shape[2]!, (row + 1) * shape[2]!)]);
  }
  const cluster = graphs.find(({ positions }) => (positions as number[][]).length > 3)!;
  const places = cluster.positions as number[][];

  it("egnnBlock: features stay, positions turn with the atoms", async () => {
    const features = (positions: readonly number[][]) => positions.map((place, i) => [Math.sin(i), i % 2, ...place]);
    const layer = egnnBlock({ units: 2 });
    const before = await onCluster(layer, features(places), cluster);
    const after = await onCluster(layer, features(places.map(moved)), cluster);
    expect(differenceOf(before[0]!.slice(2), places[0]!)).toBeGreaterThan(1e-3);
    for (const [node, row] of before.entries())
      expect(differenceOf(after[node]!, [...row.slice(0, 2), ...moved(row.slice(2))])).toBeLessThan(1e-5);
  });

  it("painnBlock: scalars stay, vectors turn with the atoms", async () => {
    /** One scalar and one vector. */
    const features = (by: Turn) => places.map((place, i) => [Math.cos(i), ...by([place[1]!, i, 0.5])]);
    const layer = painnBlock({ units: 1, cutoff: 3 });
    const before = await onCluster(
      layer,
      features((vector) => [...vector]),
      cluster,
      places,
    );
    const after = await onCluster(layer, features(turn), cluster, places.map(moved));
    for (const [node, row] of before.entries())
      expect(differenceOf(after[node]!, [row[0]!, ...turn(row.slice(1))])).toBeLessThan(1e-5);
  });
});

it("forces are the slopes of the energy, by differences", async () => {
  const layer = energyForces(painn(near));
  const inputs = graphDataset({ graphs, dtype: "f64" });
  const inputShape = inputShapeOf(inputs.inputs, inputs.extras);
  const variables = await initialize(backend, layer, inputShape, 0, "f64");
  const at = async (shift: number): Promise<HostArray> => {
    const positions = inputs.extras.positions!;
    const data = positions.data.map((value: number, i: number) => (i === 4 ? value + shift : value));
    const extras = { ...inputs.extras, positions: { ...positions, data } as HostArray };
    return predict({ layer, inputShape, variables }, { ...inputs, extras }, { backend });
  };
  const [nodes] = inputs.extras.lengths!.data;
  const [below, here, above] = [await at(-1e-5), await at(0), await at(1e-5)];
  const slope = ((above.data[0]! - below.data[0]!) * nodes!) / 2e-5;
  // The second atom's force along the second axis.
  expect(Math.abs(here.data[4 + 2]! + slope)).toBeLessThan(1e-8);
});

it("energies and forces are learned together", async () => {
  /** Springs of length 1 between all atoms. */
  const springs = clusters(24, 3).map((graph) => {
    const positions = graph.positions as number[][];
    let energy = 0;
    const forces = positions.map(() => [0, 0, 0]);
    for (const [edge, sender] of Array.from(graph.senders).entries()) {
      const receiver = graph.receivers[edge]!;
      const vector = positions[sender]!.map((value, axis) => value - positions[receiver]![axis]!);
      const length = Math.hypot(...vector);
      energy += (length - 1) ** 2 / 4;
      for (const axis of [0, 1, 2]) forces[receiver]![axis]! += ((length - 1) * vector[axis]!) / length;
    }
    return { graph, energy, forces };
  });
  const data = graphDataset({
    graphs: springs.map(({ graph }) => graph),
    energies: springs.map(({ energy }) => energy),
    forces: springs.map(({ forces }) => forces),
  });
  const { history } = await fit({
    backend,
    model: energyForces(schnet({ outputs: 1, width: 12, depth: 1, cutoff: 4 })),
    data: { train: data, validation: take(data, [0, 1, 2]) },
    loss: energyForceLoss({ forces: 0.5 }),
    optimizer: adam(),
    learningRate: 1e-2,
    epochs: 40,
    batchSize: 12,
    seed: 0,
  });
  expect(history.at(-1)!.loss).toBeLessThan(0.2 * history[0]!.loss);
});

it("energies that depend on the batch have no forces, which is said with the layer", () => {
  expect(() => energyForces(gin({ outputs: 1 }))).toThrow(
    /energyForces: received body\.layer\.1\.1 \(batchNorm\) inside, .*take layerNorm, or a model without/,
  );
  expect(() => energyForces(frozen(gin({ outputs: 1 })))).not.toThrow();
});
