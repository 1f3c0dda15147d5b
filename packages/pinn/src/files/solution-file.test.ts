import { wasmBackend } from "@hooke/backend-wasm";
import { decodeModel } from "@hooke/core/checkpoint";
import { decodeSafetensors, encodeSafetensors, writeChecksum } from "@hooke/data/safetensors";
import { adam } from "@hooke/minimize";
import { add, array, type HostArray, mul, sub } from "@hooke/runtime";
import { altered, cases, drawer, flipped, mutated, noisy, survives } from "@hooke/testkit/hostile";
import { beforeAll, describe, expect, test } from "vitest";
import {
  box,
  data,
  decodeSolution,
  dirichlet,
  encodeSolution,
  interval,
  march,
  mlp,
  type ProblemOptions,
  problem,
  residual,
  type Solution,
  solve,
  unknown,
} from "../index.ts";

const backend = wasmBackend();
const plate = box({ x: [0, 2], y: [0, 1] });
const options: ProblemOptions = {
  domain: plate,
  fields: { u: mlp({ units: [4, 3], components: ["x", "y"] }), modulus: mlp({ units: [3], coordinates: ["x"] }) },
  derived: { strain: ({ u, d }) => d.gradient(u) },
  unknowns: { nu: unknown({ start: 0.3, bounds: [0, 0.5] }), load: unknown({ start: 2, positive: true }) },
  exact: { u: ({ x, free }) => ({ x: mul(x, free.x), y: mul(x, free.y) }) },
  terms: {
    balance: residual(plate.interior(20), ({ u, modulus, nu, load, d }) => ({
      x: sub(mul(modulus, d(u.x, "x", "x")), load),
      y: add(d(u.y, "y", "y"), nu),
    })),
    top: dirichlet(plate.face("y", "high", 5), { u: { x: 1 } }),
    gauges: data(
      plate,
      { x: [0.5, 1, 1.5], y: [0.2, 0.5, 0.7] },
      { u: { x: [0.1, 0.3, 0.2], y: [0, 0, 0.1] } },
      { sd: 0.1 },
    ),
  },
};
const own = problem(options);
const places = [
  [0.3, 0.4],
  [2, 1],
];
const asked = ["u.x", "u.y", "modulus", "strain.xy"];
let solution: Solution;
let bytes: Uint8Array<ArrayBuffer>;

const line = interval({ t: [0, 4] });
const start = line.face("t", "low");
const swing = problem({
  domain: line,
  fields: { u: mlp({ units: [4] }) },
  terms: {
    equation: residual(line.interior(20), ({ u, d }) => add(d(u, "t", "t"), u)),
    start: dirichlet(start, { u: 1 }),
    rest: residual(start, ({ u, d }) => d(u, "t")),
  },
});
let marched: Solution;
let marchedBytes: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const stages = [{ method: adam(), iterations: 3 }];
  solution = (await solve(own, { backend, stages })).solution;
  bytes = await encodeSolution(solution);
  marched = (await march(swing, { windows: 3 }, { backend, stages })).solution;
  marchedBytes = await encodeSolution(marched);
});

describe("a solution file", () => {
  test("gives the solution back to the bit", async () => {
    const again = await decodeSolution(bytes, own, { backend });
    expect(await again.at(places, asked)).toEqual(await solution.at(places, asked));
    expect(again.identified).toEqual(solution.identified);
    expect(again.identified.nu!.low95).toBeLessThan(again.identified.nu!.high95!);
    expect(again.scales).toEqual(solution.scales);
    expect(await encodeSolution(again)).toEqual(bytes);
  });

  test("gives back what was solved in windows", async () => {
    const again = await decodeSolution(marchedBytes, swing, { backend });
    const times = { t: [0, 0.5, 1.4, 2.1, 4] };
    const slope = ({ u, d }: Parameters<Extract<Parameters<Solution["at"]>[1], (...args: never[]) => unknown>>[0]) => ({
      v: d(u, "t"),
    });
    expect(await again.at(times, slope)).toEqual(await marched.at(times, slope));
    expect(await encodeSolution(again)).toEqual(marchedBytes);
  });

  test("of a march that was ended holds the windows that were solved", async () => {
    const end = new AbortController();
    const { solution: part } = await march(swing, { windows: 3 }, {
      backend,
      stages: [{ method: adam(), iterations: 3 }],
      signal: end.signal,
      onProgress: ({ window }) => window === 1 && end.abort(),
    } as Parameters<typeof march>[2]);
    const again = await decodeSolution(await encodeSolution(part), swing, { backend });
    expect(await again.at([[2]])).toEqual(await part.at([[2]]));
    await expect(again.at([[3]])).rejects.toThrow("where the march did not come: it was ended in window 2 of 3.");
  });

  test("is no model file", () => {
    expect(() => decodeModel(bytes, { plugins: [] })).toThrow(/^model file: /);
  });
});

test.each<[string, Partial<ProblemOptions>, string]>([
  [
    "another coordinate",
    (() => {
      const domain = box({ x: [0, 2], z: [0, 1] });
      const points = domain.interior(20);
      return { domain, derived: {}, terms: { balance: residual(points, ({ u }) => u), top: options.terms.top! } };
    })(),
    'coordinates.1 is "y", in the problem "z".',
  ],
  [
    "other bounds",
    { domain: { ...plate, bounds: { ...plate.bounds, y: [0, 3] } } },
    "bounds.y.1 is 1, in the problem 3.",
  ],
  [
    "a field of other coordinates",
    { fields: { ...options.fields, modulus: mlp({ units: [3], coordinates: ["y"] }) } },
    'fields.modulus.coordinates.0 is "x", in the problem "y".',
  ],
  [
    "another network",
    { fields: { ...options.fields, u: mlp({ units: [4, 4], components: ["x", "y"] }) } },
    "is of another problem: fields.u.network.config.1.config.units is 3, in the problem 4.",
  ],
  ["another field", { fields: { ...options.fields, phase: mlp() } }, "fields.phase is not there, in the problem {"],
  ["no exact transform", { exact: {} }, "fields.u.exact is true, in the problem false."],
  [
    "another exact transform",
    { exact: { u: ({ x, free }) => ({ x: mul(x, free.x), y: mul(mul(x, x), free.y) }) } },
    'is of another problem: "u.y" is ',
  ],
  [
    "another unknown",
    { unknowns: { ...options.unknowns, nu: unknown({ start: 0.2, bounds: [0, 0.5] }) } },
    "unknowns.nu.start is 0.3, in the problem 0.2.",
  ],
  [
    "another term",
    { terms: { ...options.terms, more: options.terms.top! } },
    "terms.more is not there, in the problem {",
  ],
])("is refused by a problem with %s", async (_, change, message) => {
  const changed = { ...options, ...change };
  if (changed.domain !== plate && changed.terms !== options.terms) {
    changed.terms = { balance: changed.terms.balance!, top: dirichlet(changed.domain.boundary(5), { u: { x: 1 } }) };
  }
  await expect(decodeSolution(bytes, problem(changed), { backend })).rejects.toThrow(message);
});

const codes = ["corrupt-file", "mismatch", "unsupported"];
async function readAll(file: Uint8Array, label: string): Promise<void> {
  for (const each of [own, swing]) await survives(() => decodeSolution(file, each, { backend }), codes, label);
}

describe("hostile bytes", () => {
  test("any bit flipped is found", async () => {
    for (const index of cases(200)) {
      const { damaged, bit } = flipped(bytes, drawer("bits", index));
      await expect(decodeSolution(damaged, own, { backend }), `bit ${bit}`).rejects.toThrow(/^solution file: /);
    }
  });

  test("cut short, and at random, with and without a checksum that fits", async () => {
    for (const index of cases(60)) {
      const draw = drawer("bytes", index);
      const cut = bytes.slice(0, draw(bytes.length));
      await readAll(cut, `case ${index}`);
      if (cut.length > 60) writeChecksum(cut);
      await readAll(cut, `case ${index}`);
      const { noise, damaged } = noisy(bytes, draw, 60);
      await readAll(noise, `case ${index}`);
      writeChecksum(damaged);
      await readAll(damaged, `case ${index}`);
    }
  });

  test("what the header says", async () => {
    for (const [index, file] of cases(150).flatMap((i) => [[i, bytes] as const, [i, marchedBytes] as const])) {
      const { tensors, metadata } = decodeSafetensors(file);
      const draw = drawer("header", index);
      const text = JSON.stringify(mutated(JSON.parse(metadata["hooke.solution"]!), draw));
      const forged = encodeSafetensors(tensors, { "hooke.solution": text }, { checksum: true });
      await readAll(forged, `case ${index}: ${text}`);
    }
  });

  test("what another version may have written: every part left out, and of every other type", async () => {
    for (const file of [bytes, marchedBytes]) {
      const { tensors, metadata } = decodeSafetensors(file);
      for (const [path, value] of altered(JSON.parse(metadata["hooke.solution"]!))) {
        const forged = encodeSafetensors(tensors, { "hooke.solution": JSON.stringify(value) }, { checksum: true });
        await readAll(forged, path);
      }
    }
  });

  test.each<[string, HostArray | undefined, string]>([
    [
      "fields.u.0.bias",
      array([1, 2, 3, Number.NaN], { dtype: "f64" }),
      "holds NaN at element 3: nothing follows from it.",
    ],
    ["fields.u.0.bias", array([1, 2], { dtype: "f64" }), "f64[2]; in the problem it is f64[4]."],
    ["fields.u.0.bias", undefined, 'has no tensor "fields.u.0.bias".'],
    ["unknowns.nu", array(1, { dtype: "f64" }), ""],
    ["fields.u.0.other", array(1), 'has tensors that belong to nothing: "fields.u.0.other".'],
    ["__proto__.polluted", array(1), 'has tensors that belong to nothing: "__proto__.polluted".'],
    ["points", array([[1]], { dtype: "f64" }), "has points, f64[1, 1]; expected f64 of at most 16 rows."],
    ["points", array([[Number.NaN, 1]], { dtype: "f64" }), "has points where it has no solution."],
    ["values.u.x", array(1, { dtype: "f64" }), "has values.u.x, f64[]; expected f64[16]."],
  ])("the tensor %s as another", async (name, tensor, message) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { [name]: _, ...rest } = tensors;
    const all = tensor === undefined ? rest : { ...rest, [name]: tensor };
    const forged = encodeSafetensors(all, { "hooke.solution": metadata["hooke.solution"]! }, { checksum: true });
    const read = decodeSolution(forged, own, { backend });
    if (message === "") await expect(read).resolves.toBeDefined();
    else await expect(read).rejects.toThrow(message);
  });

  test("a file without a checksum, and another safetensors file", async () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const plain = encodeSafetensors(tensors, { "hooke.solution": metadata["hooke.solution"]! });
    await expect(decodeSolution(plain, own, { backend })).rejects.toThrow("has no checksum");
    const other = encodeSafetensors(tensors, {}, { checksum: true });
    await expect(decodeSolution(other, own, { backend })).rejects.toThrow('has no "hooke.solution" entry');
  });
});
