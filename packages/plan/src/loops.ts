// Elementwise loops: nodes wait until something needs one of them; then all that wait with its shape join one loop, or the epilogue of the routine
// whose elements they begin with.
import { type Shape, sameShape, sizeOf, type Value } from "@hooke/runtime";
import type { Arrays } from "./arrays.ts";
import type { Kernel, PointwiseKernel } from "./kernel.ts";
import type { Epilogues } from "./parts.ts";
import type { Platform } from "./platform.ts";
import { isFamily, type NodeOfKind } from "./primitives.ts";
import { isWhole, type View, wholeView } from "./view.ts";

/** No more nodes than this wait for each other in a row, so that placing the last of them takes few steps. */
const longestWait = 256;

type Pointwise = NodeOfKind<"pointwise">;

/** Whether its code is a function's, such as that of tanh. */
const isFunction = (node: Pointwise): boolean => isFamily(node, "math");

interface OpenLoop {
  readonly kernel: number;
  /** What its nodes read. */
  readonly roots: Set<Value>;
}

export class Loops {
  private readonly kernels: Kernel[];
  private readonly arrays: Arrays;
  /** Nodes not yet in a kernel, by value. */
  private readonly waiting = new Map<Value, Pointwise>();
  /** The kernel that computes a value. */
  private readonly home = new Map<Value, number>();
  /** The last extensible loop of each shape. */
  private readonly open = new Map<string, OpenLoop>();
  /** How many nodes wait in a row behind each waiting one, itself included. */
  private readonly depths = new Map<Value, number>();

  /** The first kernel that may read what is packed: it is unpacked where it is needed, and not before. */
  private readonly wakes = new Map<Value, number>();

  private readonly platform: Platform;
  private readonly epilogues: Epilogues | undefined;

  /** @param kernels the plan so far; loops are appended and extended here */
  constructor(platform: Platform, kernels: Kernel[], arrays: Arrays, epilogues?: Epilogues) {
    this.epilogues = epilogues;
    this.platform = platform;
    this.kernels = kernels;
    this.arrays = arrays;
  }

  /** Whether a loop computes this value. */
  computes(value: Value): boolean {
    return this.home.has(value);
  }

  /** Notes that a kernel makes a value and may go on with it, as a loop does. */
  begin(value: Value, kernel: number): void {
    this.home.set(value, kernel);
  }

  /** Notes that no kernel that there is so far reads a packed array as floats. */
  wake(root: Value): void {
    this.wakes.set(root, this.kernels.length);
  }

  wait(node: Pointwise): void {
    const value = node.outputs[0]!;
    let depth = 1;
    for (const input of node.inputs) {
      const root = this.arrays.views.get(input)?.root;
      if (root !== undefined && this.waiting.has(root)) depth = Math.max(depth, this.depths.get(root)! + 1);
    }
    this.waiting.set(value, node);
    this.depths.set(value, depth);
    this.arrays.views.set(value, wholeView(value));
    if (depth >= longestWait) this.placeWaiting(node);
  }

  /** Makes sure that what a value is read from is computed by some kernel. */
  demand(value: Value): void {
    const root = this.arrays.views.get(value)?.root;
    const node = root && this.waiting.get(root);
    if (node) this.placeWaiting(node);
  }

  /** Has a value that a loop computes written to memory. */
  store(root: Value): void {
    const home = this.home.get(root);
    if (home === undefined || this.arrays.isWritten(root)) return;
    (this.kernels[home] as PointwiseKernel).stores.push({ value: root, target: wholeView(root) });
    this.arrays.written(root, home);
  }

  /**
   * Has a value stored and notes that a kernel reads it.
   *
   * @param shape the shape the kernel's loop runs over, if reading in step with it matters
   */
  read(value: Value, kernel: number, shape?: Shape): void {
    if (this.arrays.fills.has(value)) return;
    const view = this.arrays.views.get(value)!;
    this.store(view.root);
    this.arrays.read(view.root, kernel, shape !== undefined && isWhole(view) && sameShape(view.shape, shape));
  }

  /** Has a value stored in part of an array as well, if a loop computes it: whether one does. */
  storeInto(value: Value, target: View): boolean {
    this.demand(value);
    const view = this.arrays.views.get(value);
    const home = view && isWhole(view) ? this.home.get(view.root) : undefined;
    const { shape, stores } = (this.kernels[home!] ?? {}) as Partial<PointwiseKernel>;
    if (home === undefined || !sameShape(view!.shape, shape!)) return false;
    stores!.push({ value: view!.root, target });
    this.arrays.views.set(target.root, wholeView(target.root));
    this.arrays.written(target.root, home);
    return true;
  }

  /** Appends a loop that copies a value into part of an array. */
  copyInto(value: Value, target: View): void {
    this.demand(value);
    const stores = [{ value, target }];
    const index = this.kernels.push({ kind: "pointwise", shape: target.shape, nodes: [], stores }) - 1;
    this.read(value, index);
    this.arrays.views.set(target.root, wholeView(target.root));
    this.arrays.written(target.root, index);
  }

  /** Puts a waiting node, with everything of its shape that waits behind it, into a loop, or several if it is much. */
  private placeWaiting(last: Pointwise): void {
    const { shape } = last.outputs[0]!;
    while (this.waiting.has(last.outputs[0]!)) {
      const nodes = this.closure(last);
      const inside = new Set(nodes.map(({ outputs }) => outputs[0]!));
      const outside = new Set(nodes.flatMap(({ inputs }) => inputs.filter((input) => !inside.has(input))));
      for (const value of outside) this.demand(value);
      // What was demanded may itself have needed some of these nodes elsewhere.
      if (nodes.every(({ outputs }) => this.waiting.has(outputs[0]!))) this.place(shape, nodes, inside, outside);
    }
  }

  /** Adds nodes of one shape to a loop; everything they read from `outside` is computed by some kernel. */
  private place(
    shape: Shape,
    nodes: readonly Pointwise[],
    inside: ReadonlySet<Value>,
    outside: ReadonlySet<Value>,
  ): void {
    // The loop must come after every kernel whose results it reads; it may be the one that computes them in step.
    let earliest = 0;
    const roots = new Set<Value>();
    for (const value of outside) {
      if (this.arrays.fills.has(value)) continue;
      const view = this.arrays.views.get(value)!;
      const { root } = view;
      roots.add(root);
      const home = this.home.get(root);
      const direct =
        home !== undefined &&
        ((root === value && sameShape(root.shape, shape)) || this.epilogues?.isMade(this.kernels[home]!, view));
      if (direct) this.home.set(value, home);
      const ready = home === undefined ? this.arrays.readyAt(root) : home + 1;
      earliest = Math.max(earliest, direct ? home : view.packed ? this.wakes.get(root)! : ready);
    }
    const index = this.loopFor(shape, earliest, nodes.length, roots);
    for (const node of nodes) (this.kernels[index] as PointwiseKernel).nodes.push(node);
    for (const value of outside) if (this.home.get(value) !== index) this.read(value, index, shape);
    for (const value of inside) {
      this.waiting.delete(value);
      this.depths.delete(value);
      this.home.set(value, index);
    }
  }

  /**
   * The waiting nodes of one shape that `last` depends on through nothing else, in order: each after those it needs. Where they
   * are more than a loop holds, the first of them, up to the last function if there is one.
   */
  private closure(last: Pointwise): Pointwise[] {
    const { shape } = last.outputs[0]!;
    const found = new Set<Pointwise>();
    const path = [{ node: last, next: 0 }];
    while (path.length > 0 && found.size < this.platform.largestLoop) {
      const step = path.at(-1)!;
      const input = step.node.inputs[step.next++];
      if (input === undefined) {
        found.add(step.node);
        path.pop();
        continue;
      }
      const before = this.waiting.get(input);
      if (before && !found.has(before) && sameShape(input.shape, shape)) path.push({ node: before, next: 0 });
    }
    const nodes = [...found];
    const functions = nodes.findLastIndex(isFunction) + 1;
    return nodes.length > this.mostOf(nodes) ? nodes.slice(0, functions) : nodes;
  }

  /** The most nodes of a loop with these. */
  private mostOf(nodes: readonly Pointwise[]): number {
    const { largestLoop, largestWithFunctions } = this.platform;
    return nodes.some(isFunction) ? largestWithFunctions : largestLoop;
  }

  /** Whether reading an array is reason enough for loops over a shape to be one. */
  private joins(shape: Shape, { shape: read }: Value): boolean {
    const elements = sizeOf(shape);
    return elements === 1 || elements >= this.platform.joinedByNumbers || sizeOf(read) > 1;
  }

  /** A loop over a shape, not before kernel `earliest`: one that shares arrays with the new nodes, or a new one. */
  private loopFor(shape: Shape, earliest: number, size: number, roots: ReadonlySet<Value>): number {
    const key = shape.join();
    const open = this.open.get(key);
    if (this.epilogues?.takes(this.kernels[earliest], shape, size, roots)) return earliest;
    if (open !== undefined && open.kernel >= earliest) {
      const { nodes } = this.kernels[open.kernel] as PointwiseKernel;
      const related = [...roots].some(
        (root) => this.home.get(root) === open.kernel || (open.roots.has(root) && this.joins(shape, root)),
      );
      if (related && nodes.length + size <= this.mostOf(nodes)) {
        for (const root of roots) open.roots.add(root);
        return open.kernel;
      }
    }
    const kernel = this.kernels.push({ kind: "pointwise", shape, nodes: [], stores: [] }) - 1;
    this.open.set(key, { kernel, roots: new Set(roots) });
    return kernel;
  }
}
