// Whether the libraries of CUDA and cuDNN that a TensorFlow was built for are here, and whose they are.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Run } from "./run.ts";
import { nvidiaLibraries, type TensorFlow } from "./tensorflow.ts";

/** Where the dynamic linker finds a library. */
export interface Linker {
  readonly run: Run;
  /** The folders of the variable LD_LIBRARY_PATH. */
  readonly folders: readonly string[];
}

/** Whose a library is, in words; undefined where there is none. */
export async function ownerOf(
  { run, folders }: Linker,
  { folder, kind }: Pick<TensorFlow, "folder" | "kind">,
  library: string,
): Promise<string | undefined> {
  const beside = kind === "pip" ? nvidiaLibraries(dirname(folder)) : [];
  if (beside.some((path) => basename(path) === library)) return "pip";
  const named = folders.find((place) => existsSync(join(place, library)));
  if (named !== undefined) return named;
  const { stdout } = await run("ldconfig", ["-p"]);
  return stdout.includes(library) ? "the system" : undefined;
}
