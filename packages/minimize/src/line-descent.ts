// Descent along lines: a model of the curvature gives the direction, a line search the step, and the model learns from both.
import { searchLine } from "./line-search.ts";
import type { Descent, Move, State } from "./minimizer.ts";
import type { Evaluation, Objective } from "./objective.ts";
import { difference, dot, largest, moved, negated, type Vector } from "./vectors.ts";

/** What a step teaches: the change of the point, that of the gradient, and what the model expected. */
export interface Lesson {
  readonly s: Vector;
  readonly y: Vector;
  /** `s . y`, above 0. */
  readonly sy: number;
  /** `s . B s`, with `B` the inverse of the model before this lesson. */
  readonly sBs: number;
}

/** A positive definite approximation of the inverse of the second derivatives. */
export interface Curvature {
  /** Whether it knows nothing, and is the identity. */
  readonly fresh: boolean;
  /** Its product with a gradient, negated. */
  direction(gradient: Vector): Promise<Vector> | Vector;
  learn(lesson: Lesson): Promise<void> | void;
  forget(): void;
  arrays(): Promise<State["arrays"]> | State["arrays"];
  free(): void;
}

/** A point on a line, with all that was evaluated there. */
interface Reached extends Evaluation {
  readonly step: number;
  readonly slope: number;
  readonly at: Vector;
}

/** Curvature no larger than this part of what was expected is rounding. */
const leastCurvature = 2 ** -52;

/** Goes down along the directions of a model. */
export class LineDescent implements Descent {
  at: Vector;
  value: number;
  gradient: Vector;
  private readonly objective: Objective;
  private readonly model: Curvature;
  /** The value before the last step, NaN if there was none: the next step expects as much. */
  private previous: number;

  constructor(
    objective: Objective,
    model: Curvature,
    { at, value, gradient }: Evaluation & { readonly at: Vector },
    { numbers }: Pick<State, "numbers">,
  ) {
    [this.objective, this.model] = [objective, model];
    [this.at, this.value, this.gradient] = [at, value, gradient];
    this.previous = numbers.previous ?? Number.NaN;
  }

  async step(): Promise<Move> {
    const trusted = !this.model.fresh;
    const direct = await this.along(await this.model.direction(this.gradient));
    if (direct.outcome === "moved" || !trusted) return direct;
    // The model may be what is wrong: downhill once more, without it.
    this.model.forget();
    this.previous = Number.NaN;
    const plain = await this.along(negated(this.gradient));
    return plain.outcome === "moved" ? { ...plain, note: "began anew along the gradient" } : plain;
  }

  private async along(direction: Vector): Promise<Move> {
    const { at, value, gradient, objective } = this;
    const slope = dot(gradient, direction);
    if (!(slope < 0)) return { outcome: "no-decrease", step: 0, note: "the direction does not lead down" };
    const evaluate = async (step: number): Promise<Reached> => {
      const there = moved(at, step, direction);
      const evaluated = await objective.evaluate(there);
      return { ...evaluated, step, at: there, slope: dot(evaluated.gradient, direction) };
    };
    const search = await searchLine({ step: 0, value, slope }, this.firstStep(slope), evaluate, objective.noise);
    const note = search.nonFinite > 0 ? { note: `took back ${search.nonFinite} steps into non-finite values` } : {};
    const { point } = search;
    // Within the noise a step may leave the value as it is, or raise it; then it must flatten.
    if (point === undefined || !(point.value < value || largest(point.gradient) < largest(gradient))) {
      return { outcome: "no-decrease", step: 0, ...note };
    }
    const [s, y] = [difference(point.at, at), difference(point.gradient, gradient)];
    const sy = dot(s, y);
    const sBs = -point.step * dot(s, gradient);
    if (sy > leastCurvature * sBs) await this.model.learn({ s, y, sy, sBs });
    this.previous = value;
    [this.at, this.value, this.gradient] = [point.at, point.value, point.gradient];
    return { outcome: "moved", step: point.step, ...note };
  }

  /** The step that would bring the decrease of the last one again, at most 1. */
  private firstStep(slope: number): number {
    const expected = Number.isNaN(this.previous)
      ? Math.sqrt(dot(this.gradient, this.gradient)) / 2
      : this.previous - this.value;
    const step = Math.min(1, (-1.01 * 2 * expected) / slope);
    return step > 0 ? step : 1;
  }

  async memory(): Promise<Pick<State, "arrays" | "numbers">> {
    const numbers: Record<string, number> = Number.isNaN(this.previous) ? {} : { previous: this.previous };
    return { arrays: await this.model.arrays(), numbers };
  }

  free(): void {
    this.model.free();
  }
}
