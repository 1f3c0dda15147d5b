// Marching: a problem solved in windows of time, one after the other.
import { type Check, checkOptions, checks, fail, quoted } from "@hooke/runtime";
import { time } from "../domains/domain.ts";
import type { HistoryRow } from "../history.ts";
import { type Problem, problemCheck } from "../problem.ts";
import { reportOf } from "../report.ts";
import { solve } from "../solve.ts";
import type { Progress, Solved, SolveOptions } from "../solve-options.ts";
import { type SolveState, stateCheck } from "../state.ts";
import { joinedScales, joinedSolution, labelled, windowOf } from "./joined.ts";
import type { Marching } from "./window-points.ts";
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
  const begun = performance.now();
  const left = (): number => (budget === undefined ? 1 : budget.seconds - (performance.now() - begun) / 1000);
  const parts: Solved[] = [];
  let carried: Carried | undefined;
  for (let number = 0; number < count; number++) {
    const window = windowOf(problem, { coordinate, windows: count }, number);
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
  return joined(problem, { coordinate, windows: count }, parts);
}

/** What windows say, as one. */
function joined(problem: Problem, marching: Marching, parts: readonly Solved[]): Marched {
  const scales = joinedScales(parts.map(({ solution }) => solution));
  const total = (select: (part: Solved) => number): number => parts.reduce((sum, part) => sum + select(part), 0);
  const report = reportOf({
    terms: parts.flatMap(({ report: { terms } }, i) =>
      terms.map((term) => ({ ...term, name: labelled(i, term.name) })),
    ),
    stages: parts.flatMap(({ report: { stages } }, i) =>
      stages.map((stage) => ({ ...stage, method: labelled(i, stage.method) })),
    ),
    history: joinedHistory(parts),
    scales,
    identified: {},
    noise: {},
    seed: parts[0]!.report.seed,
    parameters: total(({ report: { parameters } }) => parameters),
    seconds: total(({ report: { seconds } }) => seconds),
  });
  const solution = joinedSolution(
    problem,
    scales,
    marching,
    parts.map((part) => part.solution),
  );
  return { solution, report, identified: {}, state: { windows: parts.map(({ state }) => state) } };
}

/** One history: the steps of a window follow those of the one before. */
function joinedHistory(parts: readonly Solved[]): HistoryRow[] {
  let before = 0;
  return parts.flatMap(({ report: { history } }) => {
    const rows = history.map((row) => ({ ...row, step: before + row.step }));
    before = rows.at(-1)!.step;
    return rows;
  });
}
