// What started this process: mpirun, srun, or nobody who starts several.

/** What a launcher says in the environment of each process it starts. */
export interface Launch {
  /** How many processes it started. */
  readonly size: number;
  /** Whose library it belongs to; undefined where it serves any. */
  readonly implementation: "Open MPI" | "MPICH" | undefined;
  /** The variable that says so. */
  readonly variable: string;
}

const launchers = [
  ["OMPI_COMM_WORLD_SIZE", "Open MPI"],
  // Hydra, which MPICH, Intel MPI and MVAPICH share.
  ["PMI_SIZE", "MPICH"],
  // srun, in each of its tasks.
  ["SLURM_STEP_NUM_TASKS", undefined],
] as const;

/** The launcher of this process, as its environment tells; undefined where none started it, or srun in a batch script. */
export function launchOf(environment: Readonly<Record<string, string | undefined>>): Launch | undefined {
  for (const [variable, implementation] of launchers) {
    const size = Number(environment[variable]);
    if (Number.isInteger(size) && size > 0) return { size, implementation, variable };
  }
  return undefined;
}
