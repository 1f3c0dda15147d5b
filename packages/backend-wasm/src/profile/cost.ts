// What a kernel costs at least: operations and bytes.

import type { Work } from "@hooke/plan/explain";
import { type DType, type Node, Program, sizeOf, workOf } from "@hooke/runtime";
import { lanesOf } from "../codegen/body.ts";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import { ModuleBuilder } from "../encoder/module.ts";
import type { NotingEmitter } from "../explain/noting.ts";
import { type MathName, mathSources, ofTwo } from "../math/functions.ts";
import { MathLibrary } from "../math/library.ts";

/** What a kernel costs each time. */
export interface Cost {
  /** Operations as its definition counts them: a multiplication and an addition are two, any other function of an element is one. */
  readonly operations: number;
  /**
   * Of what the machine does at the rate of fused multiplications with additions, two operations each, as it is computed here: in tiles fewer products,
   * in a loop two for each instruction, of which functions such as `exp` take many.
   */
  readonly issued: number;
  /** At whose rate. */
  readonly dtype: "f32" | "f64";
}

/** Instructions of a function on a vector, at least: without what is called for rare arguments. */
export class Instructions {
  private readonly counts = new Map<string, number>();
  private readonly emitter: Emitter;

  constructor(emitter: Emitter) {
    this.emitter = emitter;
  }

  /** Of a node on a vector of elements. */
  of({ primitive }: Node, dtype: "f32" | "f64"): number {
    if (primitive === "stopGradient" || primitive === "known") return 0;
    if (!Object.hasOwn(mathSources, primitive)) return 1;
    const key = `${primitive} ${dtype}`;
    let count = this.counts.get(key);
    if (count === undefined) {
      count = this.count(primitive as MathName, dtype);
      this.counts.set(key, count);
    }
    return count;
  }

  private count(name: MathName, dtype: "f32" | "f64"): number {
    const { relaxed, generators } = this.emitter;
    const module = new ModuleBuilder();
    const operands = Object.hasOwn(ofTwo, name) ? [local.get(0), local.get(1)] : [local.get(0)];
    const fn = module.addFunction(
      operands.map(() => "v128"),
      ["v128"],
    );
    // Constants are in locals.
    return vectorsIn(
      new MathLibrary(module, relaxed, generators.math).inline(fn, name, dtype, operands, { constant: () => [] }),
    );
  }
}

/** Instructions on vectors, whose opcodes are lists that begin with 0xfd. */
function vectorsIn(code: Code): number {
  if (code[0] === 0xfd) return 1;
  return code.reduce<number>((sum, part) => sum + (typeof part === "number" ? 0 : vectorsIn(part)), 0);
}

const floatOf = (dtypes: readonly DType[]): "f32" | "f64" => (lanesOf(dtypes) === 2 ? "f64" : "f32");

/** What a kernel or a copy costs each time; loops themselves cost nothing. */
export function costOf(work: Work, { productsOf }: NotingEmitter, instructions: Instructions): Cost {
  const nothing: Cost = { operations: 0, issued: 0, dtype: "f32" };
  if (!("kind" in work)) return nothing;
  switch (work.kind) {
    case "pointwise":
      return elementwiseCost(sizeOf(work.shape), work.nodes, instructions);
    case "reduction":
      return elementwiseCost(sizeOf(work.node.inputs[0]!.shape), [...work.nodes, work.node], instructions);
    case "routine": {
      const { node } = work;
      const [output] = node.outputs;
      const dtype = floatOf([output!.dtype]);
      const { operations } = workOf(new Program(node.inputs, [node], node.outputs));
      const products = productsOf(node);
      const issued = products === undefined ? operations : 2 * products.multiplications;
      return { operations, issued, dtype };
    }
    case "scan":
      return nothing;
  }
}

function elementwiseCost(elements: number, nodes: readonly Node[], instructions: Instructions): Cost {
  const dtype = floatOf(nodes.flatMap((node) => [...node.inputs, ...node.outputs].map((value) => value.dtype)));
  let [operations, issued] = [0, 0];
  for (const node of nodes) {
    const count = instructions.of(node, dtype);
    issued += 2 * count * elements;
    if (count > 0) operations += elements;
  }
  return { operations, issued, dtype };
}
