// Updates of networks, as what is run and looked into.
import { adam, createTrainer, initialize, type Layer, mse } from "@hooke/core";
import { array, type Backend, type Keeping, type Shape, sizeOf } from "@hooke/runtime";
import { learningRate, values } from "../peers/problem.ts";

/** A network and a batch for it. */
export interface Network {
  readonly model: Layer;
  /** Of a batch. */
  readonly shape: readonly [batch: number, ...row: number[]];
  /** Of a row of targets. Default: one number. */
  readonly target?: Shape;
  /** How gradients keep activations. Default: as they are. */
  readonly activations?: Keeping;
}

/** What runs again and again; the program that it ran last is the one that is looked at. */
export interface Subject {
  run(): Promise<void>;
  free(): void;
}

/** Updates of a network with Adam. */
export async function updateOf(
  { model, shape, target = [1], ...keeping }: Network,
  backend: Backend,
): Promise<Subject> {
  const [rows, ...row] = shape;
  const batch = {
    inputs: array(values(sizeOf(shape), 1), { shape: [...shape] }),
    targets: array(values(rows * sizeOf(target), 2), { shape: [rows, ...target] }),
  };
  const variables = await initialize(backend, model, row, 0);
  const trainer = createTrainer({ backend, model, variables, loss: mse(), optimizer: adam(), seed: 0, ...keeping });
  const prepared = await trainer.prepare(batch);
  let made = 0;
  return {
    async run() {
      const loss = prepared.run(batch, { step: ++made, learningRate });
      await backend.read(loss);
      backend.free(loss);
    },
    free: trainer.free,
  };
}

/** Milliseconds of processors that something takes: other work on the machine hardly shows. */
export async function processorTime(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
