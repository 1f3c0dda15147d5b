// No kind of figures can be forgotten: the README names each, and the index exports its type.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { kinds } from "./kinds.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");
const names = Object.keys(kinds);

it("the README lists every kind, with an example", () => {
  const readme = read("../README.md");
  const rows = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!);
  expect(rows.sort()).toEqual([...names].sort());
  expect(names.filter((name) => !readme.includes(`kind: "${name}"`))).toEqual([]);
});

it("the index exports what the figures of every kind hold", () => {
  const held = [...read("kinds.ts").matchAll(/^ {2}readonly (\w+): (\w+);/gm)].map(([, name, type]) => [name!, type!]);
  expect(held.map(([name]) => name)).toEqual(names);
  const exported = [...read("index.ts").matchAll(/^export type \{([^}]*)\} from "\.\/figures\//gm)]
    .flatMap(([, list]) => list!.split(","))
    .map((name) => name.trim());
  expect(held.map(([, type]) => type).filter((type) => !exported.includes(type!))).toEqual([]);
});
