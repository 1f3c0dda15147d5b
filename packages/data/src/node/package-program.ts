// The program that a package installs, as a file.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * The file of a program of a package, as the `bin` of its manifest names it.
 *
 * @param from the module that asks, `import.meta.url`: the package is found from there
 * @throws as Node does, if the package is not found there
 */
export function packageProgram(name: string, program: string, from: string): string {
  const require = createRequire(from);
  const manifest = require.resolve(`${name}/package.json`);
  return join(dirname(manifest), require(manifest).bin[program]);
}
