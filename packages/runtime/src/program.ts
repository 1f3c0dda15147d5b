// Programs: a short, printable list of primitives in single-assignment form. What `record` yields, transforms rewrite and backends run.
// Its types and those of `primitives/params.ts` and `rule.ts` go in a circle: nodes have parameters and rules, and these speak of programs.
import { type DType, describe, type HostArray, type Shape } from "./array.ts";
import { fail } from "./error.ts";
import type { PrimitiveName, PrimitiveParams } from "./primitives/params.ts";
import type { CommonRule } from "./primitives/rule.ts";

/** What is known of an array before it has values: shape and dtype. */
export interface Aval {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One array of a program. Identity is the object; a value is defined once, by a node or as an input. */
export interface Value extends Aval {}

/** One application of a primitive. */
export interface NodeOf<K extends PrimitiveName> {
  readonly primitive: K;
  /** How the primitive is checked, evaluated and differentiated: brought along by the operation that recorded it. */
  readonly rule: CommonRule<never>;
  readonly params: PrimitiveParams[K];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** The part of the model that recorded it, e.g. a layer path; may be empty. */
  readonly scope: string;
}

/** One application of any primitive: a union discriminated by `primitive`. */
export type Node = { [K in PrimitiveName]: NodeOf<K> }[PrimitiveName];

/** Inputs, nodes in execution order, outputs. Immutable. */
export class Program {
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly Value[];

  constructor(inputs: readonly Value[], nodes: readonly Node[], outputs: readonly Value[]) {
    this.inputs = inputs;
    this.nodes = nodes;
    this.outputs = outputs;
  }

  /** A readable listing, one node a line: `%2: f32[3] = mul %0 %1`. */
  toString(): string {
    return print(this, "");
  }
}

/**
 * Re-checks every shape and dtype, and that each value is defined once and before its use.
 *
 * @returns the program
 * @throws naming the node that is wrong
 */
export function verify(program: Program): Program {
  const defined = new Set<Value>(program.inputs);
  if (defined.size !== program.inputs.length) fail("program", "an input is listed twice.");
  const lineOf = (node: Node): string => printNode(node, nameValues(program), "");
  for (const node of program.nodes) {
    for (const input of node.inputs) {
      if (!defined.has(input)) fail("program", `a value is used before it is defined in "${lineOf(node)}".`);
    }
    const expected = node.rule.outputs(node.inputs, node.params as never);
    if (expected.length !== node.outputs.length) {
      const has = `"${lineOf(node)}" has ${node.outputs.length} outputs`;
      fail("program", `${has}; ${node.primitive} yields ${expected.length}.`);
    }
    for (const [i, output] of node.outputs.entries()) {
      if (describe(output) !== describe(expected[i]!)) {
        fail(
          "program",
          `"${lineOf(node)}" declares ${describe(output)}; the rule of ${node.primitive} says ${describe(expected[i]!)}.`,
        );
      }
      if (defined.has(output)) fail("program", `a value is defined twice in "${lineOf(node)}".`);
      defined.add(output);
    }
    if (node.primitive === "scan") verify(node.params.body);
  }
  for (const output of program.outputs) {
    if (!defined.has(output)) fail("program", `an output ${describe(output)} is never defined.`);
  }
  return program;
}

function nameValues(program: Program): Map<Value, string> {
  const names = new Map<Value, string>();
  for (const input of program.inputs) names.set(input, `%${names.size}`);
  for (const node of program.nodes) for (const output of node.outputs) names.set(output, `%${names.size}`);
  return names;
}

function print(program: Program, indent: string): string {
  const names = nameValues(program);
  const inputs = program.inputs.map((input) => `${names.get(input)}: ${describe(input)}`).join(", ");
  const lines = program.nodes.map((node) => `${indent}  ${printNode(node, names, indent)}`);
  const outputs = program.outputs.map((output) => names.get(output)).join(", ");
  return [`${indent}(${inputs}) {`, ...lines, `${indent}  return ${outputs}`, `${indent}}`].join("\n");
}

function printNode(node: Node, names: ReadonlyMap<Value, string>, indent: string): string {
  const outputs = node.outputs.map((output) => `${names.get(output)}: ${describe(output)}`).join(", ");
  const inputs = node.inputs.map((input) => ` ${names.get(input) ?? "%?"}`).join("");
  const params = printParams(node.params as Readonly<Record<string, unknown>>, indent);
  return `${outputs} = ${node.primitive}${inputs}${params === "" ? "" : ` {${params}}`}`;
}

function printParams(params: Readonly<Record<string, unknown>>, indent: string): string {
  return (
    Object.entries(params)
      // Functions have no text; their name stands beside them.
      .filter(([key]) => key !== "slopes")
      .map(([key, value]) => `${key}: ${printParam(value, indent)}`)
      .join(", ")
  );
}

function printParam(value: unknown, indent: string): string {
  if (value instanceof Program) return print(value, `${indent}  `).trimStart();
  if (Array.isArray(value)) return `[${value.map((item) => printParam(item, indent)).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const { data } = value as HostArray;
    const shown = Array.from(data.subarray(0, 4)).join(", ");
    return `${describe(value as HostArray)}(${shown}${data.length > 4 ? ", ..." : ""})`;
  }
  return Object.is(value, -0) ? "-0" : String(value);
}
