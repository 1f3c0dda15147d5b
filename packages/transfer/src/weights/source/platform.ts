// What only Node has, asked for at run time: a page's bundler finds no import of Node's modules, and the page none of them.

/** Node's modules that this package uses; undefined in a browser. */
export function nodeModules() {
  // Not in every page's global scope.
  const process = globalThis.process as typeof globalThis.process | undefined;
  if (process?.getBuiltinModule === undefined) return undefined;
  return {
    fs: process.getBuiltinModule("node:fs/promises"),
    os: process.getBuiltinModule("node:os"),
    path: process.getBuiltinModule("node:path"),
    url: process.getBuiltinModule("node:url"),
  };
}

/** Node's modules. */
export type NodeModules = NonNullable<ReturnType<typeof nodeModules>>;
