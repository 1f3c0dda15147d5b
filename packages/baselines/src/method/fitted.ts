// Fitted methods: they predict for tables. Of the samples only what their columns are is kept.
import { type Table, tableCheck } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import type { Fitted, Method, Prediction, PredictOptions, TargetSchema } from "./method.ts";
import { inputsOf, type Samples, schemasOf, type Target } from "./samples.ts";
import type { State } from "./state.ts";

/** A fitted method, of what it learned from and what it learned. */
export function fittedOf<S extends State>(learned: {
  readonly method: Method<S>;
  readonly samples: Samples;
  readonly state: S;
  readonly seed: number;
  readonly warnings: readonly string[];
}): Fitted<S> {
  const { method, samples, state, seed, warnings } = learned;
  return withPredict({
    method,
    target: targetSchema(samples.target),
    inputs: schemasOf(samples),
    rowCount: samples.rowCount,
    seed,
    state,
    warnings,
  });
}

/** A fitted method of its parts. */
export function withPredict<S extends State>(parts: Omit<Fitted<S>, "predict">): Fitted<S> {
  return Object.freeze({
    ...parts,
    predict: (table: Table, options: PredictOptions = {}) => predict(parts, table, options),
  });
}

const targetSchema = ({ values: _, ...schema }: Target): TargetSchema => schema as TargetSchema;

function predict<S extends State>(
  { method, state, target, inputs }: Omit<Fitted<S>, "predict">,
  table: Table,
  options: PredictOptions,
): Prediction {
  const who = method.method;
  checkArgument(who, "the table", table, tableCheck);
  checkOptions<PredictOptions>(who, options, { optional: { level: checks.betweenZeroAndOne } });
  const { unseen, ...rows } = inputsOf(table, inputs);
  const predicted = method.predict(state, rows);
  if (target.type === "class") {
    if (options.level !== undefined)
      fail(who, "predicts classes: their probabilities say how sure it is; leave level out.");
    const { classes } = target;
    return { values: mostProbable(predicted, classes.length), probabilities: predicted, classes, unseen };
  }
  if (options.level === undefined) return { values: predicted, unseen };
  if (method.bounds === undefined) {
    return fail(
      who,
      `knows no bounds of its predictions; fit conformal({ method: ${who}() }), which does.`,
      "unsupported",
    );
  }
  return {
    values: predicted,
    bounds: method.bounds(state, rows, options.level),
    ...(method.deviation && { deviation: method.deviation(state, rows) }),
    unseen,
  };
}

function mostProbable(probabilities: Float64Array, count: number): Float64Array {
  return Float64Array.from({ length: probabilities.length / count }, (_, row) => {
    let best = 0;
    for (let c = 1; c < count; c++) if (probabilities[row * count + c]! > probabilities[row * count + best]!) best = c;
    return best;
  });
}
