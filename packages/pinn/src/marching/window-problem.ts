// The problem of a window: the same equations and conditions, and a start that is exactly where the window before ended.
import {
  add,
  asTensor,
  fail,
  full,
  type HostArray,
  jvp,
  mul,
  square,
  stack,
  sub,
  type Tensor,
  treeMap,
} from "@hooke/runtime";
import type { Term } from "../conditions/term.ts";
import type { Domain } from "../domains/domain.ts";
import { columnOf, fieldOf, networksOf, type Parameters, transformed } from "../model.ts";
import type { Points } from "../points/points.ts";
import { type Problem, problem } from "../problem.ts";
import type { Scales } from "../scaling/scales.ts";
import type { Exact, Free } from "../statement.ts";
import { laid, type Window, windowPoints } from "./window-points.ts";

/** A field at rows, `[n, coordinates]` to `[n, components]`, by name. */
export type Carried = (name: string) => (rows: Tensor) => Tensor;

/** The fields of a window that is solved. Its parameters are constants. */
export function carriedBy(solved: Problem, parameters: Parameters, scales: Scales): Carried {
  const networks = networksOf(solved);
  return (name) => (rows) => {
    const params = treeMap(parameters.fields[name]!, (leaf) => asTensor(leaf as HostArray));
    const scale = full([], scales.fields[name]!, "f64");
    return fieldOf(solved, networks[name]!, name, params as never, scale, {})(rows);
  };
}

/** How often each field is differentiated along a coordinate. */
export function ordersAlong({ plan }: Problem, axis: number): ReadonlyMap<string, number> {
  const orders = new Map<string, number>();
  for (const { requests } of plan.sites) {
    for (const [field, operators] of requests) {
      orders.set(field, Math.max(orders.get(field) ?? 0, ...operators.flat().map((index) => index[axis]!)));
    }
  }
  return orders;
}

/** The problem of a window, from that of the whole. `before` are the fields of the window before; the first has none. */
export function windowProblem(whole: Problem, window: Window, before: Carried | undefined): Problem {
  const known = new Map<Points, Points | undefined>();
  const terms: Record<string, Term> = {};
  for (const [name, term] of Object.entries(whole.terms)) {
    const inWindow = (all: Term): Term | undefined => {
      const { points } = all;
      if (!known.has(points)) known.set(points, windowPoints(`term "${name}"`, points, window));
      const own = known.get(points);
      return own && Object.freeze({ ...all, points: own });
    };
    const own = inWindow(term);
    if (own === undefined) continue;
    const { heldOut, ...data } = own.data ?? {};
    const kept = heldOut && inWindow(heldOut);
    terms[name] = Object.freeze({ ...own, ...(own.data && { data: { ...data, ...(kept && { heldOut: kept }) } }) });
  }
  const exact: Record<string, Exact> = { ...whole.exact };
  if (before !== undefined) {
    for (const [name, order] of ordersAlong(whole, window.axis)) {
      if (order > 0) exact[name] = continued(whole, name, window, order, before(name));
    }
  }
  const { fields, derived, unknowns } = whole;
  return problem({ domain: windowDomain(whole.domain, window), fields, derived, unknowns, exact, terms });
}

function windowDomain(domain: Domain, window: Window): Domain {
  const { coordinate, axis, range, whole } = window;
  // Which window an instant at its end belongs to is a matter of rounding.
  const slack = 1e-12 * Math.max(...whole.map(Math.abs), whole[1] - whole[0]);
  const [low, high] = [range[0] - slack, range[1] + slack];
  return Object.freeze({
    coordinates: domain.coordinates,
    bounds: Object.freeze({ ...domain.bounds, [coordinate]: range }),
    measure: (domain.measure * (range[1] - range[0])) / (whole[1] - whole[0]),
    contains: (point) => point[axis]! >= low && point[axis]! <= high && domain.contains(point),
    interior: (count, options) => laid(domain.interior(count, options), window),
    boundary: (count, options) => laid(domain.boundary(count, options), window),
  } satisfies Domain);
}

/**
 * A field that begins where it ended before: `before(s) + E(tau free)(t) - E(0)(s)`, where `s` is the start of the window, `tau` goes from 0 to 1 in
 * it, and `E` is the problem's own exact transform. Where time derivatives of second order are asked for, the first ones go on as well: `tau`
 * is squared, and what is added to `E` grows at its rate at `s`. What `E` fulfils on walls stays so, as `E` is affine in what the network says.
 */
function continued(
  whole: Problem,
  name: string,
  { coordinate, axis, range: [low, high] }: Window,
  order: number,
  before: (rows: Tensor) => Tensor,
): Exact {
  const { coordinates } = whole.domain;
  const { components } = whole.fields[name]!;
  return (at: Free) => {
    const t: Tensor = at[coordinate];
    const count = t.shape[0]!;
    const free: Tensor[] = components.length === 0 ? [at.free] : components.map((component) => at.free[component]);
    const own = (parts: readonly Tensor[], time: Tensor): readonly Tensor[] => {
      if (whole.exact[name] === undefined) return parts;
      return transformed(whole, name, parts, (i) => (i === axis ? time : at[coordinates[i]!]), {}, count);
    };
    const none = free.map(() => full([count], 0, "f64"));
    const missing = (time: Tensor): Tensor[] => {
      const rows = stack(
        coordinates.map((each, i) => (i === axis ? time : (at[each] as Tensor))),
        1,
      );
      const values = before(rows);
      return own(none, time).map((part, i) => sub(columnOf(values, i), part));
    };
    const since = sub(t, low);
    const tau = mul(since, 1 / (high - low));
    const grown = own(
      free.map((part) => mul(part, order === 1 ? tau : square(tau))),
      t,
    );
    const start = full([count], low, "f64");
    const added =
      order === 1
        ? missing(start)
        : (() => {
            const [values, slopes] = jvp(missing, [start], [full([count], 1, "f64")]);
            return values.map((value, i) => add(value, mul(since, slopes[i]!)));
          })();
    const parts = grown.map((part, i) => add(part, added[i]!));
    return components.length === 0 ? parts[0]! : Object.fromEntries(components.map((each, i) => [each, parts[i]!]));
  };
}

/** Refuses what cannot be solved in windows. */
export function checkMarch(whole: Problem, coordinate: string, axis: number): void {
  const unknowns = Object.keys(whole.unknowns);
  if (unknowns.length > 0) {
    fail(
      "march",
      `received the unknown "${unknowns[0]}", which every window would find anew; identify it by solve with weights: causal(), or from the data of a shorter time, and march with the number.`,
      "unsupported",
    );
  }
  for (const [name, { kind }] of Object.entries(whole.terms)) {
    if (kind === "energy")
      fail("march", `received the energy "${name}", which is one of the whole; use solve.`, "unsupported");
  }
  for (const [name, field] of Object.entries(whole.fields)) {
    if (field.coordinates !== undefined && !field.coordinates.includes(coordinate)) {
      fail(
        "march",
        `received the field "${name}", which does not depend on "${coordinate}" and which every window would find anew; use solve with weights: causal().`,
        "unsupported",
      );
    }
  }
  for (const [name, order] of ordersAlong(whole, axis)) {
    if (order > 2) {
      fail(
        "march",
        `received derivatives of order ${order} of "${name}" along "${coordinate}"; it takes two. Write the equation as a system.`,
        "unsupported",
      );
    }
  }
}
