// Which MPI is looked for, and what is said where it is not found.
import { describe, expect, test, vi } from "vitest";
import { findMpi } from "./find.ts";
import { launchOf } from "./launch.ts";
import { findLibraries, libraryFor } from "./library.ts";
import { mpi } from "./mpi.ts";

test.each<[string, Record<string, string>, ReturnType<typeof launchOf>]>([
  ["nobody", {}, undefined],
  [
    "mpirun of Open MPI",
    { OMPI_COMM_WORLD_SIZE: "4" },
    { size: 4, implementation: "Open MPI", variable: "OMPI_COMM_WORLD_SIZE" },
  ],
  ["mpiexec of MPICH", { PMI_SIZE: "2", PMI_RANK: "0" }, { size: 2, implementation: "MPICH", variable: "PMI_SIZE" }],
  ["srun", { SLURM_STEP_NUM_TASKS: "3" }, { size: 3, implementation: undefined, variable: "SLURM_STEP_NUM_TASKS" }],
  ["a batch script of Slurm", { SLURM_NTASKS: "3" }, undefined],
])("started by %s", (_, environment, launch) => {
  expect(launchOf(environment)).toEqual(launch);
});

test("a process that was started alone needs no MPI", async () => {
  vi.stubEnv("SLURM_STEP_NUM_TASKS", "1");
  vi.stubEnv("HOOKE_MPI", "/nowhere/libmpi.so");
  try {
    expect(await mpi()).toMatchObject({ rank: 0, size: 1 });
  } finally {
    vi.unstubAllEnvs();
  }
});

describe("libraries", () => {
  test("one that is named and is not there", () => {
    expect(() => findLibraries({ HOOKE_MPI: "/nowhere/libmpi.so" })).toThrow(
      "mpi: HOOKE_MPI is /nowhere/libmpi.so, which cannot be opened. Install Open MPI or MPICH (Debian:",
    );
  });

  test("one that is no MPI", () => {
    const libc = process.platform === "darwin" ? "/usr/lib/libSystem.B.dylib" : "libc.so.6";
    expect(() => findLibraries({ HOOKE_MPI: libc })).toThrow(
      `mpi: ${libc} has no MPI_Get_library_version; give the library of an MPI`,
    );
  });

  test("what is found has a version", () => {
    for (const { version, path } of findMpi().libraries) {
      expect(version).toMatch(/^(Open MPI v|MPICH Version: )\d+\.\d+/);
      expect(path).not.toBe("");
    }
  });

  const [found] = findLibraries({});
  test.skipIf(found === undefined)(
    `the launcher's is taken, and no other${found ? "" : ": skipped, no MPI is installed"}`,
    () => {
      const { implementation, path } = found!;
      const launch = { size: 2, variable: "X", implementation };
      expect(libraryFor(launch, { HOOKE_MPI: path }).path).toBe(path);
      const other = implementation === "MPICH" ? "Open MPI" : "MPICH";
      expect(() => libraryFor({ ...launch, implementation: other }, { HOOKE_MPI: path })).toThrow(
        `mpi: 2 processes were started by ${other} (X), and only ${found!.version} is found. Install`,
      );
    },
  );
});
