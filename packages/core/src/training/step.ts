// The training step: loss, gradients and update recorded as one program, replayed with its state updated in place.
import {
  type Aval,
  add,
  type Backend,
  type Buffer,
  convert,
  describe,
  type Executable,
  equal,
  fail,
  fold,
  type HostArray,
  optimize,
  type Program,
  randomKey,
  record,
  select,
  stack,
  sub,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  treeUnflatten,
  valueAuxAndGrad,
  withScope,
  zeros,
} from "@hooke/runtime";
import { apply } from "../layer/apply.ts";
import type { Layer } from "../layer/layer.ts";
import type { TensorTree, Variables } from "../layer/variables.ts";
import { trainedPart, withTrainedPart } from "../layers/frozen-parameters.ts";
import type { Loss, Penalty } from "../losses/loss.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import { type Batch, batchParts, batchSignature, orderedBatch } from "./batch.ts";
import { checkLoss, checkPredictions } from "./checks.ts";
import { initialSlots } from "./slots.ts";

/** What is trained, against what, and how. */
export interface StepSpec {
  readonly model: Layer;
  readonly loss: Loss;
  /** Added to the loss. Default none. */
  readonly penalty?: Penalty;
  readonly optimizer: Optimizer;
}

/** Everything an update changes: parameters, the model's own state (running statistics) and the optimizer's slots. */
export interface TrainingState<T> {
  readonly params: Tree<T>;
  readonly state: Tree<T>;
  readonly slots: Tree<T>;
}

/** What changes from one update to the next besides the batch. */
export interface StepMoment {
  /** Counted from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * Records one training step: from training state, learning rate (`f32[]`), step (`i32[]`), key (`u32[2]`) and batch to
 * the next training state and the loss, or `[loss, penalty]` where there is a penalty. Where their sum is not finite, the
 * state stays as it was.
 *
 * @throws if the model, the loss and the targets do not fit together, or an update changes a shape
 */
export function recordStep(spec: StepSpec, before: TrainingState<Aval>, batch: Batch<Aval>): Program {
  const { model, loss, penalty, optimizer } = spec;
  const moment: Record<"learningRate" | "step" | "key", Aval> = {
    learningRate: { shape: [], dtype: "f32" },
    step: { shape: [], dtype: "i32" },
    key: { shape: [2], dtype: "u32" },
  };
  const step = (now: TrainingState<Tensor>, at: Record<keyof typeof moment, Tensor>, rows: Batch<Tensor>) => {
    const key = fold(fold(at.key, "step"), convert(at.step, "u32"));
    const trained = trainedPart(model, now.params);
    const lossOf = (changing: Tree<Tensor>): readonly [Tensor, { state: TensorTree; reported: Tensor }] => {
      const params = withTrainedPart(now.params, changing);
      const training = { training: true, key, extras: rows.extras ?? {} };
      const result = apply(model, { params, state: now.state }, rows.inputs, training);
      return withScope("loss", () => {
        checkPredictions(model, result.output, rows.targets);
        const { state } = result;
        const value = checkLoss("loss", loss(result.output, rows.targets, rows.weights));
        if (penalty === undefined) return [value, { state, reported: value }];
        const extra = convert(checkLoss("penalty", penalty(params)), value.dtype);
        return [add(value, extra), { state, reported: stack([value, extra]) }];
      });
    };
    const [value, { state, reported }, gradients] = valueAuxAndGrad(lossOf)(trained);
    const [params, slots] = withScope("optimizer", () => optimizer.update(gradients, now.slots, trained, at));
    // Infinity - Infinity and NaN - NaN are NaN, which equals nothing.
    const finite = equal(sub(value, value), 0);
    const guard = (old: Tensor, path: string, next: Tensor): Tensor => {
      if (describe(old) !== describe(next)) {
        fail(
          "train",
          `the update turns ${path} from ${describe(old)} into ${describe(next)}; it must keep shape and dtype.`,
        );
      }
      return next === old ? old : select(finite, next, old);
    };
    const before = { params: trained, state: now.state, slots: now.slots };
    const after = treeMap(before, guard, { params, state, slots }) as unknown as TrainingState<Tensor>;
    return { ...after, params: withTrainedPart(now.params, after.params), loss: reported };
  };
  return record(step as (...args: unknown[]) => unknown, before, moment, orderedBatch(batch)).program;
}

/** A training step prepared for one batch shape. */
export interface PreparedStep {
  /** The program as recorded, before any optimization: for diagnosis. */
  readonly program: Program;
  /**
   * Makes one update; waits for nothing.
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
  /** The step for batches of these shapes; prepared once for each. */
  prepare(batch: Batch<Aval>): Promise<PreparedStep>;
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
  const rate = zeros([]);
  const counter = zeros([], "i32");
  const buffers = [...leaves, rate, counter, key].map((array) => backend.upload(array));
  const [rateBuffer, counterBuffer] = buffers.slice(leaves.length) as [Buffer, Buffer];
  const held: Buffer[] = [...buffers];
  const executables: Executable[] = [];
  const prepared = new Map<string, Promise<PreparedStep>>();

  const prepare = async (batch: Batch<Aval>): Promise<PreparedStep> => {
    const program = recordStep(options, initial, batch);
    const donate = [...leaves.keys(), null];
    const executable = await backend.prepare(optimize(program), { donate });
    executables.push(executable);
    const rows = batchParts(batch).map(({ array: { shape, dtype } }) => backend.upload(zeros(shape, dtype)));
    held.push(...rows);
    const inputs = [...buffers, ...rows];
    return {
      program,
      run(rowsOf, { step, learningRate }) {
        counter.data[0] = step;
        rate.data[0] = learningRate;
        backend.write(counterBuffer, counter);
        backend.write(rateBuffer, rate);
        for (const [i, { array }] of batchParts(rowsOf).entries()) backend.write(rows[i]!, array);
        return executable.run(inputs)[leaves.length]!;
      },
      async operands(rowsOf, { step, learningRate }) {
        const state = await Promise.all(buffers.slice(0, leaves.length).map((buffer) => backend.read(buffer)));
        const scalars = [
          { ...rate, data: Float32Array.of(learningRate) },
          { ...counter, data: Int32Array.of(step) },
        ];
        return [...state, ...scalars, key, ...batchParts(rowsOf).map(({ array }) => array)];
      },
    };
  };

  return {
    initial,
    variables: buffers.slice(0, variableCount),
    prepare(batch) {
      const shapes = batchSignature(batch);
      let step = prepared.get(shapes);
      if (step === undefined) {
        step = prepare(batch);
        prepared.set(shapes, step);
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
