// Simplification: one walk that rewrites each node by local rules, folds constants and shares common subexpressions.
import { type HostArray, sizeOf, stored } from "../array.ts";
import { evaluateNode } from "../interpret.ts";
import { array } from "../make-array.ts";
import { creation } from "../primitives/creation.ts";
import { dot } from "../primitives/dot.ts";
import { elementwise } from "../primitives/elementwise.ts";
import type { PrimitiveName } from "../primitives/params.ts";
import type { CommonRule } from "../primitives/rule.ts";
import { structure } from "../primitives/structure.ts";
import { type Node, type NodeOf, Program, type Value } from "../program.ts";
import { type Families, identities, type Rewriter } from "./identities.ts";

/** Constants larger than this are computed at run time rather than stored in the program. */
const largestFoldedConstant = 256;

/** The families of what rewriting makes of other nodes. */
const families = (): Families => ({ ...elementwise, ...creation, ...structure, ...dot });

const evaluate = (node: Node, inputs: readonly HostArray[]): HostArray => evaluateNode(node, inputs)[0]!;

/**
 * An equivalent program after local rewriting, in the bodies of loops, too; may leave dead nodes behind.
 *
 * @param differentiable whether the program's derivatives stay the same, too: what stops them is kept
 */
export function simplify(program: Program, differentiable = false): Program {
  const replaced = new Map<Value, Value>();
  const nodes: Node[] = [];
  const definitions = new Map<Value, Node>();
  const known = new Map<string, Node>();
  const ids = new Map<object, number>();
  const rules = families();
  let scope = "";

  const id = (object: object): number => {
    if (!ids.has(object)) ids.set(object, ids.size);
    return ids.get(object)!;
  };
  /** Text that tells parameters apart. */
  const textOf = (value: unknown): string => {
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    if (typeof value === "string") return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(textOf)}]`;
    if (typeof value === "function" || value instanceof Program || ArrayBuffer.isView(value)) return `#${id(value)}`;
    if (typeof value !== "object" || value === null) return String(value);
    return `{${Object.entries(value).map(([name, own]) => `${name}:${textOf(own)}`)}}`;
  };
  const keyOf = ({ primitive, inputs, params }: Node): string => `${primitive} ${inputs.map(id)} ${textOf(params)}`;
  const definition = <K extends PrimitiveName>(value: Value, primitive: K): NodeOf<K> | undefined => {
    const node = definitions.get(value);
    return node?.primitive === primitive ? (node as unknown as NodeOf<K>) : undefined;
  };
  const constantOf = (value: Value): HostArray | undefined => {
    const node = definitions.get(value);
    if (node === undefined || node.inputs.length > 0 || node.primitive === "scan") return undefined;
    if (node.primitive === "constant") return node.params.value;
    return sizeOf(value.shape) <= largestFoldedConstant ? evaluate(node, []) : undefined;
  };

  const append = (node: Node): readonly Value[] => {
    const key = keyOf(node);
    const same = known.get(key);
    if (same) return same.outputs;
    known.set(key, node);
    nodes.push(node);
    node.outputs.forEach((output) => void definitions.set(output, node));
    return node.outputs;
  };

  const fold = (node: Node): Value | undefined => {
    if (node.inputs.length === 0 || node.outputs.length !== 1 || node.primitive === "scan") return undefined;
    const { shape, dtype } = node.outputs[0]!;
    if (node.inputs.some((input) => definitions.get(input)?.inputs.length !== 0)) return undefined;
    const fills = node.inputs.map(rewriter.filled);
    if (node.primitive in elementwise && fills.every((fill) => fill !== undefined)) {
      const scalars = node.inputs.map((input, i) => array(fills[i]!, { dtype: input.dtype }));
      return rewriter.emit("full", [], { value: evaluate(node, scalars).data[0]!, shape, dtype });
    }
    if (sizeOf(shape) > largestFoldedConstant) return undefined;
    const operands = node.inputs.map(constantOf);
    if (!operands.every((operand) => operand !== undefined)) return undefined;
    const value = evaluate(node, operands);
    const uniform = value.data.length > 0 && value.data.every((item) => Object.is(item, value.data[0]));
    return uniform
      ? rewriter.emit("full", [], { value: value.data[0]!, shape: value.shape, dtype: value.dtype })
      : rewriter.emit("constant", [], { value });
  };

  const process = (node: Node): readonly Value[] => {
    if (differentiable && (node.primitive === "stopGradient" || node.primitive === "known")) return append(node);
    const rule = identities[node.primitive] as ((node: Node, rewriter: Rewriter) => Value | undefined) | undefined;
    const better = rule?.(node, rewriter) ?? fold(node);
    return better === undefined ? append(node) : [better];
  };

  const rewriter: Rewriter = {
    definition,
    filled(value) {
      const node = definition(value, "full");
      return node && stored(node.params.value, node.params.dtype);
    },
    emit(primitive, inputs, params) {
      const rule = rules[primitive] as unknown as CommonRule<typeof primitive>;
      const outputs = rule.outputs(inputs, params).map(({ shape, dtype }): Value => ({ shape, dtype }));
      return process({ primitive, rule, inputs, params, outputs, scope } as unknown as Node)[0]!;
    },
  };

  for (const original of program.nodes) {
    scope = original.scope;
    const inputs = original.inputs.map((input) => replaced.get(input) ?? input);
    const params =
      original.primitive === "scan"
        ? { ...original.params, body: simplify(original.params.body, differentiable) }
        : original.params;
    const outputs = process({ ...original, inputs, params } as Node);
    original.outputs.forEach((output, i) => {
      if (outputs[i] !== output) replaced.set(output, outputs[i]!);
    });
  }
  return new Program(
    program.inputs,
    nodes,
    program.outputs.map((output) => replaced.get(output) ?? output),
  );
}
