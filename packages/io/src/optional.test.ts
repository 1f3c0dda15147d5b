// Libraries that are not installed are named with the cure, and what sources ask for is what package.json declares.
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { missing } from "./optional.ts";

test("a library that is not installed is named, with its versions and the command", async () => {
  const name: string = "hooke-has-no-such-package";
  await expect(import(name).catch(missing("decodeX", name, "^1.2.3"))).rejects.toMatchObject({
    name: "HookeError",
    code: "unavailable",
    message: expect.stringMatching(
      /^decodeX: needs the package hooke-has-no-such-package, version \^1\.2\.3, .* npm install hooke-has-no-such-package@\^1\.2\.3$/s,
    ),
  });
});

test("libraries are optional peers of the versions that messages name", () => {
  const { peerDependencies, peerDependenciesMeta = {} } = manifest as {
    peerDependencies: Record<string, string>;
    peerDependenciesMeta?: Record<string, { optional: boolean }>;
  };
  const used: Record<string, string> = {};
  for (const path of globSync(`${import.meta.dirname}/**/*.ts`, { exclude: ["**/*.test.ts", "**/optional.ts"] })) {
    const text = readFileSync(path, "utf8");
    for (const [, library, range] of text.matchAll(/\.catch\(\s*missing\(\s*[^,]+,\s*"([^"]+)",\s*"([^"]+)",?\s*\)/g)) {
      used[library!] = range!;
    }
  }
  const libraries = Object.entries(peerDependencies).filter(([name]) => !name.startsWith("@hooke/"));
  expect(used).toEqual(Object.fromEntries(libraries));
  expect(Object.keys(peerDependenciesMeta).sort()).toEqual(Object.keys(used).sort());
});
