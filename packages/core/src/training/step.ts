// The trainer: training state on a backend, and the prepared steps that change it in place.
import {
  type Aval,
  type Backend,
  type Buffer,
  checkArgument,
  type Executable,
  type HostArray,
  optimize,
  type Program,
  randomKey,
  type Tree,
  treeLeaves,
  treeUnflatten,
  zeros,
} from "@hooke/runtime";
import { trainedPart } from "../layers/frozen-parameters.ts";
import type { Variables } from "../model/variables.ts";
import { accumulates } from "../optimizers/accumulate.ts";
import { fitChecks } from "./arguments.ts";
import { type Batch, batchParts, batchSignature } from "./batch.ts";
import { recordStep, type StepPart, type StepSpec, type TrainingState } from "./record-step.ts";
import { initialSlots } from "./slots.ts";

/** What changes from one update to the next besides the batch. */
export interface StepMoment {
  /** Number of the update, counted from 1. */
  readonly step: number;
  readonly learningRate: number;
  /**
   * Where the optimizer accumulates: number of the batch over the whole training, counted from 1, which decides its random
   * numbers. Default that of the update.
   */
  readonly batch?: number;
  /** Where the optimizer accumulates: rows of all batches of the update. Default those of the batch: an update of its own. */
  readonly of?: number;
}

/** A training step prepared for one batch shape. */
export interface PreparedStep {
  /** The program as recorded, before any optimization: for diagnosis. */
  readonly program: Program;
  /**
   * Makes one update, or gathers for one; waits for nothing.
   *
   * @returns the loss, a scalar, or `[loss, penalty]` where there is a penalty; the caller reads and frees it. If their sum is
   *   not finite, nothing was updated
   */
  run(batch: Batch<HostArray>, moment: StepMoment): Buffer;
  /** What the program would be given for this batch, on the host, in the order of its inputs. */
  operands(batch: Batch<HostArray>, moment: StepMoment): Promise<HostArray[]>;
}

/** Training state on a backend, and the steps that change it. */
export interface Trainer {
  /** The training state it began with. */
  readonly initial: TrainingState<HostArray>;
  /** The parameters' and the model state's buffers, in the order of their leaves. They are updated in place. */
  readonly variables: readonly Buffer[];
  /** The step for batches of these shapes; prepared once for each. Default part: an update. */
  prepare(batch: Batch<Aval>, part?: StepPart): Promise<PreparedStep>;
  /** A copy of the training state. */
  read(): Promise<TrainingState<HostArray>>;
  /** Releases buffers and programs. */
  free(): void;
}

/** What {@link createTrainer} takes. */
export interface TrainerOptions extends StepSpec {
  readonly backend: Backend;
  /** Seed of the dropout masks and whatever else draws numbers in a step. */
  readonly seed: number;
  /** As `initialize` makes them, or a trained model's. */
  readonly variables: Variables<HostArray>;
  /** The optimizer's slots. Default: as they are before the first step. */
  readonly slots?: Tree<HostArray>;
}

/**
 * Uploads the initial training state and makes the object that updates it: the training loop without the loop.
 *
 * @example
 * ```ts
 * import { createTrainer, dense, initialize, mse, sgd } from "@hooke/core";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const model = dense({ units: 1, bias: false, kernelInitializer: "zeros" });
 * const variables = await initialize(backend, model, [1], 0);
 * const trainer = createTrainer({ backend, model, loss: mse(), optimizer: sgd(), seed: 0, variables });
 * const batch = { inputs: array([[1], [2]]), targets: array([[2], [4]]) };
 * const step = await trainer.prepare(batch);
 * const loss = step.run(batch, { step: 1, learningRate: 1e-3 });
 * console.log((await backend.read(loss)).data[0]); // 10
 * backend.free(loss);
 * trainer.free();
 * ```
 */
export function createTrainer(options: TrainerOptions): Trainer {
  for (const name of ["backend", "model", "loss", "optimizer", "variables"] as const) {
    checkArgument("createTrainer", `the option "${name}"`, options?.[name], fitChecks[name]);
  }
  const { backend, seed, optimizer, variables } = options;
  const { params, state } = variables;
  const initial = {
    params,
    state,
    slots: options.slots ?? initialSlots(optimizer, trainedPart(options.model, params)),
  };
  const key = randomKey(seed);
  const leaves = treeLeaves<HostArray>(initial as unknown as Tree<HostArray>).map(({ value }) => value);
  const variableCount = leaves.length - treeLeaves(initial.slots).length;
  const gathers = accumulates(optimizer);
  const scalars = [zeros([]), zeros([], "i32"), ...(gathers ? [1, 2, 3].map(() => zeros([], "i32")) : [])];
  const [rate, counter, ...counts] = scalars as [HostArray, HostArray, ...HostArray[]];
  /** Moment, with the key, in the order in which steps take it. */
  const moments = [rate, counter, key, ...counts];
  const buffers = [...leaves, ...moments].map((array) => backend.upload(array));
  const written = moments.flatMap((array, i) => (array === key ? [] : [[buffers[leaves.length + i]!, array] as const]));
  const fill = (batch: Batch<HostArray>, { step, learningRate, batch: number = step, of }: StepMoment): void => {
    rate.data[0] = learningRate;
    counter.data[0] = step;
    if (!gathers) return;
    const rows = batch.inputs.shape[0]!;
    for (const [i, value] of [number, rows, of ?? rows].entries()) counts[i]!.data[0] = value;
  };
  const held: Buffer[] = [...buffers];
  const executables: Executable[] = [];
  const prepared = new Map<string, Promise<PreparedStep>>();

  const prepare = async (batch: Batch<Aval>, part: StepPart): Promise<PreparedStep> => {
    const program = recordStep(options, initial, batch, part);
    const donate = [...leaves.keys(), null];
    const executable = await backend.prepare(optimize(program), { donate });
    executables.push(executable);
    const rows = batchParts(batch).map(({ array: { shape, dtype } }) => backend.upload(zeros(shape, dtype)));
    held.push(...rows);
    const inputs = [...buffers, ...rows];
    return {
      program,
      run(rowsOf, moment) {
        fill(rowsOf, moment);
        for (const [buffer, array] of written) backend.write(buffer, array);
        for (const [i, { array }] of batchParts(rowsOf).entries()) backend.write(rows[i]!, array);
        return executable.run(inputs)[leaves.length]!;
      },
      async operands(rowsOf, moment) {
        const state = await Promise.all(buffers.slice(0, leaves.length).map((buffer) => backend.read(buffer)));
        fill(rowsOf, moment);
        const copies = moments.map((array) => ({ ...array, data: array.data.slice() }) as HostArray);
        return [...state, ...copies, ...batchParts(rowsOf).map(({ array }) => array)];
      },
    };
  };

  return {
    initial,
    variables: buffers.slice(0, variableCount),
    prepare(batch, part = "update") {
      const kind = `${part} ${batchSignature(batch)}`;
      let step = prepared.get(kind);
      if (step === undefined) {
        step = prepare(batch, part);
        prepared.set(kind, step);
      }
      return step;
    },
    async read() {
      const arrays = await Promise.all(buffers.slice(0, leaves.length).map((buffer) => backend.read(buffer)));
      return treeUnflatten(initial, arrays) as unknown as TrainingState<HostArray>;
    },
    free() {
      for (const executable of executables) executable.free();
      for (const buffer of held) backend.free(buffer);
    },
  };
}
