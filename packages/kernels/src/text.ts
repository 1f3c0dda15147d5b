// The text of one kernel: what it is given, its pointers, the functions it calls, and what each of its threads does.
import { type DType, fail } from "@hooke/runtime";
import type { Dialect, Shared } from "./dialect.ts";
import type { Pointer } from "./pointer.ts";

/** Threads of a workgroup, where a kernel does not ask for another number. */
export const threads = 64;
/** Workgroups in a row of a launch: no dimension of a launch may have more. */
const mostInRow = 32_768;

/** A kernel and one place where it is started. */
export interface Launch {
  /** What it computes, for people: primitives, and the layer that asked for them. */
  readonly label: string;
  readonly code: string;
  readonly pointers: readonly Pointer[];
  /** Workgroups along two dimensions, and the threads of each. */
  readonly groups: readonly [number, number];
  readonly threads: number;
  /** How many loops are around it. */
  readonly levels: number;
  /** How many iterations of loops a thread takes, all in all, at most; those of functions and of searches, which are few, are not counted. */
  readonly iterations: number;
}

/** An element, read from a word. */
export function fromWord(dtype: DType, word: string): string {
  if (dtype === "bool") return `(${word} != 0u)`;
  return dtype === "u32" ? word : `bitcast<${dtype}>(${word})`;
}

/** An element as a word. */
export function toWord(dtype: DType, value: string): string {
  if (dtype === "bool") return `select(0u, 1u, ${value})`;
  return dtype === "u32" ? value : `bitcast<u32>(${value})`;
}

const words = new Uint32Array(1);
const numbers = new Float32Array(words.buffer);

/** A number in code. What is no number, or infinite, is not allowed there: it comes with the pointers. */
export function literal(dtype: DType, value: number): string {
  if (dtype === "bool") return value === 0 ? "false" : "true";
  if (dtype === "u32") return `${value >>> 0}u`;
  if (dtype === "i32") return value === -(2 ** 31) ? "i32(-2147483647 - 1)" : `i32(${value})`;
  if (Number.isNaN(value)) return "uniforms.NAN";
  numbers[0] = value;
  const rounded = numbers[0]!;
  if (!Number.isFinite(rounded)) return rounded < 0 ? "(-uniforms.INFINITY)" : "uniforms.INFINITY";
  if (Number.isInteger(rounded) && Math.abs(rounded) < 2 ** 24 && !Object.is(rounded, -0)) {
    return rounded < 0 ? `(${rounded}.0f)` : `${rounded}.0f`;
  }
  return `bitcast<f32>(0x${words[0]!.toString(16)}u)`;
}

/** Words of the pointers of a launch before the first: see `bind`. */
export const headerWords = 3;

/** NaN, infinity and zero, as words. */
export const header: readonly number[] = [0x7fc00000, 0x7f800000, 0];

/** Numbers that kernels count to: words of 32 bits, with room for the last step. */
const mostCounted = 2 ** 32 - 2 ** 20;

/** @throws where a kernel would count to more than it can */
export function checkCount({ backend }: Dialect, label: string, count: number): void {
  if (count < mostCounted) return;
  const what = `${label} counts to ${count}, beyond 32 bits. Use smaller batches or arrays, or the backend wasm.`;
  fail(backend, what, "unsupported");
}

/** Gathers the text of a kernel. */
export class Text {
  readonly pointers: Pointer[] = [];
  private readonly names = new Map<string, string>();
  private readonly dialect: Dialect;
  private readonly levels: number;
  private readonly lines: string[] = [];
  /** Whether memory is written four words at a time: where every thread writes whole vectors, which begin at multiples of four words. */
  isWide = false;
  private readonly shared: Shared[] = [];
  private names_ = 0;
  private iterations = 0;

  /** @param levels loops around the kernel */
  constructor(dialect: Dialect, levels: number) {
    this.dialect = dialect;
    this.levels = levels;
  }

  /** The word at an address, to be read. */
  word(at: string): string {
    return this.isWide ? `memory[(${at}) >> 2u][(${at}) & 3u]` : `memory[${at}]`;
  }

  /** The four words from an address on, where memory is read so. */
  vector(at: string): string {
    return `memory[(${at}) >> 2u]`;
  }

  /** The name of a pointer. */
  pointer(pointer: Pointer): string {
    const key = `${pointer.base} ${pointer.offset} ${pointer.steps.join()}`;
    let name = this.names.get(key);
    if (name === undefined) {
      name = `p${this.pointers.length}`;
      this.pointers.push(pointer);
      this.names.set(key, name);
    }
    return name;
  }

  /** A name of its own, and no type's: i32 is one. */
  name(prefix: string): string {
    return `${prefix}_${this.names_++}`;
  }

  /** Adds statements of a thread. */
  add(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  /** Counts iterations of loops that a thread takes, at most. */
  takes(iterations: number): void {
    this.iterations += iterations;
  }

  /** Adds a constant of a thread; its name. */
  define(value: string, prefix = "v"): string {
    const name = this.name(prefix);
    this.lines.push(`let ${name} = ${value};`);
    return name;
  }

  /** Adds an array of so many `vec4<f32>` that the threads of a workgroup share; its name. */
  share(vectors: number): string {
    const name = this.name("shared");
    this.shared.push({ name, vectors });
    return name;
  }

  /** What is written after this call, instead of being added. */
  apart(write: () => void): string {
    const from = this.lines.length;
    write();
    return this.lines.splice(from).join("\n");
  }

  /**
   * The kernel, started for a number of threads, each of which has its `index`.
   *
   * @param waits whether threads of a workgroup wait for each other: then all of them run, those beyond the number too
   */
  launch(label: string, count: number, waits = false): Launch {
    checkCount(this.dialect, label, count);
    const across = Math.min(Math.ceil(count / threads), mostInRow);
    const down = Math.ceil(count / threads / across);
    const last = waits || across * down * threads === count ? "" : `if (index >= ${count}u) { return; }`;
    return this.finish(label, [across, down], threads, (row) => [`let index = (${row}) * ${threads}u + local;`, last]);
  }

  /** The kernel, started for a number of workgroups of so many threads, which wait for each other: `index` is the workgroup's. */
  launchGroups(label: string, count: number, threads: number): Launch {
    checkCount(this.dialect, label, count * threads);
    const across = Math.min(count, mostInRow);
    const down = Math.ceil(count / across);
    const last = across * down === count ? "" : `if (index >= ${count}u) { return; }`;
    return this.finish(label, [across, down], threads, (row) => [`let index = ${row};`, last]);
  }

  private finish(
    label: string,
    groups: readonly [number, number],
    threads: number,
    start: (group: string) => readonly string[],
  ): Launch {
    const pointers = this.pointers.map(({ steps }, i) => {
      const moved = steps.flatMap((step, level) => (step === 0 ? [] : [` + step${level} * ${step >>> 0}u`]));
      return `let p${i} = uniforms.p${i}${moved.join("")};`;
    });
    const row = groups[1] > 1 ? `group.y * ${groups[0]}u + group.x` : "group.x";
    const statements = [...start(row), ...pointers, ...this.lines];
    const { levels, isWide, shared, iterations } = this;
    const code = this.dialect.source({ threads, isWide, pointers: pointers.length, levels, shared, statements });
    return { label, code, pointers: this.pointers, groups, threads, levels, iterations };
  }
}
