// Functions of this package's trees on host arrays, prepared once for each combination of shapes.
import { type Backend, compile, type HostArray, type Tree } from "@hooke/runtime";

/** What {@link compiled} returns: it takes and returns trees of host arrays. */
export interface CompiledTrees {
  (...args: readonly unknown[]): Promise<Readonly<Record<string, HostArray>>>;
  free(): void;
}

/** `compile` of the runtime, whose types do not follow trees of any structure. */
export function compiled(backend: Backend, fn: (...args: never[]) => unknown): CompiledTrees {
  return compile(backend, fn as () => unknown) as unknown as CompiledTrees;
}

/** {@link compiled}, called once. */
export async function once(
  backend: Backend,
  fn: (...args: never[]) => unknown,
  ...args: readonly unknown[]
): Promise<Readonly<Record<string, Tree<HostArray>>>> {
  const call = compiled(backend, fn);
  try {
    return await call(...args);
  } finally {
    call.free();
  }
}
