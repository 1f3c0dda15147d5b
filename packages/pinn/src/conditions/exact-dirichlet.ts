// Dirichlet conditions that hold exactly, by functions that are zero on the boundary.
import { add, div, equal, fail, isTensor, mul, select, show, type Tensor } from "@hooke/runtime";
import type { Quantity } from "../derivatives/at.ts";
import { both, type Wall } from "../domains/walls.ts";
import type { Exact, Free } from "../statement.ts";

/** A value that is exact: a number, or a function of coordinates and unknowns that is defined in the whole domain and smooth there. */
export type ExactValue = number | ((at: Free) => Tensor | number);

/** Walls, and what the field is on them; of a vector field by component. */
export interface ExactPart {
  readonly on: Wall | readonly Wall[];
  readonly value: ExactValue | Readonly<Record<string, ExactValue>>;
}

/**
 * An exact transform: `u = g + w free`, where `w`, the product of walls, is zero where the condition holds. Several conditions are joined by
 * transfinite interpolation with the distances from their walls (Sukumar and Srivastava 2022), so that each is exact on its own walls.
 *
 * @param walls positive in the domain: of a shape, `shape.walls`; of a hole, `hole.outside`; of a face, `domain.wall("x", "low")`
 * @param value on them. It goes on into the inside: `({ x }) => sin(x)`
 * @throws if it is given no walls, or a value that is neither a number nor a function; `solve` does if a wall is negative in the domain
 * @example
 * ```ts
 * import { disk, exactDirichlet, mlp, problem, residual } from "@hooke/pinn";
 * import { add } from "@hooke/runtime";
 *
 * const plate = disk({ center: { x: 0, y: 0 }, radius: 1 });
 * const membrane = problem({
 *   domain: plate,
 *   fields: { u: mlp({ units: [10] }) },
 *   exact: { u: exactDirichlet(plate.walls, 0) },
 *   terms: { equation: residual(plate.interior(100), ({ u, d }) => add(d.laplacian(u), 1)) },
 * });
 * console.log(Object.keys(membrane.exact)); // [ 'u' ]
 * ```
 */
export function exactDirichlet(walls: ExactPart["on"], value: ExactPart["value"]): Exact;
/** Conditions with different values on different walls. Where walls of two meet, their values should agree. */
export function exactDirichlet(parts: readonly ExactPart[]): Exact;
export function exactDirichlet(given: ExactPart["on"] | readonly ExactPart[], value?: ExactPart["value"]): Exact {
  const parts = value === undefined ? (given as readonly ExactPart[]) : [{ on: given as ExactPart["on"], value }];
  const who = "exactDirichlet";
  if (!Array.isArray(parts) || parts.length === 0) {
    fail(
      who,
      `received ${show(given)}; give walls and a value, or a list of parts such as { on: plate.walls, value: 0 }.`,
    );
  }
  const conditions = parts.map((part: Partial<ExactPart> | null | undefined) => {
    const on = [part?.on].flat();
    if (on.length === 0 || on.some((wall) => typeof wall !== "function")) {
      fail(
        who,
        `received ${show(part?.on ?? part)} as walls; give those of a shape, such as plate.walls or hole.outside.`,
      );
    }
    checkValue(part?.value);
    return { on: on as readonly Wall[], value: part!.value! };
  });
  const transform = (at: Free): Quantity => {
    const zeros = conditions.map(({ on }) => on.map((wall) => wall(at)).reduce((a, b) => mul(a, b)));
    const shares = sharesOf(conditions.map(({ on }) => on.reduce(both)(at)));
    const zero = zeros.reduce((a, b) => mul(a, b));
    const one = (free: Tensor, component: string): Tensor =>
      conditions.reduce(
        (sum, { value }, i) => {
          const own = partOf(value, component, at);
          return add(sum, shares === undefined ? own : mul(shares[i]!, own));
        },
        mul(zero, free),
      );
    if (isTensor(at.free)) return one(at.free, "");
    return Object.fromEntries(
      Object.entries(at.free as Readonly<Record<string, Tensor>>).map(([name, free]) => [name, one(free, name)]),
    );
  };
  return Object.assign(transform, { walls: conditions.flatMap(({ on }) => on) });
}

const isValue = (value: unknown): value is ExactValue => Number.isFinite(value) || typeof value === "function";

function checkValue(value: unknown): void {
  const each = typeof value === "object" && value !== null ? Object.values(value) : [value];
  const wrong = each.findIndex((one) => !isValue(one));
  if (each.length > 0 && wrong < 0) return;
  fail(
    "exactDirichlet",
    `received the value ${show(each[wrong])}; expected a number, or a function such as ({ x }) => sin(x).`,
  );
}

function partOf(value: ExactPart["value"], component: string, at: Free): Tensor | number {
  if (isValue(value)) {
    if (component !== "")
      fail("exactDirichlet", `received one value for a vector field; give { ${component}: ... }.`, "mismatch");
    return typeof value === "number" ? value : value(at);
  }
  const own = component === "" ? undefined : value[component];
  if (own === undefined) {
    fail(
      "exactDirichlet",
      component === ""
        ? "received components for a scalar field; give one value."
        : `received no value for "${component}".`,
      "mismatch",
    );
  }
  return typeof own === "number" ? own : own(at);
}

/** How much each condition counts at a point: all on its own walls, nothing on those of others; as much as others where they meet. Of one condition none. */
function sharesOf(distances: readonly Tensor[]): readonly Tensor[] | undefined {
  if (distances.length === 1) return undefined;
  const others = distances.map((_, i) => distances.filter((_, j) => j !== i).reduce((a, b) => mul(a, b)));
  const total = others.reduce((a, b) => add(a, b));
  const meets = equal(total, 0);
  const divisor = select(meets, 1, total);
  return others.map((own) => select(meets, 1 / distances.length, div(own, divisor)));
}
