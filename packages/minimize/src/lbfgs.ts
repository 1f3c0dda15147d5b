// L-BFGS: the inverse of the second derivatives from the last few steps alone (Nocedal 1980).
import { type Check, checkOptions, checks, fail } from "@hooke/runtime";
import { type Curvature, type Lesson, LineDescent } from "./line-descent.ts";
import { type Minimizer, remembered, type State, stored } from "./minimizer.ts";
import { addTo, dot, negated, type Vector } from "./vectors.ts";

/** Options of {@link lbfgs}. */
export interface LbfgsOptions {
  /** How many steps it remembers. Default 10. */
  readonly memory?: number;
}

/**
 * L-BFGS with a line search for the strong Wolfe conditions. Its memory is `2 memory` vectors: for problems with more than a few
 * thousand parameters.
 */
export function lbfgs(options: LbfgsOptions = {}): Minimizer {
  checkOptions<LbfgsOptions>("lbfgs", options, { optional: { memory: checks.count satisfies Check } });
  const { memory: most = 10 } = options;
  return {
    name: "lbfgs",
    begin: (objective, origin, memory) =>
      new LineDescent(objective, new Steps(most, objective.size, memory), origin, memory),
  };
}

class Steps implements Curvature {
  private readonly most: number;
  private readonly size: number;
  private lessons: Pick<Lesson, "s" | "y" | "sy">[] = [];

  constructor(most: number, size: number, memory: Pick<State, "arrays">) {
    [this.most, this.size] = [most, size];
    const { steps } = memory.arrays;
    if (steps === undefined) return;
    const length = steps.data.length;
    if (length % size !== 0) fail("lbfgs", `the state's "steps" are not of ${size} parameters.`, "mismatch");
    const changes = remembered("lbfgs", memory, "changes", length) as Vector;
    for (let from = 0; from < length; from += size) {
      const [s, y] = [steps.data.slice(from, from + size), changes.slice(from, from + size)] as [Vector, Vector];
      this.lessons.push({ s, y, sy: dot(s, y) });
    }
  }

  get fresh(): boolean {
    return this.lessons.length === 0;
  }

  direction(gradient: Vector): Vector {
    const d = negated(gradient);
    const weights: number[] = [];
    for (const { s, y, sy } of this.lessons.toReversed()) {
      const weight = dot(s, d) / sy;
      weights.unshift(weight);
      addTo(d, -weight, y);
    }
    const last = this.lessons.at(-1);
    if (last !== undefined) {
      const scale = last.sy / dot(last.y, last.y);
      for (let i = 0; i < d.length; i++) d[i]! *= scale;
    }
    for (const [k, { s, y, sy }] of this.lessons.entries()) addTo(d, weights[k]! - dot(y, d) / sy, s);
    return d;
  }

  learn({ s, y, sy }: Lesson): void {
    this.lessons.push({ s, y, sy });
    if (this.lessons.length > this.most) this.lessons.shift();
  }

  forget(): void {
    this.lessons = [];
  }

  arrays(): State["arrays"] {
    if (this.fresh) return {};
    const rows = (of: "s" | "y") => {
      const data = new Float64Array(this.lessons.length * this.size);
      for (const [k, lesson] of this.lessons.entries()) data.set(lesson[of], k * this.size);
      return stored(data, [this.lessons.length, this.size]);
    };
    return { steps: rows("s"), changes: rows("y") };
  }

  free(): void {
    this.lessons = [];
  }
}
