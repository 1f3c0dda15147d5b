// Marching: a problem solved in windows of time, one after the other.
import { type Check, checkOptions, checks, fail, quoted } from "@hooke/runtime";
import { type Interval, time } from "../domains/domain.ts";
import type { Parameters } from "../model.ts";
import { type Places, rowsOf } from "../points/given.ts";
import { type Problem, problemCheck } from "../problem.ts";
import { reportOf } from "../report.ts";
import type { Scales } from "../scaling/scales.ts";
import type { Asked, Solution } from "../solution.ts";
import { type Progress, type Solved, type SolveOptions, solve } from "../solve.ts";
import { type SolveState, stateCheck } from "../state.ts";
import type { Window } from "./window-points.ts";
import { type Carried, carriedBy, checkMarch, windowProblem } from "./window-problem.ts";

/** Options of {@link march}. */
export interface MarchOptions {
  /** Along which coordinate, from its lowest value. Default `"t"`. */
  readonly coordinate?: string;
  /** How many windows of the same length. */
  readonly windows: number;
}

/** How far it has come in a window. */
export interface MarchProgress extends Progress {
  /** From 0. */
  readonly window: number;
}

/** How each window is solved: the options of {@link solve}. `budget` and `signal` are those of all windows together. */
export interface MarchSolveOptions extends Omit<SolveOptions, "resume" | "onProgress"> {
  /** Called after each step, and awaited. `state()` is what it remembers there. */
  readonly onProgress?: (progress: MarchProgress, state: () => Promise<MarchState>) => void | Promise<void>;
  /** What an earlier march of the same problem, windows and stages remembered: it goes on to the same bits. */
  readonly resume?: MarchState;
}

/** All that {@link march} remembers: arrays and JSON values. */
export interface MarchState {
  /** Of each window that was begun. */
  readonly windows: readonly SolveState[];
}

/** What {@link march} returns: what {@link solve} does, for all windows. */
export interface Marched extends Omit<Solved, "state"> {
  readonly state: MarchState;
}

const marchStateCheck: Check = (value) => {
  const { windows } = (value ?? {}) as Partial<MarchState>;
  return Array.isArray(windows) && windows.every((state) => stateCheck(state) === undefined)
    ? undefined
    : "the state of an earlier march, as it returned it or onProgress took it";
};
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function of progress");

/**
 * Solves a problem window after window. Each begins exactly where the one before ended: its fields are those at the end, and what its own
 * networks add is 0 there; where equations are of second order in time, so are the first derivatives. Conditions at the start of the whole belong to
 * the first window, those at its end to the last; all other points are laid into each window, as many as they are.
 *
 * The solution answers everywhere. Names of terms, fields and stages in its report begin with `window 1:`. Every window evaluates the networks of those
 * before, which are constants: later windows take longer, by about a third of the first one's time for each.
 *
 * @throws on unknowns, energies and fields that do not depend on the coordinate, and on points that lie at the start among others; from
 * `solution.at`, where it was ended before it came there
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { selfScaledBroyden } from "@hooke/minimize";
 * import { dirichlet, interval, march, mlp, problem, residual } from "@hooke/pinn";
 * import { add } from "@hooke/runtime";
 *
 * const line = interval({ t: [0, 4] });
 * const start = line.face("t", "low");
 * const swing = problem({
 *   domain: line,
 *   fields: { u: mlp({ units: [8] }) },
 *   terms: {
 *     equation: residual(line.interior(30), ({ u, d }) => add(d(u, "t", "t"), u)),
 *     start: dirichlet(start, { u: 1 }),
 *     rest: residual(start, ({ u, d }) => d(u, "t")),
 *   },
 * });
 * const stages = [{ method: selfScaledBroyden(), iterations: 300 }];
 * const { solution } = await march(swing, { windows: 2 }, { backend: wasmBackend(), stages });
 * const { u } = await solution.at([[3]]);
 * console.log(Math.abs(u![0]! - Math.cos(3)) < 1e-4); // true
 * ```
 */
export async function march(problem: Problem, marching: MarchOptions, options: MarchSolveOptions): Promise<Marched> {
  if (problemCheck(problem) !== undefined) fail("march", `received no problem; expected ${problemCheck(problem)}.`);
  const coordinateCheck: Check = (value) =>
    problem.domain.coordinates.includes(value as string)
      ? undefined
      : `a coordinate of the domain: ${quoted(problem.domain.coordinates)}`;
  checkOptions<MarchOptions>("march", marching, {
    required: { windows: checks.count },
    optional: { coordinate: coordinateCheck },
  });
  const { coordinate = time, windows: count } = marching;
  const expected = coordinateCheck(coordinate);
  if (expected !== undefined) fail("march", `goes along "${coordinate}", which there is not; expected ${expected}.`);
  const { resume, onProgress, budget, ...each } = options;
  for (const [name, value, check] of [
    ["resume", resume, marchStateCheck],
    ["onProgress", onProgress, functionCheck],
  ] as const) {
    const wanted = value === undefined ? undefined : check(value);
    if (wanted !== undefined) fail("march", `received another ${name}; expected ${wanted}.`);
  }
  const axis = problem.domain.coordinates.indexOf(coordinate);
  checkMarch(problem, coordinate, axis);
  const whole = problem.domain.bounds[coordinate]!;
  const begun = performance.now();
  const left = (): number => (budget === undefined ? 1 : budget.seconds - (performance.now() - begun) / 1000);
  const parts: Solved[] = [];
  let carried: Carried | undefined;
  for (const range of rangesOf(whole, count)) {
    const window: Window = { coordinate, axis, range, whole };
    const number = parts.length;
    const own = windowProblem(problem, window, carried);
    const from = resume?.windows[number];
    const states = parts.map(({ state }) => state);
    const solved = await solve(own, {
      ...each,
      ...(budget && { budget: { seconds: Math.max(left(), 1e-3) } }),
      ...(from && { resume: from }),
      ...(onProgress && {
        onProgress: (progress, state) =>
          onProgress({ ...progress, window: number }, async () => ({ windows: [...states, await state()] })),
      }),
    });
    parts.push(solved);
    if (options.signal?.aborted || left() <= 0) break;
    carried = carriedBy(own, solved.solution.parameters, solved.solution.scales);
  }
  return joined(problem, { coordinate, axis, whole, count }, parts);
}

/** Windows of the same length. */
function rangesOf([low, high]: Interval, count: number): Interval[] {
  const end = (i: number): number => (i === count ? high : low + ((high - low) * i) / count);
  return Array.from({ length: count }, (_, i) => [end(i), end(i + 1)] as const);
}

interface Axis extends Pick<Window, "coordinate" | "axis" | "whole"> {
  readonly count: number;
}

/** What windows say, as one. */
function joined(problem: Problem, axis: Axis, parts: readonly Solved[]): Marched {
  const named = <T>(select: (part: Solved) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      parts.flatMap((part, i) => Object.entries(select(part)).map(([name, value]) => [label(i, name), value])),
    );
  const scales: Scales = {
    fields: named(({ solution }) => solution.scales.fields),
    terms: named(({ solution }) => solution.scales.terms),
  };
  const total = (select: (part: Solved) => number): number => parts.reduce((sum, part) => sum + select(part), 0);
  const report = reportOf({
    terms: parts.flatMap(({ report: { terms } }, i) => terms.map((term) => ({ ...term, name: label(i, term.name) }))),
    stages: parts.flatMap(({ report: { stages } }, i) =>
      stages.map((stage) => ({ ...stage, method: label(i, stage.method) })),
    ),
    scales,
    seed: parts[0]!.report.seed,
    parameters: total(({ report: { parameters } }) => parameters),
    seconds: total(({ report: { seconds } }) => seconds),
  });
  const solution = joinedSolution(
    problem,
    scales,
    axis,
    parts.map((part) => part.solution),
  );
  return { solution, report, identified: {}, state: { windows: parts.map(({ state }) => state) } };
}

const label = (window: number, name: string): string => `window ${window + 1}: ${name}`;

/** A solution that asks the one whose window a point lies in. */
function joinedSolution(problem: Problem, scales: Scales, axis: Axis, windows: readonly Solution[]): Solution {
  const names = Object.keys(problem.fields);
  const [low, high] = axis.whole;
  const windowOf = (value: number): number => {
    const window = Math.floor(((value - low) / (high - low)) * axis.count);
    return Math.min(Math.max(window, 0), axis.count - 1);
  };
  const parameters: Parameters = {
    fields: Object.fromEntries(names.map((name) => [name, windows.map((each) => each.parameters.fields[name]!)])),
    unknowns: {},
  };
  return Object.freeze({
    problem,
    parameters,
    scales,
    identified: {},
    at: async (places: Places, asked: Asked = names) => {
      const flat = rowsOf("solution.at", problem.domain.coordinates, places);
      const dimensions = problem.domain.coordinates.length;
      const count = flat.length / dimensions;
      const members = new Map<number, number[]>();
      for (let i = 0; i < count; i++) {
        const value = flat[i * dimensions + axis.axis]!;
        const window = windowOf(value);
        if (windows[window] === undefined) {
          fail(
            "solution.at",
            `received ${axis.coordinate} = ${value}, where the march did not come: it was ended in window ${windows.length} of ${axis.count}. Go on by resume.`,
          );
        }
        const others = members.get(window);
        if (others === undefined) members.set(window, [i]);
        else others.push(i);
      }
      if (count === 0) return windows[0]!.at(places, asked);
      const answers: Record<string, Float64Array> = {};
      for (const [window, at] of members) {
        const rows = at.map((i) => [...flat.subarray(i * dimensions, (i + 1) * dimensions)]);
        for (const [name, values] of Object.entries(await windows[window]!.at(rows, asked))) {
          answers[name] ??= new Float64Array(count);
          for (const [j, i] of at.entries()) answers[name][i] = values[j]!;
        }
      }
      return answers;
    },
  });
}
