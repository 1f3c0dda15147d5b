// A network on few noisy rows, watched while it trains: where the rows held back part from those it learns.
import { wasmBackend } from "@hooke/backend-wasm";
import { adamw, dense, dropout as dropoutLayer, evaluate, fit, mse, sequential } from "@hooke/core";
import { samples } from "@hooke/example-regularized-mlp/data.ts";
import { decayWeightsOnly, earlyStopping } from "@hooke/regularization";
import type { Computing } from "../computing.ts";

export interface Training {
  readonly rows: number;
  /** Part of the hidden units that each update leaves out. */
  readonly dropout: number;
  /** Of AdamW, on kernels alone. */
  readonly decay: number;
  /** Whether it ends after 40 epochs without a better validation loss, and returns to the best. */
  readonly stopping: boolean;
  readonly seed: number;
}

/** Mean squares of errors, by epoch; those of rows have the noise of variance 1 in them. */
export interface Found {
  readonly training: readonly number[];
  readonly validation: readonly number[];
  /** Root mean square of the error on new rows without noise, once the training is over. */
  readonly error?: number;
}

export const epochs = 200;

export async function compute(
  { rows, dropout: rate, decay, stopping, seed }: Training,
  { signal, show }: Computing<Found>,
): Promise<Found> {
  const backend = wasmBackend();
  // y = x0² + x1 x2 - x3, plus noise: ten inputs, of which four matter.
  const [train, validation, fresh] = await Promise.all([
    samples(backend, rows, 3 * seed, 1),
    samples(backend, 200, 3 * seed + 1, 1),
    samples(backend, 2000, 3 * seed + 2, 0),
  ]);
  const hidden = () => [dense({ units: 64, activation: "relu" }), ...(rate > 0 ? [dropoutLayer({ rate })] : [])];
  const [training, held]: [number[], number[]] = [[], []];
  const { model } = await fit({
    backend,
    model: sequential([...hidden(), ...hidden(), dense({ units: 1 })]),
    data: { train, validation },
    loss: mse(),
    optimizer: decayWeightsOnly(adamw, { weightDecay: decay }),
    learningRate: 3e-3,
    batchSize: 32,
    epochs,
    seed,
    signal,
    callbacks: [
      {
        onEpoch: ({ loss }) => void training.push(loss),
        onValidation({ loss, epoch }) {
          held.push(loss);
          if (epoch % 5 === 4) show({ training: [...training], validation: [...held] });
        },
      },
      ...(stopping ? [earlyStopping({ patience: 40 })] : []),
    ],
  });
  const { loss } = await evaluate(model, fresh, { backend, loss: mse() });
  return { training, validation: held, error: Math.sqrt(loss!) };
}
