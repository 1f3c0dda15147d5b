/**
 * One training by several processes. `mpi` of @hooke/distributed-mpi connects them; here is what they share, for whatever else
 * may.
 *
 * @packageDocumentation
 */

export type { Communicator } from "./communicator.ts";
export { type RanksOptions, ranksOf } from "./share.ts";
export { spanOf } from "./span.ts";
