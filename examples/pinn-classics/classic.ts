// What the four problems have in common: one field, and an exact solution.
import { recipe, type Settings } from "@hooke/example-pinn-frame/training.ts";
import type { Watch } from "@hooke/example-pinn-frame/watch.ts";
import { errors, type Known, type Problem, type Solved, solve } from "@hooke/pinn";
import type { Backend } from "@hooke/runtime";

/** A problem of one field `u` whose solution is known. */
export interface Classic {
  readonly full: Settings;
  readonly small: Settings;
  readonly problem: (settings: Settings) => Problem;
  readonly exact: Known;
  /** Values of each coordinate at which errors are measured. */
  readonly grid: Readonly<Record<string, number>>;
}

/** Solves one with a seed. */
export const solveClassic =
  ({ problem }: Classic) =>
  (backend: Backend, settings: Settings, seed: number, watch: Watch = {}): Promise<Solved> =>
    solve(problem(settings), { backend, seed, ...recipe(settings), ...watch });

/** Its relative L2 error. */
export const errorOf =
  ({ grid, exact }: Classic) =>
  async ({ solution }: Pick<Solved, "solution">): Promise<number> => {
    const { rows } = await errors(solution, { grid, exact: { u: exact } });
    return rows[0]!.relativeL2;
  };
