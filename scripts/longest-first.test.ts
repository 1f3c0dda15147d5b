// The files that begin first are there: one that is renamed must not lose its place.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { seconds } from "./longest-first.ts";

test.each(Object.keys(seconds))("%s is there", (name) => {
  expect(existsSync(join(import.meta.dirname, "..", name))).toBe(true);
});
