// The work of an update, counted before there is a backend.
import { wasm } from "@hooke/backend-wasm";
import { dataset } from "@hooke/data";
import { createRuntime, type DType, definePlugin, type Speed, zeros } from "@hooke/runtime";
import { afterEach, expect, test, vi } from "vitest";
import { dense } from "../layers/dense.ts";
import { sequential } from "../layers/sequential.ts";
import { mse } from "../losses/regression.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { trainingWork } from "./work.ts";

const widths = [10, 64, 64, 1];
const model = sequential(widths.slice(1).map((units) => dense({ units })));

const spec = (rows: number, dtype: "f32" | "f64" = "f32") => ({
  model,
  loss: mse(),
  optimizer: adam(),
  data: dataset({ inputs: zeros([rows, 10], dtype), targets: zeros([rows, 1], dtype) }),
  batchSize: 64,
});

test("three products for each kernel, but the first has no input to differentiate", () => {
  const products = widths.slice(1).reduce((sum, units, i) => sum + (i === 0 ? 2 : 3) * widths[i]! * units, 0);
  // Adam takes two functions of the number of the step.
  const functions = 2 * 32;
  expect(trainingWork(spec(100)).operations).toBe(2 * 64 * products + functions);
  expect(trainingWork(spec(30)).operations).toBe(2 * 30 * products + functions);
});

test("the optimizer counts", () => {
  const [plain, adaptive] = [trainingWork({ ...spec(64), optimizer: sgd() }), trainingWork(spec(64))];
  for (const launches of ["primitives", "kernels"] as const) {
    expect(plain[launches].count).toBeLessThan(adaptive[launches].count);
    expect(plain[launches].bytes).toBeLessThan(adaptive[launches].bytes);
  }
});

afterEach(() => vi.unstubAllEnvs());

test("large updates go to a GPU, small ones and f64 stay", async () => {
  vi.stubEnv("HOOKE_BACKEND", "");
  const speed: Speed = { launches: "primitives", launch: 20, gigaflops: 1000, gigabytes: 50 };
  const dtypes: readonly DType[] = ["f32", "i32", "u32", "bool"];
  const gpu = {
    name: "gpu",
    available: async () => ({ available: true as const, device: "some GPU", dtypes, speed }),
    create: wasm.backends.wasm.create,
  };
  const plugins = [wasm, definePlugin({ name: "fast", backends: { gpu } })] as const;
  const large = sequential([dense({ units: 1024 }), dense({ units: 1024 }), dense({ units: 1 })]);
  const chosen = async (rows: number, dtype: "f32" | "f64", network = model): Promise<string> => {
    const workload = trainingWork({ ...spec(rows, dtype), model: network, batchSize: rows });
    return (await createRuntime({ plugins, backend: "auto", workload })).choice.name;
  };
  expect(await chosen(64, "f32")).toBe("wasm");
  expect(await chosen(2048, "f32", large)).toBe("gpu");
  expect(await chosen(2048, "f64", large)).toBe("wasm");
});
