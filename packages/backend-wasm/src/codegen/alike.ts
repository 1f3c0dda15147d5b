// Loops that are alike share a function, which is given the addresses of its arrays. Deep networks repeat their layers, and code that runs once
// in a step takes longer to fetch than to run.
import {
  type Kernel,
  type Place,
  type Plan,
  type PointwiseKernel,
  type ReductionKernel,
  type View,
  wholeView,
} from "@hooke/plan";
import { sizeOf, type Value } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { call } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import type { Emitter } from "./emitter.ts";

type Loop = PointwiseKernel | ReductionKernel;

/** Loops that are the same but for where their arrays lie. */
interface Group {
  members: number;
  /** The function of all but the first, which has one of its own; undefined until it is written. */
  fn: FunctionBuilder | undefined;
  /** What the first has shown: pieces of a loop are code for it alone. Undefined until it is written. */
  divided: boolean | undefined;
}

/** A loop of a group, and its arrays in the order of the parameters. */
interface Member {
  readonly group: Group;
  readonly roots: readonly Value[];
}

/** Fewer loops have functions of their own, with addresses in them. */
const fewest = 3;
/** Loops of more arrays do, too. */
const mostArrays = 32;

export class AlikeLoops {
  private readonly members = new Map<Kernel, Member>();

  constructor(plan: Plan) {
    const groups = new Map<string, Group>();
    for (const { kernel, within } of loopsOf(plan)) {
      const { text, roots } = describe(kernel, within);
      if (roots.length > mostArrays) continue;
      const group = groups.get(text) ?? { members: 0, fn: undefined, divided: undefined };
      group.members++;
      groups.set(text, group);
      this.members.set(kernel, { group, roots });
    }
  }

  /**
   * Code that has a loop computed by the function of its group; undefined where it has none.
   *
   * @param write adds a function that computes the loop with arrays where a plan has them, with so many parameters
   */
  call(
    emitter: Emitter,
    plan: Plan,
    kernel: Kernel,
    write: (plan: Plan, parameters: number) => FunctionBuilder,
  ): Code | undefined {
    const member = this.members.get(kernel);
    if (member === undefined || member.group.members < fewest || member.group.divided) return undefined;
    const { group, roots } = member;
    if (group.divided === undefined) {
      const pieces = emitter.module.table.length;
      const own = write(plan, 0);
      group.divided = emitter.module.table.length > pieces;
      return call(own.index);
    }
    const places = roots.map((root) => plan.places.get(root)!);
    group.fn ??= write(
      {
        ...plan,
        places: new Map(
          roots.map((root, i) => [root, { kind: "parameter", own: false, offset: i, exact: isExact(places[i]!) }]),
        ),
      },
      roots.length,
    );
    return call(group.fn.index, ...places.map((place) => emitter.pointer(place)));
  }
}

/** The loops of a plan that run once in it, also those of what is computed again, each with the plan it belongs to. */
function loopsOf(plan: Plan): { readonly kernel: Loop; readonly within: Plan }[] {
  return plan.kernels.flatMap((kernel) => {
    if (kernel.kind === "scan") return kernel.node.params.length === 1 ? loopsOf(kernel.body!.plan) : [];
    if (kernel.kind === "routine" || isEmpty(kernel)) return [];
    return [{ kernel, within: plan }];
  });
}

const isEmpty = (kernel: Loop): boolean =>
  kernel.kind === "pointwise"
    ? kernel.stores.length === 0 || sizeOf(kernel.shape) === 0
    : sizeOf(kernel.node.inputs[0]!.shape) === 0;

const isExact = (place: Place): boolean => place.kind !== "workspace" && place.exact;

/** All that the code of a loop depends on, but for where its arrays lie; and these. */
function describe(kernel: Loop, plan: Plan): { readonly text: string; readonly roots: readonly Value[] } {
  const roots = new Map<Value, number>();
  const computed = new Map<Value, number>();
  const arrays: string[] = [];
  const viewed = ({ root, shape, strides, offset, packed }: View): string => {
    let number = roots.get(root);
    if (number === undefined) {
      number = roots.size;
      roots.set(root, number);
      arrays.push(`${root.dtype}[${root.shape}]${isExact(plan.places.get(root)!)}`);
    }
    return `${number}+${offset}${packed ? "packed" : ""}[${shape}][${strides}]`;
  };
  const operand = (value: Value): string => {
    const number = computed.get(value);
    if (number !== undefined) return `#${number}`;
    const fill = plan.fills.get(value);
    if (fill !== undefined) return `${value.dtype} ${Object.is(fill, -0) ? "-0" : fill}`;
    return viewed(plan.views.get(value)!);
  };
  const steps = kernel.nodes.map(({ primitive, inputs, outputs: [output] }) => {
    const step = `${primitive}(${inputs.map(operand).join(" ")})${output!.dtype}`;
    computed.set(output!, computed.size);
    return step;
  });
  const rest =
    kernel.kind === "pointwise"
      ? [kernel.shape, ...kernel.stores.map(({ value, target }) => `${operand(value)}=${viewed(target)}`)]
      : [
          kernel.node.primitive,
          kernel.node.params.axes,
          kernel.node.inputs[0]!.shape,
          operand(kernel.node.inputs[0]!),
          viewed(wholeView(kernel.node.outputs[0]!)),
        ];
  return { text: [kernel.kind, ...steps, ...rest, ...arrays].join(";"), roots: [...roots.keys()] };
}
