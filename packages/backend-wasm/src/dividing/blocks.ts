// Kernels in blocks: where a part of what some kernels make follows from the same part of what the others made, such as rows of a batch through layers, a block
// goes through all of them on one core. Threads meet once for all, and what they pass on stays in their caches. Kernels between them that need all parts, such as
// gradients of weights, follow behind.
import { type Arrays, collapse, externalValues, type Kernel, type Nest, type View } from "@hooke/plan";
import { sizeOf, type Value } from "@hooke/runtime";
import { nestOfReduction } from "../codegen/reduction.ts";
import { arrayBytes } from "../platform.ts";
import { problemOf } from "../routines/dot.ts";
import { countable } from "./countable.ts";
import { smallest, worthwhile } from "./grain.ts";
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

/** A root that a kernel reads or writes, and whether a block of the kernel touches one part of it alone: the same. */
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

const divides = ({ sizes }: Nest, count: number): boolean => sizes.length > 0 && sizes[0]! % count === 0;

/** What a kernel in `count` blocks touches; undefined where it is not computed in blocks. */
function touchesOf(kernel: Kernel, { views, fills }: Known, count: number, fineness: number): Touches | undefined {
  switch (kernel.kind) {
    case "pointwise": {
      const { shape, nodes, stores } = kernel;
      if (stores.length === 0 || sizeOf(shape) === 0) return undefined;
      const externals = externalValues(
        { fills },
        nodes,
        stores.map(({ value }) => value),
      );
      const reads = [...new Set(externals.map((value) => views.get(value)!))];
      const all = [...reads, ...stores.map(({ target }) => target)];
      const nest = collapse(
        shape,
        all.map(({ strides }) => strides),
      );
      if (!divides(nest, count) || countable(nest)) return undefined;
      const touches = all.map((view, i) => touch(view, nest.strides[i]!, nest, count));
      return { reads: touches.slice(0, reads.length), writes: touches.slice(reads.length) };
    }
    case "reduction": {
      const { node } = kernel;
      if (sizeOf(node.inputs[0]!.shape) === 0 || sizeOf(node.outputs[0]!.shape) === 0) return undefined;
      const { reads, target, nest, kept } = nestOfReduction(kernel, { views, fills });
      if (kept === 0 || !divides(nest, count) || countable(nest)) return undefined;
      return {
        reads: reads.map((view, i) => touch(view, nest.strides[i]!, nest, count)),
        writes: [touch(target, nest.strides.at(-1)!, nest, count)],
      };
    }
    case "routine": {
      const { node, operands } = kernel;
      if (node.primitive !== "dot") return undefined;
      const { m, n, k, transposeA, batch } = problemOf(node);
      const [a, b] = operands as [(typeof operands)[0], (typeof operands)[0]];
      const whole = (operand: typeof a, elements: number): boolean =>
        operand.offset === 0 && sizeOf(operand.root.shape) === elements;
      const writes = [{ root: node.outputs[0]!, inPart: true }];
      if (batch !== undefined) {
        if (batch.count % count !== 0) return undefined;
        const reads = [
          { root: a.root, inPart: whole(a, batch.count * m * k) },
          { root: b.root, inPart: whole(b, batch.count * k * n) },
        ];
        return { reads, writes };
      }
      if (
        transposeA ||
        m % count !== 0 ||
        m < count * fewestRows * fineness ||
        arrayBytes(node.inputs[1]!) > mostShared
      )
        return undefined;
      return {
        reads: [
          { root: a.root, inPart: whole(a, m * k) },
          { root: b.root, inPart: false },
        ],
        writes,
      };
    }
    case "scan":
      return undefined;
  }
}

/** The bytes of arrays that are there at each kernel, and at most. */
class Alive {
  readonly most: number;
  private readonly spans = new Map<Value, { readonly from: number; readonly to: number; readonly bytes: number }>();

  constructor(kernels: number, { reads, writes }: Known) {
    const changes = new Array<number>(kernels + 1).fill(0);
    for (const [root, by] of writes) {
      const from = Math.min(...by);
      const to = Math.min(kernels - 1, Math.max(...by, ...(reads.get(root) ?? []).map(({ kernel }) => kernel)));
      const bytes = arrayBytes(root);
      this.spans.set(root, { from, to, bytes });
      changes[from]! += bytes;
      changes[to + 1]! -= bytes;
    }
    let [now, most] = [0, 0];
    for (const change of changes) {
      now += change;
      most = Math.max(most, now);
    }
    this.most = most;
  }

  /** The bytes of arrays that are there at some time from one kernel to another. */
  between(first: number, last: number): number {
    let bytes = 0;
    for (const span of this.spans.values()) if (span.from <= last && span.to >= first) bytes += span.bytes;
    return bytes;
  }
}

/** Kernels in groups, in `count` blocks where that is worth it. @param fineness see `Emitter` */
function groupsIn(kernels: readonly Kernel[], known: Known, alive: Alive, count: number, fineness: number): Group[] {
  const groups: Group[] = [];
  let run: number[] = [];
  let behind: number[] = [];
  const made = new Set<Value>();
  /** Of kernels behind the run. */
  const [makes, takes] = [new Set<Value>(), new Set<Value>()];
  const readsOf = kernels.map((): Value[] => []);
  const writesOf = kernels.map((): Value[] => []);
  for (const [root, list] of known.reads) for (const { kernel } of list) readsOf[kernel]?.push(root);
  for (const [root, list] of known.writes) for (const kernel of list) writesOf[kernel]?.push(root);
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
    const waits =
      readsOf[i]!.some((root) => makes.has(root)) || writesOf[i]!.some((root) => makes.has(root) || takes.has(root));
    const fits = run.length === 0 || alive.between(run[0]!, i) <= alive.most;
    if (waits || !fits) close();
    const touches = touchesOf(kernel, known, count, fineness);
    const joins =
      touches?.writes.every(({ inPart }) => inPart) === true &&
      touches.reads.every(({ root, inPart }) => inPart || !made.has(root));
    if (joins) {
      run.push(i);
      for (const root of writesOf[i]!) made.add(root);
    } else if (run.length === 0) groups.push({ members: [i], blocks: undefined });
    else {
      behind.push(i);
      for (const root of writesOf[i]!) makes.add(root);
      for (const root of readsOf[i]!) takes.add(root);
    }
  }
  close();
  return groups;
}

/** The kernels of a plan in groups, in the order in which they are computed. @param fineness see `Emitter` */
export function groupsOf(kernels: readonly Kernel[], known: Known, threads: number, fineness: number): Group[] {
  const count = blocksFor(threads);
  if (count === 1) return [{ members: [...kernels.keys()], blocks: undefined }];
  return groupsIn(kernels, known, new Alive(kernels.length, known), count, fineness);
}
