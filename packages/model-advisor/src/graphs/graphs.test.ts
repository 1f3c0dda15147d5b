// Graphs as rows of tables, and networks that read them there: what they learn, what comes back from files, what is refused.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  conformal,
  decodeFitted,
  encodeFitted,
  permutationImportance,
  randomForest,
  randomFrom,
} from "@hooke/baselines";
import { columnNames, columnOf, numbersOf, tableOf, takeTableRows } from "@hooke/data";
import { atomGraph, type Graph, graphDataset } from "@hooke/layers-graph";
import { array, randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { atomShares, graphNetwork, graphTable, moleculeTable, smilesIn } from "./index.ts";

const backend = wasmBackend();
const plugins = [{ name: "graphs", methods: { conformal, graphNetwork } }];
const asGraph = { inputs: ["graph"], texts: ["graph"], backend } as const;

/** Rings of which half the nodes are marked; the target is how many neighbours are both marked, which counts do not say. */
function rings(count: number, seed = 0) {
  const random = randomFrom(randomKey(seed), "rings");
  const graphs: Graph[] = [];
  const targets: number[][] = [];
  for (let i = 0; i < count; i++) {
    const size = 6 + 2 * random.below(3);
    const order = Array.from(random.choose(size, size / 2));
    const marks = Array.from({ length: size }, (_, node) => (order.includes(node) ? 1 : 0));
    const next = Array.from({ length: size }, (_, node) => (node + 1) % size);
    const here = marks.map((_, node) => node);
    graphs.push({ nodes: marks.map((mark) => [mark, 1]), senders: [...here, ...next], receivers: [...next, ...here] });
    targets.push([marks.filter((mark, node) => mark && marks[next[node]!]).length]);
  }
  return graphDataset({ graphs, targets, targetNames: ["pairs"] });
}

/** Three atoms on a line at random distances; the energy is that of springs between neighbours. */
function lines(count: number) {
  const random = randomFrom(randomKey(2), "lines");
  const atoms = Array.from({ length: count }, () => [1 + 0.4 * random.uniform(), 1 + 0.4 * random.uniform()] as const);
  return graphDataset({
    graphs: atoms.map(([a, b]) => ({
      nodes: array([[18], [36], [18]], { dtype: "i32" }),
      senders: [0, 1, 1, 2],
      receivers: [1, 0, 2, 1],
      positions: [
        [0, 0, 0],
        [a, 0, 0],
        [a + b, 0, 0],
      ],
    })),
    targets: atoms.map(([a, b]) => [10 * ((a - 1.2) ** 2 + (b - 1.2) ** 2)]),
    targetNames: ["energy"],
  });
}

const rmse = (values: ArrayLike<number>, actual: ArrayLike<number>): number =>
  Math.sqrt(Array.from(values).reduce((sum, value, i) => sum + (value - actual[i]!) ** 2, 0) / values.length);

it("a table of graphs says what is known of each, and holds it", () => {
  const table = graphTable(rings(3));
  expect(columnNames(table)).toEqual(["nodes", "edges per node", "mean input0", "mean input1", "graph", "pairs"]);
  expect([...numbersOf(table, "edges per node")]).toEqual([2, 2, 2]);
  expect([...numbersOf(table, "mean input0")]).toEqual([0.5, 0.5, 0.5]);
  const ofAtoms = graphTable(lines(2));
  expect(numbersOf(ofAtoms, "mean number")[0]).toBeCloseTo(24, 10);
  const { a, b } = { a: numbersOf(ofAtoms, "mean distance")[0]!, b: numbersOf(ofAtoms, "least distance")[0]! };
  expect(a).toBeGreaterThanOrEqual(b);
  const nodes = graphDataset({
    graphs: [{ nodes: [[1], [2]], senders: [0], receivers: [1] }],
    nodeTargets: [[[1], [2]]],
  });
  expect(() => graphTable(nodes)).toThrow("give one number or label for each graph");
  for (const name of ["nodes", "graph", "mean input0"]) {
    const data = graphDataset({
      graphs: [{ nodes: [[1], [2]], senders: [0], receivers: [1] }],
      targets: [[3]],
      targetNames: [name],
    });
    expect(() => graphTable(data)).toThrow(`graphTable: the table has a column "${name}" of its own`);
  }
});

it("learns what counts do not say, for larger graphs too, the same bits again and from files", async () => {
  const [train, test] = [graphTable(rings(90)), graphTable(rings(30, 1))];
  const method = graphNetwork({ kind: "messages", width: 16, members: 1, updates: 300, learningRate: 0.01 });
  const fitted = await method.fit(train, "pairs", asGraph);
  const actual = numbersOf(test, "pairs");
  const { values } = fitted.predict(test);
  expect(rmse(values, actual)).toBeLessThan(0.5);
  const forest = await randomForest({ trees: 30 }).fit(train, "pairs", { inputs: columnNames(train).slice(0, 4) });
  expect(rmse(forest.predict(test).values, actual)).toBeGreaterThan(0.8);
  const again = decodeFitted(encodeFitted(fitted), { plugins });
  expect(again.predict(test).values).toEqual(values);
  expect(encodeFitted(await method.fit(train, "pairs", asGraph))).toEqual(encodeFitted(fitted));
  const large = graphDataset({
    graphs: [{ nodes: Array.from({ length: 30 }, (_, i) => [i < 15 ? 1 : 0, 1]), ...ends(30) }],
  });
  expect(Number.isFinite(fitted.predict(graphTable(large)).values[0]!)).toBe(true);
});

it("learns by attention, too", async () => {
  const [train, test] = [graphTable(rings(60)), graphTable(rings(20, 1))];
  const method = graphNetwork({ kind: "attentive", width: 16, depth: 2, members: 1, updates: 200, learningRate: 0.01 });
  const { values } = (await method.fit(train, "pairs", asGraph)).predict(test);
  expect(rmse(values, numbersOf(test, "pairs"))).toBeLessThan(0.8);
});

const ends = (size: number) => {
  const here = Array.from({ length: size }, (_, node) => node);
  const next = here.map((node) => (node + 1) % size);
  return { senders: [...here, ...next], receivers: [...next, ...here] };
};

it.each([
  ["crystal", 0.35],
  ["schnet", 0.5],
  ["painn", 0.5],
] as const)("of atoms in space (%s) learns from distances", async (kind, share) => {
  const table = graphTable(lines(70));
  const [train, test] = [
    takeTableRows(
      table,
      Int32Array.from({ length: 56 }, (_, i) => i),
    ),
    takeTableRows(
      table,
      Int32Array.from({ length: 14 }, (_, i) => 56 + i),
    ),
  ];
  const method = graphNetwork({ kind, width: 16, depth: 2, members: 1, updates: 250, learningRate: 0.01 });
  const { values } = (await method.fit(train, "energy", asGraph)).predict(test);
  const actual = numbersOf(test, "energy");
  const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length;
  expect(rmse(values, actual)).toBeLessThan(share * rmse(Array(actual.length).fill(mean), actual));
});

it("of crystals in small cells, where atoms are neighbours of their own images", async () => {
  const edges = Array.from({ length: 30 }, (_, i) => 1 + ((i * 7) % 30) / 100);
  const table = graphTable(
    graphDataset({
      graphs: edges.map((edge) => {
        const cell = [0, 1, 2].map((row) => [0, 1, 2].map((axis) => (row === axis ? edge : 0)));
        return atomGraph({ atoms: ["Po"], positions: [[0, 0, 0]], cell }, { cutoff: 1.4 });
      }),
      targets: edges.map((edge) => [10 * edge]),
      targetNames: ["length"],
    }),
  );
  for (const kind of ["crystal", "schnet"] as const) {
    const method = graphNetwork({ kind, width: 8, depth: 1, members: 1, updates: 150, learningRate: 0.02 });
    const { values } = (await method.fit(table, "length", asGraph)).predict(table);
    expect(rmse(values, numbersOf(table, "length")), kind).toBeLessThan(0.5);
  }
});

it("classes, bounds, and inputs beside the graph", async () => {
  const table = graphTable(rings(40));
  const pairs = numbersOf(table, "pairs");
  const heat = pairs.map((_, row) => (row * 7) % 5);
  const more = tableOf({
    graph: columnOf(table, "graph").values as string[],
    heat,
    kind: Array.from(pairs, (value) => (value > 1.5 ? "many" : "few")),
    rate: pairs.map((value, row) => value + heat[row]!),
  });
  const small = { kind: "messages", width: 8, depth: 2, members: 1, updates: 150, learningRate: 0.02 } as const;
  const classes = await graphNetwork(small).fit(more, "kind", asGraph);
  const { values, probabilities } = classes.predict(more);
  expect(probabilities![0]! + probabilities![1]!).toBeCloseTo(1, 12);
  const names = Array.from(values, (value) => (classes.target as { classes: readonly string[] }).classes[value]);
  expect(names.filter((name, row) => name === more.columns[2]!.values[row]).length).toBeGreaterThan(34);

  const bounded = conformal({ method: graphNetwork(small), folds: 2 });
  const fitted = await bounded.fit(more, "rate", { ...asGraph, inputs: ["graph", "heat"] });
  const predicted = fitted.predict(more, { level: 0.8 });
  expect(rmse(predicted.values, numbersOf(more, "rate"))).toBeLessThan(1);
  expect(predicted.bounds!.lower.every((value, row) => value < predicted.bounds!.upper[row]!)).toBe(true);
  expect(fitted.inputs.map(({ type }) => type)).toEqual(["number", "text"]);
  await expect(permutationImportance(fitted, more)).rejects.toThrow('"conformal" reads "graph"');
});

it("molecules become descriptors and graphs, and their column is known again", async () => {
  const table = tableOf({ dose: [1, 2], solute: ["CCO", "c1ccccc1O"], y: [3, 4] });
  const read = await moleculeTable(table, { smiles: "solute" });
  expect(columnNames(read)[0]).toBe("dose");
  expect([...numbersOf(read, "heavy atoms of solute")]).toEqual([3, 7]);
  expect(smilesIn(read.columns)).toBe("solute");
  expect(smilesIn(table.columns)).toBeUndefined();
  const wrong = tableOf({ solute: ["CCO", "CQ"], y: [3, 4] });
  await expect(moleculeTable(wrong, { smiles: "solute" })).rejects.toThrow(
    'column "solute", line 2: "CQ" is no SMILES',
  );
});

it("atoms have shares in what is predicted: what it loses without them", async () => {
  const chains = Array.from(
    { length: 40 },
    (_, i) => `${"C".repeat(1 + (i % 5))}${"ON"[i % 2]}${"C".repeat(1 + (i % 3))}`,
  );
  const table = await moleculeTable(
    tableOf({ chain: [...chains, "C"], oxygen: [...chains, "C"].map((chain) => (chain.includes("O") ? 5 : 0)) }),
    { smiles: "chain" },
  );
  const given = { inputs: ["graph of chain"], texts: ["graph of chain"], backend };
  const method = graphNetwork({ kind: "messages", width: 16, depth: 2, members: 1, updates: 200, learningRate: 0.01 });
  const fitted = await method.fit(table, "oxygen", given);
  const shares = await atomShares(fitted, table);
  // A single atom leaves nothing behind.
  expect(shares).toHaveLength(40);
  const { values } = fitted.predict(table);
  const found = shares.filter(({ row, prediction, kinds, shares: of }) => {
    expect(prediction).toBe(values[row]);
    return row % 2 === 1 || kinds[of.indexOf(Math.max(...of))] === "O";
  });
  expect(found.length).toBeGreaterThan(37);
  const { values: without } = fitted.predict(await moleculeTable(tableOf({ chain: ["CC"] }), { smiles: "chain" }));
  // Without its oxygen, CCO is CC with other numbers of neighbours: what is left of the prediction is no more than that.
  expect(Math.abs(without[0]!)).toBeLessThan(2);
  await expect(
    atomShares(await randomForest().fit(table, "oxygen", { inputs: ["rings of chain"] }), table),
  ).rejects.toThrow("a fitted method that reads graphs");
});

it("what cannot be read is refused by name", async () => {
  const table = graphTable(rings(12));
  const of = (kind: "messages" | "schnet") => graphNetwork({ kind, updates: 2 });
  await expect(of("messages").fit(table, "pairs", { inputs: ["nodes"], backend })).rejects.toThrow(
    "reads one column of graphs, and received no column of texts",
  );
  await expect(of("schnet").fit(table, "pairs", asGraph)).rejects.toThrow("reads atomic numbers and positions");
  await expect(randomForest().fit(table, "pairs", { texts: ["graph"] })).rejects.toThrow(
    'randomForest: does not read texts, such as "graph"',
  );
  await expect(of("messages").fit(table, "pairs", { ...asGraph, inputs: ["nodes"] })).rejects.toThrow(
    'the text "graph" is not an input',
  );
  const fitted = await of("messages").fit(table, "pairs", asGraph);
  expect(() => fitted.predict(tableOf({ graph: ["CCO"] }))).toThrow('row 0 of "graph" is "CCO", which is no graph');
  const wider = graphDataset({ graphs: [{ nodes: [[1], [2]], senders: [0, 1], receivers: [1, 0] }] });
  expect(() => fitted.predict(graphTable(wider))).toThrow("received nodes with 1 features; it learned from 2");
});
