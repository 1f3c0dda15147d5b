// Commands named in documentation: `npm run docs`, `node examples/norms/main.ts` must be there; versions of Node agree.
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const find = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: ["**/node_modules/**", "**/dist/**", ".cache/**", "runs/**"] }).sort();
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };

/** Commands of npm that are no scripts of ours. */
const builtIn = ["install", "i", "ci", "init", "create", "pack", "publish", "view", "exec"];

/** What `npm` and `pnpm` are asked to run: anything after "run", and what begins a code span. */
function named(text: string): { readonly tool: string; readonly script: string }[] {
  const commands = text.matchAll(/\b(npm|pnpm) (run) ([a-z][\w:-]*)|(?<=`)(npm|pnpm) ([a-z][\w:-]*)/g);
  return [...commands]
    .map(([, tool, run, script, bare, command]) =>
      run ? { tool: `${tool} run`, script } : { tool: bare, script: command },
    )
    .filter(({ tool, script }) => !(tool !== "npm run" && script === "run"))
    .map(({ tool, script }) => ({ tool: tool!, script: script! }));
}

const documents = [...find("**/*.md").filter((path) => !path.startsWith(".changeset")), ...find("examples/**/*.ts")];

describe("commands in documentation", () => {
  const uses = documents.flatMap((path) => named(read(path)).map((use) => ({ path, ...use })));

  test("there are some", () => expect(uses.length).toBeGreaterThan(5));

  test.each(uses)("$path: $tool $script", ({ tool, script }) => {
    if (tool === "npm" && ["start", "test", ...builtIn].includes(script)) return;
    if (tool === "pnpm" && builtIn.includes(script)) return;
    expect(tool, "write `npm run script`: the pinned pnpm need not be installed, and has commands of its own").toBe(
      "npm run",
    );
    expect(Object.keys(scripts)).toContain(script);
  });

  const programs = documents.flatMap((path) =>
    [...read(path).matchAll(/\bnode ((?:examples|benchmarks|scripts|packages)\/[\w./-]+\.(?:ts|mjs|js))/g)].map(
      ([, program]) => ({ path, program: program! }),
    ),
  );
  test.each(programs)("$path: node $program", ({ program }) => expect(existsSync(join(root, program))).toBe(true));
});

test("every package, the workspace and the documents ask for the same Node", () => {
  const manifests = ["package.json", ...find("packages/*/package.json")];
  const engines = manifests.map((path) => JSON.parse(read(path)).engines?.node);
  expect([...new Set(engines)]).toEqual([">=22"]);
  for (const path of documents.filter((document) => !document.startsWith("docs/decisions"))) {
    for (const [, version] of read(path).matchAll(/Node (\d+) (?:or|and) newer/g)) expect(version, path).toBe("22");
  }
});
