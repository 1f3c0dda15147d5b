// Conditions that contradict an exact transform: what they say is the same, and not zero, whatever the networks say.
import { fail, quoted } from "@hooke/runtime";
import { moved } from "../model.ts";
import { residualName } from "../residuals.ts";
import { fieldsOf, type Probe, placeOf, scaleOf } from "./differences.ts";

/** A term is refused where this share of its points is fixed: at corners start and walls may contradict each other, as physics idealizes. */
const share = 0.1;

/** Residuals of fields of the size of 1 that are larger than this, and differ less than that between two networks, are fixed. */
const [large, same] = [1e-3, 1e-9];

/** @throws if the exact transforms of a problem fix what a term says to something else, naming the term and a point */
export async function checkExact({ problem, evaluator, parameters, scales, sets }: Probe): Promise<void> {
  const transformed = Object.keys(problem.exact);
  if (transformed.length === 0) return;
  const said = await evaluator.residuals(parameters, scales, sets);
  const other = await evaluator.residuals(moved(parameters), scales, sets);
  const { plan, terms } = problem;
  const isFixed = (term: string): boolean =>
    plan.components[term]!.every((component) => {
      const name = residualName(term, component);
      return said[name]!.every((value, i) => value === other[name]![i]);
    });
  const onBoundary = (term: string): boolean => terms[term]!.points.columns.some((each) => each.startsWith("normal."));
  // Fields that are fixed inside, too, or that nothing trains, are known as a whole: their terms are only looked at.
  if (Object.keys(terms).every(isFixed)) return;
  const inside = Object.keys(terms).filter((term) => !onBoundary(term) && isFixed(term));
  const known = new Set(inside.flatMap((term) => fieldsOf(problem, term)));
  for (const [term, components] of Object.entries(plan.components)) {
    const { kind, data, points } = terms[term]!;
    // What was measured may differ from what is exact: by its noise.
    if (kind === "energy" || data !== undefined || !onBoundary(term)) continue;
    if (fieldsOf(problem, term).every((field) => known.has(field))) continue;
    const least = large * scaleOf(problem, scales, [term]);
    for (const component of components) {
      const name = residualName(term, component);
      const fixed = [...said[name]!.keys()].filter((i) => {
        const [here, there] = [said[name]![i]!, other[name]![i]!];
        return Math.abs(here) > least && Math.abs(here - there) <= same * Math.abs(here);
      });
      if (fixed.length < share * points.count) continue;
      const place = placeOf(problem, sets.get(points)!, fixed[0]!);
      fail(
        "solve",
        `the term "${name}" is ${said[name]![fixed[0]!]} at ${place} whatever the networks say: the exact transform of ${quoted(transformed)} holds there, ` +
          "and contradicts it. Remove the term, or change what is exact.",
        "mismatch",
      );
    }
  }
}
