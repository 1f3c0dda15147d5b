// A problem seen at a set of points: names become tensors, and `d` knows which tensor is a derivative of what.
import { add, broadcastTo, describe, fail, full, isTensor, jvp, quoted, suggestion, type Tensor } from "@hooke/runtime";
import { time } from "../domains/domain.ts";
import type { ProblemOptions } from "../statement.ts";
import { told } from "../told.ts";
import type { At, Derivative, Quantity } from "./at.ts";
import { keyOf, lowered, noneOf, type Operator, orderOf, raised } from "./operator.ts";
import { noting, Requests, type Source } from "./source.ts";

/** What a tensor is, if it is a derivative, or the value, of something with a name. */
interface Handle {
  /** A field or a derived quantity. */
  readonly name: string;
  readonly component: string;
  readonly operator: Operator;
}

type Named = Required<Pick<ProblemOptions, "domain" | "fields" | "derived" | "unknowns">>;

/** A problem at the points of a source. */
export class View {
  readonly at: At;
  private readonly problem: Named;
  private readonly source: Source;
  private readonly handles = new Map<Tensor, Handle>();
  private readonly known = new Map<string, Quantity>();
  /** Derived quantities that are being computed. */
  private readonly open = new Set<string>();

  constructor(problem: Named, source: Source) {
    [this.problem, this.source] = [problem, source];
    const { coordinates } = problem.domain;
    const d = this.derivative();
    const lazily: Record<string, () => unknown> = {
      d: () => d,
      normal: () => this.normal(),
      columns: () => this.columns(),
    };
    for (const [axis, name] of coordinates.entries()) lazily[name] = () => this.source.coordinate(axis);
    for (const name of [...Object.keys(problem.fields), ...Object.keys(problem.derived)]) {
      lazily[name] = () => this.quantity(name, noneOf(coordinates.length));
    }
    for (const name of Object.keys(problem.unknowns)) lazily[name] = () => this.source.unknown(name);
    this.at = named("problem", lazily, () => this.inventory()) as At;
  }

  /** All that has a name, for messages. */
  private inventory(): string {
    const { domain, fields, derived, unknowns } = this.problem;
    const groups = { coordinates: domain.coordinates, fields: Object.keys(fields) };
    const more = { "derived quantities": Object.keys(derived), unknowns: Object.keys(unknowns) };
    return Object.entries({ ...groups, ...more })
      .filter(([, names]) => names.length > 0)
      .map(([kind, names]) => `the ${kind} ${quoted(names)}`)
      .join(", ");
  }

  /** A field or a derived quantity, or a derivative of each of its components. */
  quantity(name: string, operator: Operator): Quantity {
    const key = `${name}:${keyOf(operator)}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const parts = Object.hasOwn(this.problem.fields, name) ? this.field(name, operator) : this.derived(name, operator);
    for (const [component, tensor] of Object.entries(parts)) {
      if (!this.handles.has(tensor)) this.handles.set(tensor, { name, component, operator });
    }
    const result = "" in parts ? parts[""]! : named(`"${name}"`, constants(parts));
    this.known.set(key, result as Quantity);
    return result as Quantity;
  }

  private field(name: string, operator: Operator): Record<string, Tensor> {
    const { components } = this.problem.fields[name]!;
    const tensors = this.source.field(name, operator);
    return Object.fromEntries(tensors.map((tensor, i) => [components[i] ?? "", tensor]));
  }

  private derived(name: string, operator: Operator): Record<string, Tensor> {
    if (operator.length > 1) {
      const parts = operator.map((index) => flat(this.quantity(name, [index])));
      return parts.reduce((a, b) => Object.fromEntries(Object.keys(a).map((key) => [key, add(a[key]!, b[key]!)])));
    }
    if (orderOf(operator) > 0) return this.derivedFurther(name, operator);
    if (this.open.has(name)) fail(`derived "${name}"`, "depends on itself; derived quantities form no circle.");
    this.open.add(name);
    try {
      const who = `derived "${name}"`;
      const said = told(who, () => this.problem.derived[name]!(this.at));
      return partsOf(who, said, this.source.count);
    } finally {
      this.open.delete(name);
    }
  }

  /** Its total derivative: what it is made of moves along a coordinate as its own derivatives say. */
  private derivedFurther(name: string, [index]: Operator): Record<string, Tensor> {
    const { source, problem } = this;
    const axis = index!.findIndex((count) => count > 0);
    const lower = [lowered(index!, axis)];
    const requests = new Requests();
    const axes = new Set<number>();
    const shape = flat(new View(problem, noting(source, requests, axes)).quantity(name, lower));
    const leaves = requests.entries().flatMap(([field, operators]) => operators.map((at) => ({ field, at })));
    const places = [...axes];
    const values = [
      ...leaves.map(({ field, at }) => source.field(field, at)),
      places.map((place) => source.coordinate(place)),
    ];
    const moves = [
      ...leaves.map(({ field, at }) => source.field(field, raised(at, axis))),
      places.map((place) => full([source.count], place === axis ? 1 : 0, "f64")),
    ];
    const value = (...inner: readonly (readonly Tensor[])[]): Tensor[] => {
      const fields = new Map(leaves.map(({ field, at }, i) => [`${field}:${keyOf(at)}`, inner[i]!]));
      const moving: Source = {
        ...source,
        field: (field, at) => fields.get(`${field}:${keyOf(at)}`)!,
        coordinate: (place) => inner.at(-1)![places.indexOf(place)]!,
      };
      return Object.values(flat(new View(problem, moving).quantity(name, lower)));
    };
    const [, derivatives] = jvp(value, values, moves);
    return Object.fromEntries(Object.keys(shape).map((component, i) => [component, derivatives[i]!]));
  }

  private normal(): Readonly<Record<string, Tensor>> {
    const names = this.problem.domain.coordinates.filter((name) => this.source.columnNames.includes(`normal.${name}`));
    if (names.length === 0) fail("normal", "the points have none; use those of a boundary or a face.");
    return named("normal", Object.fromEntries(names.map((name) => [name, () => this.source.column(`normal.${name}`)])));
  }

  private columns(): Readonly<Record<string, Tensor>> {
    const { columnNames } = this.source;
    return named("columns", Object.fromEntries(columnNames.map((name) => [name, () => this.source.column(name)])));
  }

  private derivative(): Derivative {
    const { coordinates } = this.problem.domain;
    const space = coordinates.filter((name) => name !== time);
    const handleOf = (tensor: Tensor): Handle =>
      this.handles.get(tensor) ??
      fail(
        "d",
        "received a tensor that is neither a field nor a derived quantity, so what it depends on is not known. Name it under `derived`.",
      );
    const under = ({ name, component }: Handle, operator: Operator): Tensor =>
      flat(this.quantity(name, operator))[component]!;
    const one = (tensor: Tensor, along: readonly string[]): Tensor => {
      const handle = handleOf(tensor);
      return under(
        handle,
        along.reduce((at, name) => raised(at, this.axisOf(handle, name)), handle.operator),
      );
    };
    const laplacian = (tensor: Tensor): Tensor => {
      const handle = handleOf(tensor);
      const axes = space.map((name) => this.axisOf(handle, name));
      if (axes.length === 0) fail("d.laplacian", `is along space, and the coordinates are ${quoted(coordinates)}.`);
      return under(
        handle,
        axes.flatMap((axis) => raised(raised(handle.operator, axis), axis)),
      );
    };
    const each = (quantity: Quantity, fn: (tensor: Tensor) => Tensor): Quantity => {
      if (isTensor(quantity)) return fn(quantity);
      return Object.fromEntries(Object.entries(record(quantity)).map(([name, tensor]) => [name, fn(tensor)]));
    };
    const d = (quantity: Quantity, ...along: string[]): Quantity => each(quantity, (tensor) => one(tensor, along));
    return Object.assign(d as Derivative, {
      gradient: (quantity: Quantity) => {
        const parts = isTensor(quantity) ? { "": quantity } : record(quantity);
        return Object.fromEntries(
          Object.entries(parts).flatMap(([name, tensor]) =>
            space.map((axis) => [`${name}${axis}`, one(tensor, [axis])] as const),
          ),
        );
      },
      divergence: (vector: Readonly<Record<string, Tensor>>) => {
        const parts = record(vector);
        if (Object.keys(parts).every((name) => space.includes(name))) {
          return Object.entries(parts)
            .map(([name, tensor]) => one(tensor, [name]))
            .reduce(add2);
        }
        const rows = space.map((row) => {
          const entries = space.map((axis) => {
            const entry = parts[`${row}${axis}`] ?? parts[`${axis}${row}`];
            return (
              entry ??
              fail(
                "d.divergence",
                `received the components ${quoted(Object.keys(parts))}; it takes those of a vector, ${quoted(space)}, or of a tensor, ${quoted(space.flatMap((a) => space.map((b) => a + b)))}.`,
              )
            );
          });
          return [row, entries.map((entry, i) => one(entry, [space[i]!])).reduce(add2)] as const;
        });
        return Object.fromEntries(rows);
      },
      laplacian: (quantity: Quantity) => each(quantity, laplacian),
    });
  }

  private axisOf({ name }: Handle, coordinate: string): number {
    const { coordinates } = this.problem.domain;
    const axis = coordinates.indexOf(coordinate);
    if (axis >= 0) return axis;
    const kind = Object.hasOwn(this.problem.fields, name) ? "field" : "derived quantity";
    return fail(
      "d",
      `${kind} "${name}" has no coordinate ${JSON.stringify(coordinate)}; it has ${coordinates.join(", ")}.`,
    );
  }
}

const add2 = (a: Tensor, b: Tensor): Tensor => add(a, b);

function record(quantity: unknown): Record<string, Tensor> {
  if (typeof quantity !== "object" || quantity === null || !Object.values(quantity).every(isTensor)) {
    fail(
      "d",
      "received something that is neither a scalar nor a record of scalars; give a field or a derived quantity.",
    );
  }
  return { ...quantity } as Record<string, Tensor>;
}

/** The components of a quantity; a scalar's is `""`. */
export function flat(quantity: Quantity): Record<string, Tensor> {
  return isTensor(quantity) ? { "": quantity } : { ...quantity };
}

/**
 * What a function of a problem returned, as `[n]` tensors by component; a scalar's is `""`.
 *
 * @param spread whether it may be the same at every point: a number, or `[]`
 * @throws where it is something else
 */
export function partsOf(who: string, result: unknown, count: number, spread = true): Record<string, Tensor> {
  const parts =
    isTensor(result) || typeof result === "number" ? { "": result } : ((result ?? {}) as Record<string, unknown>);
  if (typeof parts !== "object" || Object.keys(parts).length === 0) {
    fail(who, "returned no quantity; it returns a scalar at each point, or a record of scalars.");
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [
      name,
      atPoints(name === "" ? who : `${who}: "${name}"`, value, count, spread),
    ]),
  );
}

/** A tensor as `[n]`, and where it may be the same at every point a number or a scalar too. */
function atPoints(who: string, value: unknown, count: number, spread: boolean): Tensor {
  if (typeof value === "number" && spread) return full([count], value, "f64");
  if (!isTensor(value)) return fail(who, `is not a tensor; it is one number a point, f64[${count}].`);
  if (value.dtype !== "f64") fail(who, `is ${describe(value)}; everything is f64. Make arrays with { dtype: "f64" }.`);
  if (value.shape.length === 0 && spread) return broadcastTo(value, [count]);
  if (value.shape.length !== 1 || value.shape[0] !== count) {
    fail(who, `is ${describe(value)} at ${count} points; it is one number a point, f64[${count}].`, "mismatch");
  }
  return value;
}

const constants = (parts: Readonly<Record<string, unknown>>): Record<string, () => unknown> =>
  Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, () => value]));

/** A record that computes what is asked of it, and refuses names it does not have. */
export function named<T>(
  who: string,
  entries: Readonly<Record<string, () => T>>,
  inventory = () => quoted(Object.keys(entries)),
): Readonly<Record<string, T>> {
  const target = {};
  for (const [name, get] of Object.entries(entries)) Object.defineProperty(target, name, { get, enumerable: true });
  return new Proxy(target, {
    get: (_, name) => {
      if (typeof name === "symbol" || Object.hasOwn(target, name)) return Reflect.get(target, name);
      // Printing and awaiting ask for these.
      if (name === "then" || name === "toJSON") return undefined;
      return fail(who, `there is no "${name}"; there are ${inventory()}.${suggestion(name, Object.keys(entries))}`);
    },
  });
}
