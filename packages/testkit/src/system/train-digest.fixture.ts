// Trains a small model with everything that draws random numbers and prints a digest of its final bits.
import { createHash } from "node:crypto";
import { wasmBackend } from "@hooke/backend-wasm";
import { adamw, batchNorm, dense, dropout, fit, mse, sequential } from "@hooke/core";
import { dataset, split } from "@hooke/data";
import { array, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";

export async function digest(seed: number): Promise<string> {
  const rows = Array.from({ length: 103 }, (_, i) => [Math.sin(i), Math.cos(2 * i), i / 103]);
  const data = dataset({ inputs: array(rows), targets: array(rows.map(([a, b]) => [a! * b!])) });
  const { model, history } = await fit({
    backend: wasmBackend(),
    model: sequential([
      dense({ units: 16, activation: "gelu" }),
      batchNorm(),
      dropout({ rate: 0.2 }),
      dense({ units: 1 }),
    ]),
    data: split(data, { train: "rest", validation: 0.2 }, seed),
    loss: mse(),
    optimizer: adamw(),
    learningRate: 1e-2,
    epochs: 20,
    batchSize: 16,
    seed,
  });
  const hash = createHash("sha256").update(JSON.stringify(history));
  for (const { value } of treeLeaves<HostArray>(model.variables as unknown as Tree<HostArray>)) hash.update(value.data);
  return hash.digest("hex");
}

if (import.meta.main) console.log(await digest(Number(process.argv[2])));
