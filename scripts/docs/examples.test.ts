import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Example,
  extractFromDocComments,
  extractFromLinks,
  extractFromMarkdown,
  extractTables,
  matches,
  prepareFolder,
  runExample,
  typeCheck,
} from "./examples.ts";

const root = join(import.meta.dirname, "../..");

function example(code: string): Example {
  return { path: "example.md", line: 1, code, run: true };
}

describe("extraction", () => {
  test("finds the ts blocks of Markdown and where they stand", () => {
    const text = "# Title\n\n```ts\nconst a = 1;\n```\n\n```sh\nls\n```\n- item\n  ```ts no-run\n  train();\n  ```\n";
    expect(extractFromMarkdown("README.md", text)).toEqual([
      { path: "README.md", line: 4, code: "const a = 1;", run: true },
      { path: "README.md", line: 12, code: "train();", run: false },
    ]);
  });

  test("finds the blocks after @example in doc comments, and no others", () => {
    const text = [
      "/** Plain. ```ts is only mentioned here. */",
      "/**",
      " * Adds.",
      " * @example",
      " * ```ts",
      " * if (true) {",
      " *   add(1, 2);",
      " * }",
      " * ```",
      " */",
      "export function add() {}",
    ].join("\n");
    expect(extractFromDocComments("add.ts", text)).toEqual([
      { path: "add.ts", line: 6, code: "if (true) {\n  add(1, 2);\n}", run: true },
    ]);
  });

  test("refuses a block that is never closed", () => {
    expect(() => extractFromMarkdown("README.md", "```ts\nconst a = 1;")).toThrow(
      "README.md:1: the code block is never",
    );
  });
});

test("tables are the CSV files that a page links to", () => {
  const text = "[mixes](../../data/mixes.csv), [elsewhere](https://example.org/other.csv), `new.csv`";
  expect(extractTables("docs/guides/csv.md", text)).toEqual(["data/mixes.csv"]);
});

test("links to exports are imports of them", () => {
  const links = extractFromLinks("page.md", "[fit](api:core/fit)\nand [`x`](api:core/checkpoint/encodeMode)");
  expect(links.map(({ line, code }) => `${line}: ${code}`)).toEqual([
    '1: import type { fit } from "@hooke/core";',
    '2: import type { encodeMode } from "@hooke/core/checkpoint";',
  ]);
});

describe("running", () => {
  test("a block whose output agrees with its comments passes", async () => {
    const code =
      'console.log(1 + 1); // 2\nconsole.log({ a: [1] }, "b"); // { a: [ 1 ] } b\nconsole.log(1 / 3); // 0.333...';
    expect(await runExample(root, example(code))).toEqual([]);
  });

  test("a wrong and an unreached comment are reported", async () => {
    const wrong = {
      ...example("console.log(1 + 1); // 3\nif (Math.random() > 2) {\n  console.log(1); // 1\n}"),
      line: 10,
    };
    expect(await runExample(root, wrong)).toEqual([
      'example.md:10: prints "2", its comment says "3"',
      "example.md:12: is never reached",
    ]);
  });

  test("a comment after arguments in lines of their own is read, too", async () => {
    const code = "{\n  console.log(\n    1 + 1,\n    [\n      3,\n    ],\n  ); // 2 [ 4 ]\n}\nconsole.log(4); // 4";
    expect(await runExample(root, { ...example(code), line: 30 })).toEqual([
      'example.md:31: prints "2 [ 3 ]", its comment says "2 [ 4 ]"',
    ]);
  });

  test("an error is thrown on", async () => {
    await expect(runExample(root, { ...example('throw new Error("boom");'), line: 20 })).rejects.toThrow("boom");
  });

  test.each([
    ["1.5...", "1.5321", true],
    ["1.5...", "1.4", false],
    ["a.c", "abc", false],
    ["[ 1,  2 ]", "[\n  1, 2\n]", true],
  ])("matches(%j, %j) is %j", (expected, printed, result) => {
    expect(matches(expected, printed)).toBe(result);
  });
});

describe("in this repository", () => {
  const find = (pattern: string) =>
    globSync(pattern, { cwd: root, exclude: ["**/node_modules/**", "**/dist/**"] }).sort();
  const read = (path: string) => readFileSync(join(root, path), "utf8");
  const readmes = find("{README.md,docs/**/*.md,{packages,examples}/*/README.md}");
  const sources = find("packages/*/src/**/*.ts");
  const examples = [
    ...readmes.flatMap((path) => extractFromMarkdown(path, read(path))),
    ...sources.flatMap((path) => extractFromDocComments(path, read(path))),
  ];

  const links = readmes.flatMap((path) => extractFromLinks(path, read(path)));

  // In one run of the compiler: most of its time goes to Hooke's own types.
  const mistakes = [
    ...extractFromLinks("page.md", "[fit](api:core/fit)\nand [`x`](api:core/checkpoint/encodeMode)"),
    example("export const a: number = 1;"),
    example("const a = 1;\nconst b: string = a;"),
  ];

  test("every example type-checks, every link to an export leads to one, and mistakes are found at their lines", () => {
    expect(typeCheck(root, [...mistakes, ...examples, ...links])).toEqual([
      expect.stringMatching(/^page\.md:2: .*encodeMode/),
      expect.stringMatching(/^example\.md:2: Type 'number' is not assignable/),
    ]);
  });

  const folders = new Map<string, string>();
  // What examples leave in the temporary folder is left in one of their own.
  const temporary = mkdtempSync(join(tmpdir(), "examples-"));
  const before = process.env.TMPDIR;
  afterAll(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(temporary, { recursive: true, force: true });
  });
  beforeAll(() => {
    process.env.TMPDIR = temporary;
    for (const path of readmes.filter((path) => path.startsWith("docs/")))
      folders.set(path, prepareFolder(root, path, read(path)));
  });

  test.each(examples.filter(({ run }) => run))("$path:$line runs", async (example) => {
    expect(await runExample(root, example, folders.get(example.path))).toEqual([]);
  });

  test.each(find("packages/*/package.json"))("the README beside %s has an example that runs", (manifest) => {
    const readme = manifest.replace("package.json", "README.md");
    expect(examples.filter(({ path, run }) => path === readme && run)).not.toEqual([]);
  });
});
