// Links to exports of packages: `api:core/fit`, or `api:core/checkpoint/encodeModel` of an entry point of its own.

import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./pages.ts";

/** What such a link names. */
export interface Symbol {
  /** Folder of the package. */
  readonly name: string;
  /** How its entry point is imported, such as `@hooke/core/checkpoint`. */
  readonly module: string;
  /** Undefined where the link is to the entry point itself. */
  readonly symbol: string | undefined;
}

/** @throws where the link is not of that form, or the package has no such entry point */
export function symbolOf(link: string): Symbol {
  const parts = /^api:([\w/-]+)$/.exec(link)?.[1]?.split("/") ?? [];
  const name = parts[0];
  if (name === undefined) throw new Error(`${link}: write api:PACKAGE/EXPORT, such as api:core/fit`);
  const entries = entriesOf(name);
  const entry = entries.find((path) => path !== "" && `/${parts.slice(1).join("/")}/`.startsWith(`/${path}/`)) ?? "";
  const rest = parts.slice(1 + (entry === "" ? 0 : entry.split("/").length));
  if (rest.length > 1) throw new Error(`${link}: @hooke/${name} has no entry point "${rest[0]}"`);
  return { name, module: `@hooke/${name}${entry && `/${entry}`}`, symbol: rest[0] };
}

/** Where the reference has it, from the root of the site. */
export function referenceOf(link: string): string {
  const { name, module, symbol } = symbolOf(link);
  const folder = join(root, "packages", name);
  const options = join(folder, "typedoc.json");
  const { entryPoints = [] } = existsSync(options) ? JSON.parse(readFileSync(options, "utf8")) : {};
  const entry = module.split("/").slice(2).join("/");
  // TypeDoc gives entry points pages of their own where the reference of a package has more than one.
  const several = (entryPoints as string[]).flatMap((pattern) => globSync(pattern, { cwd: folder })).length > 1;
  const own = several ? [entry || "index"] : [];
  if (symbol === undefined) return `api/${["_hooke", name, ...own].join("/")}.html`;
  // Of a function and a type that differ by their first letter alone, the type has the name: files on some systems are one then.
  const type = symbol[0]!.toUpperCase() + symbol.slice(1);
  const path = join(folder, exportsOf(name)[entry === "" ? "." : `./${entry}`]!);
  const index = readFileSync(path, "utf8");
  const files = [...index.matchAll(/^export \* from "(.+)";/gm)].map(([, file]) => join(dirname(path), file!));
  const exported = [index, ...files.map((file) => readFileSync(file, "utf8"))].join("\n");
  const declared = new RegExp(`\\b(?:interface|type|class) ${type}\\b|export type {[^}]*\\b${type}\\b`);
  const second = type !== symbol && declared.test(exported) ? "-1" : "";
  return `api/${["_hooke", name, ...own, symbol].join("/")}${second}.html`;
}

/** Entry points of a package by their paths, the main one `""`. */
function entriesOf(name: string): readonly string[] {
  return Object.keys(exportsOf(name))
    .filter((path) => path !== "./package.json")
    .map((path) => path.slice(2));
}

/** Files of a package's entry points, by `"."`, `"./checkpoint"` and so on. */
function exportsOf(name: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")).exports;
}
