// Early stopping: an end to trainings that no longer improve, and the best model whatever ended them.
import type { Callback, EpochRecord, FitControl, FitResult, History, Monitor } from "@hooke/core";
import { isBetter } from "@hooke/data";
import { checkOptions, checks, fail } from "@hooke/runtime";

/** Options of {@link earlyStopping}. */
export interface EarlyStoppingOptions {
  /** Epochs in a row without improvement after which the training stops. Default 10. */
  readonly patience?: number;
  /** What a value must be better by to count as an improvement, in units of the monitored value. Default 0. */
  readonly minDelta?: number;
}

/** What {@link earlyStopping} returns. */
export interface EarlyStopping extends Callback {
  /**
   * The best epoch of the training it saw last, so far: also there after `fit` threw. Undefined before the first
   * validation.
   */
  readonly best: FitResult["best"];
}

/**
 * A callback of `fit` that stops a training after `patience` epochs without a better value of its `monitor` (better as
 * the metric itself declares), and has `fit` return the model of the best epoch, whatever ended the training: patience,
 * the last epoch or a signal. If `fit` throws, because a loss was not finite or a callback failed, the model is in
 * `best`. With the first update of another training it starts anew. Prechelt, "Early stopping - but when?" (Neural
 * Networks: Tricks of the Trade, 1998).
 *
 * An epoch whose value is NaN is no better than any other; where it has been NaN from the start, there is no best epoch, the
 * last variables are returned, and the `stopReason` says why the metric has no value.
 *
 * When to stop follows from the history alone, which checkpoints hold: a resumed training stops where the uninterrupted
 * one does.
 *
 * @throws in training, if there is no validation part
 * @example
 * ```ts
 * import { adam, dense, fit, mse } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { earlyStopping } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const line = (xs: number[]) => dataset({ inputs: array(xs.map((x) => [x])), targets: array(xs.map((x) => [2 * x])) });
 * const stopping = earlyStopping({ patience: 5 });
 * const { model, best, stopReason } = await fit({ backend: referenceBackend(), model: dense({ units: 1 }), loss: mse(),
 *   data: { train: line([0, 1, 2]), validation: line([-1, 3]) }, optimizer: adam(), learningRate: 0.3, epochs: 500,
 *   batchSize: 1, seed: 0, callbacks: [stopping] });
 * console.log(stopReason); // early stopping: no better loss for 5 epochs
 * console.log(model.variables === best!.model.variables); // true
 * ```
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  checkOptions<EarlyStoppingOptions>("earlyStopping", options, {
    optional: { patience: checks.count, minDelta: checks.nonNegative },
  });
  const { patience = 10, minDelta = 0 } = options;
  let best: FitResult["best"];
  let awaiting = false;
  let current: FitControl | undefined;
  return {
    get best() {
      return best;
    },
    onStep(_, control) {
      if (control === current) return;
      current = control;
      best = undefined;
      awaiting = false;
    },
    onEpoch() {
      if (awaiting) fail("earlyStopping", "the training has no validation part to stop by; give fit data.validation.");
      awaiting = true;
    },
    onValidation({ history, monitor, best: found }, control) {
      awaiting = false;
      if (found !== undefined) best = { ...found, model: control.modelWith(found.variables) };
      if (epochsWithoutImprovement(history, monitor, minDelta) >= patience) {
        control.stop(`early stopping: no better ${monitor.name} for ${patience} epochs${whyNever(history, monitor)}`);
      }
    },
    onEnd({ best: found }, control) {
      if (found === undefined) return;
      best = { ...found, model: control.modelWith(found.variables) };
      control.restore(found.variables);
    },
  };
}

const monitoredValue = ({ validation }: EpochRecord, { name }: Monitor): number =>
  (name === "loss" ? validation?.loss : validation?.metrics[name]) ?? Number.NaN;

/** Epochs since the last one that was better than all before it by more than `minDelta`; a NaN never is. */
function epochsWithoutImprovement(history: History, monitor: Monitor, minDelta: number): number {
  let best: number | undefined;
  let since = 0;
  for (const record of history) {
    const value = monitoredValue(record, monitor);
    if (isBetter(monitor.direction, value, best, { by: minDelta })) {
      best = value;
      since = 0;
    } else since++;
  }
  return since;
}

/** What to say where the monitored value has never been a number. */
function whyNever(history: History, monitor: Monitor): string {
  if (!history.every((record) => Number.isNaN(monitoredValue(record, monitor)))) return "";
  const why = history.at(-1)?.validation?.undefinedMetrics?.[monitor.name];
  return `; it has always been NaN${why === undefined ? "" : `: ${why}`}`;
}
