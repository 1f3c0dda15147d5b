// Programs through TensorFlow: conformance on whatever device it finds, and a training that ends where wasm's ends.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, fit, mse, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, type Backend } from "@hooke/runtime";
import { checkWithoutSubnormals, conformance, specialCases } from "@hooke/testkit";
import { extremeConformance, knownExtremes } from "@hooke/testkit/extremes";
import { knownDifferences } from "@hooke/testkit/suite";
import { describe, expect, test } from "vitest";
import { cudaBackend } from "./backend.ts";
import { findBinding } from "./tensorflow.fixture.ts";

const binding = await findBinding();
if ("reason" in binding) console.warn(`CUDA tests are skipped: ${binding.reason}`);
const start = () => cudaBackend({ folder: "folder" in binding ? binding.folder : "", acceptCpu: true });

const skip = knownDifferences.tensorflow;
const title = "reason" in binding ? `CUDA (skipped: ${binding.reason})` : `CUDA on ${binding.device}`;
describe.skipIf("reason" in binding)(title, () => {
  conformance("cuda", start, { skip });
  extremeConformance("cuda", start, knownExtremes.tensorflow);

  test("special values without subnormal numbers", async () => {
    const backend = await start();
    const titles = specialCases.map(({ primitive, note }) => `${primitive}: ${note}`);
    const special = Object.keys(skip).filter((title) => title.includes("special values"));
    expect(titles).toEqual(expect.arrayContaining(special));
    const problems: string[] = [];
    for (const entry of specialCases) problems.push(...(await checkWithoutSubnormals(backend, entry)));
    expect(problems).toEqual([]);
  });

  test("a training ends where wasm's ends, with nothing left on the device", async () => {
    const x = Array.from({ length: 64 }, (_, i) => [i / 32 - 1, ((i * 7) % 64) / 32 - 1]);
    const train = dataset({ inputs: array(x), targets: array(x.map(([a, b]) => [Math.sin(3 * a!) * b!])) });
    const losses = async (backend: Backend) => {
      const { history } = await fit({
        backend,
        model: sequential([dense({ units: 32, activation: "tanh" }), dense({ units: 1 })]),
        data: { train },
        loss: mse(),
        optimizer: adam(),
        learningRate: 1e-2,
        batchSize: 16,
        epochs: 25,
        seed: 0,
      });
      return history.map(({ loss }) => loss);
    };
    const backend = await start();
    const before = backend.liveArrays;
    const [here, there] = [await losses(backend), await losses(wasmBackend())];
    expect(here).toHaveLength(25);
    expect(here.at(-1)!).toBeLessThan(here[0]! / 2);
    for (const [epoch, loss] of here.entries()) expect(Math.abs(loss / there[epoch]! - 1)).toBeLessThan(1e-3);
    expect(backend.liveArrays).toBe(before);
    expect(await losses(backend)).toEqual(here);
  });
});
