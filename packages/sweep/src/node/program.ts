// A sweep from the file of a program.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { displayPath, fileSystemError, pathCheck } from "@hooke/data/node";
import { checkArgument, fail, HookeError, show } from "@hooke/runtime";
import { type Sweep, sweepCheck } from "./sweep.ts";

/**
 * Runs a module and returns its default export.
 *
 * @param who the speaker of errors
 * @throws if it is no file, does not load, or its default export is no sweep
 */
export async function programSweep(who: string, path: string): Promise<Sweep> {
  checkArgument(who, "the program", path, pathCheck);
  await stat(path).catch((error: unknown) => {
    throw fileSystemError(who, "read", path, error);
  });
  const loaded = import(pathToFileURL(resolve(path)).href).catch((error: unknown) => {
    if (error instanceof HookeError) throw error;
    const said = error instanceof Error ? error.stack : show(error);
    throw new HookeError(`${who}: ${displayPath(path)} does not load: ${said}`, { cause: error });
  });
  const { default: sweep } = (await loaded) as { readonly default?: unknown };
  const wrong = sweepCheck(sweep);
  if (wrong !== undefined)
    fail(
      who,
      `the default export of ${displayPath(path)} is no sweep; expected ${wrong}: export default defineSweep({ ... }).`,
    );
  return sweep as Sweep;
}
