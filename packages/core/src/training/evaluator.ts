// Evaluation: predictions of a whole part at once, its loss as the model sees it, its metrics in the units of the data.
import { type Backend, type Executable, type HostArray, optimize, record, scalarOf, type Tensor } from "@hooke/runtime";
import type { Dataset } from "../data/dataset.ts";
import { type Preprocessing, preprocess, restoreTargets } from "../data/preprocessing.ts";
import type { Layer } from "../layer/layer.ts";
import type { Loss } from "../losses/loss.ts";
import type { Metric } from "../metrics/metric.ts";
import { checkLoss, checkPredictions } from "./checks.ts";
import type { Validation } from "./events.ts";
import type { Predictor } from "./predictor.ts";

export interface EvaluatorOptions {
  readonly backend: Backend;
  readonly model: Layer;
  readonly predictor: Predictor;
  /** In its own units. */
  readonly data: Dataset;
  readonly preprocessing: Preprocessing | undefined;
  readonly loss: Loss;
  readonly metrics: readonly Metric[];
  readonly batchSize: number;
}

/** Evaluates a model on one part of the data, again and again. */
export interface Evaluator {
  evaluate(): Promise<Validation>;
  free(): void;
}

export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { backend, model, predictor, data, preprocessing, loss, metrics, batchSize } = options;
  const { inputs, targets, extras } = preprocessing === undefined ? data : preprocess(preprocessing, data);
  let executable: Executable | undefined;

  const prepare = (predictions: HostArray): Promise<Executable> => {
    const lossOf = (output: Tensor, expected: Tensor): Tensor => {
      checkPredictions(model, output, expected);
      return checkLoss("loss", loss(output, expected));
    };
    return backend.prepare(optimize(record(lossOf, predictions, targets).program));
  };

  return {
    async evaluate() {
      const predictions = await predictor.predict({ inputs, extras }, batchSize);
      executable ??= await prepare(predictions);
      const operands = [predictions, targets].map((array) => backend.upload(array));
      const [value] = executable.run(operands);
      const result = scalarOf(await backend.read(value!));
      for (const buffer of [...operands, value!]) backend.free(buffer);
      const restored = preprocessing === undefined ? predictions : restoreTargets(preprocessing, predictions);
      return { loss: result, ...measure(metrics, restored, data) };
    },
    free() {
      executable?.free();
    },
  };
}

/** Metrics of predictions in the units of the data, and why those that are NaN have no value. */
export function measure(
  metrics: readonly Metric[],
  predictions: HostArray,
  { targets }: Dataset,
): Pick<Validation, "metrics" | "undefinedMetrics"> {
  const values = metrics.map((metric) => [metric, metric.compute(predictions, targets)] as const);
  const reasons = values.flatMap(([{ name, whyUndefined }, value]) => {
    const why = Number.isNaN(value) ? whyUndefined?.(targets, predictions) : undefined;
    return why === undefined ? [] : [[name, why] as const];
  });
  return {
    metrics: Object.fromEntries(values.map(([{ name }, value]) => [name, value])),
    ...(reasons.length > 0 && { undefinedMetrics: Object.fromEntries(reasons) }),
  };
}
