// A page that trains a model: what it costs to download is what the ceiling is for.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, fit, mse, predict, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array } from "@hooke/runtime";

async function main(): Promise<void> {
  const x = Array.from({ length: 64 }, (_, i) => [i / 32 - 1]);
  const data = dataset({ inputs: array(x), targets: array(x.map(([value]) => [Math.sin(3 * value!)])) });
  const backend = wasmBackend();
  const { model } = await fit({
    backend,
    model: sequential([dense({ units: 16, activation: "tanh" }), dense({ units: 1 })]),
    data: { train: data },
    loss: mse(),
    optimizer: adam(),
    learningRate: 1e-2,
    epochs: 100,
    batchSize: 16,
    seed: 0,
  });
  document.body.textContent = String((await predict(model, data.inputs, { backend })).data);
}

main();
