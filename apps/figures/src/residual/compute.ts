// Plain and residual networks of one depth, trained side by side.
import { wasmBackend } from "@hooke/backend-wasm";
import { activation, adam, dense, fit, mse, sequential, residual as withShortcut } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, cos, fold, mul, normal, randomKey, run, sin, sliceAxis } from "@hooke/runtime";
import type { Computing } from "../computing.ts";

export interface Training {
  /** Hidden layers, 32 wide; a block has two. */
  readonly depth: number;
  /** The learning rate's decimal logarithm. */
  readonly logRate: number;
  readonly seed: number;
}

/** Training losses by epoch of four updates, as parts of the loss of guessing the mean. */
export interface Found {
  readonly plain: readonly number[];
  readonly residual: readonly number[];
}

export const epochs = 75;

export async function compute({ depth, logRate, seed }: Training, { signal, show }: Computing<Found>): Promise<Found> {
  const backend = wasmBackend();
  const inputs = await run(backend, () => normal(fold(randomKey(seed), "inputs"), [256, 2]));
  const values = await run(backend, (x) => mul(sin(mul(sliceAxis(x, 1, 0, 1), 2)), cos(sliceAxis(x, 1, 1, 2))), inputs);
  const mean = Array.from(values.data).reduce((sum, value) => sum + value, 0) / 256;
  const deviation = Math.hypot(...Array.from(values.data, (value) => value - mean)) / 16;
  const targets = array(
    Array.from(values.data, (value) => (value - mean) / deviation),
    { shape: [256, 1] },
  );
  const train = dataset({ inputs, targets });

  const losses = { plain: [] as number[], residual: [] as number[] };
  const found = (): Found => ({ plain: [...losses.plain], residual: [...losses.residual] });
  const trained = async (name: keyof typeof losses): Promise<void> => {
    const block = () => {
      const layers = [dense({ units: 32, activation: "relu" }), dense({ units: 32 })];
      return name === "plain" ? sequential([...layers, activation("relu")]) : withShortcut(sequential(layers));
    };
    const blocks = Array.from({ length: depth / 2 }, block);
    await fit({
      backend,
      model: sequential([dense({ units: 32 }), ...blocks, dense({ units: 1 })]),
      data: { train },
      loss: mse(),
      optimizer: adam(),
      learningRate: 10 ** logRate,
      batchSize: 64,
      epochs,
      seed,
      signal,
      callbacks: [
        {
          onEpoch({ loss }) {
            losses[name].push(loss);
            show(found());
          },
        },
      ],
    });
  };
  await Promise.all([trained("plain"), trained("residual")]);
  return found();
}
