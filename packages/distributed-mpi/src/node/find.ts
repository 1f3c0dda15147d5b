// Which MPI a machine has, for reports of what can be used.
import { findLibraries, installCure } from "./library.ts";

/** What {@link findMpi} found. */
export interface MpiFound {
  /** What each library calls itself, such as `"Open MPI v4.1.4"`, and where it was found. Empty where there is none. */
  readonly libraries: readonly { readonly version: string; readonly path: string }[];
  /** What to do where there is none. */
  readonly cure?: string;
}

/**
 * The MPI libraries of this machine that `mpi` can use. None is begun.
 *
 * @throws if `HOOKE_MPI` names a library that cannot be used
 */
export function findMpi(): MpiFound {
  const libraries = findLibraries(process.env).map(({ version, path }) => ({ version, path }));
  return { libraries, ...(libraries.length === 0 && { cure: installCure }) };
}
