// Links to exports of packages: `api:core/fit`, or `api:core/checkpoint/encodeModel` of an entry point of its own.

import { readFileSync } from "node:fs";
import { join } from "node:path";
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
  // TypeDoc gives entry points pages of their own where a package has more than one.
  const own = entriesOf(name).length > 1 ? [module.split("/").slice(2).join("/") || "index"] : [];
  return `api/${["_hooke", name, ...own, ...(symbol === undefined ? [] : [symbol])].join("/")}.html`;
}

/** Entry points of a package by their paths, the main one `""`. */
function entriesOf(name: string): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  return Object.keys(exports)
    .filter((path) => path !== "./package.json")
    .map((path) => path.slice(2));
}
