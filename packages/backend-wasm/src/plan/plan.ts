// Planning: a program cut into kernels, with a place for every array they exchange.
//
// Elementwise nodes wait until something else needs them; then all that are still waiting and have its shape join one loop
// with it. Structural nodes become views and cost nothing unless a routine needs dense elements.
import {
  byteSize,
  type Node,
  type Program,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
  type Value,
} from "@hooke/runtime";
import { type Absorption, absorb } from "./absorb.ts";
import type { Kernel, Operand, PointwiseKernel, ScanKernel } from "./kernel.ts";
import { type Layout, type Place, paddedBytes } from "./layout.ts";
import { type Lifetime, placeTemporaries } from "./liveness.ts";
import { isPointwise, isRoutine, isView } from "./primitives.ts";
import { isDense, isWhole, through, type View, wholeView } from "./view.ts";

/** Where an output must end up; `donated` is the input whose buffer that is. */
export interface Target {
  readonly place: Place;
  readonly donated?: Value;
}

/** An output that could not be computed in its place. `stage` holds it while its source may be overwritten. */
export interface FinalCopy {
  readonly from: Operand;
  readonly bytes: number;
  readonly to: Place;
  readonly stage: Place | undefined;
}

export interface Plan {
  readonly kernels: readonly Kernel[];
  readonly copies: readonly FinalCopy[];
  /** The view through which each value is read; its root has a place. */
  readonly views: ReadonlyMap<Value, View>;
  /** Values that are one number everywhere. */
  readonly fills: ReadonlyMap<Value, number>;
  readonly places: ReadonlyMap<Value, Place>;
}

/** Plans a program whose inputs lie at given places. */
export function planProgram(
  program: Program,
  layout: Layout,
  inputs: readonly Place[],
  targets: readonly Target[],
): Plan {
  return new Planner(program, layout, inputs).finish(targets);
}

interface Read {
  readonly kernel: number;
  /** Element by element in the order of the kernel's loop. */
  readonly inStep: boolean;
}

/** Loops with more nodes than this are not extended: compilers slow down. */
const largestLoop = 400;

class Planner {
  private readonly kernels: Kernel[] = [];
  private readonly views = new Map<Value, View>();
  private readonly fills = new Map<Value, number>();
  private readonly places = new Map<Value, Place>();
  /** Elementwise nodes not yet in a kernel, by value. */
  private readonly waiting = new Map<Value, Node>();
  /** The kernel that computes an elementwise value. */
  private readonly home = new Map<Value, number>();
  private readonly firstWrite = new Map<Value, number>();
  private readonly lastWrite = new Map<Value, number>();
  private readonly reads = new Map<Value, Read[]>();
  private readonly dense = new Map<Value, Operand>();
  /** The last extensible loop of each shape. */
  private readonly openLoops = new Map<string, number>();
  private readonly absorption: Absorption;
  private readonly program: Program;
  private readonly layout: Layout;

  constructor(program: Program, layout: Layout, inputs: readonly Place[]) {
    this.program = program;
    this.layout = layout;
    this.absorption = absorb(program);
    for (const [i, input] of program.inputs.entries()) {
      this.views.set(input, wholeView(input));
      this.places.set(input, inputs[i]!);
    }
    for (const node of program.nodes) this.visit(node);
  }

  finish(targets: readonly Target[]): Plan {
    const operands = this.program.outputs.map((output) => this.denseOperand(output));
    const end = Number.POSITIVE_INFINITY;
    const copies: FinalCopy[] = [];
    const inputs = new Set(this.program.inputs);
    for (const { root } of operands) if (inputs.has(root)) this.read(root, end, false);
    const donated = new Set(targets.map((target) => target.donated));
    for (const [i, operand] of operands.entries()) {
      const { root, offset } = operand;
      const output = this.program.outputs[i]!;
      const whole = offset === 0 && sizeOf(root.shape) === sizeOf(output.shape);
      if (whole && !this.places.has(root) && this.mayWrite(root, targets[i]!)) {
        this.places.set(root, targets[i]!.place);
        continue;
      }
      this.read(root, end, false);
      const bytes = sizeOf(output.shape) * byteSize[output.dtype];
      const stage: Place | undefined = donated.has(root)
        ? { kind: "workspace", offset: this.layout.reserve(paddedBytes(output)) }
        : undefined;
      copies.push({ from: operand, bytes, to: targets[i]!.place, stage });
    }
    this.placeRest();
    for (const kernel of this.kernels) if (kernel.kind === "scan") this.planBody(kernel);
    const { kernels, views, fills, places } = this;
    return { kernels, copies, views, fills, places };
  }

  private visit(node: Node): void {
    const [output] = node.outputs as [Value];
    if (this.absorption.absorbed.has(node)) return;
    if (isView(node)) this.visitView(node, output);
    else if (isPointwise(node)) {
      this.waiting.set(output, node);
      this.views.set(output, wholeView(output));
    } else if (isRoutine(node)) {
      const operands = node.inputs.map((input) => this.denseOperand(input));
      this.append({ kind: "routine", node, operands }, operands, node.outputs);
    } else this.visitOther(node, output);
  }

  private visitView(
    node: Extract<Node, { primitive: "reshape" | "transpose" | "broadcast" | "slice" | "reverse" }>,
    output: Value,
  ): void {
    const source = node.inputs[0]!;
    const fill = this.fills.get(source);
    if (fill !== undefined) {
      this.fills.set(output, fill);
      return;
    }
    const view = through(this.views.get(source)!, node);
    if (view) this.views.set(output, view);
    else {
      // Only a reshape of scattered elements gets here: copy them, then the reshape is free.
      const { root } = this.denseOperand(source);
      this.views.set(output, { root, shape: output.shape, strides: stridesOf(output.shape), offset: 0 });
    }
  }

  private visitOther(node: Node, output: Value): void {
    switch (node.primitive) {
      case "full":
        this.fills.set(output, node.params.value);
        return;
      case "constant":
        this.views.set(output, wholeView(output));
        this.places.set(output, this.layout.constant(node.params.value));
        return;
      case "iota": {
        const { shape, axis, dtype } = node.params;
        const data = Array.from({ length: shape[axis]! }, (_, i) => i);
        const base: Value = { shape: [data.length], dtype };
        const array = {
          ...base,
          data:
            dtype === "f64"
              ? Float64Array.from(data)
              : dtype === "f32"
                ? Float32Array.from(data)
                : dtype === "bool"
                  ? Uint8Array.from(data)
                  : Int32Array.from(data),
        };
        this.places.set(base, this.layout.constant(array));
        this.views.set(output, { root: base, shape, strides: shape.map((_, i) => (i === axis ? 1 : 0)), offset: 0 });
        return;
      }
      case "sum":
      case "max":
      case "min": {
        const nodes = this.absorption.nodesOf.get(node)!;
        const inside = new Set(nodes.map(({ outputs }) => outputs[0]!));
        const outside = [...nodes.flatMap(({ inputs }) => inputs), node.inputs[0]!].filter(
          (value) => !inside.has(value),
        );
        for (const value of outside) this.demand(value);
        this.append({ kind: "reduction", node, nodes }, [], node.outputs);
        for (const value of outside) this.readThroughView(value, this.kernels.length - 1, undefined);
        return;
      }
      case "pad": {
        const { low, interior, value } = node.params;
        const fill: Value = { shape: output.shape, dtype: output.dtype };
        this.fills.set(fill, value);
        const strides = stridesOf(output.shape);
        const target: View = {
          root: output,
          shape: node.inputs[0]!.shape,
          strides: strides.map((stride, axis) => stride * (interior[axis]! + 1)),
          offset: low.reduce((sum, amount, axis) => sum + amount * strides[axis]!, 0),
        };
        this.copyInto(fill, wholeView(output));
        this.copyInto(node.inputs[0]!, target);
        return;
      }
      case "concat": {
        const strides = stridesOf(output.shape);
        let offset = 0;
        for (const input of node.inputs) {
          this.copyInto(input, { root: output, shape: input.shape, strides, offset });
          offset += input.shape[node.params.axis]! * strides[node.params.axis]!;
        }
        return;
      }
      case "scan": {
        const operands = node.inputs.map((input) => this.denseOperand(input));
        this.append({ kind: "scan", node, operands }, operands, node.outputs);
      }
    }
  }

  /** Appends a kernel that reads dense operands and writes whole arrays. */
  private append(kernel: Kernel, operands: readonly Operand[], outputs: readonly Value[]): void {
    const index = this.kernels.push(kernel) - 1;
    for (const { root } of operands) this.read(root, index, false);
    for (const output of outputs) {
      this.views.set(output, wholeView(output));
      this.written(output, index);
    }
  }

  private written(root: Value, kernel: number): void {
    if (!this.firstWrite.has(root)) this.firstWrite.set(root, kernel);
    this.lastWrite.set(root, kernel);
  }

  private read(root: Value, kernel: number, inStep: boolean): void {
    const list = this.reads.get(root);
    if (list) list.push({ kernel, inStep });
    else this.reads.set(root, [{ kernel, inStep }]);
  }

  /** Notes that a kernel reads a value from memory, and has it stored there. */
  private readThroughView(value: Value, kernel: number, shape: Shape | undefined): void {
    if (this.fills.has(value)) return;
    const view = this.views.get(value)!;
    this.store(view.root);
    this.read(view.root, kernel, shape !== undefined && isWhole(view) && sameShape(view.shape, shape));
  }

  /** Has an elementwise value written to memory by the kernel that computes it. */
  private store(root: Value): void {
    const home = this.home.get(root);
    if (home === undefined || this.firstWrite.has(root)) return;
    (this.kernels[home] as PointwiseKernel).stores.push({ value: root, target: wholeView(root) });
    this.written(root, home);
  }

  private copyInto(value: Value, target: View): void {
    this.demand(value);
    const index =
      this.kernels.push({ kind: "pointwise", shape: target.shape, nodes: [], stores: [{ value, target }] }) - 1;
    this.readThroughView(value, index, undefined);
    this.views.set(target.root, wholeView(target.root));
    this.written(target.root, index);
  }

  /** A value as dense elements in memory, copied if need be. */
  private denseOperand(value: Value): Operand {
    const known = this.dense.get(value);
    if (known) return known;
    this.demand(value);
    const view = this.views.get(value);
    let operand: Operand;
    if (view !== undefined && isDense(view.shape, view.strides)) {
      this.store(view.root);
      operand = { root: view.root, offset: view.offset };
    } else {
      const root: Value = { shape: value.shape, dtype: value.dtype };
      this.copyInto(value, wholeView(root));
      operand = { root, offset: 0 };
    }
    this.dense.set(value, operand);
    return operand;
  }

  /** Makes sure that a value is computed by some kernel. */
  private demand(value: Value): void {
    const root = this.views.get(value)?.root;
    if (root !== undefined && this.waiting.has(root)) this.placeWaiting(this.waiting.get(root)!);
  }

  /** Puts a waiting node, with everything of its shape that waits behind it, into one loop. */
  private placeWaiting(last: Node): void {
    const { shape } = last.outputs[0]!;
    let nodes: Node[];
    let outside: Set<Value>;
    let inside: Set<Value>;
    do {
      nodes = this.closure(last);
      inside = new Set(nodes.map(({ outputs }) => outputs[0]!));
      outside = new Set(nodes.flatMap(({ inputs }) => inputs.filter((input) => !inside.has(input))));
      for (const value of outside) this.demand(value);
      // What was demanded may itself have needed some of these nodes elsewhere.
    } while (nodes.some(({ outputs }) => !this.waiting.has(outputs[0]!)));

    // The loop must come after every kernel whose results it reads; it may be the one that computes them in step.
    let earliest = 0;
    const roots = new Set<Value>();
    for (const value of outside) {
      if (this.fills.has(value)) continue;
      const { root } = this.views.get(value)!;
      roots.add(root);
      const home = this.home.get(root);
      const direct = root === value && home !== undefined && sameShape(root.shape, shape);
      earliest = Math.max(earliest, direct ? home : (home ?? this.lastWrite.get(root) ?? -1) + 1);
    }
    const index = this.loopFor(shape, earliest, nodes.length, roots);
    const kernel = this.kernels[index] as PointwiseKernel;
    kernel.nodes.push(...nodes);
    for (const value of outside) {
      if (this.home.get(value) !== index) this.readThroughView(value, index, shape);
    }
    for (const value of inside) {
      this.waiting.delete(value);
      this.home.set(value, index);
    }
  }

  /** The waiting nodes of one shape that `last` depends on through nothing else, in order. */
  private closure(last: Node): Node[] {
    const { shape } = last.outputs[0]!;
    const found = new Set<Node>();
    const collect = (node: Node): void => {
      if (found.size >= largestLoop) return;
      for (const input of node.inputs) {
        const before = this.waiting.get(input);
        if (before && !found.has(before) && sameShape(input.shape, shape)) collect(before);
      }
      found.add(node);
    };
    collect(last);
    return [...found];
  }

  private loopFor(shape: Shape, earliest: number, size: number, roots: ReadonlySet<Value>): number {
    const key = shape.join();
    const open = this.openLoops.get(key);
    if (open !== undefined && open >= earliest) {
      const kernel = this.kernels[open] as PointwiseKernel;
      const related =
        [...roots].some((root) => this.home.get(root) === open) ||
        kernel.nodes.some(({ inputs }) => inputs.some((input) => roots.has(this.views.get(input)?.root as Value)));
      if (related && kernel.nodes.length + size <= largestLoop) return open;
    }
    const index = this.kernels.push({ kind: "pointwise", shape, nodes: [], stores: [] }) - 1;
    this.openLoops.set(key, index);
    return index;
  }

  /** Whether a value may be computed right in its target: nothing may read what lies there at or after that moment. */
  private mayWrite(root: Value, { donated }: Target): boolean {
    if (donated === undefined) return true;
    const from = this.firstWrite.get(root)!;
    const simple = this.home.has(root) && sameShape(root.shape, donated.shape);
    return (this.reads.get(donated) ?? []).every(
      (read) => read.kernel < from || (simple && read.kernel === from && read.inStep),
    );
  }

  private placeRest(): void {
    const lifetimes: Lifetime[] = [];
    for (const [value, from] of this.firstWrite) {
      if (this.places.has(value)) continue;
      const to = Math.max(this.lastWrite.get(value)!, ...(this.reads.get(value) ?? []).map(({ kernel }) => kernel));
      lifetimes.push({ value, from, to });
    }
    const { offsets, bytes } = placeTemporaries(lifetimes);
    const base = this.layout.reserve(bytes);
    for (const [value, offset] of offsets) this.places.set(value, { kind: "workspace", offset: base + offset });
  }

  private planBody(kernel: ScanKernel): void {
    const { body, consts, carry } = kernel.node.params;
    const placeOf = (value: Value): Place => this.places.get(value)!;
    const slot = (): Place => ({ kind: "slot", slot: this.layout.slots(1), exact: true });
    const inputs = kernel.operands.map(({ root, offset }, i): Place => {
      if (i >= consts && i < consts + carry) return placeOf(kernel.node.outputs[i - consts]!);
      return i < consts && offset === 0 ? placeOf(root) : slot();
    });
    const targets = kernel.node.outputs.map(
      (output, i): Target =>
        i < carry ? { place: placeOf(output), donated: body.inputs[consts + i]! } : { place: slot() },
    );
    kernel.body = { plan: planProgram(body, this.layout, inputs, targets), inputs, targets };
  }
}
