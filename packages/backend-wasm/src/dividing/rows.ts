// Rows of a loop side by side: where every row of what is carried, such as a sequence of a batch, is computed of the same rows alone, a block of rows goes
// through all steps by itself. Threads meet once for the whole loop, and what they pass from step to step stays in their caches.
import { type Blocks, isKind } from "@hooke/plan";
import { type Node, type NodeOf, Program, type Value } from "@hooke/runtime";
import { arrayBytes } from "../platform.ts";
import { piecesOf } from "./grain.ts";
import { workOf } from "./steps.ts";

/** Rows of a block at least: each block reads what all rows share once a step. */
const fewest = 16;
/** Bytes that all rows share at most: those stay in the second-level cache of each thread. */
const mostShared = 2 ** 19;

/** How a loop is computed by blocks of rows; undefined where rows depend on each other, or where that is not worth it. @param fineness see `Emitter` */
export function blocksOf({ params }: NodeOf<"scan">, fineness: number): Blocks | undefined {
  const { body, consts, carry, length } = params;
  const rows = body.inputs[consts]?.shape[0];
  if (carry === 0 || length < 2 || rows === undefined) return undefined;
  const work = length * body.nodes.reduce((sum, node) => sum + workOf(node), 0);
  let count = piecesOf({ fineness, whole: false }, work, rows, fewest);
  while (rows % count !== 0) count /= 2;
  if (count === 1) return undefined;
  const part = new OfRows(body, consts, rows, rows / count).program();
  if (part === undefined) return undefined;
  const shared = part.inputs.filter((input) => body.inputs.includes(input));
  return shared.reduce((sum, input) => sum + arrayBytes(input), 0) > mostShared ? undefined : { count, body: part };
}

/** The program of a part of the rows, made of that of all. */
class OfRows {
  private readonly body: Program;
  private readonly consts: number;
  private readonly all: number;
  private readonly rows: number;
  /** What is computed of rows, and the same of fewer. */
  private readonly fewer = new Map<Value, Value>();
  private readonly makers = new Map<Value, Node>();
  private readonly nodes: Node[] = [];
  /** What is read whole. */
  private readonly whole = new Set<Value>();

  constructor(body: Program, consts: number, all: number, rows: number) {
    this.body = body;
    this.consts = consts;
    this.all = all;
    this.rows = rows;
    for (const node of body.nodes) for (const output of node.outputs) this.makers.set(output, node);
  }

  program(): Program | undefined {
    const { inputs, outputs } = this.body;
    for (const input of inputs.slice(this.consts)) this.part(input);
    for (const node of this.body.nodes) {
      if (!node.inputs.some((input) => this.fewer.has(input))) {
        this.nodes.push(node);
        for (const input of node.inputs) this.whole.add(input);
      } else if (!this.visit(node)) return undefined;
    }
    const results = outputs.map((output) => this.part(output));
    if (results.includes(undefined) || inputs.some((input) => this.fewer.has(input) && this.whole.has(input))) {
      return undefined;
    }
    return new Program(
      inputs.map((input) => this.fewer.get(input) ?? input),
      this.nodes,
      results as Value[],
    );
  }

  /** The same of fewer rows, of an input or of what has the same value in each row; undefined of what has not. */
  private part(value: Value): Value | undefined {
    const known = this.fewer.get(value);
    if (known !== undefined || value.shape[0] !== this.all) return known;
    const shape = [this.rows, ...value.shape.slice(1)];
    const part: Value = { shape, dtype: value.dtype };
    const maker = this.makers.get(value);
    if (maker?.primitive === "full") this.nodes.push({ ...maker, params: { ...maker.params, shape }, outputs: [part] });
    else if (maker?.primitive === "broadcast" && maker.params.axes[0] !== 0) {
      this.nodes.push({ ...maker, params: { ...maker.params, shape }, outputs: [part] });
    } else if (maker !== undefined) return undefined;
    this.fewer.set(value, part);
    return part;
  }

  /** Adds a node of fewer rows; false where its rows depend on each other. */
  private visit(node: Node): boolean {
    const params = this.paramsOf(node);
    if (params === undefined) return false;
    const [left, right] = node.inputs;
    const shared = node.primitive === "dot" && left!.shape.length === 2;
    const inputs = shared ? [this.part(left!), right] : node.inputs.map((input) => this.part(input));
    if (shared) {
      if (this.fewer.has(right!)) return false;
      this.whole.add(right!);
    }
    if (inputs.includes(undefined)) return false;
    const outputs = node.rule.outputs(inputs as Value[], params as never).map(({ shape, dtype }) => ({ shape, dtype }));
    for (const [i, output] of outputs.entries()) this.fewer.set(node.outputs[i]!, output);
    this.nodes.push({ ...node, inputs, params, outputs } as Node);
    return true;
  }

  /** The parameters of a node of fewer rows; undefined where its rows depend on each other. */
  private paramsOf(node: Node): Node["params"] | undefined {
    if (isKind(node, "pointwise")) return node.params;
    const fewer = (shape: readonly number[]): number[] => [this.rows, ...shape.slice(1)];
    const when = <T>(holds: boolean, params: T): T | undefined => (holds ? params : undefined);
    switch (node.primitive) {
      case "reshape":
        return when(node.params.shape[0] === this.all, { shape: fewer(node.params.shape) });
      case "broadcast":
        return when(node.params.axes[0] === 0, { ...node.params, shape: fewer(node.params.shape) });
      case "transpose":
        return when(node.params.permutation[0] === 0, node.params);
      case "slice": {
        const { start, limit, strides } = node.params;
        return when(start[0] === 0 && limit[0] === this.all && strides[0] === 1, {
          ...node.params,
          limit: fewer(limit),
        });
      }
      case "pad": {
        const { low, high, interior } = node.params;
        return when(
          [low, high, interior].every(([amount]) => amount === 0),
          node.params,
        );
      }
      case "concat":
        return when(node.params.axis !== 0, node.params);
      case "reverse":
      case "sum":
      case "max":
      case "min":
        return when(!node.params.axes.includes(0), node.params);
      case "dot":
        return when(node.inputs[0]!.shape.length > 2 || !node.params.transposeA, node.params);
      default:
        return undefined;
    }
  }
}
