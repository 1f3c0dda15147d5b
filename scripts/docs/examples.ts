// Examples in the documentation: every ```ts block of a README and of an `@example` in a doc comment, found, type-checked
// and run. Each block is a module of its own and imports what it uses.
//
// - ```ts no-run    the block is type-checked only.
// - Links to exports, `[fit](api:core/fit)`, are type-checked, too.
// - console.log(x); // text    what the line prints must be `text`; `...` stands for anything, white space counts once.
// - Blocks of a page under docs run one after the other in a folder of that page, which has the CSV files that it links to; others run
//   in the root of the repository.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { symbolOf } from "../../docs/.vitepress/symbols.ts";

export interface Example {
  /** File the block stands in, relative to the repository root. */
  readonly path: string;
  /** Line of the block's first line of code, counted from 1. */
  readonly line: number;
  readonly code: string;
  readonly run: boolean;
}

/** The ```ts blocks of a Markdown text. */
export function extractFromMarkdown(path: string, text: string): Example[] {
  const examples: Example[] = [];
  const lines = text.split("\n");
  for (let start = 0; start < lines.length; start++) {
    const fence = /^(\s*)```(\w+)(.*)$/.exec(lines[start]!);
    if (!fence) continue;
    const end = lines.findIndex((line, index) => index > start && line.trim() === "```");
    if (end < 0) throw new Error(`${path}:${start + 1}: the code block is never closed; add a line with \`\`\``);
    const [, indent, language, flags] = fence;
    if (language === "ts") {
      const code = lines.slice(start + 1, end).map((line) => line.slice(indent!.length));
      examples.push({ path, line: start + 2, code: code.join("\n"), run: !flags!.split(/\s+/).includes("no-run") });
    }
    start = end;
  }
  return examples;
}

/** The ```ts blocks after an `@example` tag in the doc comments of a TypeScript text. */
export function extractFromDocComments(path: string, text: string): Example[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ 0: comment, index }) => {
    const tag = comment.search(/@example\b/);
    if (tag < 0) return [];
    // Everything before the tag is blanked, not removed, so that line numbers stay those of the file.
    const before = text.slice(0, index + tag).replace(/[^\n]/g, "");
    const body = comment.slice(tag).replace(/^[ \t]*\*(?: |$)/gm, "");
    return extractFromMarkdown(path, before + body);
  });
}

/** Links to exports, `[fit](api:core/fit)`, as imports of them: what is not exported is a type error. */
export function extractFromLinks(path: string, text: string): Example[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/\]\((api:[^)]*)\)/g)].map(([, link]) => {
      const { module, symbol } = symbolOf(link!);
      const code = symbol === undefined ? `import "${module}";` : `import type { ${symbol} } from "${module}";`;
      return { path, line: index + 1, code, run: false };
    }),
  );
}

/** CSV files of the repository that a page links to, relative to its root. */
export function extractTables(path: string, text: string): string[] {
  return [...text.matchAll(/\]\(([^):]+\.csv)\)/g)].map(([, link]) => join(dirname(path), link!));
}

/** Makes the folder in which a page's examples run anew, and puts the files into it that it links to. */
export function prepareFolder(root: string, path: string, text: string): string {
  const folder = join(root, ".cache/examples", path.replace(/\.md$/, ""));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const table of extractTables(path, text)) copyFileSync(join(root, table), join(folder, basename(table)));
  return folder;
}

/** Type errors of all examples, `path:line: message`, under the repository's own compiler options. */
export function typeCheck(root: string, examples: readonly Example[]): string[] {
  const folder = join(root, ".cache/typed-examples");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [index, { code }] of examples.entries()) writeFileSync(join(folder, `${index}.ts`), code);
  const config = {
    extends: "../../tsconfig.json",
    // An example may show a value without using it.
    compilerOptions: {
      tsBuildInfoFile: "../typed-examples.tsbuildinfo",
      noUnusedLocals: false,
      noUnusedParameters: false,
      moduleDetection: "force",
    },
    include: ["*.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules/typescript-native/bin/tsc");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, "--singleThreaded", "-p", folder, "--pretty", "false"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  const problems = stdout
    .split(/\n(?=\S)/)
    .map((text) => text.trimEnd())
    .filter((text) => text !== "")
    .map((text) => {
      const [, index, line, message] = /^(\d+)\.ts\((\d+),\d+\): error \w+: (.*)$/s.exec(text) ?? [];
      const example = examples[Number(index)];
      return example === undefined ? text : `${example.path}:${example.line + Number(line) - 1}: ${message}`;
    });
  if (status !== 0 && problems.length === 0) throw new Error(`The compiler failed: ${stderr}`);
  return problems;
}

/**
 * Imports the example as a module and returns what it printed otherwise than its comments say.
 *
 * @param where the folder it runs in; default the present one
 */
export async function runExample(root: string, example: Example, where: string = process.cwd()): Promise<string[]> {
  const expected = new Map<number, string>();
  // The arguments stand in one line, or are indented in lines of their own.
  const printing = /^([ \t]*)console\.log\((.*|(?:\n\1[ \t]+.*)+\n\1)\);[ \t]*\/\/[ \t]*(.*\S)[ \t]*$/gm;
  const code = example.code.replace(printing, (_, indent, args, output, offset) => {
    const line = example.line + example.code.slice(0, offset).split("\n").length - 1;
    expected.set(line, output);
    return `${indent}globalThis.printedByExample(${line}, ${args});`;
  });

  const folder = join(root, ".cache/examples");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${example.path.replace(/[^\w.-]+/g, "-")}-${example.line}.ts`);
  writeFileSync(file, `${code}\n`);

  const problems: string[] = [];
  const printedLines = new Set<number>();
  const printedByExample = (line: number, ...values: unknown[]) => {
    printedLines.add(line);
    const printed = format(...values);
    if (!matches(expected.get(line)!, printed)) {
      problems.push(`${example.path}:${line}: prints "${printed}", its comment says "${expected.get(line)}"`);
    }
  };
  Object.assign(globalThis, { printedByExample });
  const before = process.cwd();
  process.chdir(where);
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    process.chdir(before);
  }
  for (const line of expected.keys()) {
    if (!printedLines.has(line)) problems.push(`${example.path}:${line}: is never reached`);
  }
  return problems;
}

/** Whether `printed` reads as `expected`, where `...` stands for any text. */
export function matches(expected: string, printed: string): boolean {
  const squeeze = (text: string) => text.trim().replace(/\s+/g, " ");
  const parts = squeeze(expected)
    .split("...")
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(squeeze(printed));
}
