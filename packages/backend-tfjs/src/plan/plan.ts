// Planning: which values live where, which kernel calls make them, and when each is given back.
//
//  - u32 arrays (random keys and bits) stay in host memory as long as they come from other such arrays, because tfjs has
//    no 32-bit operations on bits. Everything else is on the device.
//  - Repeats are not made: a broadcast array keeps dimensions of 1 until something other than an elementwise kernel reads it.
import {
  type Aval,
  evaluate,
  type HostArray,
  type Node,
  type NodeOf,
  type Program,
  sizeOf,
  type Value,
} from "@hooke/runtime";
import { type Expanded, expand } from "../lower/expansions.ts";
import { isElementwise } from "../lower/index.ts";
import type { Lowering, Lowerings, PlannedPrimitive } from "../lower/table.ts";
import { Kernels } from "./kernels.ts";
import { releaseSlots } from "./release.ts";
import { type Held, kindOf, type Plan, type Ref, type Target } from "./step.ts";

/** A value while planning: known, on the host or on the device; as more than one once it has been moved. */
interface Entry {
  readonly aval: Aval;
  readonly known?: () => HostArray;
  host?: number;
  /** Dimensions of 1 where the value repeats. */
  ref?: Ref;
  whole?: Ref;
}

/**
 * Plans a program whose inputs are where `where` says. Outputs stay where they arise, except that those wanted on the
 * device are brought there.
 */
export function planProgram(
  program: Program,
  where: readonly Held["where"][],
  target: Target,
  lowerings: Lowerings,
  wanted: readonly Held["where"][] = [],
): Plan {
  return new Planner(target, lowerings).plan(program, where, wanted);
}

class Planner {
  private readonly kernels: Kernels;
  private readonly target: Target;
  private readonly lowerings: Lowerings;
  private readonly entries = new Map<Value, Entry>();
  private readonly hostConstants: { slot: number; array: HostArray }[] = [];

  constructor(target: Target, lowerings: Lowerings) {
    this.target = target;
    this.lowerings = lowerings;
    this.kernels = new Kernels(target);
  }

  plan(program: Program, where: readonly Held["where"][], wanted: readonly Held["where"][]): Plan {
    const inputs = program.inputs.map((aval, i) => this.provide(aval, aval, where[i]!));
    for (const node of program.nodes) {
      this.kernels.primitive = node.primitive;
      this.node(node);
    }
    const outputs = program.outputs.map((value, i) => this.output(this.entry(value), wanted[i]));
    const { steps, constants, slots } = this.kernels;
    releaseSlots(steps, outputs);
    return { steps, slots, inputs, outputs, constants, hostConstants: this.hostConstants };
  }

  /** A place that something else fills: an input, or an output of a loop. */
  private provide(value: Value, aval: Aval, where: Held["where"]): Held {
    if (where === "host") {
      const slot = this.kernels.slot();
      this.entries.set(value, { aval, host: slot });
      return { where, slot };
    }
    const ref = this.kernels.ref(aval.shape, kindOf(aval.dtype));
    this.entries.set(value, { aval, ref });
    return { where, ref };
  }

  private entry(value: Value): Entry {
    return this.entries.get(value)!;
  }

  private isOnHost(entry: Entry): boolean {
    return entry.known !== undefined || entry.host !== undefined;
  }

  private node(node: Node): void {
    const output = node.outputs[0]!;
    if (node.primitive === "scan") {
      this.loop(node);
      return;
    }
    if (node.primitive === "cholesky" || node.primitive === "triangularSolve") {
      this.inline(expand(node), node);
      return;
    }
    if (node.primitive === "full" || node.primitive === "constant" || node.primitive === "iota") {
      this.entries.set(output, this.known(node));
      return;
    }
    const inputs = node.inputs.map((input) => this.entry(input));
    const hasWords = [...node.inputs, output].some(({ dtype }) => dtype === "u32");
    if (hasWords && inputs.every((entry) => this.isOnHost(entry))) {
      const slot = this.kernels.slot();
      const from = inputs.map((entry) => this.hostSlot(entry));
      this.kernels.steps.push({ kind: "host", node, inputs: from, outputs: [slot], release: [] });
      this.entries.set(output, { aval: output, host: slot });
      return;
    }
    this.entries.set(output, { aval: output, ref: this.lower(node, inputs) });
  }

  /** The nodes of the program that a node stands for. */
  private inline({ inputs, nodes, outputs }: Program, node: Node): void {
    for (const [i, input] of inputs.entries()) this.entries.set(input, this.entry(node.inputs[i]!));
    for (const inner of nodes) this.node(inner);
    for (const [i, output] of outputs.entries()) this.entries.set(node.outputs[i]!, this.entry(output));
  }

  /** An array without inputs. One repeated number needs no more than that number. */
  private known(node: NodeOf<"full"> | NodeOf<"constant"> | NodeOf<"iota">): Entry {
    const aval = node.outputs[0]!;
    const known = (): HostArray => evaluate(node.primitive, [], node.params as never)[0]!;
    const isOneNumber = node.primitive === "full" ? sizeOf(aval.shape) > 0 : sizeOf(aval.shape) === 1;
    if (!isOneNumber || aval.dtype === "u32") return { aval, known };
    const { data } = node.primitive === "full" ? evaluate("full", [], { ...node.params, shape: [] })[0]! : known();
    return { aval, known, ref: this.kernels.scalar(data[0]!, kindOf(aval.dtype)) };
  }

  private lower(node: Exclude<Node, NodeOf<"scan"> | NodeOf<Expanded>>, inputs: readonly Entry[]): Ref {
    const k = this.kernels;
    const output = node.outputs[0]!;
    switch (node.primitive) {
      case "stopGradient":
      case "known":
        return this.small(inputs[0]!);
      case "reshape":
        return k.reshape(this.whole(inputs[0]!), output.shape);
      case "broadcast": {
        const x = this.small(inputs[0]!);
        const { axes } = node.params;
        const shape = output.shape.map(() => 1);
        // A scalar may have fewer dimensions than its value.
        const missing = axes.length - x.shape.length;
        for (const [i, axis] of axes.entries()) shape[axis] = i < missing ? 1 : x.shape[i - missing]!;
        return k.reshape(x, shape);
      }
      case "randomBits":
      case "foldKey": {
        // Engines may bring these two; tfjs itself has no operations on bits.
        const kernel = node.primitive === "randomBits" ? "RandomBits" : "FoldKey";
        if (!k.offers(kernel)) k.refuse("the key was computed on the device; derive keys from keys alone.");
        const [key, data] = inputs.map((entry) => this.whole(entry)) as [Ref, Ref?];
        return k.call(kernel, data ? { key, data } : { key }, { shape: [...output.shape] }, output.shape, "int32");
      }
      default: {
        const { primitive } = node as { primitive: Exclude<typeof node.primitive, PlannedPrimitive> };
        const refs = inputs.map((entry) => (isElementwise(primitive) ? this.small(entry) : this.whole(entry)));
        const avals = { inputs: node.inputs, output };
        return (this.lowerings[primitive] as Lowering)(k, refs, node.params as never, avals);
      }
    }
  }

  /** On the device, perhaps with dimensions of 1 where it repeats. */
  private small(entry: Entry): Ref {
    if (entry.ref !== undefined) return entry.ref;
    const { aval, known } = entry;
    const kind = kindOf(aval.dtype);
    if (known !== undefined) {
      const { data } = known();
      entry.ref = this.kernels.constant(aval.dtype === "u32" ? new Int32Array(data) : data, aval.shape, kind);
    } else {
      const to = this.kernels.ref(aval.shape, kind);
      this.kernels.steps.push({ kind: "upload", from: entry.host!, to, release: [] });
      entry.ref = to;
    }
    return entry.ref;
  }

  private whole(entry: Entry): Ref {
    entry.whole ??= this.kernels.expand(this.small(entry), entry.aval.shape);
    return entry.whole;
  }

  private hostSlot(entry: Entry): number {
    if (entry.host === undefined) {
      entry.host = this.kernels.slot();
      this.hostConstants.push({ slot: entry.host, array: entry.known!() });
    }
    return entry.host;
  }

  private output(entry: Entry, wanted?: Held["where"]): Held {
    const isWords = entry.aval.dtype === "u32" && this.isOnHost(entry);
    if (isWords && wanted !== "device") return { where: "host", slot: this.hostSlot(entry) };
    return { where: "device", ref: this.whole(entry) };
  }

  /** A carry is on the host if it enters there and the body leaves it there. */
  private loop({ params, inputs, outputs }: NodeOf<"scan">): void {
    const { body, consts, carry } = params;
    const entries = inputs.map((input) => this.entry(input));
    const where = entries.map((entry): Held["where"] =>
      entry.aval.dtype === "u32" && this.isOnHost(entry) ? "host" : "device",
    );
    const planBody = (): Plan =>
      planProgram(body, where, this.target, this.lowerings, where.slice(consts, consts + carry));
    let planned = planBody();
    for (;;) {
      const moved = where.findIndex(
        (side, i) =>
          i >= consts && i < consts + carry && side === "host" && planned.outputs[i - consts]!.where === "device",
      );
      if (moved < 0) break;
      where[moved] = "device";
      planned = planBody();
    }
    const held = entries.map(
      (entry, i): Held =>
        where[i] === "host"
          ? { where: "host", slot: this.hostSlot(entry) }
          : { where: "device", ref: this.whole(entry) },
    );
    const results = outputs.map((value, i) => this.provide(value, value, planned.outputs[i]!.where));
    this.kernels.steps.push({
      kind: "loop",
      loop: { params, body: planned, inputs: held, outputs: results },
      release: [],
    });
  }
}
