// Trains a small network on the backend named by the first argument and prints its losses; then the process just ends.
import "./gpu.fixture.ts";
import { wasm } from "@hooke/backend-wasm";
import { adamw, dense, dropout, fit, mse, sequential } from "@hooke/core";
import { dataset, split } from "@hooke/data";
import { array, createRuntime } from "@hooke/runtime";
import { webgpu } from "./index.ts";

const name = process.argv[2] as "wasm" | "webgpu";
const { backend } = await createRuntime({ plugins: [wasm, webgpu], backend: name });
const rows = Array.from({ length: 120 }, (_, i) => [Math.sin(i), Math.cos(2 * i), i / 120]);
const data = dataset({ inputs: array(rows), targets: array(rows.map(([a, b, c]) => [a! * b! + c!])) });
const start = performance.now();
const { history } = await fit({
  backend,
  model: sequential([
    dense({ units: 64, activation: "tanh" }),
    dropout({ rate: 0.1 }),
    dense({ units: 64, activation: "gelu" }),
    dense({ units: 1 }),
  ]),
  data: split(data, { train: "rest", validation: 0.2 }, 1),
  loss: mse(),
  optimizer: adamw(),
  learningRate: 3e-3,
  epochs: 4,
  batchSize: 16,
  seed: 1,
});
console.log(JSON.stringify({ history, seconds: (performance.now() - start) / 1000 }));
