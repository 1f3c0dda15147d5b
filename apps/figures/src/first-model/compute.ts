// The deflection of a beam clamped at one end, learned from 50 positions along it.
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, fit, mse, predict, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array } from "@hooke/runtime";
import type { Computing } from "../computing.ts";

export const positions = Array.from({ length: 50 }, (_, i) => i / 49);
export const deflection = positions.map((x) => (x * x * (3 - x)) / 2);

export interface Learned {
  readonly epoch: number;
  readonly loss: number;
  readonly predicted: readonly number[];
}

export async function compute(
  { units, learningRate }: { readonly units: number; readonly learningRate: number },
  { signal, show }: Computing<Learned>,
): Promise<Learned> {
  const backend = wasmBackend();
  const inputs = array(positions.map((x) => [x]));
  const beam = dataset({ inputs, targets: array(deflection.map((w) => [w])) });
  let learned: Learned = { epoch: 0, loss: Number.NaN, predicted: [] };
  await fit({
    backend,
    model: sequential([dense({ units, activation: "tanh" }), dense({ units: 1 })]),
    data: { train: beam, validation: beam },
    loss: mse(),
    optimizer: adam(),
    learningRate,
    epochs: 300,
    batchSize: 10,
    seed: 0,
    signal,
    callbacks: [
      {
        async onValidation({ epoch, loss, variables }, { modelWith }) {
          if ((epoch + 1) % 10 !== 0) return;
          const { data } = await predict(modelWith(await variables()), inputs, { backend });
          learned = { epoch: epoch + 1, loss, predicted: Array.from(data) };
          show(learned);
        },
      },
    ],
  });
  return learned;
}
