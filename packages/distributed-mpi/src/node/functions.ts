// The functions of MPI that are needed, with one face for both binary interfaces. Everything is sent as bytes.
import { fail } from "@hooke/runtime";
import koffi from "koffi";
import type { Library } from "./library.ts";

/** Memory that both sides see; it stays where it is until the process ends. */
export interface Memory {
  readonly pointer: unknown;
  readonly bytes: Uint8Array;
}

/** Memory of so many bytes, zeros. */
export function allocate(length: number): Memory {
  const pointer = koffi.alloc("uint8_t", length);
  const bytes = new Uint8Array(koffi.view(pointer, length));
  bytes.fill(0);
  return { pointer, bytes };
}

/** A typed array, read or written before the function returns, or memory that stays. */
type Place = ArrayBufferView | Memory["pointer"];

/** MPI, begun, with its world of processes. Counts are bytes. Functions throw where MPI reports an error. */
export interface Mpi {
  readonly rank: number;
  readonly size: number;
  /** Part `r` of `from` goes to rank `r`, part `r` of `to` comes from it; so many bytes, and where each begins, the same in both. */
  alltoallv(from: Place, to: Place, counts: Int32Array, starts: Int32Array): void;
  /** What each rank gives, one after another. */
  allgather(from: Place, count: number, to: Place): void;
  /** Part `r` of `values` comes from rank `r`, this rank's own from nowhere. */
  allgatherInPlace(values: Place, count: number): void;
  /** {@link allgather} with counts, and where each begins. */
  allgatherv(from: Place, count: number, to: Place, counts: Int32Array, starts: Int32Array): void;
  /** Begins an {@link allgather} that goes on meanwhile. @returns asks whether it is done */
  beginAllgather(from: Memory, count: number, to: Memory): () => boolean;
  /** Ends all processes. */
  abort(code: number): void;
  /** Waits for all ranks, which have nothing more to say. */
  finalize(): void;
}

/** Values of `mpi.h` in what is built like MPICH. */
const mpich = { world: 0x44000000, byte: 0x4c00010d, ignored: 1, inPlace: -1 } as const;

/** One thread calls MPI. */
const funneled = 1;

/** Begins MPI in this process. */
export function beginMpi({ handle, implementation, version }: Library): Mpi {
  const pointers = implementation === "Open MPI";
  const opaque = pointers ? "void *" : "int";
  const [world, byte, ignored, inPlace] = pointers
    ? [handle.symbol("ompi_mpi_comm_world"), handle.symbol("ompi_mpi_byte"), null, 1]
    : [mpich.world, mpich.byte, mpich.ignored, mpich.inPlace];
  const bind = (name: string, ...parameters: string[]) => {
    const call = handle.func(name, "int", parameters);
    return (...given: unknown[]): void => {
      const code = call(...given) as number;
      if (code !== 0) fail("mpi", `${name} failed with code ${code} (${version}).`, "device-lost");
    };
  };
  const initialize = bind("MPI_Init_thread", "void *", "void *", "int", "void *");
  const sizeOf = bind("MPI_Comm_size", opaque, "void *");
  const rankOf = bind("MPI_Comm_rank", opaque, "void *");
  const parts = ["void *", "void *", "void *", opaque] as const;
  const alltoallv = bind("MPI_Alltoallv", ...parts, ...parts, opaque);
  const allgatherInPlace = bind("MPI_Allgather", "intptr_t", "int", opaque, "void *", "int", opaque, opaque);
  const allgather = bind("MPI_Allgather", "void *", "int", opaque, "void *", "int", opaque, opaque);
  const allgatherv = bind("MPI_Allgatherv", "void *", "int", opaque, "void *", "void *", "void *", opaque, opaque);
  const iallgather = bind("MPI_Iallgather", "void *", "int", opaque, "void *", "int", opaque, opaque, "void *");
  const test = bind("MPI_Test", "void *", "void *", pointers ? "void *" : "intptr_t");
  const abort = bind("MPI_Abort", opaque, "int");
  const finalize = bind("MPI_Finalize");

  const result = new Int32Array(1);
  initialize(null, null, funneled, result);
  const read = (call: (...given: unknown[]) => void): number => {
    call(world, result);
    return result[0]!;
  };
  const request = allocate(8);
  const flag = new Int32Array(1);
  return {
    rank: read(rankOf),
    size: read(sizeOf),
    alltoallv: (from, to, counts, starts) => alltoallv(from, counts, starts, byte, to, counts, starts, byte, world),
    allgatherInPlace: (values, count) => allgatherInPlace(inPlace, 0, byte, values, count, byte, world),
    allgather: (from, count, to) => allgather(from, count, byte, to, count, byte, world),
    allgatherv: (from, count, to, counts, starts) => allgatherv(from, count, byte, to, counts, starts, byte, world),
    beginAllgather(from, count, to) {
      iallgather(from.pointer, count, byte, to.pointer, count, byte, world, request.pointer);
      return () => {
        test(request.pointer, flag, ignored);
        return flag[0] !== 0;
      };
    },
    abort: (code) => abort(world, code),
    finalize: () => finalize(),
  };
}
