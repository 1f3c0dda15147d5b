// The dense inverse of the second derivatives, in a buffer of the backend that programs multiply and update in place.
import {
  type Aval,
  add,
  type Backend,
  type Buffer,
  convert,
  type Executable,
  equal,
  iota,
  matmul,
  mul,
  optimize,
  type PrepareOptions,
  record,
  reshape,
  sliceAxis,
  type Tensor,
} from "@hooke/runtime";
import type { Curvature, Lesson } from "./line-descent.ts";
import { remembered, type State } from "./minimizer.ts";
import type { Objective } from "./objective.ts";
import type { Precision } from "./programs.ts";
import { dot, negated, type Vector } from "./vectors.ts";

/** `H' = inverse H + ss s s + sp (s p + p s) + pp p p`, with `p = H y`. */
export interface Terms {
  readonly inverse: number;
  readonly ss: number;
  readonly sp: number;
  readonly pp: number;
}

/** What the terms of an update depend on: a lesson, `y . H y`, and whether `H` is the identity. */
export type Choose = (lesson: Pick<Lesson, "sy" | "sBs"> & { readonly yp: number; readonly first: boolean }) => Terms;

export class DenseInverse implements Curvature {
  private readonly backend: Backend;
  private readonly dtype: Precision;
  private readonly choose: Choose;
  private readonly identity: Executable;
  private readonly product: Executable;
  private readonly update: Executable;
  /** Absent while it is the identity. */
  private held: Buffer | undefined;

  private constructor(objective: Objective, choose: Choose, programs: readonly Executable[], held: Buffer | undefined) {
    [this.backend, this.dtype] = [objective.backend, objective.dtype];
    this.choose = choose;
    [this.identity, this.product, this.update] = programs as [Executable, Executable, Executable];
    this.held = held;
  }

  static async open(
    who: string,
    objective: Objective,
    memory: Pick<State, "arrays">,
    choose: Choose,
  ): Promise<DenseInverse> {
    const { backend, dtype, size } = objective;
    const data = remembered(who, memory, "inverse", size * size);
    const matrix: Aval = { shape: [size, size], dtype };
    const vector: Aval = { shape: [size], dtype };
    const prepare = (fn: (...inputs: Tensor[]) => Tensor, avals: readonly Aval[], options?: PrepareOptions) =>
      backend.prepare(optimize(record(fn as never, ...(avals as never[])).program), options);
    const programs = await Promise.all([
      prepare(() => convert(equal(iota([size, size], 0), iota([size, size], 1)), dtype), []),
      prepare((h, x) => matmul(h!, x!), [matrix, vector]),
      prepare(updated, [matrix, vector, vector, { shape: [4], dtype }], { donate: [0] }),
    ]);
    return new DenseInverse(objective, choose, programs, data && backend.upload({ ...matrix, data }));
  }

  get fresh(): boolean {
    return this.held === undefined;
  }

  async direction(gradient: Vector): Promise<Vector> {
    return negated(await this.times(gradient));
  }

  async learn({ s, y, sy, sBs }: Lesson): Promise<void> {
    const first = this.fresh;
    const p = await this.times(y);
    const { inverse, ss, sp, pp } = this.choose({ sy, sBs, yp: dot(y, p), first });
    this.held ??= this.identity.run([])[0]!;
    const inputs = [s, p, [inverse, ss, sp, pp]].map((numbers) => this.upload(numbers));
    this.update.run([this.held, ...inputs]);
    for (const input of inputs) this.backend.free(input);
  }

  forget(): void {
    if (this.held !== undefined) this.backend.free(this.held);
    this.held = undefined;
  }

  async arrays(): Promise<State["arrays"]> {
    return this.held === undefined ? {} : { inverse: await this.backend.read(this.held) };
  }

  free(): void {
    this.forget();
    for (const program of [this.identity, this.product, this.update]) program.free();
  }

  private async times(x: Vector): Promise<Vector> {
    if (this.held === undefined) return x;
    const input = this.upload(x);
    const [output] = this.product.run([this.held, input]);
    const result = this.backend.read(output!);
    this.backend.free(output!);
    this.backend.free(input);
    return (await result).data as Vector;
  }

  private upload(numbers: ArrayLike<number>): Buffer {
    const data = this.dtype === "f64" ? Float64Array.from(numbers) : Float32Array.from(numbers);
    return this.backend.upload({ shape: [data.length], dtype: this.dtype, data });
  }
}

/** Every term is symmetric to the bit, and so the matrix stays. */
function updated(...inputs: Tensor[]): Tensor {
  const [h, s, p, terms] = inputs as [Tensor, Tensor, Tensor, Tensor];
  const size = s.shape[0]!;
  const [inverse, ss, sp, pp] = [0, 1, 2, 3].map((i) => reshape(sliceAxis(terms, 0, i, i + 1), [])) as Tensor[];
  const [si, pi] = [s, p].map((x) => reshape(x, [size, 1])) as [Tensor, Tensor];
  const [sj, pj] = [s, p].map((x) => reshape(x, [1, size])) as [Tensor, Tensor];
  const rank = add(mul(mul(si, sj), ss!), add(mul(add(mul(si, pj), mul(pi, sj)), sp!), mul(mul(pi, pj), pp!)));
  return add(mul(h, inverse!), rank);
}
