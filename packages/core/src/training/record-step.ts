// The training step: loss, gradients and update recorded as one program of training state, moment and batch.
import type { Preprocessing } from "@hooke/data";
import {
  type Aval,
  add,
  checkArgument,
  convert,
  describe,
  equal,
  fail,
  fold,
  isTensor,
  type Keeping,
  type Program,
  record,
  select,
  show,
  stack,
  sub,
  type Tensor,
  type Tree,
  treeMap,
  valueAuxAndGrad,
  withScope,
} from "@hooke/runtime";
import { trainedPart, withTrainedPart } from "../layers/frozen-parameters.ts";
import type { Loss, Penalty } from "../losses/loss.ts";
import { applyIn } from "../model/apply.ts";
import type { Frame } from "../model/frame.ts";
import type { Layer } from "../model/layer.ts";
import { type TensorTree, type Variables, variablesCheck } from "../model/variables.ts";
import { type AccumulationSlots, accumulates, gather } from "../optimizers/accumulate.ts";
import { zerosLike } from "../optimizers/leaves.ts";
import { type Optimizer, type StepInputs, updateBy } from "../optimizers/optimizer.ts";
import { fitChecks } from "./arguments.ts";
import { type Batch, batchParts, orderedBatch } from "./batch.ts";
import { checkClasses, checkLoss, checkPredictions, checkWeightsRead, lossOf } from "./fits.ts";

/** What is trained, against what, and how. */
export interface StepSpec {
  readonly model: Layer;
  readonly loss: Loss;
  /** Added to the loss. Default none. */
  readonly penalty?: Penalty;
  readonly optimizer: Optimizer;
  /** How gradients keep the activations of the model. Default: as they are. */
  readonly activations?: Keeping;
  /** What is predicted, where it has names: the model must have an output for each class. */
  readonly predicted?: Partial<Pick<Preprocessing, "classes" | "targetNames">>;
}

/** Everything an update changes: parameters, the model's own state (running statistics) and the optimizer's slots. */
export interface TrainingState<T> {
  readonly params: Tree<T>;
  readonly state: Tree<T>;
  readonly slots: Tree<T>;
}

/**
 * What a step does with its gradients. `"update"`: it changes the parameters by them and by those gathered before. `"gather"`:
 * it keeps them for the update that ends with a later batch; only of use where the optimizer accumulates.
 */
export type StepPart = "update" | "gather";

const scalar = (dtype: "f32" | "i32"): Aval => ({ shape: [], dtype });

/** The inputs of a step between its state and its batch; the last three only where the optimizer accumulates. */
export function momentOf(
  optimizer: Optimizer,
): Record<"learningRate" | "step" | "key", Aval> & Partial<Record<string, Aval>> {
  return {
    learningRate: scalar("f32"),
    step: scalar("i32"),
    key: { shape: [2], dtype: "u32" },
    ...(accumulates(optimizer) && { batch: scalar("i32"), rows: scalar("i32"), of: scalar("i32") }),
  };
}

/** Training state, learning rate, number of the update and key, and a batch to the next training state and the loss. */
export type TrainingStep = (
  now: TrainingState<Tensor>,
  at: Readonly<Record<string, Tensor>>,
  rows: Batch<Tensor>,
) => TrainingState<Tensor> & { readonly loss: Tensor };

/**
 * One training step as a function of tensors, to be called while recording: from training state, the moment (`learningRate: f32[]`, the number
 * of the update `step: i32[]`, `key: u32[2]`) and batch to the next training state and the `loss`, or `[loss, penalty]` where there is a penalty.
 * Where their sum is not finite, the state stays as it was. Where the optimizer accumulates, the moment also has the number of the `batch`, its
 * `rows` and those `of` the update (`i32[]` each).
 *
 * @throws when it is called, if the model, the loss and the targets do not fit together, or an update changes a shape
 */
export function trainingStep(spec: StepSpec, part: StepPart = "update"): TrainingStep {
  for (const name of ["model", "loss", "optimizer"] as const) {
    checkArgument("trainingStep", `the option "${name}"`, spec?.[name], fitChecks[name]);
  }
  return (now, at, rows) => {
    const trained = trainedPart(spec.model, now.params);
    const [value, found, gradients] = valueAuxAndGrad(
      (changing: Tree<Tensor>) => lossAt(spec, { ...now, params: withTrainedPart(now.params, changing) }, at, rows),
      spec.activations,
    )(trained);
    return stateAfter(spec, part, now, at, { ...found, value, gradients });
  };
}

/** What a batch says of the training state, besides its loss. */
type Found = {
  /** The model's next state. */
  readonly state: TensorTree;
  /** The loss, or `[loss, penalty]`. */
  readonly reported: Tensor;
};

/**
 * The scalar that a step makes small, and what it finds besides.
 *
 * @param known of the frame in which the model is applied
 */
export function lossAt(
  { model, loss, penalty, predicted = {} }: StepSpec,
  { params, state }: Pick<TrainingState<Tensor>, "params" | "state">,
  at: Readonly<Record<string, Tensor>>,
  rows: Batch<Tensor>,
  known?: Partial<Frame>,
): readonly [value: Tensor, Found] {
  const key = fold(fold(at.key!, "step"), convert(at.batch ?? at.step!, "u32"));
  const training = { training: true, key, extras: rows.extras ?? {} };
  const result = applyIn("apply", model, { params, state } as Variables, rows.inputs, training, known);
  return withScope("loss", () => {
    checkPredictions(model, result.output, rows);
    checkClasses(model, result.output, predicted);
    const value = lossOf(loss, result.output, rows.targets, rows.weights);
    if (penalty === undefined) return [value, { state: result.state, reported: value }];
    const extra = convert(checkLoss("penalty", penalty(params as TensorTree)), value.dtype);
    return [add(value, extra), { state: result.state, reported: stack([value, extra]) }];
  });
}

/** The training state after a batch, by what it says: as it was where `value`, the scalar that is made small, is not finite. */
export function stateAfter(
  { model, optimizer }: StepSpec,
  part: StepPart,
  now: TrainingState<Tensor>,
  at: Readonly<Record<string, Tensor>>,
  { value, state, reported, gradients }: Found & { readonly value: Tensor; readonly gradients: TensorTree },
): ReturnType<TrainingStep> {
  const trained = trainedPart(model, now.params);
  const [params, slots] = withScope("optimizer", () => updated(optimizer, part, gradients, now.slots, trained, at));
  // Infinity - Infinity and NaN - NaN are NaN, which equals nothing.
  const finite = equal(sub(value, value), 0);
  const guard = (old: Tensor, path: string, next: Tensor): Tensor => {
    const after = isTensor(next) ? describe(next) : show(next);
    if (describe(old) !== after) {
      fail(
        "train",
        `the update turns ${path} from ${describe(old)} into ${after}; it must keep shape and dtype.`,
        "mismatch",
      );
    }
    return next === old ? old : select(finite, next, old);
  };
  const before = { params: trained, state: now.state, slots: now.slots };
  const next = treeMap(before, guard, { params, state, slots }) as unknown as TrainingState<Tensor>;
  return { ...next, params: withTrainedPart(now.params, next.params), loss: reported };
}

/**
 * Records {@link trainingStep}: from training state, learning rate (`f32[]`), number of the update (`i32[]`), key (`u32[2]`) and
 * batch to the next training state and the loss. Where the optimizer accumulates, number of the batch, its rows and those of the update
 * (`i32[]` each) stand before the batch.
 *
 * @throws if the model, the loss and the targets do not fit together, an update changes a shape, or the batch has weights
 *   that the loss does not use
 */
export function recordStep(
  spec: StepSpec,
  before: TrainingState<Aval>,
  batch: Batch<Aval>,
  part: StepPart = "update",
): Program {
  const step = trainingStep(spec, part);
  checkArgument("recordStep", "the training state", before, variablesCheck);
  const moment = momentOf(spec.optimizer);
  const { program } = record(
    step as (...args: never[]) => unknown,
    before as never,
    moment as never,
    orderedBatch(batch) as never,
  );
  checkWeightsRead(program, batchParts(batch));
  return program;
}

/** Parameters and slots after a step. */
function updated(
  optimizer: Optimizer,
  part: StepPart,
  gradients: TensorTree,
  slots: TensorTree,
  params: TensorTree,
  at: Readonly<Record<string, Tensor>>,
): readonly [params: TensorTree, slots: TensorTree] {
  const inputs = { learningRate: at.learningRate!, step: at.step! } satisfies StepInputs;
  if (!accumulates(optimizer)) return updateBy(optimizer, gradients, slots, params, inputs);
  const { gradients: gathered, optimizer: own } = slots as unknown as AccumulationSlots;
  const total = gather(gathered, gradients, at.rows!, at.of!);
  if (part === "gather") return [params, { gradients: total, optimizer: own }];
  const [next, nextSlots] = updateBy(optimizer, total, own, params, { ...inputs, accumulates: true });
  return [next, { gradients: zerosLike(params), optimizer: nextSlots }];
}
