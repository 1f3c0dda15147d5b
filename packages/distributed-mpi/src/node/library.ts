// The machine's MPI: its shared library found and opened, and which of the two binary interfaces it has.
import { fail, HookeError } from "@hooke/runtime";
import koffi, { type LibraryHandle } from "koffi";
import type { Launch } from "./launch.ts";

/** An MPI library that is open. */
export interface Library {
  /** As it was found: a name for the system's loader, or a path. */
  readonly path: string;
  /** What it calls itself, such as `"Open MPI v4.1.4"`. */
  readonly version: string;
  /** Handles of communicators, types and requests are pointers in Open MPI, numbers in MPICH and what is built like it. */
  readonly implementation: "Open MPI" | "MPICH";
  readonly handle: LibraryHandle;
}

/** Names that the system's loader knows, and where Fedora and Homebrew keep them. */
const names = {
  "Open MPI": [
    "libmpi.so.40",
    "/usr/lib64/openmpi/lib/libmpi.so.40",
    "libmpi.40.dylib",
    "/opt/homebrew/opt/open-mpi/lib/libmpi.dylib",
  ],
  MPICH: [
    "libmpich.so.12",
    "libmpi.so.12",
    "/usr/lib64/mpich/lib/libmpi.so.12",
    "libmpi.12.dylib",
    "/opt/homebrew/opt/mpich/lib/libmpi.dylib",
  ],
} as const;

/** What to do where there is none. */
export const installCure =
  "Install Open MPI or MPICH (Debian: apt-get install openmpi-bin or mpich; on clusters: module load openmpi), or give the path " +
  "of its library as HOOKE_MPI.";

/** The library at a path; undefined where there is none that can be opened. @throws if it is no MPI that is known */
function openLibrary(path: string): Library | undefined {
  let handle: LibraryHandle;
  try {
    // Open MPI loads parts of itself later, which look for the functions of the whole.
    handle = koffi.load(path, { global: true });
  } catch {
    return undefined;
  }
  const version = versionOf(handle);
  if (version === undefined)
    return fail("mpi", `${path} has no MPI_Get_library_version; give the library of an MPI 3 or newer.`, "unsupported");
  if (/^Open MPI/.test(version)) return { path, version, implementation: "Open MPI", handle };
  if (/MPICH|Intel\(R\) MPI|MVAPICH/.test(version)) return { path, version, implementation: "MPICH", handle };
  return fail(
    "mpi",
    `${path} calls itself "${version}"; Open MPI, MPICH, Intel MPI and MVAPICH are known. ${installCure}`,
    "unsupported",
  );
}

function versionOf(handle: LibraryHandle): string | undefined {
  const length = new Int32Array(1);
  const text = new Uint8Array(8192);
  try {
    handle.func("MPI_Get_library_version", "int", ["void *", "void *"])(text, length);
  } catch {
    return undefined;
  }
  const [first = ""] = new TextDecoder().decode(text.subarray(0, length[0])).split("\n");
  // Open MPI goes on with how it was built, MPICH with tabs.
  return first.split(",")[0]!.replace(/\s+/g, " ").replace(/\0/g, "").trim();
}

/** All that are here, by the names they are looked for under; `HOOKE_MPI` alone where it is given. */
export function findLibraries(
  environment: Readonly<Record<string, string | undefined>>,
  first?: Launch["implementation"],
): Library[] {
  const { HOOKE_MPI: given } = environment;
  if (given) {
    const library = openLibrary(given);
    return library === undefined
      ? fail("mpi", `HOOKE_MPI is ${given}, which cannot be opened. ${installCure}`, "unavailable")
      : [library];
  }
  const order = first === "MPICH" ? (["MPICH", "Open MPI"] as const) : (["Open MPI", "MPICH"] as const);
  return order.flatMap((implementation) => {
    for (const name of names[implementation]) {
      const library = openLibrary(name);
      if (library?.implementation === implementation) return [library];
    }
    return [];
  });
}

/** The library that belongs to a launcher. @throws if it is not here */
export function libraryFor(
  { implementation, variable, size }: Launch,
  environment: Readonly<Record<string, string | undefined>>,
): Library {
  const found = findLibraries(environment, implementation);
  const fitting = found.find((library) => implementation === undefined || library.implementation === implementation);
  if (fitting !== undefined) return fitting;
  const there =
    found.length === 0
      ? "no MPI library is found"
      : `only ${found.map(({ version }) => version).join(" and ")} is found`;
  throw new HookeError(
    `mpi: ${size} processes were started by ${implementation ?? "srun"} (${variable}), and ${there}. ${installCure}`,
    { code: "unavailable" },
  );
}
