// The body of a loop: elementwise nodes evaluated on one vector of lanes at a time.
import type { NodeOfKind, Plan, View } from "@hooke/plan";
import type { DType, Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { Constants } from "../math/constants.ts";
import type { Access } from "./access.ts";
import { type ExpressionContext, elementwise } from "./elementwise.ts";
import type { Emitter } from "./emitter.ts";
import { constantVector, type Lanes } from "./vector.ts";

/** 2 where an f64 takes part, 4 otherwise. */
export function lanesOf(dtypes: Iterable<DType>): Lanes {
  for (const dtype of dtypes) if (dtype === "f64") return 2;
  return 4;
}

export class Body {
  private readonly emitter: Emitter;
  private readonly plan: Plan;
  private readonly fn: FunctionBuilder;
  private readonly nodes: readonly NodeOfKind<"pointwise">[];
  private readonly lanes: Lanes;
  private readonly constants = new Map<string, number>();
  private readonly hoisted: Code[] = [];
  private readonly mathConstants: Constants;

  constructor(
    emitter: Emitter,
    plan: Plan,
    fn: FunctionBuilder,
    nodes: readonly NodeOfKind<"pointwise">[],
    lanes: Lanes,
  ) {
    this.emitter = emitter;
    this.plan = plan;
    this.fn = fn;
    this.nodes = nodes;
    this.lanes = lanes;
    this.mathConstants = new Constants(fn);
  }

  /** Code to run once before the loops: constants in locals. Complete once all bodies are emitted. */
  prologue(): Code {
    return [this.hoisted, this.mathConstants.code()];
  }

  constant(dtype: DType, value: number): number {
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    let index = this.constants.get(key);
    if (index === undefined) {
      index = this.fn.ownLocal("v128");
      this.constants.set(key, index);
      this.hoisted.push(local.set(index, constantVector(dtype, value)));
    }
    return index;
  }

  /**
   * Code that evaluates every node on `count` elements, and the locals that then hold the results.
   *
   * @param access how each external value is read
   * @param offset the local of the inner loop, in units of 4 per element
   * @param inline whether functions are expanded in place
   * @param ahead how many elements behind the offset to begin
   */
  evaluate(
    access: ReadonlyMap<View, Access>,
    results: readonly Value[],
    count: number,
    offset: number,
    inline: boolean,
    ahead = 0,
  ): { code: Code; results: number[] } {
    const { fn, lanes, emitter } = this;
    const code: Code[] = [];
    const locals = new Map<Value, number>();
    const loaded = new Map<View, number>();
    const context: ExpressionContext = {
      lanes,
      relaxed: emitter.relaxed,
      number: (value) => this.plan.fills.get(value),
      math: (name, dtype, operands) =>
        emitter.vectorMath(fn, inline ? this.mathConstants : undefined, name, dtype, operands),
      integer: (name, a, b) => emitter.integer(name, a, b),
      scratch: () => fn.local("v128"),
    };
    const localOf = (value: Value): number => {
      const known = locals.get(value);
      if (known !== undefined) return known;
      const fill = this.plan.fills.get(value);
      if (fill !== undefined) return this.constant(value.dtype, fill);
      const view = this.plan.views.get(value)!;
      let index = loaded.get(view);
      if (index === undefined) {
        index = fn.local("v128");
        code.push(local.set(index, access.get(view)!.load(fn, lanes, count, offset, ahead)));
        loaded.set(view, index);
      }
      locals.set(value, index);
      return index;
    };
    for (const node of this.nodes) {
      const operands = node.inputs.map((input) => local.get(localOf(input)));
      const index = fn.local("v128");
      code.push(local.set(index, elementwise(context, node, operands)));
      locals.set(node.outputs[0]!, index);
    }
    return { code, results: results.map(localOf) };
  }
}
