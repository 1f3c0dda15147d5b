// What kind of error it is says its code: no program reads it off the message, which is for people and may change.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");
/** Checks of what messages say, and messages told to a reader in other words, which decide nothing. */
const allowed = [
  "packages/testkit/src/suite/checks.ts",
  "packages/backend-cuda/src/node/doctor.ts",
  "packages/layers-graph/src/data/graph.ts",
];

test("no source matches on the text of a message", () => {
  const sources = globSync(
    ["packages/*/src/**/*.ts", "apps/*/src/**/*.{ts,tsx}", "examples/**/*.ts", "benchmarks/**/*.ts"],
    {
      cwd: root,
      exclude: ["**/node_modules/**", "**/*.test.ts", "**/*.fixture.ts", "**/dist/**"],
    },
  );
  expect(sources.length).toBeGreaterThan(300);
  const matching =
    /\.message\s*\)?\s*\.(?:match|includes|startsWith|endsWith|search|replace|indexOf)\(|\.(?:test|exec)\([^()\n]*\.message\b/;
  const found = sources.filter((path) => {
    const code = readFileSync(join(root, path), "utf8").replace(/^\s*(?:\*|\/\/).*$/gm, "");
    return matching.test(code);
  });
  expect(found.filter((path) => !allowed.includes(path))).toEqual([]);
});
