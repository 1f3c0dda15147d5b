// Crystals as rows: names of those that belong together, numbers that are known of prototypes, and advice that finds compositions to be groups.
import { randomForest, randomFrom } from "@hooke/baselines";
import { columnNames, columnOf, numbersOf, type Table } from "@hooke/data";
import { type AtomStructure, parsePoscar } from "@hooke/layers-graph";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { advise } from "../advice/advise.ts";
import { foldMeasurer } from "../advice/fold-measurer.ts";
import type { FoldWorkers } from "../comparison/measurement.ts";
import { atomTable, cutoffIn } from "./index.ts";

type Sites = readonly (readonly [x: number, y: number, z: number])[];
const face: Sites = [
  [0, 0, 0],
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
];
const moved = (by: number): Sites => face.map(([x, y, z]) => [x + by, y + by, z + by]);

/** A cubic crystal: places of each element in parts of the edge. */
const cubic = (edge: number, places: Readonly<Record<string, Sites>>): AtomStructure => ({
  atoms: Object.entries(places).flatMap(([element, sites]) => sites.map(() => element)),
  positions: Object.values(places).flatMap((sites) => sites.map((site) => site.map((part) => part * edge))),
  cell: [0, 1, 2].map((row) => [0, 1, 2].map((axis) => (row === axis ? edge : 0))),
});
const rockSalt = (a: string, b: string, edge: number) => cubic(edge, { [a]: face, [b]: moved(0.5) });
const textOf = (table: Table, name: string) => columnOf(table, name).values as readonly string[];

it.each([
  ["rock salt", rockSalt("Na", "Cl", 5.64), "ClNa", "AB 6:6"],
  ["zinc blende", cubic(5.41, { Zn: face, S: moved(0.25) }), "SZn", "AB 4:4"],
  ["fluorite", cubic(5.46, { Ca: face, F: [...moved(0.25), ...moved(0.75)] }), "CaF2", "AB2 8:4"],
  ["copper", cubic(3.61, { Cu: face }), "Cu", "A 12"],
  ["methane", { atoms: ["H", "H", "C", "H", "H"], positions: tetrahedron(1.09) }, "CH4", "AB4 4:1"],
] as const)("%s is called by its composition and prototype", (_, structure, composition, prototype) => {
  const table = atomTable([structure as AtomStructure]);
  expect(textOf(table, "composition")).toEqual([composition]);
  expect(textOf(table, "prototype")).toEqual([prototype]);
});

/** Four places around a fifth, the third of the list. */
function tetrahedron(bond: number): number[][] {
  const corners = [
    [1, 1, 1],
    [1, -1, -1],
    [-1, 1, -1],
    [-1, -1, 1],
  ].map((corner) => corner.map((part) => (part * bond) / Math.sqrt(3)));
  return [...corners.slice(0, 2), [0, 0, 0], ...corners.slice(2)];
}

it("distances and neighbours are those of the crystal, whichever cell it is written in", () => {
  const iron = parsePoscar("bcc iron\n2.87\n1 0 0\n0 1 0\n0 0 1\nFe\n2\nDirect\n0 0 0\n-0.5 0.5 0.5");
  const primitive = parsePoscar("bcc iron\n2.87\n-0.5 0.5 0.5\n0.5 -0.5 0.5\n0.5 0.5 -0.5\nFe\n1\nDirect\n0 0 0");
  const table = atomTable([iron, primitive], { cutoff: 4.2, columns: { energy: [-8.2, -8.2] } });
  const of = (name: string) => [...numbersOf(table, name)];
  expect(of("neighbours within 4.2")).toEqual([8 + 6 + 12, 8 + 6 + 12]);
  expect(of("volume per atom")[0]).toBeCloseTo(2.87 ** 3 / 2, 9);
  expect(of("nearest distance")[0]).toBeCloseTo((2.87 * Math.sqrt(3)) / 2, 9);
  expect(of("nearest neighbours")).toEqual([8, 8]);
  const near = columnNames(table).filter((name) => name.startsWith("neighbours near"));
  expect(near).toHaveLength(7);
  for (const name of [...near, "volume per atom", "mean distance within 4.2", "mean number"]) {
    expect(of(name)[1], name).toBeCloseTo(of(name)[0]!, 9);
  }
  // A Gaussian of each of the 26 distances.
  const distances = [
    [8, Math.sqrt(3) / 2],
    [6, 1],
    [12, Math.SQRT2],
  ].map(([count, length]) => [count!, 2.87 * length!] as const);
  const expected = distances.reduce((sum, [count, d]) => sum + count * Math.exp(-0.5 * ((d - 2.52) / 0.42) ** 2), 0);
  expect(of("neighbours near 2.52 (within 4.2)")[0]).toBeCloseTo(expected, 9);
  expect(cutoffIn(table.columns)).toBe(4.2);
  expect(cutoffIn([{ name: "neighbours" }])).toBeUndefined();
  expect(() => atomTable([{ ...iron, atoms: ["Fe", "Xx"] }])).toThrow('atom 1 of "bcc iron" is "Xx"');
  expect(() => atomTable([], {})).toThrow("a list of structures");
  for (const name of ["composition", "volume per atom", "graph within 5"]) {
    const columns = { [name]: [1] };
    expect(() => atomTable([iron], { columns })).toThrow(`atomTable: the table has a column "${name}" of its own`);
  }
});

it("compositions that several crystals share are found to be groups, and are no inputs", async () => {
  const random = randomFrom(randomKey(3), "crystals");
  const elements = ["Li", "Na", "K", "Rb", "Mg", "Ca", "Sr", "Zn", "Ni", "Cu", "Mn", "Fe"];
  const all = elements.flatMap((element) =>
    ["O", "S"].flatMap((other) => {
      // What a composition is worth is not in its elements' properties: several crystals share it.
      const own = 15 * random.uniform();
      return Array.from({ length: 4 }, () => {
        const edge = 4.5 + random.uniform();
        return { structure: rockSalt(element, other, edge), energy: own + edge };
      });
    }),
  );
  const table = atomTable(
    all.map(({ structure }) => structure),
    { cutoff: 3.5, columns: { energy: all.map(({ energy }) => energy) } },
  );
  const options = { target: "energy", budget: { seconds: 0.01 }, elsewhere: false } as const;
  // Two methods are enough to see how rows are held back.
  const measure = await foldMeasurer(table, options);
  const workers: FoldWorkers = {
    count: 1,
    measure: async (work) =>
      ["dummy", "ridge"].includes(work.method) ? measure(work) : { ...work, error: "left out" },
  };
  const advice = await advise(table, { ...options, workers });
  expect(advice.rule.structure).toBe("graphs");
  expect(advice.record.split.kind).toBe("grouped");
  expect(advice.warnings.find(({ kind }) => kind === "groups")!.text).toContain("24 groups of rows (composition)");
  expect(advice.record.inputs).not.toContain("composition");
  expect(advice.record.inputs).not.toContain("prototype");
  await expect(advise(table, { ...options, groups: "prototype", workers })).rejects.toThrow("group");
  const { fitted } = await advice.fit({ method: "ridge" });
  expect(fitted.inputs.every(({ type }) => type === "number")).toBe(true);
  const forest = await randomForest({ trees: 5 }).fit(table, "energy", { inputs: ["volume per atom"] });
  expect(forest.predict(table).values).toHaveLength(96);
});
