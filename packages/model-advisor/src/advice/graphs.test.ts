// Advice on graphs: networks of them are candidates beside methods on what is known of each, and molecules are found in tables.
import { existsSync, readFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { type Method, randomFrom, type Samples } from "@hooke/baselines";
import { numbersOf, parseCsv, tableOf } from "@hooke/data";
import { type Graph, graphDataset } from "@hooke/layers-graph";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { graphNetwork, graphNetworks, graphTable, moleculeTable } from "../graphs/index.ts";
import { networksFor } from "../network/networks-for.ts";
import { ruleFor } from "../rules/rules.ts";
import { advise } from "./advise.ts";
import { adviseLines, workersFor } from "./only.fixture.ts";

const isFull = process.env.HOOKE_TESTS === "full";
const backend = wasmBackend();
const esol = new URL("../../../../../shared/data/esol.csv", import.meta.url);

/** Paths whose nodes are of two kinds, half of each; the target is how often the kind changes along them, which counts do not say. */
function paths(count: number) {
  const random = randomFrom(randomKey(4), "paths");
  const graphs: Graph[] = [];
  const targets: number[][] = [];
  for (let i = 0; i < count; i++) {
    const size = 6 + 2 * random.below(3);
    const ones = new Set(random.choose(size, size / 2));
    const kinds = Array.from({ length: size }, (_, node) => Number(ones.has(node)));
    const from = kinds.slice(1).map((_, node) => node);
    graphs.push({
      nodes: kinds.map((kind) => [kind, 1 - kind]),
      senders: [...from, ...from.map((node) => node + 1)],
      receivers: [...from.map((node) => node + 1), ...from],
    });
    targets.push([from.filter((node) => kinds[node] !== kinds[node + 1]).length]);
  }
  return graphDataset({ graphs, targets, targetNames: ["changes"] });
}

it("advises a network of graphs where it wins, measured like the others, in workers too, and fits it", async () => {
  const data = paths(80);
  const network = graphNetwork({ kind: "messages", width: 16, members: 1, updates: 120, learningRate: 0.01 });
  const methods = { "message passing": network };
  const options = { target: "changes", groups: "none", backend, methods, elsewhere: false } as const;
  // Of counts, which say nothing, what takes long is left out.
  const workers = await workersFor(["dummy", "ridge", "neighbours", "message passing"], data, options);
  const advice = await advise(data, { ...options, budget: { repeats: 1 }, workers });
  expect(advice.rule.structure).toBe("graphs");
  expect(advice.record.inputs).toEqual(["nodes", "edges per node", "mean input0", "mean input1"]);
  expect(advice.recommended!.method).toBe("message passing");
  expect(advice.recommended!.skill).toBeGreaterThan(0.5);
  const { fitted, domain } = await advice.fit({ method: "ridge" });
  expect(fitted.inputs.map(({ name }) => name)).not.toContain("graph");
  // What is known of each says what is like the graphs that were seen.
  expect(domain.ranges.map(({ input }) => input)).toContain("nodes");
  await expect(advice.explain()).rejects.toThrow(
    'those of "message passing" are graphs. Explain one that learned from',
  );
});

/** Chains of carbon, nitrogen and oxygen in any order. */
const chains = Array.from({ length: 24 }, (_, i) => {
  const random = randomFrom(randomKey(6), "chain", i);
  return `C${Array.from({ length: 3 + random.below(6) }, () => "CCNO(C)"[random.below(4)]).join("")}C`;
});
const weights: Readonly<Record<string, number>> = { C: 14, N: 15, O: 16 };
const masses = chains.map((chain) => [...chain].reduce((sum, letter) => sum + weights[letter]!, 0) / 10);
const options = { target: "mass", budget: { seconds: 0.01 }, elsewhere: false } as const;

it("finds molecules in a table, says so, and is overruled", async () => {
  const heat = chains.map((_, i) => (i * 7) % 11);
  const branched = chains.map((chain, i) => (i === 0 ? `${chain}(C)C` : chain));
  const table = tableOf({ molecule: branched, heat, mass: masses.map((mass, i) => mass + heat[i]! / 5) });
  let seen: Samples | undefined;
  const methods = (structure: string, samples: Samples): Readonly<Record<string, Method>> => {
    seen = structure === "graphs" ? samples : undefined;
    return {};
  };
  const advice = await adviseLines(table, { ...options, groups: "none", methods });
  expect(advice.rule.structure).toBe("graphs");
  expect(advice.assumptions[0]).toEqual({
    what: '"molecule" holds molecules',
    because: "every cell can be read as SMILES",
    overrule: 'smiles: "none"',
  });
  expect(advice.record.inputs).toContain("weight of molecule");
  // Networks see the graph and what the user gave beside it, no descriptors.
  expect([seen!.columns, seen!.texts!].map((list) => list.map(({ name }) => name))).toEqual([
    ["heat"],
    ["graph of molecule"],
  ]);
  const { fitted } = await advice.fit({ method: "ridge" });
  const { values } = fitted.predict(await moleculeTable(table, { smiles: "molecule" }));
  expect(values.reduce((sum, value, i) => sum + Math.abs(value - numbersOf(table, "mass")[i]!), 0) / 24).toBeLessThan(
    0.3,
  );

  const overruled = await adviseLines(table, { ...options, groups: "none", smiles: "none" });
  expect(overruled.rule.structure).toBe("table");
  expect(overruled.record.inputs).toEqual(["heat"]);
  const heatAlone = await adviseLines(table, { ...options, groups: "none", inputs: ["heat"] });
  expect(heatAlone.rule.structure).toBe("table");
  await expect(advise(table, { ...options, smiles: "molecules" })).rejects.toThrow('Did you mean "molecule"?');
});

it("leaves formulae and names of grades what they are", async () => {
  const formulae = ["Al2O3", "SiO2", "MgO", "CaO", "NiO", "FeS", "CO2", "NO", "SO3", "N2O"];
  const grades = ["B", "C", "N", "CB", "CN", "NB", "CC", "BB", "NN", "BC"];
  const y = formulae.map((_, i) => (i * 3) % 7);
  for (const names of [formulae, grades]) {
    const table = tableOf({ names, x: y.map((value, i) => value + i), y });
    expect((await adviseLines(table, { target: "y", budget: { seconds: 0.01 } })).rule.structure).toBe("table");
  }
});

it("knows which networks there are", () => {
  const ofAtoms = graphTable(
    graphDataset({
      graphs: [
        {
          nodes: { shape: [2, 1], dtype: "i32", data: Int32Array.of(1, 8) },
          senders: [0, 1],
          receivers: [1, 0],
          positions: [
            [0, 0, 0],
            [1, 0, 0],
          ],
        },
      ],
      targets: [[1]],
    }),
  );
  const samplesOfTexts = (values: readonly string[]) =>
    ({ texts: [{ name: "graph", type: "text", values }] }) as unknown as Samples;
  const namesOf = (table: typeof ofAtoms) =>
    Object.keys(
      graphNetworks("graphs", samplesOfTexts(table.columns.find(({ name }) => name === "graph")!.values as string[])),
    );
  expect(namesOf(ofAtoms)).toEqual(["CGCNN", "SchNet", "PaiNN"]);
  expect(namesOf(graphTable(paths(1)))).toEqual(["message passing"]);
  expect(graphNetworks("table", samplesOfTexts([]))).toEqual({});
  expect(networksFor("graphs")).toEqual({});
  expect(ruleFor("graphs", 100, false).recommends).toContain("message passing");
});

if (!existsSync(esol)) console.warn("No advice on published molecules: shared/data/esol.csv is not there.");
it.skipIf(!existsSync(esol))("on published molecules says what predicts their solubility", async () => {
  // At full size all 1,128 of them with the network; here a tenth without.
  const lines = readFileSync(esol, "utf8").trim().split("\n");
  const table = parseCsv(lines.filter((_, i) => isFull || i % 10 === 0).join("\n"));
  const advice = await advise(table, {
    target: "log_solubility_mol_L",
    groups: "none",
    elsewhere: false,
    budget: isFull ? { repeats: 1 } : { seconds: 0.1 },
    ...(isFull && { backend, methods: graphNetworks }),
  });
  expect(advice.rule.structure).toBe("graphs");
  expect(advice.recommended!.error).toBeLessThan(isFull ? 0.66 : 1.2);
  expect(advice.comparison.failed).toEqual([]);
  if (isFull) expect(advice.tie).toContain("message passing");
});
