// Running functions: record, optimize, prepare, and go from host arrays to host arrays.
import { describe, type HostArray, isHostArray } from "./array.ts";
import type { Backend, Executable } from "./backend.ts";
import { fail } from "./error.ts";
import { array, type Nested } from "./make-array.ts";
import { optimize } from "./passes/optimize.ts";
import type { Aval, Program } from "./program.ts";
import { type Recording, record } from "./record.ts";
import type { Tensor } from "./tensor.ts";
import { type Tree, treeLeaves, treeMap, treeUnflatten } from "./tree.ts";

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
export type Compiled<A extends readonly unknown[], R> = (
  ...args: { readonly [K in keyof A]: HostInput<A[K]> }
) => Promise<HostOutput<R>>;

interface Prepared {
  readonly recording: Recording;
  readonly executable: Executable;
}

/** Fails by name where a program needs a dtype that the backend lacks. */
export function checkDTypes(backend: Backend, program: Program): void {
  const check = (aval: Aval): void => {
    if (!backend.dtypes.includes(aval.dtype)) {
      fail(
        `backend ${backend.name}`,
        `does not run ${aval.dtype} (${describe(aval)}); it runs ${backend.dtypes.join(", ")}.`,
      );
    }
  };
  program.inputs.forEach(check);
  for (const node of program.nodes) {
    node.outputs.forEach(check);
    if (node.primitive === "scan") checkDTypes(backend, node.params.body);
  }
}

/** Fails where somebody hands in the name of a backend instead of the backend. */
function checkStarted(backend: Backend): void {
  if (typeof backend?.prepare === "function") return;
  const received = typeof backend === "string" ? `the name "${backend}"` : `${typeof backend}`;
  fail(
    "backend",
    `received ${received}; expected a backend that has started, such as wasmBackend() or ` +
      'the backend of await createRuntime({ plugins, backend: "auto" }).',
  );
}

/**
 * Makes a function of tensors callable on host arrays. It is recorded and prepared at the first call with each combination
 * of argument shapes, and replayed from then on.
 *
 * @param backend what runs it
 * @param fn a function of trees of tensors
 * @throws what recording throws; and where the backend lacks a dtype
 */
export function compile<A extends readonly unknown[], R>(backend: Backend, fn: (...args: A) => R): Compiled<A, R> {
  const cache = new Map<string, Promise<Prepared>>();
  return async (...args) => {
    const arrays = args.map((arg) => treeMap(arg, toArray)) as Tree<HostArray>[];
    const key = treeLeaves<HostArray>(arrays)
      .map(({ path, value }) => `${path} ${describe(value)}`)
      .join();
    let pending = cache.get(key);
    if (pending === undefined) {
      pending = prepare(backend, fn, arrays);
      cache.set(key, pending);
      pending.catch(() => cache.delete(key));
    }
    return (await execute(backend, await pending, arrays)) as HostOutput<R>;
  };
}

/** {@link compile} and call once: records and runs `fn` on these arguments. */
export async function run<A extends readonly unknown[], R>(
  backend: Backend,
  fn: (...args: A) => R,
  ...args: { readonly [K in keyof A]: HostInput<A[K]> }
): Promise<HostOutput<R>> {
  const arrays = args.map((arg) => treeMap(arg, toArray)) as Tree<HostArray>[];
  const prepared = await prepare(backend, fn, arrays);
  try {
    return (await execute(backend, prepared, arrays)) as HostOutput<R>;
  } finally {
    prepared.executable.free();
  }
}

async function prepare(backend: Backend, fn: unknown, args: readonly Tree<HostArray>[]): Promise<Prepared> {
  checkStarted(backend);
  const recording = record(fn as (...inner: never[]) => unknown, ...(args as never[]));
  checkDTypes(backend, recording.program);
  return { recording, executable: await backend.prepare(optimize(recording.program)) };
}

async function execute(
  backend: Backend,
  { recording, executable }: Prepared,
  args: readonly Tree<HostArray>[],
): Promise<unknown> {
  const buffers = treeLeaves<HostArray>(args).map(({ value }) => backend.upload(value));
  try {
    const outputs = executable.run(buffers);
    buffers.push(...outputs);
    const results = await Promise.all(outputs.map((output) => backend.read(output)));
    return treeUnflatten(recording.result, results);
  } finally {
    for (const buffer of buffers) backend.free(buffer);
  }
}

function toArray(leaf: unknown, path: string): HostArray {
  if (isHostArray(leaf)) return leaf;
  if (typeof leaf === "number") return array(leaf as Nested);
  return fail(
    "run",
    `received ${leaf === null ? "null" : typeof leaf}${path && ` at "${path}"`}; arguments are trees of host arrays and numbers. Use array(values).`,
  );
}
