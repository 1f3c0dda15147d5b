// Advice on sequences and on images: the right method is chosen on real sequences and on textures that were drawn, with errors; chance is called chance.
import { existsSync, readFileSync } from "node:fs";
import { wasmBackend } from "@hooke/backend-wasm";
import { imageStatistics, randomFrom } from "@hooke/baselines";
import { dataset, parseCsv, tableOf } from "@hooke/data";
import { array, type HostArray, randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { advise } from "./advise.ts";
import { adviseLines } from "./only.fixture.ts";

const isFull = process.env.HOOKE_TESTS === "full";
const sequences = new URL("../../../../../shared/data/GunPoint.csv", import.meta.url);

it.skipIf(!existsSync(sequences))(
  "on GunPoint (which is in ../shared) says kernels or features, beyond plain steps, by what is held back",
  async () => {
    // At full size all 200 of them; here every fifth.
    const lines = readFileSync(sequences, "utf8").trim().split("\n");
    const table = parseCsv(lines.filter((_, i) => isFull || i % 5 === 0).join("\n"));
    const inputs = table.columns.map(({ name }) => name).filter((name) => /^t\d+$/.test(name));
    const seconds = isFull ? 60 : 0.1;
    const advice = await advise(table, {
      target: "label",
      inputs,
      classes: true,
      groups: "none",
      error: "wrong",
      budget: { seconds },
    });
    const errorOf = (method: string) => advice.comparison.methods.find((each) => each.method === method)!.error;
    expect(advice.rule.structure).toBe("sequences");
    expect(advice.recommended!.method).toMatch(/^(random kernels|features) with a/);
    expect(advice.recommended!.error).toBeLessThan(isFull ? 0.02 : 0.1);
    expect(errorOf("random kernels with a line")).toBeLessThan(isFull ? 0.01 : 0.06);
    expect(errorOf("neighbours")).toBeGreaterThan(advice.recommended!.error);
    expect(advice.comparison.failed).toEqual([]);
  },
);

/** Blobs of different sizes; how large they are is what is asked, how much of the image they fill is not. */
function textures(count: number, side: number): { readonly inputs: HostArray; readonly sizes: Float64Array } {
  const pixels = new Float32Array(count * side * side);
  const sizes = new Float64Array(count);
  for (let image = 0; image < count; image++) {
    const random = randomFrom(randomKey(7), "texture", image);
    const radius = 1 + 4 * random.uniform();
    const blobs = Math.round((side * side * (0.15 + 0.2 * random.uniform())) / (Math.PI * radius ** 2));
    sizes[image] = radius;
    for (let blob = 0; blob < blobs; blob++) {
      const [cx, cy] = [side * random.uniform(), side * random.uniform()];
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const [dx, dy] = [Math.abs(x - cx), Math.abs(y - cy)];
          if (Math.min(dx, side - dx) ** 2 + Math.min(dy, side - dy) ** 2 < radius ** 2) {
            pixels[(image * side + y) * side + x] = 1;
          }
        }
      }
    }
  }
  return { inputs: array(pixels, { shape: [count, side, side, 1] }), sizes };
}

it("on images chooses by their statistics, with an error that new images keep, and finds nothing where nothing is", async () => {
  const [count, held] = [isFull ? 300 : 44, 30];
  const { inputs, sizes } = textures(count + held, 24);
  const part = (from: number, to: number, targets: Float64Array) =>
    dataset({
      inputs: {
        shape: [to - from, 24, 24, 1],
        dtype: "f32",
        data: (inputs.data as Float32Array).slice(from * 576, to * 576),
      },
      targets: { shape: [to - from], dtype: "f64", data: targets.slice(from, to) },
      targetNames: ["radius"],
    });
  const backend = wasmBackend();
  // Gaussian processes, which need one, are candidates at full size.
  const seconds = isFull ? 60 : 0.1;
  const options = { target: "radius", groups: "none", ...(isFull && { backend }), budget: { seconds } } as const;
  const advice = await advise(part(0, count, sizes), options);
  expect(advice.rule.structure).toBe("images");
  expect(advice.signal.found).toBe(true);
  expect(advice.recommended!.skill).toBeGreaterThan(isFull ? 0.7 : 0.5);
  expect(advice.untried.map(({ method }) => method)).toEqual(
    expect.arrayContaining(["convolutional network", "pretrained network"]),
  );
  // What fills the image alone says little: correlations are what is learned from.
  expect(advice.record.inputs).toContain("correlation at 2 px");

  const { fitted } = await advice.fit();
  const { values } = fitted.predict(await imageStatistics(part(count, count + held, sizes), { backend }));
  const errors = values.map((value, i) => (value - sizes[count + i]!) ** 2);
  const rmse = Math.sqrt(errors.reduce((sum, value) => sum + value, 0) / held);
  expect(rmse).toBeLessThan(1.3 * advice.recommended!.range[1]);

  if (!isFull) return;
  const order = randomFrom(randomKey(1), "shuffle").choose(count, count);
  const chance = await advise(
    part(
      0,
      count,
      Float64Array.from(order, (row) => sizes[row]!),
    ),
    options,
  );
  expect(chance.recommended).toBeUndefined();
});

/** Nine columns, in each row a straight line that begins anywhere, or numbers that have nothing to do with each other. */
function numbered(isLine: boolean) {
  const random = randomFrom(randomKey(3), "numbered");
  const rows = Array.from({ length: 40 }, () => [random.uniform(), random.uniform()] as const);
  const steps = Array.from({ length: 9 }, (_, step) =>
    rows.map(([start, slope]) => (isLine ? start + (slope * step) / 9 : random.uniform())),
  );
  const columns = steps.map((values, step) => [`x${step}`, values] as const);
  const y = rows.map((_, row) => steps[0]![row]! + steps[8]![row]!);
  return tableOf({ ...Object.fromEntries(columns), y });
}

it.each([
  [true, "sequences", "steps of sequences", "table"],
  [false, "table", "inputs like others", "sequences"],
] as const)(
  "reads numbered columns that go together (%s) as a %s, says so, and is overruled",
  async (isLine, structure, are, other) => {
    const table = numbered(isLine);
    const options = { target: "y", groups: "none", budget: { seconds: 0.01 }, elsewhere: false } as const;
    const advice = await adviseLines(table, options);
    expect(advice.rule.structure).toBe(structure);
    const [assumption] = advice.assumptions;
    expect(assumption!.what).toBe(`columns "x" with running numbers are ${are}`);
    expect(assumption!.overrule).toBe(`structure: "${other}"`);
    const overruled = await adviseLines(table, { ...options, structure: other });
    expect(overruled.rule.structure).toBe(other);
    expect(overruled.assumptions.filter(({ what }) => what.includes("running numbers"))).toEqual([]);
  },
);

it("refuses a structure that the data have not", async () => {
  const table = tableOf({ x: [1, 2, 3, 4], y: [2, 1, 4, 3] });
  await expect(advise(table, { target: "y", structure: "sequences" })).rejects.toThrow(
    "nine or more columns of numbers",
  );
  const data = dataset({
    inputs: array([
      [[1], [2]],
      [[3], [4]],
    ]),
    targets: array([[1], [2]]),
    targetNames: ["y"],
  });
  await expect(advise(data, { target: "y", structure: "table" })).rejects.toThrow("leave structure out");
});

it("refuses datasets that are neither", async () => {
  const data = dataset({ inputs: array([[1], [2]]), targets: array([1, 2]), targetNames: ["y"] });
  await expect(advise(data, { target: "y" })).rejects.toThrow("sequences are [rows, time, channels]");
});
