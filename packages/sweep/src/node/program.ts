// A sweep from the file of a program.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { displayPath, fileSystemError, pathCheck } from "@hooke/data/node";
import { checkArgument, fail } from "@hooke/runtime";
import { type Sweep, sweepCheck } from "./sweep.ts";

/**
 * Runs a module and returns its default export.
 *
 * @param who the speaker of errors
 * @throws if it is no file, or its default export no sweep
 */
export async function programSweep(who: string, path: string): Promise<Sweep> {
  checkArgument(who, "the program", path, pathCheck);
  await stat(path).catch((error: unknown) => {
    throw fileSystemError(who, "read", path, error);
  });
  const { default: sweep } = (await import(pathToFileURL(resolve(path)).href)) as { readonly default?: unknown };
  const wrong = sweepCheck(sweep);
  if (wrong !== undefined)
    fail(
      who,
      `the default export of ${displayPath(path)} is no sweep; expected ${wrong}: export default defineSweep({ ... }).`,
    );
  return sweep as Sweep;
}
