// Kernels in blocks: where a part of what some kernels make follows from the same part of what the others made, such as rows of a batch through layers, a block
// goes through all of them on one core. Threads meet once for all, and what they pass on stays in their caches. Kernels between them that need all parts, such as
// gradients of weights, follow behind.
import {
  type Arrays,
  collapse,
  externalValues,
  type Kernel,
  type Nest,
  type Operand,
  type PointwiseKernel,
  type ReductionKernel,
  type View,
} from "@hooke/plan";
import { type Node, type NodeOf, sizeOf, type Value } from "@hooke/runtime";
import { nestOfReduction } from "../codegen/reduction.ts";
import { arrayBytes } from "../platform.ts";
import { problemOf } from "../routines/dot.ts";
import { Alive } from "./alive.ts";
import { countable } from "./countable.ts";
import { type Grain, smallest, worthwhile } from "./grain.ts";
import { cutOf } from "./loops.ts";
import { keepsBits } from "./products.ts";
import type { Touched } from "./touched.ts";
import { workOf } from "./work.ts";

/**
 * Into how many blocks kernels are divided for so many threads: bits do not depend on it, as rows do not depend on each other. One thread gains nothing, and more
 * blocks have smaller products.
 */
const blocksFor = (threads: number): number => (threads === 1 ? 1 : threads > 4 ? 8 : 4);
/** Rows of a product in a block at least, and bytes of the operand that all blocks read at most: it stays in the second-level cache of each thread. */
const fewestRows = 32;
const mostShared = 2 ** 19;

type Known = Pick<Arrays, "reads" | "writes" | "views" | "fills">;

/** A root that a kernel reads or writes, and whether each block of the kernel touches the same part of it alone. */
interface Touch {
  readonly root: Value;
  readonly inPart: boolean;
}

/** What a kernel touches, if it can be computed in blocks. */
interface Touches {
  readonly reads: readonly Touch[];
  readonly writes: readonly Touch[];
}

/** Kernels that follow each other: in so many blocks, or one by one. */
export interface Group {
  readonly members: readonly number[];
  readonly blocks: number | undefined;
}

/** Whether a block of the outermost dimension of a nest touches one part of a view's root. */
function touch({ root, offset, packed }: View, strides: readonly number[], { sizes }: Nest, count: number): Touch {
  const elements = sizeOf(root.shape) * (packed ? 2 : 1);
  const own = [sizes[0]! / count, ...sizes.slice(1)];
  const reach = (pick: (a: number, b: number) => number): number =>
    own.reduce((sum, size, i) => sum + pick(0, strides[i]! * (size - 1)), offset);
  const inPart =
    strides[0]! * own[0]! * count === elements && reach(Math.min) >= 0 && reach(Math.max) < elements / count;
  return { root, inPart };
}

const divides = (nest: Nest, count: number): boolean =>
  nest.sizes.length > 0 && nest.sizes[0]! % count === 0 && countable(nest) === undefined;

const isProduct = (node: Node): node is NodeOf<"dot"> => node.primitive === "dot";

/** What elementwise loops touch. */
function touchesOfLoops(
  { shape, nodes, stores }: PointwiseKernel,
  { views, fills }: Known,
  count: number,
): Touches | undefined {
  if (stores.length === 0 || sizeOf(shape) === 0) return undefined;
  const results = stores.map(({ value }) => value);
  const externals = externalValues({ fills }, nodes, results);
  const reads = [...new Set(externals.map((value) => views.get(value)!))];
  const all = [...reads, ...stores.map(({ target }) => target)];
  const nest = collapse(
    shape,
    all.map(({ strides }) => strides),
  );
  if (!divides(nest, count)) return undefined;
  const touches = all.map((view, i) => touch(view, nest.strides[i]!, nest, count));
  return { reads: touches.slice(0, reads.length), writes: touches.slice(reads.length) };
}

function touchesOfReduction(kernel: ReductionKernel, known: Known, grain: Grain, count: number): Touches | undefined {
  const { node } = kernel;
  if (sizeOf(node.inputs[0]!.shape) === 0 || sizeOf(node.outputs[0]!.shape) === 0) return undefined;
  const found = nestOfReduction(kernel, known);
  const { reads, target, nest, kept } = found;
  // By itself it may add up partial results, in another order.
  if (kept === 0 || !divides(nest, count) || cutOf(grain, kernel, found, nest)?.partial) return undefined;
  return {
    reads: reads.map((view, i) => touch(view, nest.strides[i]!, nest, count)),
    writes: [touch(target, nest.strides.at(-1)!, nest, count)],
  };
}

function touchesOfProduct(
  node: NodeOf<"dot">,
  operands: readonly Operand[],
  grain: Grain,
  count: number,
): Touches | undefined {
  const problem = problemOf(node);
  const { m, n, k, transposeA, batch } = problem;
  const [a, b] = operands as [Operand, Operand];
  const whole = ({ root, offset }: Operand, elements: number): Touch => ({
    root,
    inPart: offset === 0 && sizeOf(root.shape) === elements,
  });
  const writes = [{ root: node.outputs[0]!, inPart: true }];
  if (batch !== undefined) {
    const { count: products } = batch;
    return products % count === 0
      ? { reads: [whole(a, products * m * k), whole(b, products * k * n)], writes }
      : undefined;
  }
  const suits =
    !transposeA &&
    m % count === 0 &&
    m >= count * fewestRows * grain.fineness &&
    arrayBytes(node.inputs[1]!) <= mostShared &&
    keepsBits(grain, problem, count);
  return suits ? { reads: [whole(a, m * k), { root: b.root, inPart: false }], writes } : undefined;
}

/** What a kernel in `count` blocks touches; undefined where it is not computed in blocks. */
function touchesOf(kernel: Kernel, known: Known, grain: Grain, count: number): Touches | undefined {
  switch (kernel.kind) {
    case "pointwise":
      return touchesOfLoops(kernel, known, count);
    case "reduction":
      return touchesOfReduction(kernel, known, grain, count);
    case "routine":
      return isProduct(kernel.node) ? touchesOfProduct(kernel.node, kernel.operands, grain, count) : undefined;
    case "scan":
      return undefined;
  }
}

/** Kernels in groups, in `count` blocks where that is worth it. @param fineness see `Emitter` */
function groupsIn(
  kernels: readonly Kernel[],
  known: Known,
  touched: readonly Touched[],
  count: number,
  fineness: number,
): Group[] {
  const alive = new Alive(kernels.length, known);
  const groups: Group[] = [];
  let run: number[] = [];
  let behind: number[] = [];
  const made = new Set<Value>();
  /** Of kernels behind the run. */
  const [makes, takes] = [new Set<Value>(), new Set<Value>()];
  const close = (): void => {
    const works = run.map((i) => workOf(kernels[i]!));
    const work = works.reduce((a, b) => a + b, 0);
    const divided = works.filter((each) => each >= worthwhile * fineness).length;
    if (divided > 1 && work >= count * smallest * fineness) {
      groups.push({ members: run, blocks: count });
      if (behind.length > 0) groups.push({ members: behind, blocks: undefined });
    } else if (run.length + behind.length > 0) {
      groups.push({ members: [...run, ...behind].sort((a, b) => a - b), blocks: undefined });
    }
    run = [];
    behind = [];
    for (const set of [made, makes, takes]) set.clear();
  };
  for (const [i, kernel] of kernels.entries()) {
    const { read, written } = touched[i]!;
    const waits = read.some((root) => makes.has(root)) || written.some((root) => makes.has(root) || takes.has(root));
    const fits = run.length === 0 || alive.together(run[0]!, i, takes) <= alive.most;
    if (waits || !fits) close();
    const touches = touchesOf(kernel, known, { fineness, whole: false }, count);
    const joins =
      touches?.writes.every(({ inPart }) => inPart) === true &&
      touches.reads.every(({ root, inPart }) => inPart || !made.has(root));
    if (joins) {
      run.push(i);
      for (const root of written) made.add(root);
    } else if (run.length === 0) groups.push({ members: [i], blocks: undefined });
    else {
      behind.push(i);
      for (const root of written) makes.add(root);
      for (const root of read) takes.add(root);
    }
  }
  close();
  return groups;
}

/** The kernels of a plan in groups, in the order in which they are computed. @param fineness see `Emitter` */
export function groupsOf(
  kernels: readonly Kernel[],
  known: Known,
  touched: readonly Touched[],
  threads: number,
  fineness: number,
): Group[] {
  const count = blocksFor(threads);
  if (count === 1) return [{ members: [...kernels.keys()], blocks: undefined }];
  return groupsIn(kernels, known, touched, count, fineness);
}
