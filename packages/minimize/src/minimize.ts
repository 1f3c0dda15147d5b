// The loop around every method: it begins, steps, listens, reports, and says why it stopped.
import {
  type Check,
  checkArgument,
  checkOptions,
  checks,
  createPauses,
  describe,
  fail,
  isHostArray,
} from "@hooke/runtime";
import type { Descent, Minimizer, State } from "./minimizer.ts";
import { type Objective, objectiveCheck } from "./objective.ts";
import { type Ended, type Reason, wordsFor } from "./reasons.ts";
import type { Squares } from "./squares.ts";
import { largest, type Vector } from "./vectors.ts";

/** One step, or the start (iteration 0). */
export interface Step {
  readonly iteration: number;
  readonly value: number;
  /** The largest magnitude in the gradient. */
  readonly slope: number;
  /** Evaluations so far, those of earlier runs that it goes on from included. */
  readonly evaluations: number;
  /** Of the step: along its direction, or its rate. */
  readonly step: number;
  /** What else the method has to say of it. */
  readonly note?: string;
}

/** Options of {@link minimize}. */
export interface MinimizeOptions<P> {
  readonly objective: Objective<P>;
  readonly method: Minimizer;
  /** A tree like the objective's parameters. Default those it was made with. */
  readonly start?: unknown;
  /** What an earlier run returned, or `onStep` took, to go on from to the same bits. Instead of `start`. */
  readonly resume?: State;
  /** It stops where the largest magnitude in the gradient is at most this. Default 1e-8. */
  readonly tolerance?: number;
  /** Steps of this run. Default 1000. */
  readonly maxIterations?: number;
  /** Stops it within an evaluation. What it had reached is returned. */
  readonly signal?: AbortSignal;
  /** Called after each step, and awaited. `state()` is what it remembers at that point. */
  readonly onStep?: (step: Step, state: () => Promise<State>) => void | Promise<void>;
}

/** What a minimization found. */
export interface Minimum<P> {
  /** The best it reached, like the objective's parameters. */
  readonly parameters: P;
  readonly value: number;
  /** The largest magnitude in the gradient. */
  readonly slope: number;
  readonly iterations: number;
  readonly evaluations: number;
  readonly reason: Reason;
  readonly message: string;
  /** The start, unless it resumed, and every step. */
  readonly trace: readonly Step[];
  /** To go on from. */
  readonly state: State;
}

const startCheck: Check = (value) =>
  typeof value === "number" || (typeof value === "object" && value !== null)
    ? undefined
    : "a tree like the objective's parameters";
const methodCheck: Check = (value) =>
  typeof (value as Partial<Minimizer> | null | undefined)?.begin === "function"
    ? undefined
    : "a method, such as bfgs(), selfScaledBroyden(), lbfgs() or levenbergMarquardt()";
const resumeCheck: Check = (value) => {
  const { method, arrays, numbers } = (value ?? {}) as Partial<State>;
  return typeof method === "string" && isHostArray(arrays?.at) && typeof numbers === "object"
    ? undefined
    : "the state of an earlier minimization";
};
const onStepCheck: Check = (value) => (typeof value === "function" ? undefined : "a function of a step");

/** Thrown through a step to end it. */
class Aborted extends Error {}

/**
 * Makes an objective small. Nothing but the arguments decides the result: the same call gives the same bits, and so does one that was
 * interrupted and resumed. The event loop turns every 10 ms, between evaluations.
 *
 * @throws what the function, the backend or `onStep` throws, and where `start` or `resume` do not fit
 * @example
 * ```ts
 * import { bfgs, minimize, objective } from "@hooke/minimize";
 * import { add, mul, referenceBackend, square, sub } from "@hooke/runtime";
 *
 * const rosenbrock = await objective({
 *   backend: referenceBackend(),
 *   parameters: { x: -1.2, y: 1 },
 *   value: ({ x, y }) => add(square(sub(1, x)), mul(square(sub(y, square(x))), 100)),
 * });
 * const { parameters, reason } = await minimize({ objective: rosenbrock, method: bfgs() });
 * console.log(parameters.x.data[0]!.toFixed(6), reason); // 1.000000 tolerance
 * ```
 */
export async function minimize<P>(options: MinimizeOptions<P>): Promise<Minimum<P>> {
  checkOptions<MinimizeOptions<P>>("minimize", options, {
    required: { objective: objectiveCheck, method: methodCheck },
    optional: {
      start: startCheck,
      resume: resumeCheck,
      tolerance: checks.nonNegative,
      maxIterations: checks.count,
      signal: checks.signal,
      onStep: onStepCheck,
    },
  });
  const { objective, method, signal, onStep, tolerance = 1e-8, maxIterations = 1000 } = options;
  const begun = origin(options);
  const pause = createPauses();
  let evaluations = begun.numbers.evaluations ?? 0;
  // What is evaluated to begin from a state was counted when that point was reached, and a beginning is not aborted.
  let counted = options.resume === undefined;
  let stepping = false;
  const evaluated = async () => {
    await pause();
    if (stepping && signal?.aborted) throw new Aborted();
    if (counted) evaluations++;
  };
  const at = begun.arrays.at!.data as Vector;
  const origins = { at, ...(await objective.evaluate(at)) };
  if (counted) evaluations++;
  let iterations = begun.numbers.iterations ?? 0;
  const trace: Step[] = [];
  const report = async (descent: Descent, step: number, note?: string) => {
    const { value, gradient } = descent;
    trace.push({ iteration: iterations, value, slope: largest(gradient), evaluations, step, ...(note && { note }) });
    await onStep?.(trace.at(-1)!, () => stateOf(method, descent, iterations, evaluations));
  };
  const descent = await method.begin(watched(objective, evaluated), origins, begun);
  [counted, stepping] = [true, true];
  try {
    const last = iterations + maxIterations;
    let ended: Ended | undefined;
    if (options.resume === undefined) await report(descent, 0);
    while (ended === undefined) {
      const { value, gradient } = descent;
      if (!Number.isFinite(value) || !Number.isFinite(largest(gradient))) ended = { reason: "non-finite" };
      else if (largest(gradient) <= tolerance) ended = { reason: "tolerance" };
      else if (iterations >= last) ended = { reason: "iterations" };
      else {
        const { outcome, step, note } = await stepOf(descent);
        if (outcome === "moved") {
          iterations++;
          await report(descent, step, note);
        } else ended = { reason: outcome, ...(note && { note }) };
      }
    }
    return {
      parameters: objective.unflatten(descent.at),
      value: descent.value,
      slope: largest(descent.gradient),
      iterations,
      evaluations,
      reason: ended.reason,
      message: wordsFor(ended, descent, tolerance, maxIterations),
      trace,
      state: await stateOf(method, descent, iterations, evaluations),
    };
  } finally {
    descent.free();
  }
}

/** A step, or that it was aborted. */
async function stepOf(descent: Descent): Promise<{ outcome: "moved" | Reason; step: number; note?: string }> {
  try {
    return await descent.step();
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
    return { outcome: "aborted", step: 0 };
  }
}

/** The objective, told of its evaluations. */
function watched(objective: Objective, evaluated: () => Promise<void>): Objective {
  const { gaussNewton } = objective as Squares;
  return {
    ...objective,
    evaluate: async (at) => {
      await evaluated();
      return objective.evaluate(at);
    },
    ...(gaussNewton && {
      gaussNewton: async (at: Vector) => {
        await evaluated();
        return gaussNewton(at);
      },
    }),
  };
}

function origin<P>({ objective, method, start, resume }: MinimizeOptions<P>): State {
  const { size, dtype } = objective;
  if (resume === undefined) {
    const data = start === undefined ? objective.start : objective.flatten(start);
    return { method: method.name, arrays: { at: { shape: [size], dtype, data } }, numbers: {} };
  }
  if (start !== undefined) fail("minimize", "received a start and a state to resume from; give one of them.");
  if (resume.method !== method.name) {
    fail(
      "minimize",
      `the state is of ${resume.method}, the method ${method.name}; give start to change over.`,
      "mismatch",
    );
  }
  const expected = describe({ shape: [size], dtype });
  checkArgument("minimize", 'the state\'s "at"', resume.arrays.at, (value) =>
    describe(value as Parameters<typeof describe>[0]) === expected ? undefined : expected,
  );
  return resume;
}

async function stateOf({ name }: Minimizer, descent: Descent, iterations: number, evaluations: number): Promise<State> {
  const { at } = descent;
  const { arrays, numbers } = await descent.memory();
  return {
    method: name,
    arrays: {
      ...arrays,
      at: { shape: [at.length], dtype: at instanceof Float64Array ? "f64" : "f32", data: at.slice() },
    },
    numbers: { ...numbers, iterations, evaluations },
  };
}
