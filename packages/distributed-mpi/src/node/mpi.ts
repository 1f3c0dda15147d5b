// `mpi`: the ranks that this process is one of.

import type { Ranks } from "@hooke/core";
import { type RanksOptions, ranksOf } from "@hooke/core/ranks";
import { checkOptions, checks, fail, HookeError, type OptionTable } from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import { type Connection, communicatorOf, endedAlone } from "./communicator.ts";
import { beginMpi, type Mpi } from "./functions.ts";
import { launchOf } from "./launch.ts";
import { libraryFor } from "./library.ts";

/** Options of {@link mpi}. */
export type MpiOptions = Pick<RanksOptions, "statistics">;

const table: OptionTable<MpiOptions> = {
  optional: { statistics: (value) => checks.oneOf(value, ["reduced", "perRank"]) },
};

/** The world of this process, begun once. */
let world: { readonly communicator: Connection; readonly version: string } | undefined;

/**
 * The processes that `mpirun`, `mpiexec` or `srun` started with this one, for the option `ranks` of `fit` and `train`. Started by none
 * of them, or as the only one, the process is alone, and needs no MPI.
 *
 * It begins MPI in this process. When the process ends in order, it waits for the other ranks to end, too; when it ends in the midst of
 * a training, or with an error, it ends them.
 *
 * @throws with the code `unavailable` if processes were started together and their MPI is not found; `mismatch` if it counts other
 *   processes than their launcher; on unknown options
 * @example
 * ```ts
 * import { adam, dense, fit, mse } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { mpi } from "@hooke/distributed-mpi";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const ranks = await mpi();
 * const train = dataset({ inputs: array([[0], [1], [2], [3]]), targets: array([[1], [3], [5], [7]]) });
 * const { history } = await fit({ backend: referenceBackend(), model: dense({ units: 1 }), data: { train }, loss: mse(),
 *   optimizer: adam(), learningRate: 1e-2, epochs: 20, batchSize: 4, seed: 0, ranks });
 * if (ranks.rank === 0) console.log(history.length, ranks.size); // 20 1
 * ```
 */
export async function mpi(options: MpiOptions = {}): Promise<Ranks> {
  checkOptions<MpiOptions>("mpi", options, table);
  const launch = launchOf(process.env);
  if (launch === undefined || launch.size === 1) return ranksOf(alone, options);
  world ??= begin(launch);
  const { communicator, version } = world;
  const versions = { hooke: manifest.version, mpi: version, node: process.version, architecture: process.arch };
  return ranksOf(communicator, { ...options, versions });
}

const nothing = (): void => {};
const alone = {
  rank: 0,
  size: 1,
  gather: async (bytes: Uint8Array) => [bytes],
  sum: async () => {},
  open: nothing,
  close: nothing,
};

function begin(launch: NonNullable<ReturnType<typeof launchOf>>): NonNullable<typeof world> {
  const library = libraryFor(launch, process.env);
  const own = beginMpi(library);
  const { size, variable } = launch;
  if (own.size !== size) {
    fail(
      "mpi",
      `${library.version} (${library.path}) counts ${own.size} processes, ${variable} says ${size}: it is not the launcher's. ` +
        "Start with the mpirun that belongs to this library, or give the path of the other one as HOOKE_MPI.",
      "mismatch",
    );
  }
  let trainings = 0;
  // Node would print it after the exit, which ends this process.
  process.on("uncaughtExceptionMonitor", (error) => {
    const said = error instanceof HookeError ? error.message : (error.stack ?? String(error));
    console.error(`mpi: rank ${own.rank} of ${own.size}: ${said}`);
  });
  const communicator = communicatorOf(own, {
    open: () => {
      trainings++;
    },
    close: () => {
      trainings--;
    },
  });
  process.once("exit", (code) => leave(own, communicator, code, trainings > 0));
  return { communicator, version: library.version };
}

/** The end of this process, and of the others where they would wait for it. */
function leave(own: Mpi, communicator: Connection, code: number, training: boolean): void {
  const whole = code === 0 && !training;
  if (whole && communicator.end()) {
    own.finalize();
    return;
  }
  if (training) {
    const resumed = "Resume from the last checkpoint, with as many ranks or others.";
    console.error(
      `mpi: rank ${own.rank} of ${own.size} ended in the midst of a training, which ends on all. ${resumed}`,
    );
  } else if (whole) console.error(`mpi: ${endedAlone(own.rank, own.size)}`);
  own.abort(code === 0 ? 1 : code);
}
