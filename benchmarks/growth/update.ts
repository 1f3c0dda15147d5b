// One update of a network, to be run and to be looked into: what it computes, and what memory its plan takes.
import { explainingBackend, type ProgramMemory } from "@hooke/backend-wasm/explain";
import { adam, createTrainer, initialize, type Layer, mse } from "@hooke/core";
import { array, type Program, type Shape, sizeOf } from "@hooke/runtime";
import { learningRate, values } from "../peers/problem.ts";

/** A network and a batch for it. */
export interface Network {
  readonly model: Layer;
  /** Of a batch. */
  readonly shape: readonly [batch: number, ...row: number[]];
  /** Of a row of targets. Default: one number. */
  readonly target?: Shape;
}

/** An update with Adam of a network on the WebAssembly backend. */
export interface Update {
  /** As recorded. */
  readonly program: Program;
  readonly memory: ProgramMemory;
  /** The plan, as text. */
  readonly text: string;
  /** Makes an update. @returns its loss */
  run(): Promise<number>;
  free(): void;
}

export async function updateOf({ model, shape, target = [1] }: Network, threads: number): Promise<Update> {
  const [rows, ...row] = shape;
  const batch = {
    inputs: array(values(sizeOf(shape), 1), { shape: [...shape] }),
    targets: array(values(rows * sizeOf(target), 2), { shape: [rows, ...target] }),
  };
  const plans: { memory: ProgramMemory; text: string }[] = [];
  const backend = explainingBackend((plan) => plans.push(plan), { threads });
  const variables = await initialize(backend, model, row, 0);
  const trainer = createTrainer({ backend, model, variables, loss: mse(), optimizer: adam(), seed: 0 });
  const prepared = await trainer.prepare(batch);
  const { memory, text } = plans.at(-1)!;
  let made = 0;
  return {
    program: prepared.program,
    memory,
    text,
    async run() {
      const loss = prepared.run(batch, { step: ++made, learningRate });
      const { data } = await backend.read(loss);
      backend.free(loss);
      return data[0]!;
    },
    free: trainer.free,
  };
}
