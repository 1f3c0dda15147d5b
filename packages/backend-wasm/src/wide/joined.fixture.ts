// What V8 joins, as it says itself while it compiles the programs of another process.
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { cannotJoin, factsOf } from "../engine/join.ts";

/** Empty, or why vectors cannot be joined here, for the titles of tests. */
export const skipped = ((): string => {
  const reason = cannotJoin(factsOf(process));
  return reason === undefined ? "" : ` (skipped: ${reason})`;
})();

/** Has this process run optimized code alone, which is what V8 joins vectors in: before it compiles anything. */
export const optimizedAlone = (): void => setFlagsFromString("--no-liftoff");

/** What V8 made of pairs in each function that it compiled, by the function's number within its module: none where it joined nothing. */
export interface Joined {
  readonly index: number;
  /** As V8 13.6 prints them, `[F32x4Neg](#16, #17)`; 14.6 writes a family before the bracket. */
  readonly nodes: readonly string[];
}

/** Runs a program in optimized code alone. @returns lines that it wrote as errors, as V8 writes to standard output, and what was joined */
export function joinedBy(
  file: string,
  args: readonly string[],
  { flags = [], env = {} }: { readonly flags?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): { output: readonly string[]; joined: readonly Joined[] } {
  const command = ["--no-liftoff", "--trace-wasm-revectorize", ...flags, file, ...args];
  // To a file: of a pipe that Node does not wait for, V8 would leave out what it is too slow for.
  const folder = mkdtempSync(join(tmpdir(), "hooke-joined-"));
  const path = join(folder, "trace");
  const trace = openSync(path, "w");
  const { stderr, status } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    stdio: ["ignore", trace, "pipe"],
    env: { ...process.env, ...env },
  });
  closeSync(trace);
  const stdout = readFileSync(path, "utf8");
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  const joined: Joined[] = [];
  let nodes: string[] = [];
  let decided = false;
  for (const line of stdout.split("\n")) {
    const begun = /^Begin revec function .*?(\d+)$/.exec(line);
    const node = /^Revec: Print \d+: (.*\(#.*)$/.exec(line);
    if (begun) {
      nodes = [];
      joined.push({ index: Number(begun[1]), nodes });
    } else if (/: Decided? to vectorize, /.test(line)) decided = line.includes("revectorizable nodes");
    else if (node) {
      if (decided) nodes.push(node[1]!);
    } else decided = false;
  }
  return { output: stderr.trim().split("\n"), joined };
}
