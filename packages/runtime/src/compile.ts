// Running functions: record, optimize, prepare, and go from host arrays to host arrays.
import { describe, type HostArray, isHostArray } from "./array.ts";
import type { Backend } from "./backend.ts";
import { checkHostArray } from "./check-array.ts";
import { fail } from "./error.ts";
import { array } from "./make-array.ts";
import { checkOptions, type OptionTable } from "./options/check-options.ts";
import { count } from "./options/checks.ts";
import { checkStarted, Preparation } from "./preparation.ts";
import { checkFunction } from "./record.ts";
import type { Tensor } from "./tensor.ts";
import { type Tree, treeMap, treeSignature } from "./tree.ts";

/**
 * What a compiled function takes for an argument of tensors: host arrays or (nested) numbers in their place. A tree that may
 * have any structure, such as a model's variables, stays one.
 */
export type HostInput<T> = unknown extends T
  ? T
  : [Tree<Tensor>] extends [T]
    ? Tree<HostArray | number>
    : T extends Tensor
      ? HostArray | number
      : T extends readonly unknown[]
        ? { readonly [K in keyof T]: HostInput<T[K]> }
        : T extends object
          ? { readonly [K in keyof T]: HostInput<T[K]> }
          : T;

/** What a compiled function yields for a result of tensors: host arrays in their place, as in {@link HostInput}. */
export type HostOutput<T> = unknown extends T
  ? T
  : [Tree<Tensor>] extends [T]
    ? Tree<HostArray>
    : T extends Tensor | number
      ? HostArray
      : T extends readonly unknown[]
        ? { readonly [K in keyof T]: HostOutput<T[K]> }
        : T extends object
          ? { readonly [K in keyof T]: HostOutput<T[K]> }
          : T;

/** A function on host arrays, prepared once per combination of argument shapes. */
export interface Compiled<A extends readonly unknown[], R> {
  /** Takes the arguments as they are when it is called; what is done to them afterwards changes nothing. */
  (...args: { readonly [K in keyof A]: HostInput<A[K]> }): Promise<HostOutput<R>>;
  /** Releases every program once the calls that were made have ended. Calling it afterwards is an error. @throws the second time */
  free(): void;
}

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * How many programs to keep; beyond that the one that was not used for longest is freed, and prepared again when it is wanted.
   * Default 128.
   */
  readonly programs?: number;
}

const compileOptions: OptionTable<CompileOptions> = { optional: { programs: count } };

/**
 * Makes a function of tensors callable on host arrays. It is recorded and prepared at the first call with each structure of
 * arguments (names, lists and empty ones included) and each combination of shapes and dtypes, and replayed from then on.
 * Arrays that `fn` uses from outside are taken as they are when it is recorded.
 *
 * @param backend what runs it
 * @param fn a function of trees of tensors
 * @throws what recording throws; and where the backend lacks a dtype
 * @example
 * ```ts
 * import { add, array, compile, referenceBackend, type Tensor } from "@hooke/runtime";
 *
 * const increment = compile(referenceBackend(), (x: Tensor) => add(x, 1));
 * console.log((await increment(array([1, 2]))).data); // Float32Array(2) [ 2, 3 ]
 * increment.free();
 * ```
 */
export function compile<A extends readonly unknown[], R>(
  backend: Backend,
  fn: (...args: A) => R,
  options: CompileOptions = {},
): Compiled<A, R> {
  checkStarted("compile", backend);
  checkFunction("compile", fn);
  checkOptions("compile", options, compileOptions);
  const { programs = 128 } = options;
  // In the order of their last use.
  const cache = new Map<string, Preparation>();
  let freed = false;
  const preparationFor = (args: readonly Tree<HostArray>[]): Preparation => {
    const key = treeSignature(args, describe);
    const preparation =
      cache.get(key) ??
      new Preparation("compile", backend, fn, args, (failed) => cache.get(key) === failed && cache.delete(key));
    cache.delete(key);
    cache.set(key, preparation);
    if (cache.size > programs) {
      const [oldest, unused] = cache.entries().next().value!;
      cache.delete(oldest);
      unused.free();
    }
    return preparation;
  };
  const call = async (...args: { readonly [K in keyof A]: HostInput<A[K]> }): Promise<HostOutput<R>> => {
    if (freed) fail("compile", "the compiled function was freed; compile it again to call it.", "freed");
    const arrays = args.map((arg) => treeMap(arg, toArray("compile"))) as Tree<HostArray>[];
    return (await preparationFor(arrays).run(arrays)) as HostOutput<R>;
  };
  const free = (): void => {
    if (freed) fail("compile", "the compiled function was freed already.", "freed");
    freed = true;
    for (const preparation of cache.values()) preparation.free();
    cache.clear();
  };
  return Object.assign(call, { free });
}

/** {@link compile} and call once: records and runs `fn` on these arguments. */
export async function run<A extends readonly unknown[], R>(
  backend: Backend,
  fn: (...args: A) => R,
  ...args: { readonly [K in keyof A]: HostInput<A[K]> }
): Promise<HostOutput<R>> {
  checkStarted("run", backend);
  const arrays = args.map((arg) => treeMap(arg, toArray("run"))) as Tree<HostArray>[];
  const preparation = new Preparation("run", backend, fn, arrays);
  try {
    return (await preparation.run(arrays)) as HostOutput<R>;
  } finally {
    preparation.free();
  }
}

const toArray =
  (who: string) =>
  (leaf: unknown, path: string): HostArray => {
    if (typeof leaf === "number") return array(leaf);
    if (!isHostArray(leaf)) {
      const received = `${leaf === null ? "null" : typeof leaf}${path && ` at "${path}"`}`;
      fail(who, `received ${received}; arguments are trees of host arrays and numbers. Use array(values).`);
    }
    checkHostArray(path === "" ? who : `${who}: "${path}"`, leaf);
    return leaf;
  };
