// Programs whose number of rows is open: two recordings at different numbers, and what differs between them.
import {
  type Aval,
  type DType,
  fail,
  type HostArray,
  isHostArray,
  type Node,
  type PrimitiveName,
  type PrimitiveParams,
  Program,
} from "@hooke/runtime";

/** A dimension: a number, or so many times the number of rows. */
export type Dim = number | { readonly rows: number };

/** An array of an open program; a value is its identity. */
export interface OpenValue {
  readonly shape: readonly Dim[];
  readonly dtype: DType;
}

/** Parameters in which shapes, sizes and the ends of slices may follow the number of rows. */
export type OpenParams<K extends PrimitiveName> = {
  readonly [P in keyof PrimitiveParams[K]]: P extends "shape" | "limit"
    ? readonly Dim[]
    : P extends "size"
      ? Dim
      : P extends "body"
        ? OpenProgram
        : PrimitiveParams[K][P];
};

/** One application of a primitive. */
export interface OpenNode<K extends PrimitiveName = PrimitiveName> {
  readonly primitive: K;
  readonly params: OpenParams<K>;
  readonly inputs: readonly OpenValue[];
  readonly outputs: readonly OpenValue[];
  readonly scope: string;
}

export interface OpenProgram {
  readonly inputs: readonly OpenValue[];
  readonly nodes: readonly OpenNode[];
  readonly outputs: readonly OpenValue[];
}

/**
 * Numbers of rows that a program is recorded at: primes that no other dimension is likely to be, and more than what the runtime computes
 * while it simplifies.
 */
export const recordedRows = [1013, 2003] as const;

/** Where a primitive stands, for messages. */
export const placeOf = ({ primitive, scope }: { readonly primitive: string; readonly scope: string }): string =>
  scope === "" ? primitive : `${primitive} in the layer "${scope}"`;

/** A dimension as messages and memos name it. */
export const showDim = (dimension: Dim): string =>
  typeof dimension === "number" ? String(dimension) : dimension.rows === 1 ? "rows" : `${dimension.rows} rows`;

export const sameDim = (a: Dim, b: Dim): boolean => showDim(a) === showDim(b);

/**
 * One program for any number of rows from recordings at {@link recordedRows}.
 *
 * @throws naming the primitive and its layer, if the two do the same in different ways, if a number other than a dimension follows the
 *   number of rows, or a dimension does so by other than a factor (`"unsupported"`)
 */
export function openProgram(few: Program, many: Program): OpenProgram {
  const values = new Map<Aval, OpenValue>();
  const open = (a: Aval, b: Aval, where: string): OpenValue => {
    const value = { shape: openShape(a.shape, b.shape, where), dtype: a.dtype };
    values.set(a, value);
    partners.set(a, b);
    return value;
  };
  const partners = new Map<Aval, Aval>();
  const inputs = few.inputs.map((input, i) => open(input, many.inputs[i]!, "an input"));
  const nodes = few.nodes.map((node, i) => {
    const other = many.nodes[i];
    const where = placeOf(node);
    const alike =
      other?.primitive === node.primitive &&
      other.inputs.length === node.inputs.length &&
      node.inputs.every((input, place) => partners.get(input) === other.inputs[place]);
    if (!alike) refuse(where, "computes in another way when the number of rows changes");
    return {
      primitive: node.primitive,
      params: openParams(node, other, where),
      inputs: node.inputs.map((input) => values.get(input)!),
      outputs: node.outputs.map((output, place) => open(output, other.outputs[place]!, where)),
      scope: node.scope,
    } as OpenNode;
  });
  if (few.nodes.length !== many.nodes.length) {
    refuse(placeOf(many.nodes[few.nodes.length]!), "computes in another way when the number of rows changes");
  }
  return { inputs, nodes, outputs: few.outputs.map((output) => values.get(output)!) };
}

function refuse(where: string, what: string): never {
  const cure = "Layers whose rows are computed each by itself can be exported.";
  return fail("exportOnnx", `${where} ${what}. ${cure}`, "unsupported");
}

function openShape(few: readonly number[], many: readonly number[], where: string): Dim[] {
  if (few.length !== many.length) refuse(where, "has another rank when the number of rows changes");
  return few.map((dimension, axis) => {
    const other = many[axis]!;
    if (dimension === other) return dimension;
    const rows = dimension / recordedRows[0];
    if (Number.isInteger(rows) && other === rows * recordedRows[1]) return { rows };
    return refuse(
      where,
      `has a dimension of ${dimension} at ${recordedRows[0]} rows and of ${other} at ${recordedRows[1]}`,
    );
  });
}

function openParams(few: Node, many: Node, where: string): unknown {
  const others = many.params as Readonly<Record<string, unknown>>;
  const entries = Object.entries(few.params).map(([key, value]: [string, unknown]) => {
    const other = others[key];
    if (value instanceof Program) return [key, openProgram(value, other as Program)];
    if (key === "shape" || key === "limit") return [key, openShape(value as number[], other as number[], where)];
    if (key === "size") return [key, openShape([value as number], [other as number], where)[0]];
    // Derivatives, which no inference takes.
    if (key !== "slopes" && !alikeParam(value, other))
      refuse(where, `has a ${key} that changes with the number of rows`);
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function alikeParam(a: unknown, b: unknown): boolean {
  if (isHostArray(a)) {
    const { shape, data } = b as HostArray;
    return alikeParam(a.shape, shape) && a.data.length === data.length && a.data.every((x, i) => Object.is(x, data[i]));
  }
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => alikeParam(x, b[i]));
  return Object.is(a, b);
}
