// The launchers of MPI that a machine has, and a program started by them.
import { execFile, execFileSync } from "node:child_process";
import { findLibraries } from "./library.ts";

/** A launcher and the library that belongs to it. */
export interface Launcher {
  readonly implementation: "Open MPI" | "MPICH";
  readonly command: string;
}

const names = { "Open MPI": ["mpirun.openmpi", "mpirun"], MPICH: ["mpirun.mpich", "mpirun"] } as const;
const signs = { "Open MPI": /Open MPI|OpenRTE/, MPICH: /HYDRA|MPICH/i } as const;

/** What there is of both, or why not. */
export const launchers: readonly (Launcher | { readonly implementation: string; readonly reason: string })[] = (
  ["Open MPI", "MPICH"] as const
).map((implementation) => {
  const command = names[implementation].find((name) => {
    try {
      return signs[implementation].test(execFileSync(name, ["--version"], { encoding: "utf8", stdio: "pipe" }));
    } catch {
      return false;
    }
  });
  const library = findLibraries({}).some((one) => one.implementation === implementation);
  return command !== undefined && library
    ? { implementation, command }
    : { implementation, reason: `no ${implementation} is installed` };
});

/** How a started program ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs `node file argument` as so many ranks, more than there are cores too. */
export function mpirun(
  { command, implementation }: Launcher,
  size: number,
  file: string,
  argument: unknown,
): Promise<Ended> {
  const openMpi = implementation === "Open MPI";
  const given = [
    ...(openMpi ? ["--oversubscribe"] : []),
    "-n",
    String(size),
    process.execPath,
    file,
    JSON.stringify(argument),
  ];
  // Containers and tests run as root, which Open MPI asks to be told.
  const root = { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1" };
  const env = { ...process.env, ...root, HOOKE_THREADS: "1" };
  return new Promise((resolve) => {
    const child = execFile(command, given, { env, timeout: 60_000 }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : Number(child.exitCode ?? 1), output, errors });
    });
  });
}
