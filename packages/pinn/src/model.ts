// The fields of a problem as functions of parameters: networks inside of scales and exact transforms.
import { apply, init, type Layer } from "@hooke/core";
import {
  add,
  array,
  asTensor,
  type Backend,
  concat,
  fail,
  fold,
  type HostArray,
  type Key,
  mul,
  quoted,
  randomKey,
  reshape,
  rowDerivatives,
  sliceAxis,
  stack,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";
import { compiled } from "./compiled.ts";
import { axesOf, keyOf, type Operator } from "./derivatives/operator.ts";
import type { Source } from "./derivatives/source.ts";
import { named, partsOf } from "./derivatives/view.ts";
import { numberOf, startOf } from "./fields/unknown.ts";
import type { Problem } from "./problem.ts";
import { told } from "./told.ts";

/** The parameters of a problem: its networks' by field, and a number for each unknown. `T` is what its leaves are. */
export interface Parameters<T = HostArray> {
  readonly fields: Readonly<Record<string, Tree<T>>>;
  readonly unknowns: Readonly<Record<string, T>>;
}

/** A number for each field: what its network's 1 stands for. */
export type FieldScales<T = number> = Readonly<Record<string, T>>;

/** The networks of a problem, by field. */
export type Networks = Readonly<Record<string, Layer>>;

/** Makes the networks of a problem. */
export function networksOf({ domain: { coordinates, bounds }, fields }: Problem): Networks {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      return [name, field.network({ coordinates: field.coordinates ?? coordinates, bounds })];
    }),
  );
}

/** Numbers as f64 arrays. */
export const f64 = (numbers: FieldScales): FieldScales<HostArray> =>
  Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, { shape: [], dtype: "f64", data: Float64Array.of(value) }]),
  );

/** Draws the parameters of a problem, in f64. */
export async function startParameters(
  backend: Backend,
  problem: Problem,
  networks: Networks,
  seed: number,
): Promise<Parameters> {
  const [drawn] = await parametersBy(backend, problem, networks, [randomKey(seed)]);
  return drawn!;
}

/** Draws the parameters of a problem by each of some keys, in f64. */
export async function parametersBy(
  backend: Backend,
  problem: Problem,
  networks: Networks,
  keys: readonly HostArray[],
): Promise<readonly Parameters[]> {
  const { coordinates } = problem.domain;
  const variables = (key: Key) =>
    Object.fromEntries(
      Object.entries(networks).map(([name, layer]) => {
        const inputs = problem.fields[name]!.coordinates ?? coordinates;
        return [name, init(layer, [inputs.length], fold(key, name), "f64")];
      }),
    );
  const draw = compiled(backend, variables);
  try {
    const drawn: Record<string, { readonly params: Tree<HostArray>; readonly state: Tree<HostArray> }>[] = [];
    for (const key of keys) drawn.push((await draw(key)) as never);
    return drawn.map((byName) => {
      for (const [name, { state }] of Object.entries(byName)) {
        if (treeLeaves(state).length === 0) continue;
        fail(
          `field "${name}"`,
          "has a network with state, such as batch normalization; a field is a function of a point alone.",
          "unsupported",
        );
      }
      return {
        fields: Object.fromEntries(Object.entries(byName).map(([name, { params }]) => [name, params])),
        unknowns: Object.fromEntries(
          Object.entries(problem.unknowns).map(([name, unknown]) => {
            return [name, array(startOf(unknown), { dtype: "f64" })];
          }),
        ),
      };
    });
  } finally {
    draw.free();
  }
}

/** Other parameters, of which no network says the same. */
export const moved = (parameters: Parameters): Parameters =>
  treeMap(parameters as unknown as Tree<HostArray>, (leaf: HostArray) => ({
    ...leaf,
    data: Float64Array.from(leaf.data as ArrayLike<number>, (value, i) => value + 0.1 * Math.sin(i + 1)),
  })) as unknown as Parameters;

/** The numbers to identify in their units, from parameters, while recording. */
export function unknownsIn(problem: Problem, parameters: Parameters<Tensor>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(problem.unknowns).map(([name, unknown]) => [name, numberOf(unknown, parameters.unknowns[name]!)]),
  );
}

/** A problem's fields with their derivatives at rows, while recording. */
export function sourceAt(
  problem: Problem,
  networks: Networks,
  parameters: Parameters<Tensor>,
  scales: FieldScales<Tensor>,
  { rows, columns }: { readonly rows: Tensor; readonly columns: Readonly<Record<string, Tensor>> },
  requests: readonly (readonly [field: string, operators: readonly Operator[]])[],
): Source {
  const unknowns = unknownsIn(problem, parameters);
  const count = rows.shape[0]!;
  const found = new Map<string, readonly Tensor[]>();
  for (const [name, operators] of requests) {
    const field = fieldOf(problem, networks[name]!, name, parameters.fields[name]!, scales[name]!, unknowns);
    const size = Math.max(problem.fields[name]!.components.length, 1);
    for (const [i, values] of rowDerivatives(field, rows, operators.map(axesOf)).entries()) {
      found.set(
        `${name}:${keyOf(operators[i]!)}`,
        Array.from({ length: size }, (_, component) => columnOf(values, component)),
      );
    }
  }
  return {
    count,
    coordinate: (axis) => columnOf(rows, axis),
    field: (name, operator) => found.get(`${name}:${keyOf(operator)}`)!,
    unknown: (name) => unknowns[name]!,
    columnNames: Object.keys(columns),
    column: (name) => columns[name]!,
  };
}

/** A column of rows: `[n, d]` to `[n]`. */
export const columnOf = (rows: Tensor, column: number): Tensor =>
  reshape(sliceAxis(rows, 1, column, column + 1), [rows.shape[0]!]);

/** A field as a function of rows in the user's units: `[n, coordinates]` to `[n, components]`. */
export function fieldOf(
  problem: Problem,
  network: Layer,
  name: string,
  params: Tree<Tensor>,
  scale: Tensor,
  unknowns: Readonly<Record<string, Tensor>>,
): (rows: Tensor) => Tensor {
  const { coordinates: all, bounds } = problem.domain;
  const { components, coordinates = all } = problem.fields[name]!;
  const size = Math.max(components.length, 1);
  const slopes = coordinates.map((axis) => 2 / (bounds[axis]![1] - bounds[axis]![0]));
  const shifts = coordinates.map((axis, i) => -1 - bounds[axis]![0] * slopes[i]!);
  const constant = (numbers: readonly number[]): Tensor => asTensor(array(numbers, { dtype: "f64" }));
  const exact = problem.exact[name];
  return (rows) => {
    const inputs =
      coordinates === all
        ? rows
        : concat(
            coordinates.map((axis) => {
              const column = all.indexOf(axis);
              return sliceAxis(rows, 1, column, column + 1);
            }),
            1,
          );
    const scaled = add(mul(inputs, constant(slopes)), constant(shifts));
    const { output } = apply(network, { params: params as never, state: {} }, scaled);
    if (output.rank !== 2 || output.shape[1] !== size) {
      fail(
        `field "${name}"`,
        `has ${size === 1 ? "one component" : `the components ${quoted(components)}`}, but its network returns [${output.shape.join(", ")}] for [${scaled.shape.join(", ")}]; end it with dense({ units: ${size} }).`,
        "mismatch",
      );
    }
    const free = mul(output, scale);
    if (exact === undefined) return free;
    const count = rows.shape[0]!;
    const columns = Array.from({ length: size }, (_, i) => columnOf(free, i));
    const parts = transformed(problem, name, columns, (axis) => columnOf(rows, axis), unknowns, count);
    return stack(parts, 1);
  };
}

/** An exact transform of what a network says, by component. */
export function transformed(
  problem: Problem,
  name: string,
  free: readonly Tensor[],
  coordinate: (axis: number) => Tensor,
  unknowns: Readonly<Record<string, Tensor>>,
  count: number,
): Tensor[] {
  const who = `exact "${name}"`;
  const { components } = problem.fields[name]!;
  const given: Record<string, () => unknown> = {};
  for (const [axis, each] of problem.domain.coordinates.entries()) given[each] = () => coordinate(axis);
  for (const [each, value] of Object.entries(unknowns)) given[each] = () => value;
  const parts = components.map((component, i) => [component, () => free[i]!] as const);
  const whole = components.length === 0 ? free[0]! : named("free", Object.fromEntries(parts));
  given.free = () => whole;
  const said = told(who, () => problem.exact[name]!(named("problem", given) as never));
  const result = partsOf(who, said, count);
  return (components.length === 0 ? [""] : components).map(
    (component) =>
      result[component] ??
      fail(
        who,
        `returned ${quoted(Object.keys(result))}; the field has ${components.length === 0 ? "no components" : `the components ${quoted(components)}`}.`,
      ),
  );
}
