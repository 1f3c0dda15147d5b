// Solutions: fields, derived quantities and derivatives at any points, in the user's units.
import { type Backend, type Check, fail, isTensor, record, type Tensor } from "@hooke/runtime";
import { compiled } from "./compiled.ts";
import type { At, Quantity } from "./derivatives/at.ts";
import { noting, Requests } from "./derivatives/source.ts";
import { partsOf, View } from "./derivatives/view.ts";
import { numberAt } from "./fields/unknown.ts";
import type { Intervals } from "./intervals.ts";
import type { Marching } from "./marching/window-points.ts";
import { type FieldScales, f64, type Networks, type Parameters, sourceAt } from "./model.ts";
import { placeholders } from "./plan.ts";
import { checkInside, type Places, pointSetOf } from "./points/given.ts";
import type { PointSet } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import type { SiteData } from "./residuals.ts";
import type { Scales } from "./scaling/scales.ts";

/** What is asked at points: names such as `"u"` and `"stress.xx"`, or a function of what terms see, which returns a record of scalars. */
export type Asked = readonly string[] | ((at: At) => Readonly<Record<string, Quantity>>);

/** Numbers by name, one a point; those of a record as `name.component`. */
export type Answers = Readonly<Record<string, Float64Array>>;

/** A number that was identified. */
export interface Identified {
  /**
   * In the user's units. Where it has an interval it is a Gauss-Newton step from what the networks were trained with, which fields and derived quantities of the solution
   * keep: numbers come to rest long after fields have.
   */
  readonly value: number;
  readonly start: number;
  /** Between which numbers it lies with 95 % confidence; absent where no term is `data`. Skew where it is positive or bounded. */
  readonly low95?: number;
  readonly high95?: number;
}

/** What was found. A value: it does not change. */
export interface Solution {
  readonly problem: Problem;
  readonly parameters: Parameters;
  readonly scales: Scales;
  /** The identified numbers, by name. */
  readonly identified: Readonly<Record<string, Identified>>;
  /** The windows that it was solved in, if {@link march} did it. */
  readonly marching?: Marching;
  /**
   * What is asked, at points.
   *
   * @param places rows in the order of the coordinates, `[[x, t], ...]`, or `{ x: [...], t: [...] }`; or points that were drawn, such as
   * `domain.boundary(100).draw(randomKey(0))`, whose normals and columns functions see
   * @param asked names, or a function such as `({ u, d }) => ({ flux: d(u, "x") })`. Default all fields
   * @throws if a name is not there, or a point is not in the domain: networks were trained in it, and say nothing of what is outside
   */
  at(places: Places | PointSet, asked?: Asked): Promise<Answers>;
}

/** Expects a solution. */
export const solutionCheck: Check = (value) => {
  const { problem, at } = (value ?? {}) as Partial<Solution>;
  return typeof problem === "object" && typeof at === "function" ? undefined : "the .solution that solve returned";
};

/** Rows evaluated at once: what they take stays in the cache, and memory does not grow with their number. */
const chunk = 4096;

/** A solution from its parts. */
export async function solutionOf(
  backend: Backend,
  problem: Problem,
  networks: Networks,
  parameters: Parameters,
  scales: Scales,
  bounds: Intervals["bounds"] = {},
): Promise<Solution> {
  const identified = identify(problem, parameters, bounds);
  return Object.freeze({
    problem,
    parameters,
    scales,
    identified,
    at: async (places: Places | PointSet, asked: Asked = Object.keys(problem.fields)) => {
      const points = pointSetOf("solution.at", problem.domain.coordinates, places);
      checkInside("solution.at", problem.domain, points.rows);
      return ask(backend, problem, networks, parameters, scales.fields, asked, points);
    },
  });
}

/** Numbers identified by parameters. */
function identify(problem: Problem, { unknowns }: Parameters, bounds: Intervals["bounds"]): Solution["identified"] {
  return Object.fromEntries(
    Object.entries(problem.unknowns).map(([name, unknown]) => {
      const value = numberAt(unknown, unknowns[name]!.data[0]!);
      return [name, Object.freeze({ value, ...bounds[name], start: unknown.start })];
    }),
  );
}

/** Answers a question, a chunk of rows at a time. */
async function ask(
  backend: Backend,
  problem: Problem,
  networks: Networks,
  parameters: Parameters,
  scales: FieldScales,
  asked: Asked,
  points: PointSet,
): Promise<Answers> {
  const dimensions = problem.domain.coordinates.length;
  const answer = questionOf(asked);
  const requests = new Requests();
  record(() => {
    const view = new View(problem, noting(placeholders(problem, 2, Object.keys(points.columns)), requests));
    return answersOf(answer(view.at), 2);
  });
  const fn = (own: Parameters<Tensor>, scaled: FieldScales<Tensor>, part: SiteData<Tensor>): Record<string, Tensor> => {
    const source = sourceAt(problem, networks, own, scaled, part, requests.entries());
    return answersOf(answer(new View(problem, source).at), part.rows.shape[0]!);
  };
  const count = points.rows.length / dimensions;
  const result = new Map<string, Float64Array>();
  const call = compiled(backend, fn);
  try {
    for (let from = 0; from < count; from += chunk) {
      const size = Math.min(chunk, count - from);
      const rows = points.rows.slice(from * dimensions, (from + size) * dimensions);
      const columns = Object.entries(points.columns).map(([name, column]) => {
        return [name, { shape: [size], dtype: "f64", data: column.slice(from, from + size) }] as const;
      });
      const part = await call(parameters, f64(scales), {
        rows: { shape: [size, dimensions], dtype: "f64", data: rows },
        columns: Object.fromEntries(columns),
      });
      for (const [name, array] of Object.entries(part)) {
        const values = result.get(name) ?? new Float64Array(count);
        values.set(array.data as Float64Array, from);
        result.set(name, values);
      }
    }
  } finally {
    call.free();
  }
  return Object.fromEntries(result);
}

/** What is asked, as a function. */
function questionOf(asked: Asked): (at: At) => Readonly<Record<string, Quantity>> {
  if (typeof asked === "function") return asked;
  if (!Array.isArray(asked) || asked.length === 0 || asked.some((name) => typeof name !== "string")) {
    fail(
      "solution.at",
      'received no names; ask for names such as ["u"], or give a function ({ u, d }) => ({ ux: d(u, "x") }).',
    );
  }
  return (at) => Object.fromEntries(asked.map((name: string) => [name, valueAt(at, name)]));
}

/** A name, or a name of a component: `stress.xx`. */
function valueAt(at: At, name: string): Quantity {
  return name.split(".").reduce((value, part) => value[part], at as At);
}

function answersOf(answers: Readonly<Record<string, Quantity>>, count: number): Record<string, Tensor> {
  if (typeof answers !== "object" || answers === null || isTensor(answers)) {
    fail("solution.at", 'the function returned no record; return one such as { ux: d(u, "x") }.');
  }
  return Object.fromEntries(
    Object.entries(answers).flatMap(([name, value]) =>
      Object.entries(partsOf(`solution.at: "${name}"`, value, count)).map(([component, tensor]) => [
        component === "" ? name : `${name}.${component}`,
        tensor,
      ]),
    ),
  );
}
