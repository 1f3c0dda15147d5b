/**
 * One training on many processes, through the system's MPI. For Node.
 *
 * @packageDocumentation
 */
export { findMpi, type MpiFound } from "./find.ts";
export { type MpiOptions, mpi } from "./mpi.ts";
