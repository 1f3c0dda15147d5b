// Which terms are functions of one point: what such a term says at a point depends on nothing that is anywhere else.
import { type Node, type Program, record, type Tensor } from "@hooke/runtime";
import { View } from "./derivatives/view.ts";
import { transformed } from "./model.ts";
import { placeholders, recordTerm } from "./plan.ts";
import type { Points } from "./points/points.ts";
import type { Problem } from "./problem.ts";

/** What does to every number the same. */
const elementwise: ReadonlySet<Node["primitive"]> = new Set([
  ...(["neg", "abs", "sign", "floor", "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh"] as const),
  ...(["sigmoid", "erf", "sqrt", "rsqrt", "not", "convert", "stopGradient", "known"] as const),
  ...(["add", "sub", "mul", "div", "rem", "pow", "maximum", "minimum", "select"] as const),
  ...(["equal", "notEqual", "less", "lessEqual", "and", "or", "xor"] as const),
]);

/**
 * The sets of points all of whose terms are functions of one point, as is seen from the operations that the terms, and the exact transforms, are made of. Means
 * over points, sorting, or arrays with a number for each point are not, and those terms are evaluated at all points at once.
 */
export function pointwiseIn(problem: Problem): ReadonlySet<Points> {
  if (!alike(transforms(problem, 2), transforms(problem, 1))) return new Set();
  const all = new Set(Object.values(problem.terms).map(({ points }) => points));
  return new Set([...all].filter((points) => points.count > 1 && isPointwise(problem, points)));
}

function isPointwise(problem: Problem, points: Points): boolean {
  try {
    return alike(termsAt(problem, points, points.count), termsAt(problem, points, 1));
  } catch {
    // At one point they are no terms at all: they read arrays of their own.
    return false;
  }
}

/** The terms at `count` of their points. */
function termsAt(problem: Problem, points: Points, count: number): Program {
  const { sitesOf } = problem.plan;
  return record(() => {
    const at = new Map<number, View>();
    const viewOf = (site: number): View => {
      const view = at.get(site) ?? new View(problem, placeholders(problem, count, points.columns));
      at.set(site, view);
      return view;
    };
    return Object.entries(problem.terms)
      .filter(([, term]) => term.points === points)
      .flatMap(([name, term]) => {
        const views = sitesOf[name]!.map((site) => viewOf(site).at);
        return Object.values(recordTerm(name, term, views, count));
      });
  }).program;
}

/** The exact transforms at `count` points. */
function transforms(problem: Problem, count: number): Program {
  return record((): Tensor[] => {
    const source = placeholders(problem, count, []);
    const unknowns = Object.fromEntries(Object.keys(problem.unknowns).map((name) => [name, source.unknown(name)]));
    return Object.keys(problem.exact).flatMap((name) =>
      transformed(problem, name, source.field(name, []), source.coordinate, unknowns, count),
    );
  }).program;
}

/** Whether a program at many points does to each of them what the other does to one. */
function alike(many: Program, one: Program): boolean {
  return (
    many.nodes.length === one.nodes.length &&
    many.nodes.every((node, i) => pointByPoint(node) && sameNumbers(node, one.nodes[i]!))
  );
}

function pointByPoint({ primitive, params, inputs }: Node): boolean {
  if (primitive === "full") return true;
  if (primitive === "constant") return params.value.shape.length === 0;
  if (primitive === "broadcast") return inputs[0]!.shape.length === 0;
  return elementwise.has(primitive);
}

function sameNumbers(a: Node, b: Node): boolean {
  if (a.primitive === "full" && b.primitive === "full") return Object.is(a.params.value, b.params.value);
  if (a.primitive === "constant" && b.primitive === "constant") {
    return Object.is(a.params.value.data[0], b.params.value.data[0]);
  }
  return a.primitive === b.primitive;
}
