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
  remember,
  type Tree,
  treeLeaves,
  treeUnflatten,
  uploadAll,
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
  /** Where the optimizer accumulates: rows of the batch, where the given ones are a share of it. Default their number. */
  readonly rows?: number;
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
export interface Trainer extends TrainerOf<PreparedStep> {
  /** The step for batches of these shapes; prepared once for each. Default part: an update. */
  prepare(batch: Batch<Aval>, part?: StepPart): Promise<PreparedStep>;
}

/** A {@link Trainer} whose steps are of another kind. */
export interface TrainerOf<Step> {
  /** The training state it began with. */
  readonly initial: TrainingState<HostArray>;
  /** The parameters' and the model state's buffers, in the order of their leaves. They are updated in place. */
  readonly variables: readonly Buffer[];
  /**
   * The step for batches of these shapes; prepared once for each.
   *
   * @param whole rows of the batch that these are all of, or a share
   */
  prepare(batch: Batch<Aval>, part?: StepPart, whole?: number): Promise<Step>;
  /** A copy of the training state. */
  read(): Promise<TrainingState<HostArray>>;
  /** Puts the training state back to a copy of an earlier one. */
  write(state: TrainingState<HostArray>): void;
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
  return trainerOf(options, wholeStep);
}

/** A step of a whole batch: one program. */
async function wholeStep(room: StepRoom, batch: Batch<Aval>, part: StepPart): Promise<PreparedStep> {
  const program = recordStep(room.options, room.initial, batch, part);
  const executable = await room.prepare(program, [...room.state.keys(), null]);
  const rows = room.reserve(batchParts(batch).map(({ array }) => array));
  const inputs = [...room.state, ...room.moment, ...rows];
  return {
    program,
    run(rowsOf, moment) {
      room.write(rowsOf, moment, rows);
      return executable.run(inputs)[room.state.length]!;
    },
    operands: room.operands,
  };
}

/** A trainer's state on its backend, and what prepares steps that change it. */
export interface StepRoom {
  readonly options: TrainerOptions;
  readonly initial: TrainingState<HostArray>;
  /** Buffers of the leaves of the training state. */
  readonly state: readonly Buffer[];
  /** How many of them are the model's variables, which come first. */
  readonly variableCount: number;
  /** Buffers of what changes from step to step besides the batch. */
  readonly moment: readonly Buffer[];
  /** Prepares a program, for as long as the trainer lives. */
  prepare(program: Program, donate?: readonly (number | null)[]): Promise<Executable>;
  /** Buffers of these shapes, for as long as the trainer lives. */
  reserve(avals: readonly Aval[]): readonly Buffer[];
  /** Writes the moment, and a batch into buffers for its parts. */
  write(batch: Batch<HostArray>, moment: StepMoment, rows: readonly Buffer[]): void;
  operands: PreparedStep["operands"];
}

/** A trainer of steps that `make` prepares. */
export function trainerOf<Step>(
  options: TrainerOptions,
  make: (room: StepRoom, batch: Batch<Aval>, part: StepPart, whole: number) => Promise<Step>,
): TrainerOf<Step> {
  for (const name of ["backend", "model", "loss", "optimizer", "variables"] as const) {
    checkArgument("createTrainer", `the option "${name}"`, options?.[name], fitChecks[name]);
  }
  const { backend, seed, optimizer, variables } = options;
  const initial = {
    params: variables.params,
    state: variables.state,
    slots: options.slots ?? initialSlots(optimizer, trainedPart(options.model, variables.params)),
  };
  const key = randomKey(seed);
  const leaves = treeLeaves<HostArray>(initial as unknown as Tree<HostArray>).map(({ value }) => value);
  const variableCount = leaves.length - treeLeaves(initial.slots).length;
  const gathers = accumulates(optimizer);
  const scalars = [zeros([]), zeros([], "i32"), ...(gathers ? [1, 2, 3].map(() => zeros([], "i32")) : [])];
  const [rate, counter, ...counts] = scalars as [HostArray, HostArray, ...HostArray[]];
  /** Moment, with the key, in the order in which steps take it. */
  const moments = [rate, counter, key, ...counts];
  const buffers = uploadAll(backend, [...leaves, ...moments]);
  const written = moments.flatMap((array, i) => (array === key ? [] : [[buffers[leaves.length + i]!, array] as const]));
  const fill = (batch: Batch<HostArray>, moment: StepMoment): void => {
    const { step, learningRate, batch: number = step, rows = batch.inputs.shape[0]!, of = rows } = moment;
    rate.data[0] = learningRate;
    counter.data[0] = step;
    if (!gathers) return;
    for (const [i, value] of [number, rows, of].entries()) counts[i]!.data[0] = value;
  };
  const held: Buffer[] = [...buffers];
  const executables: Executable[] = [];
  const prepared = new Map<string, Promise<Step>>();
  const state = buffers.slice(0, leaves.length);
  const readState = (): Promise<HostArray[]> => Promise.all(state.map((buffer) => backend.read(buffer)));
  const room: StepRoom = {
    options,
    initial,
    state,
    variableCount,
    moment: buffers.slice(leaves.length),
    async prepare(program, donate = []) {
      const executable = await backend.prepare(optimize(program), { donate });
      executables.push(executable);
      return executable;
    },
    reserve(avals) {
      const empty = avals.map(({ shape, dtype }) => zeros(shape, dtype));
      const reserved = uploadAll(backend, empty);
      held.push(...reserved);
      return reserved;
    },
    write(batch, moment, rows) {
      fill(batch, moment);
      for (const [buffer, array] of written) backend.write(buffer, array);
      for (const [i, { array }] of batchParts(batch).entries()) backend.write(rows[i]!, array);
    },
    async operands(batch, moment) {
      const now = await readState();
      fill(batch, moment);
      const copies = moments.map((array) => ({ ...array, data: array.data.slice() }) as HostArray);
      return [...now, ...copies, ...batchParts(batch).map(({ array }) => array)];
    },
  };

  return {
    initial,
    variables: buffers.slice(0, variableCount),
    prepare(batch, part = "update", whole = batch.inputs.shape[0]!) {
      const kind = `${part} ${whole} ${batchSignature(batch)}`;
      return remember(prepared, kind, () => make(room, batch, part, whole));
    },
    async read() {
      return treeUnflatten(initial, await readState()) as unknown as TrainingState<HostArray>;
    },
    write(before) {
      const values = treeLeaves<HostArray>(before as unknown as Tree<HostArray>).map(({ value }) => value);
      for (const [i, array] of [...values, ...moments].entries()) backend.write(buffers[i]!, array);
    },
    free() {
      for (const executable of executables) executable.free();
      for (const buffer of held) backend.free(buffer);
    },
  };
}
