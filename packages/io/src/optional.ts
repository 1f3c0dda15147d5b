// Libraries that only some formats need: users install those they use, and are told which one is missing.
import { HookeError } from "@hooke/runtime";

/**
 * What to do where a library cannot be imported: behind the `import()` itself, as in `import("h5wasm").catch(missing(...))`, so that bundlers
 * see its name and do without it where it is not installed.
 *
 * @param who the speaking part: a function
 * @param library its name in npm
 * @param range the versions that package.json declares as a peer
 * @throws naming the library, the versions and the command that installs it (`"unavailable"`)
 */
export function missing(who: string, library: string, range: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HookeError(
      `${who}: needs the package ${library}, version ${range}, which cannot be imported (${reason}). ` +
        `Install it: npm install ${library}@${range}`,
      { code: "unavailable", cause },
    );
  };
}
