// Fit: training with callbacks, for those who want its result rather than its events.
import { checkArgument, describe, fail, type HostArray, isHostArray, show, type Tree, treeMap } from "@hooke/runtime";
import { inputShapeOf } from "../model/input.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import type { Variables } from "../model/variables.ts";
import { checkFitOptions, fitChecks } from "./arguments.ts";
import type { Callback, FitControl, FitOptions } from "./callback.ts";
import type { EndEvent, History, TrainingEvent } from "./events.ts";
import { preprocessingOf } from "./options.ts";
import { train } from "./train.ts";

/** What {@link fit} returns. */
export interface FitResult {
  /** With the variables after the last update, or those that a callback restored. */
  readonly model: TrainedModel;
  /** What the optimizer remembers after the last update. */
  readonly slots: Tree<HostArray>;
  readonly history: History;
  /** The epoch with the best value of `monitor` on the validation part; absent without one. */
  readonly best?: {
    readonly epoch: number;
    readonly monitor: string;
    readonly value: number;
    readonly model: TrainedModel;
  };
  /** `"finished"`, `"aborted"` by the signal, or the reason a callback gave. */
  readonly stopReason: string;
  /** What deserves a look, a sentence each, such as columns that are constant in the training part. Empty where nothing does. */
  readonly warnings: EndEvent["warnings"];
}

const handlers = {
  step: "onStep",
  epoch: "onEpoch",
  validation: "onValidation",
  checkpoint: "onCheckpoint",
  recovery: "onRecovery",
  end: "onEnd",
} as const satisfies Record<TrainingEvent["type"], keyof Callback>;

type Handler = (event: TrainingEvent, control: FitControl) => void | Promise<void>;

/**
 * Trains a model to the end.
 *
 * @throws what `train` throws, on callbacks that are none, and what a callback throws
 * @example
 * ```ts
 * import { adam, dense, fit, mse } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const train = dataset({ inputs: array([[0], [1], [2]]), targets: array([[1], [3], [5]]) });
 * const { history, stopReason } = await fit({ backend: referenceBackend(), model: dense({ units: 1 }), data: { train },
 *   loss: mse(), optimizer: adam(), learningRate: 1e-2, epochs: 20, batchSize: 3, seed: 0 });
 * console.log(history.length, stopReason); // 20 finished
 * ```
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  checkFitOptions("fit", options);
  const { callbacks = [], ...rest } = options;
  const { signal } = rest;
  const preprocessing = preprocessingOf(rest);
  const stopping = new AbortController();
  const modelWith = (variables: Variables<HostArray>): TrainedModel => {
    checkArgument("modelWith", "variables", variables, fitChecks.variables);
    return {
      layer: options.model,
      inputShape: inputShapeOf(options.data.train.inputs, options.data.train.extras),
      variables,
      preprocessing,
    };
  };
  let reason: string | undefined;
  let restored: Variables<HostArray> | undefined;
  const control: FitControl = {
    stop(why) {
      reason ??= why;
      stopping.abort();
    },
    restore(variables) {
      checkArgument("restore", "variables", variables, fitChecks.variables);
      restored = variables;
    },
    modelWith,
  };
  const signals = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  let result: FitResult | undefined;
  for await (const event of train({ ...rest, signal: signals })) {
    for (const callback of callbacks) {
      const pending = (callback[handlers[event.type]] as Handler | undefined)?.call(callback, event, control);
      if (pending !== undefined) await pending;
    }
    if (event.type !== "end") continue;
    const { best, history, warnings } = event;
    const last = await event.variables();
    if (restored !== undefined) checkAlike(last, restored);
    result = {
      model: modelWith(restored ?? last),
      slots: await event.slots(),
      history,
      warnings,
      stopReason: event.reason === "aborted" ? (reason ?? "aborted") : event.reason,
      ...(best && {
        best: { epoch: best.epoch, monitor: best.monitor, value: best.value, model: modelWith(best.variables) },
      }),
    };
  }
  return result!;
}

/** @throws if variables that a callback restored are another model's */
function checkAlike(own: Variables<HostArray>, restored: Variables<HostArray>): void {
  const compare = (value: HostArray, path: string, other: HostArray): void => {
    const received = isHostArray(other) ? describe(other) : show(other);
    if (received !== describe(value))
      fail(
        "restore",
        `received ${path} ${received}, in the model ${describe(value)}; give variables of this model.`,
        "mismatch",
      );
  };
  treeMap({ params: own.params, state: own.state }, compare, { params: restored.params, state: restored.state });
}
