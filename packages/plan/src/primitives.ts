// How each primitive is executed: two tables, total over the closed set. One without a place in them does not compile; nor does one
// that has a place, and no code in a backend.
import type { Node, PrimitiveName } from "@hooke/runtime";

/** The functions of elements at one position, fused into loops and reductions, by how their code is written: the functions of `math` are long. */
const families = {
  stopGradient: "same",
  known: "same",
  neg: "unary",
  abs: "unary",
  sign: "unary",
  floor: "unary",
  sqrt: "unary",
  rsqrt: "unary",
  not: "unary",
  exp: "math",
  expm1: "math",
  log: "math",
  log1p: "math",
  sin: "math",
  cos: "math",
  tan: "math",
  tanh: "math",
  sigmoid: "math",
  erf: "math",
  equal: "comparison",
  notEqual: "comparison",
  less: "comparison",
  lessEqual: "comparison",
  and: "bitwise",
  or: "bitwise",
  xor: "bitwise",
  add: "arithmetic",
  sub: "arithmetic",
  mul: "arithmetic",
  div: "arithmetic",
  rem: "arithmetic",
  pow: "arithmetic",
  maximum: "arithmetic",
  minimum: "arithmetic",
  shiftLeft: "arithmetic",
  shiftRight: "arithmetic",
  convert: "convert",
  select: "select",
} as const satisfies Partial<Record<PrimitiveName, string>>;

type Pointwise = typeof families;
/** How the code of a pointwise primitive is written. */
export type Family = Pointwise[keyof Pointwise];

/**
 * What is done with a node.
 *
 * - `pointwise`: waits to be fused (`loops.ts`, `fuse.ts`)
 * - `view`: another array's elements under other indices (`view.ts`)
 * - `source`: elements from nothing, as one number, constants or indices (`plan.ts`)
 * - `parts`: an array that others are copied into (`plan.ts`)
 * - `reduction`: elements combined over axes
 * - `routine`: code of its own over dense operands
 * - `scan`: a loop over a plan of its own (`scan/scan.ts`)
 */
export type Kind = "pointwise" | "view" | "source" | "parts" | "reduction" | "routine" | "scan";

/** The kinds of all others. */
const kinds = {
  reshape: "view",
  transpose: "view",
  broadcast: "view",
  slice: "view",
  reverse: "view",
  full: "source",
  constant: "source",
  iota: "source",
  pad: "parts",
  concat: "parts",
  sum: "reduction",
  max: "reduction",
  min: "reduction",
  dot: "routine",
  cholesky: "routine",
  triangularSolve: "routine",
  conv: "routine",
  convInputGradient: "routine",
  convKernelGradient: "routine",
  maxPool: "routine",
  maxPoolIndex: "routine",
  poolGather: "routine",
  poolScatter: "routine",
  sumPool: "routine",
  sumPoolTranspose: "routine",
  gather: "routine",
  scatterAdd: "routine",
  cumsum: "routine",
  sort: "routine",
  argSort: "routine",
  argMax: "routine",
  randomBits: "routine",
  foldKey: "routine",
  pack: "routine",
  unpack: "routine",
  scan: "scan",
} as const satisfies Record<Exclude<PrimitiveName, keyof Pointwise>, Kind>;

type Kinds = typeof kinds & { readonly [P in keyof Pointwise]: "pointwise" };
type NameIn<Table, Value> = { [P in keyof Table]: Table[P] extends Value ? P : never }[keyof Table];

/** The primitives of a family. */
export type NameOfFamily<F extends Family> = NameIn<Pointwise, F>;
/** The primitives of a kind. */
export type NameOfKind<K extends Kind> = NameIn<Kinds, K>;
/** A node of a kind. */
export type NodeOfKind<K extends Kind> = Extract<Node, { primitive: NameOfKind<K> }>;

/** Whether a node is executed so. */
export const isKind = <K extends Kind>(node: Node, kind: K): node is NodeOfKind<K> =>
  ((kinds as Partial<Record<PrimitiveName, Kind>>)[node.primitive] ?? "pointwise") === kind;

/** Whether the code of a pointwise node is written so. */
export const isFamily = <F extends Family>(
  node: NodeOfKind<"pointwise">,
  family: F,
): node is Extract<Node, { primitive: NameOfFamily<F> }> & NodeOfKind<"pointwise"> =>
  families[node.primitive] === family;
