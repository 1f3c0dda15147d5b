// Programs over a flat vector and fixed data: the data are uploaded once and stay where they are.
import {
  type Aval,
  type Backend,
  type Buffer,
  type Executable,
  fail,
  type HostArray,
  isFloat,
  optimize,
  type PrepareOptions,
  record,
  type Tensor,
  type Tree,
  treeLeavesLike,
  treeMap,
  uploadAll,
} from "@hooke/runtime";
import type { Vector } from "./vectors.ts";

/** Element types of an objective. */
export type Precision = "f64" | "f32";

/** A host array for a leaf of parameters or data: floats and numbers in the precision, all else as it is. */
export function inPrecision(who: string, dtype: Precision) {
  return (leaf: unknown, path: string): HostArray => {
    const held = dtype === "f64" ? Float64Array : Float32Array;
    if (typeof leaf === "number") return { shape: [], dtype, data: held.of(leaf) };
    const { shape, dtype: given, data } = (leaf ?? {}) as Partial<HostArray>;
    if (shape === undefined || given === undefined || data === undefined) {
      fail(
        who,
        `received ${leaf === null ? "null" : typeof leaf}${path && ` at "${path}"`}; it takes trees of arrays and numbers. Use array(values).`,
      );
    }
    if (!isFloat(given)) return { shape, dtype: given, data };
    return { shape, dtype, data: held.from(data) };
  };
}

/** A prepared function of the flat vector, the data and more vectors. */
export interface Call {
  run(...vectors: readonly Vector[]): Promise<HostArray[]>;
  free(): void;
}

/** What the programs of one objective share: its backend and its data there. */
export class Programs {
  private readonly who: string;
  private readonly backend: Backend;
  private readonly dtype: Precision;
  private readonly data: Tree<HostArray>;
  private readonly held: readonly Buffer[];
  private readonly owned = new Set<Call>();
  private freed = false;

  constructor(who: string, backend: Backend, dtype: Precision, data: Tree<HostArray>) {
    this.who = who;
    this.backend = backend;
    this.dtype = dtype;
    this.data = data;
    this.held = uploadAll(backend, data);
  }

  /**
   * Prepares `fn`, which takes the data and vectors and returns arrays. The vectors get buffers of their own, written at each run.
   *
   * @param lengths of the vectors
   */
  async prepare(
    fn: (data: Tree<Tensor>, ...vectors: Tensor[]) => readonly Tensor[],
    lengths: readonly number[],
    options: PrepareOptions = {},
  ): Promise<Call> {
    const { backend, dtype, held } = this;
    this.open();
    const avals: Aval[] = lengths.map((length) => ({ shape: [length], dtype }));
    const { program } = record(
      (vectors: Tensor[], data: Tree<Tensor>) => fn(data, ...vectors),
      avals as never,
      treeMap(this.data, ({ shape, dtype: own }: HostArray) => ({ shape, dtype: own })) as never,
    );
    const executable: Executable = await backend.prepare(optimize(program), options);
    const empty = avals.map((aval) => ({ ...aval, data: vectorOf(dtype, aval.shape[0]!) }));
    const inputs = uploadAll(backend, empty as HostArray[]);
    const donated = new Set(options.donate?.filter((input) => input !== null).map((input) => inputs[input]));
    const call: Call = {
      run: (...vectors) => {
        this.open();
        for (const [i, data] of vectors.entries()) backend.write(inputs[i]!, { ...avals[i]!, data });
        const outputs = executable.run([...inputs, ...held]);
        const results = Promise.all(outputs.map((output) => backend.read(output)));
        for (const output of outputs) if (!donated.has(output)) backend.free(output);
        return results;
      },
      free: () => {
        executable.free();
        for (const input of inputs) backend.free(input);
      },
    };
    this.owned.add(call);
    return call;
  }

  /** Writes other data of the same structure, shapes and dtypes. */
  write(data: Tree<unknown>): void {
    this.open();
    const convert = inPrecision(this.who, this.dtype);
    const arrays = treeLeavesLike(this.data, data).map((leaf) => convert(leaf, ""));
    for (const [i, array] of arrays.entries()) this.backend.write(this.held[i]!, array);
  }

  free(): void {
    this.open();
    this.freed = true;
    for (const call of this.owned) call.free();
    for (const buffer of this.held) this.backend.free(buffer);
  }

  private open(): void {
    if (this.freed) fail(this.who, "the objective was freed; make it again.", "freed");
  }
}

/** A vector of zeros. */
export function vectorOf(dtype: Precision, length: number): Vector {
  return dtype === "f64" ? new Float64Array(length) : new Float32Array(length);
}
