// How many kernels a program takes where elementwise primitives are fused, and what these read and write: an estimate of the plan that a backend makes
// (`@hooke/plan`), for whoever has no plan yet. Fused are elementwise primitives with what makes their operands at the same positions, and
// with the reduction that alone reads them; views are read where they are.
import { byteSize, sameShape, sizeOf } from "./array.ts";
import type { elementwise } from "./primitives/elementwise.ts";
import type { known } from "./primitives/known.ts";
import type { PrimitiveName } from "./primitives/params.ts";
import type { Aval, Node, Program, Value } from "./program.ts";

/** What is launched one after the other. */
export interface Launches {
  readonly count: number;
  /** Bytes that they read and write. */
  readonly bytes: number;
}

/** What becomes of a primitive: nothing, another way to read its operand, copies of its operands, or a kernel of its own, which may evaluate what it reduces. */
type Kind = "nothing" | "view" | "copies" | "reduction" | "kernel" | "loop";

/** Of all that are not elementwise, and so part of a loop. */
const kinds = {
  full: "nothing",
  constant: "nothing",
  iota: "nothing",
  reshape: "view",
  transpose: "view",
  broadcast: "view",
  slice: "view",
  reverse: "view",
  unpack: "view",
  pad: "copies",
  concat: "copies",
  sum: "reduction",
  max: "reduction",
  min: "reduction",
  dot: "kernel",
  cholesky: "kernel",
  triangularSolve: "kernel",
  conv: "kernel",
  convInputGradient: "kernel",
  convKernelGradient: "kernel",
  maxPool: "kernel",
  maxPoolIndex: "kernel",
  poolGather: "kernel",
  poolScatter: "kernel",
  sumPool: "kernel",
  sumPoolTranspose: "kernel",
  gather: "kernel",
  scatterAdd: "kernel",
  cumsum: "kernel",
  sort: "kernel",
  argSort: "kernel",
  argMax: "kernel",
  randomBits: "kernel",
  foldKey: "kernel",
  pack: "kernel",
  scan: "kernel",
} as const satisfies Record<Exclude<PrimitiveName, keyof typeof elementwise | keyof typeof known>, Kind>;

const kindOf = ({ primitive }: Node): Kind => (kinds as Partial<Record<PrimitiveName, Kind>>)[primitive] ?? "loop";

export const bytesOf = ({ shape, dtype }: Aval): number => byteSize[dtype] * sizeOf(shape);

interface Kernel {
  readonly node: Node;
  readonly isLoop: boolean;
  /** It runs after those of earlier stages. A loop that nothing reads may still be put off. */
  stage: number;
  readonly makes: Set<Value>;
  /** Of what it makes, what others read. */
  readonly writes: Set<Value>;
  /** Arrays, and how many bytes of them. */
  readonly reads: Map<Value, number>;
}

/** The kernels of a program, about as a plan has them. */
export function kernelsOf(program: Program): Launches {
  const kernels = new Kernels(program);
  for (const node of program.nodes) kernels.visit(node);
  return kernels.finish();
}

class Kernels {
  private readonly program: Program;
  private readonly kernels = new Set<Kernel>();
  private readonly home = new Map<Value, Kernel>();
  /** The array that a value is read from; what needs none has none. */
  private readonly arrays: Map<Value, Value>;
  /** How often each value is read, outputs by whoever gets them. */
  private readonly readers = new Map<Value, number>();

  constructor(program: Program) {
    this.program = program;
    this.arrays = new Map(program.inputs.map((input) => [input, input]));
    for (const value of [...program.outputs, ...program.nodes.flatMap(({ inputs }) => [...new Set(inputs)])])
      this.readers.set(value, (this.readers.get(value) ?? 0) + 1);
  }

  visit(node: Node): void {
    const kind = kindOf(node);
    if (kind === "nothing") return;
    if (kind === "view") {
      const array = this.arrays.get(node.inputs[0]!);
      if (array !== undefined) this.arrays.set(node.outputs[0]!, array);
      return;
    }
    const kernel = kind === "loop" ? this.loopFor(node) : this.begin(node, false, this.stageFor(node.inputs));
    for (const input of node.inputs) {
      const loop = kind === "reduction" && this.readers.get(input) === 1 ? this.loopOf(input) : undefined;
      if (loop) for (const [array, bytes] of loop.reads) this.read(kernel, array, bytes);
      else this.read(kernel, input, node.primitive === "gather" ? bytesOf(node.outputs[0]!) : bytesOf(input));
    }
    for (const output of node.outputs) {
      kernel.makes.add(output);
      this.home.set(output, kernel);
      this.arrays.set(output, output);
      if (!kernel.isLoop) kernel.writes.add(output);
    }
  }

  finish(): Launches {
    for (const output of this.program.outputs) {
      const array = this.arrays.get(output);
      if (array !== undefined) this.home.get(array)?.writes.add(array);
    }
    let [count, bytes] = [0, 0];
    for (const { node, reads, writes } of this.kernels) {
      if (writes.size === 0) continue;
      if (node.primitive === "scan") {
        const body = kernelsOf(node.params.body);
        count += node.params.length * body.count;
        bytes += node.params.length * body.bytes;
        continue;
      }
      // A pad writes what surrounds its operand first.
      count += kindOf(node) === "copies" ? Math.max(2, node.inputs.length) : 1;
      for (const read of reads.values()) bytes += read;
      for (const written of writes) bytes += bytesOf(written);
    }
    return { count, bytes };
  }

  private begin(node: Node, isLoop: boolean, stage: number): Kernel {
    const kernel = { node, isLoop, stage, makes: new Set<Value>(), writes: new Set<Value>(), reads: new Map() };
    this.kernels.add(kernel);
    return kernel;
  }

  /** The loop that makes a value. */
  private loopOf(value: Value): Kernel | undefined {
    const kernel = this.home.get(value);
    return kernel?.isLoop ? kernel : undefined;
  }

  /** The first stage at which these can be read. */
  private stageFor(values: readonly Value[]): number {
    const stages = values.map((value) => this.home.get(this.arrays.get(value)!)?.stage ?? -1);
    return 1 + Math.max(-1, ...stages);
  }

  /** The loop that a node is evaluated in: that of its operands at the same positions, where these can wait for the others, or a new one. */
  private loopFor(node: Node): Kernel {
    const { shape } = node.outputs[0]!;
    const inStep = node.inputs.filter((input) => this.loopOf(input) && sameShape(input.shape, shape));
    const loops = [...new Set(inStep.map((input) => this.loopOf(input)!))];
    const waiting = loops.filter(({ writes }) => writes.size === 0);
    const others = node.inputs.filter((input) => !inStep.includes(input));
    const earliest = Math.max(this.stageFor(others), ...waiting.map(({ stage }) => stage));
    const joined = loops.filter((loop) => waiting.includes(loop) || loop.stage >= earliest);
    const loop = joined.sort((a, b) => a.makes.size - b.makes.size).pop() ?? this.begin(node, true, earliest);
    loop.stage = Math.max(earliest, loop.stage, ...joined.map(({ stage }) => stage));
    for (const other of joined) this.merge(other, loop);
    return loop;
  }

  private merge(loop: Kernel, into: Kernel): void {
    this.kernels.delete(loop);
    for (const value of loop.makes) {
      into.makes.add(value);
      this.home.set(value, into);
    }
    for (const value of loop.writes) into.writes.add(value);
    for (const [array, bytes] of loop.reads) this.read(into, array, bytes);
  }

  /** Has a kernel read so many bytes, at most all, of what a value is a view of. */
  private read(kernel: Kernel, value: Value, bytes: number): void {
    const array = this.arrays.get(value);
    if (array === undefined) return;
    const maker = this.home.get(array);
    if (maker === kernel && array === value) return;
    maker?.writes.add(array);
    kernel.reads.set(array, Math.max(kernel.reads.get(array) ?? 0, Math.min(bytes, bytesOf(array))));
  }
}
