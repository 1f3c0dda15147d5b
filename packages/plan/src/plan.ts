// Planning: a program cut into kernels, with a place for every array they exchange. In this order:
//
// 1. `fuse` gives reductions the elementwise nodes that only they need.
// 2. Every other node is visited once, in the order of the program. Views, numbers and constants only note how they are read;
//    elementwise nodes wait (`Loops.wait`).
// 3. What must read memory demands it: `Loops.demand` has the waiting nodes behind a value computed by a loop, then `append` adds
//    the kernel, then `Loops.read` or `Arrays.read` notes that it reads. Demanding may append loops, so the kernel's index exists
//    only after it; a value is stored at the first read from outside its loop.
// 4. Outputs are demanded last; each is computed in its final place, or copied there, once all reads are known.
// 5. Only then do temporaries get places, bodies of scans are planned, which need those, and what each needs is given a part of the workspace.
import {
  allocate,
  type Node,
  type NodeOf,
  type Program,
  sameShape,
  sizeOf,
  stridesOf,
  type TypedArray,
  type Value,
} from "@hooke/runtime";
import { Arrays } from "./arrays.ts";
import { type Fusion, fuse } from "./fuse.ts";
import type { FinalCopy, Kernel, Operand, Plan, ScanKernel, Target } from "./kernel.ts";
import type { Layout, Place } from "./layout.ts";
import { type Lifetime, placeTemporaries } from "./liveness.ts";
import { Loops } from "./loops.ts";
import type { PlanParts, Stages } from "./parts.ts";
import { isKind, type NodeOfKind } from "./primitives.ts";
import { isDense, through, unpackedView, type View, wholeView } from "./view.ts";

/** Plans a program whose inputs lie at given places. */
export function planProgram(
  program: Program,
  layout: Layout,
  inputs: readonly Place[],
  targets: readonly Target[],
  parts: PlanParts = {},
): Plan {
  return new Planner(program, layout, inputs, parts).finish(targets);
}

/** Each kernel a stage by itself. */
const oneByOne: Stages = { of: [], blocks: new Map() };

/** After the last kernel. */
const end = Number.POSITIVE_INFINITY;

class Planner {
  private readonly kernels: Kernel[] = [];
  private readonly arrays = new Arrays();
  private readonly loops: Loops;
  private readonly dense = new Map<Value, Operand>();
  private readonly fusion: Fusion;
  private readonly program: Program;
  private readonly layout: Layout;
  private readonly parts: PlanParts;

  constructor(program: Program, layout: Layout, inputs: readonly Place[], parts: PlanParts) {
    this.parts = parts;
    this.program = program;
    this.layout = layout;
    this.loops = new Loops(layout.platform, this.kernels, this.arrays, parts.epilogues);
    this.fusion = fuse(program, layout.platform.largestLoop);
    for (const [i, input] of program.inputs.entries()) {
      this.arrays.views.set(input, wholeView(input));
      this.arrays.places.set(input, inputs[i]!);
    }
    for (const node of program.nodes) if (!this.fusion.fused.has(node)) this.visit(node);
  }

  finish(targets: readonly Target[]): Plan {
    const operands = this.program.outputs.map((output) => this.denseOperand(output));
    const { of: stages, blocks } = this.parts.dividing?.stages(this.kernels, this.arrays) ?? oneByOne;
    this.arrays.stages = stages;
    this.arrays.blocks = blocks;
    const inputs = new Set(this.program.inputs);
    const donated = new Set(targets.map((target) => target.donated));
    // An input among the outputs is copied before all else, so that it may be overwritten; at the end, if its place is another input's.
    const first = operands.map(({ root }, i) => inputs.has(root) && targets[i]!.donated === undefined);
    for (const [i, { root }] of operands.entries())
      if (inputs.has(root) && !first[i]) this.arrays.read(root, end, false);
    const staged: Lifetime<Value>[] = [];
    const copies = operands.flatMap((from, i): FinalCopy[] => {
      const output = this.program.outputs[i]!;
      const target = targets[i]!;
      if (this.computedInPlace(from, output, target)) return [];
      const copy = { from, bytes: this.layout.bytesOf(output), to: target.place, stage: undefined, first: first[i]! };
      if (first[i]) return [copy];
      this.arrays.read(from.root, end, false);
      if (!donated.has(from.root)) return [copy];
      const part = this.layout.part();
      staged.push({ of: output, part, from: end, to: end });
      return [{ ...copy, stage: part.array(output) }];
    });
    const lifetimes = [...this.arrays.temporaries(this.layout), ...staged, ...this.loopBodies()];
    const { views, fills, places } = this.arrays;
    const { kernels, layout, parts } = this;
    const plan = {
      kernels,
      own: layout.own,
      stages,
      blocks,
      copies,
      views,
      fills,
      places,
      room: { start: 0, bytes: 0 },
      lifetimes,
    };
    const { offsets, bytes } = placeTemporaries([...lifetimes, ...(parts.needs?.(plan) ?? [])], parts.placeLarge);
    const start = layout.reserve(bytes);
    for (const [part, offset] of offsets) part.settle(start + offset);
    return { ...plan, room: { start, bytes } };
  }

  /** Plans the bodies of loops. What they need, others may have before and after the loop. */
  private loopBodies(): Lifetime<ScanKernel>[] {
    return this.kernels.flatMap((kernel, i) => {
      if (kernel.kind !== "scan") return [];
      const part = this.layout.part();
      this.parts.planScan!(kernel, part, this.arrays.places, planProgram, this.parts);
      if (part.bytes === 0) return [];
      const stage = this.arrays.stageOf(i);
      return [{ of: kernel, part, from: stage, to: stage }];
    });
  }

  /** Gives an output its final place from the start, if its computation may write there. */
  private computedInPlace({ root, offset }: Operand, output: Value, { place, donated }: Target): boolean {
    if (offset !== 0 || sizeOf(root.shape) !== sizeOf(output.shape) || this.arrays.places.has(root)) return false;
    if (donated !== undefined) {
      const inStep = this.loops.computes(root) && sameShape(root.shape, donated.shape);
      if (!this.arrays.mayOverwrite(donated, root, inStep)) return false;
    }
    this.arrays.places.set(root, place);
    return true;
  }

  private visit(node: Node): void {
    if (isKind(node, "view")) this.visitView(node);
    else if (isKind(node, "pointwise")) this.loops.wait(node);
    else if (isKind(node, "reduction")) this.visitReduction(node);
    else if (isKind(node, "source")) this.visitSource(node);
    else if (isKind(node, "parts")) this.visitParts(node);
    else if (node.primitive === "unpack" && node.params.dtype === "f32") this.visitUnpack(node);
    else {
      const operands = node.inputs.map((input) => this.denseOperand(input));
      const index = this.append(
        isKind(node, "scan")
          ? { kind: "scan", node, operands, ...this.parts.dividing?.loop(node) }
          : { kind: "routine", node, operands, ...this.parts.epilogues?.begin(node) },
      );
      for (const { root } of operands) this.arrays.read(root, index, false);
    }
  }

  private visitView(node: NodeOfKind<"view">): void {
    const source = node.inputs[0]!;
    const output = node.outputs[0]!;
    const fill = this.arrays.fills.get(source);
    if (fill !== undefined) {
      this.arrays.fills.set(output, fill);
      return;
    }
    let view = through(this.arrays.views.get(source)!, node);
    if (view === undefined) {
      // Only a reshape of scattered elements gets here: copy them, then the reshape is free.
      const { root } = this.denseOperand(source);
      view = { root, shape: output.shape, strides: stridesOf(output.shape), offset: 0 };
    }
    this.arrays.views.set(output, view);
  }

  /** Floats are read where they are packed; booleans are written, as no kernel reads bits. */
  private visitUnpack({ inputs, outputs: [output] }: NodeOf<"unpack">): void {
    const { root, offset } = this.denseOperand(inputs[0]!);
    this.arrays.views.set(output!, unpackedView(root, offset, output!.shape));
    this.loops.wake(root);
  }

  private visitSource(node: NodeOfKind<"source">): void {
    const output = node.outputs[0]!;
    switch (node.primitive) {
      case "full":
        this.arrays.fills.set(output, node.params.value);
        break;
      case "constant":
        this.arrays.views.set(output, wholeView(output));
        this.arrays.places.set(
          output,
          this.layout.constant(output, () => node.params.value.data),
        );
        break;
      case "iota":
        this.visitIota(node, output);
        break;
      default:
        node satisfies never;
    }
  }

  /** The indices along one axis, stored once and repeated along the others by the view. */
  private visitIota({ params: { shape, axis, dtype } }: NodeOf<"iota">, output: Value): void {
    const length = shape[axis]!;
    const indices: Value = { shape: [length], dtype };
    const count = (): TypedArray => {
      const data = allocate(dtype, length);
      for (let i = 0; i < length; i++) data[i] = i;
      return data;
    };
    this.arrays.places.set(indices, this.layout.constant(indices, count));
    const strides = shape.map((_, i) => (i === axis ? 1 : 0));
    this.arrays.views.set(output, { root: indices, shape, strides, offset: 0 });
  }

  private visitReduction(node: NodeOfKind<"reduction">): void {
    const nodes = this.fusion.nodesOf.get(node)!;
    const inside = new Set(nodes.map(({ outputs }) => outputs[0]!));
    const used = [...nodes.flatMap(({ inputs }) => inputs), node.inputs[0]!];
    const outside = used.filter((value) => !inside.has(value));
    for (const value of outside) this.loops.demand(value);
    const index = this.append({ kind: "reduction", node, nodes });
    for (const value of outside) this.loops.read(value, index);
  }

  private visitParts(node: NodeOfKind<"parts">): void {
    const output = node.outputs[0]!;
    switch (node.primitive) {
      case "pad":
        this.visitPad(node, output);
        break;
      case "concat": {
        const { axis } = node.params;
        const strides = stridesOf(output.shape);
        let offset = 0;
        for (const input of node.inputs) {
          const part: View = { root: output, shape: input.shape, strides, offset };
          // Loops that write parts go through them row by row: these must be long.
          const long = sizeOf(input.shape.slice(axis)) >= this.layout.platform.shortestRow;
          if (!long || !this.loops.storeInto(input, part)) this.loops.copyInto(input, part);
          offset += input.shape[axis]! * strides[axis]!;
        }
        break;
      }
      default:
        node satisfies never;
    }
  }

  private visitPad({ inputs: [x], params: { low, interior, value } }: NodeOf<"pad">, output: Value): void {
    const fill: Value = { shape: output.shape, dtype: output.dtype };
    this.arrays.fills.set(fill, value);
    this.loops.copyInto(fill, wholeView(output));
    const strides = stridesOf(output.shape);
    const target: View = {
      root: output,
      shape: x!.shape,
      strides: strides.map((stride, axis) => stride * (interior[axis]! + 1)),
      offset: low.reduce((sum, amount, axis) => sum + amount * strides[axis]!, 0),
    };
    this.loops.copyInto(x!, target);
  }

  /** Appends a kernel that writes whole arrays. */
  private append(kernel: Exclude<Kernel, { kind: "pointwise" }>): number {
    const index = this.kernels.push(kernel) - 1;
    for (const output of kernel.node.outputs) {
      this.arrays.views.set(output, wholeView(output));
      if ("stores" in kernel) this.loops.begin(output, index);
      else this.arrays.written(output, index);
    }
    if (kernel.kind === "scan") for (const value of kernel.apart?.passed ?? []) this.arrays.written(value, index);
    return index;
  }

  /** A value as dense elements in memory, copied if need be. */
  private denseOperand(value: Value): Operand {
    const known = this.dense.get(value);
    if (known) return known;
    this.loops.demand(value);
    const view = this.arrays.views.get(value);
    let operand: Operand;
    if (view !== undefined && !view.packed && isDense(view.shape, view.strides)) {
      this.loops.store(view.root);
      operand = { root: view.root, offset: view.offset };
    } else {
      const root: Value = { shape: value.shape, dtype: value.dtype };
      this.loops.copyInto(value, wholeView(root));
      operand = { root, offset: 0 };
    }
    this.dense.set(value, operand);
    return operand;
  }
}
