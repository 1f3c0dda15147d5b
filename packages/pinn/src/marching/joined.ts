// What was solved in windows, as one solution.
import { fail } from "@hooke/runtime";
import type { Parameters } from "../model.ts";
import { taken } from "../points/cut.ts";
import { checkInside, type Places, pointSetOf } from "../points/given.ts";
import type { PointSet } from "../points/points.ts";
import type { Problem } from "../problem.ts";
import type { Scales } from "../scaling/scales.ts";
import type { Asked, Solution } from "../solution.ts";
import type { Marching, Window } from "./window-points.ts";
import { type Carried, carriedBy, checkMarch, windowProblem } from "./window-problem.ts";

/** The name of something of a window, from 0. */
export const labelled = (window: number, name: string): string => `window ${window + 1}: ${name}`;

/** A window, from 0. */
export function windowOf({ domain }: Problem, { coordinate, windows }: Marching, number: number): Window {
  const whole = domain.bounds[coordinate]!;
  const [low, high] = whole;
  const end = (i: number): number => (i === windows ? high : low + ((high - low) * i) / windows);
  return { coordinate, axis: domain.coordinates.indexOf(coordinate), range: [end(number), end(number + 1)], whole };
}

/** The window that a value lies in. */
function numberAt({ domain }: Problem, { coordinate, windows }: Marching, value: number): number {
  const [low, high] = domain.bounds[coordinate]!;
  return Math.min(Math.max(Math.floor(((value - low) / (high - low)) * windows), 0), windows - 1);
}

/** Whether a solution answers at a point: of windows, some may not have been solved. */
export function isSolved({ problem, marching, parameters }: Solution, point: readonly number[]): boolean {
  if (marching === undefined) return true;
  const [first] = Object.values(parameters.fields) as unknown as readonly (readonly unknown[])[];
  const axis = problem.domain.coordinates.indexOf(marching.coordinate);
  return numberAt(problem, marching, point[axis]!) < first!.length;
}

/** A solution in windows, of which `solved` were solved. `solutionOf` makes that of one. */
export async function marchedFrom(
  problem: Problem,
  { solved, ...marching }: Marching & { readonly solved: number },
  solutionOf: (problem: Problem, window: number) => Promise<Solution>,
): Promise<Solution> {
  checkMarch(problem, marching.coordinate, problem.domain.coordinates.indexOf(marching.coordinate));
  const parts: Solution[] = [];
  let carried: Carried | undefined;
  for (let number = 0; number < solved; number++) {
    const own = windowProblem(problem, windowOf(problem, marching, number), carried);
    const part = await solutionOf(own, number);
    parts.push(part);
    carried = carriedBy(own, part.parameters, part.scales);
  }
  return joinedSolution(problem, joinedScales(parts), marching, parts);
}

/** The scales of all windows, by window. */
export function joinedScales(parts: readonly Pick<Solution, "scales">[]): Scales {
  const named = (what: "fields" | "terms"): Record<string, number> =>
    Object.fromEntries(
      parts.flatMap(({ scales }, i) => Object.entries(scales[what]).map(([name, value]) => [labelled(i, name), value])),
    );
  return { fields: named("fields"), terms: named("terms") };
}

/** A solution that asks the one whose window a point lies in. */
export function joinedSolution(
  problem: Problem,
  scales: Scales,
  marching: Marching,
  windows: readonly Solution[],
): Solution {
  const names = Object.keys(problem.fields);
  const { coordinate } = marching;
  const axis = problem.domain.coordinates.indexOf(coordinate);
  const parameters: Parameters = {
    fields: Object.fromEntries(names.map((name) => [name, windows.map((each) => each.parameters.fields[name]!)])),
    unknowns: {},
  };
  return Object.freeze({
    problem,
    parameters,
    scales,
    identified: {},
    marching,
    at: async (places: Places | PointSet, asked: Asked = names) => {
      const points = pointSetOf("solution.at", problem.domain.coordinates, places);
      checkInside("solution.at", problem.domain, points.rows);
      const dimensions = problem.domain.coordinates.length;
      const count = points.rows.length / dimensions;
      const members = new Map<number, number[]>();
      for (let i = 0; i < count; i++) {
        const value = points.rows[i * dimensions + axis]!;
        const window = numberAt(problem, marching, value);
        if (windows[window] === undefined) {
          fail(
            "solution.at",
            `received ${coordinate} = ${value}, where the march did not come: it was ended in window ${windows.length} of ${marching.windows}. Go on by resume.`,
          );
        }
        const others = members.get(window);
        if (others === undefined) members.set(window, [i]);
        else others.push(i);
      }
      if (count === 0) return windows[0]!.at(places, asked);
      const answers: Record<string, Float64Array> = {};
      for (const [window, at] of members) {
        const answered = await windows[window]!.at(taken(points, at, dimensions), asked);
        for (const [name, values] of Object.entries(answered)) {
          answers[name] ??= new Float64Array(count);
          for (const [j, i] of at.entries()) answers[name][i] = values[j]!;
        }
      }
      return answers;
    },
  });
}
