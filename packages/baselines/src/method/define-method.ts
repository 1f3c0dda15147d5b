// Defining methods: an author writes two pure functions, `learn` and `predict`; here they become a value that fits tables.
import { columnNames, type Table, tableCheck } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail, quoted, randomKey, show } from "@hooke/runtime";
import { fittedOf } from "./fitted.ts";
import type { FitOptions, Fitted, Method, MethodDefinition, MethodFactory, Task } from "./method.ts";
import { columnName, progressListener, rowWeights } from "./option-checks.ts";
import { pausing } from "./pausing.ts";
import { type Inputs, type Samples, samplesOf } from "./samples.ts";
import type { State } from "./state.ts";
import { checkedWeights } from "./weights.ts";

/** Whether a value is a method. */
export const isMethod = (value: unknown): value is Method =>
  typeof (value as Partial<Method> | null)?.learn === "function" &&
  typeof (value as Partial<Method>).method === "string";

/**
 * Defines a method.
 *
 * @returns its constructor, which throws on options that fail their check
 * @example
 * ```ts
 * import { defineMethod } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const least = defineMethod({
 *   name: "acme/least",
 *   tasks: ["regression"],
 *   options: {},
 *   learn: async ({ target }) => ({ value: Math.min(...target.values) }),
 *   predict: ({ value }, { rowCount }) => new Float64Array(rowCount).fill(value),
 * });
 * const table = tableOf({ load: [1, 2, 3], strain: [0.3, 0.1, 0.2] });
 * const fitted = await least().fit(table, "strain");
 * console.log(fitted.predict(tableOf({ load: [7] })).values[0]); // 0.1
 * ```
 */
export function defineMethod<O extends object = Record<never, never>, S extends State = State>(
  definition: MethodDefinition<O, S>,
): MethodFactory<O, S> {
  const { name, tasks } = definition ?? {};
  if (typeof name !== "string" || typeof definition.learn !== "function" || typeof definition.predict !== "function") {
    fail("defineMethod", `received ${show(definition)}; expected { name, tasks, options, learn, predict }.`);
  }
  const construct = (given?: O): Method<S> => {
    const options = Object.freeze({ ...given }) as O;
    checkOptions<O>(name, given ?? {}, definition.options);
    const fault = definition.check?.(options);
    if (fault !== undefined) fail(name, fault);
    const { bounds, deviation, settled, resumed, form } = definition;
    const method: Method<S> = {
      method: name,
      tasks,
      options: options as Readonly<Record<string, unknown>>,
      fit: (table, target, fitOptions = {}) => fit(method, table, target, fitOptions),
      learn: (samples, context) => {
        checkTask(method, samples);
        if (definition.texts !== true) refuseTexts(name, samples);
        return definition.learn(samples, options, context);
      },
      predict: (state, inputs) => definition.predict(state, inputs, options),
      ...(bounds && { bounds: (state: S, inputs: Inputs, level: number) => bounds(state, inputs, level, options) }),
      ...(deviation && { deviation: (state: S, inputs: Inputs) => deviation(state, inputs, options) }),
      ...(form && { form: form(options) }),
      ...(settled && { settled: (state: S) => settled(state, options) }),
      ...(resumed && { resumed: (state: S) => resumed(state, options) }),
      toJSON: () => ({ method: name, options }),
    };
    return Object.freeze(method);
  };
  return Object.assign(construct, { method: name }) as MethodFactory<O, S>;
}

/** @throws if a method does not learn what the target is */
export function checkTask({ method, tasks }: Method, { target, source }: Samples): void {
  const task: Task = target.type === "number" ? "regression" : "classification";
  if (tasks.includes(task)) return;
  const is = target.type === "number" ? "numbers" : "classes";
  const cure = target.type === "number" ? "classes: true makes classes of it" : "choose a method for classes";
  fail(
    method,
    `predicts ${tasks.join(" and ")}; the target "${target.name}" of ${source} is ${is}: ${cure}.`,
    "mismatch",
  );
}

/** @throws on texts that the method would not look at */
function refuseTexts(who: string, { texts = [], source }: Samples): void {
  if (texts.length === 0) return;
  const cure = "leave it out of the inputs, or choose a method that reads it";
  fail(who, `does not read texts, such as "${texts[0]!.name}" of ${source}: ${cure}.`, "mismatch");
}

const namesCheck = (value: unknown): string | undefined =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "a list of columns";

async function fit<S extends State>(
  method: Method<S>,
  table: Table,
  target: string,
  options: FitOptions,
): Promise<Fitted<S>> {
  const who = method.method;
  checkArgument(who, "the table", table, tableCheck);
  checkArgument(who, "the target", target, (value) =>
    typeof value === "string" ? undefined : `the name of a column: ${quoted(columnNames(table))}`,
  );
  checkOptions<FitOptions>(who, options, {
    optional: {
      inputs: namesCheck,
      categories: namesCheck,
      texts: namesCheck,
      groups: columnName,
      classes: checks.flag,
      weights: rowWeights,
      seed: checks.wholeNumber,
      backend: checks.backend,
      signal: checks.signal,
      onProgress: progressListener,
    },
  });
  const { seed = 0, signal, onProgress, weights, backend } = options;
  const samples: Samples = {
    ...samplesOf(table, target, options),
    ...(weights && { weights: checkedWeights(who, weights, table.rowCount) }),
  };
  signal?.throwIfAborted();
  const warnings: string[] = [];
  const state = await method.learn(samples, {
    key: randomKey(seed),
    ...(backend && { backend }),
    pause: pausing(signal, onProgress),
    warn: (sentence) => void warnings.push(sentence),
  });
  return fittedOf({ method, samples, state, seed, warnings });
}
