import { describe, expect, test } from "vitest";
import { checkImports, type Manifest } from "./check-imports.ts";

const manifests: Manifest[] = [
  { folder: "packages/runtime", declared: [] },
  { folder: "packages/core", declared: ["@hooke/runtime"] },
  { folder: "packages/layers-conv", declared: ["@hooke/runtime", "@hooke/core"] },
  { folder: "packages/backend-wasm", declared: ["@hooke/runtime"] },
  { folder: "packages/backend-cuda", declared: ["@hooke/runtime", "@hooke/backend-tfjs"] },
  { folder: "packages/testkit", declared: ["@hooke/runtime", "@hooke/core"] },
  { folder: "examples/concrete", declared: ["@hooke/core"] },
];

function check(path: string, text: string): string[] {
  return checkImports([{ path, text }], manifests);
}

describe("allowed", () => {
  test.each([
    ["packages/core/src/loss.ts", 'import { add } from "@hooke/runtime";'],
    ["packages/core/src/loss.ts", 'import { mean } from "./mean.ts";'],
    ["packages/core/src/node/run.ts", 'import { readFileSync } from "node:fs";'],
    ["packages/core/src/loss.test.ts", 'import { wasm } from "@hooke/backend-wasm";'],
    ["packages/core/src/loss.test.ts", 'import { readFileSync } from "node:fs";'],
    ["packages/layers-conv/src/conv.ts", 'import { defineLayer } from "@hooke/core";'],
    ["packages/backend-wasm/src/index.ts", 'import type { Backend } from "@hooke/runtime";'],
    ["packages/backend-cuda/src/index.ts", 'import { lower } from "@hooke/backend-tfjs";'],
    ["packages/testkit/src/golden.ts", 'import { dense } from "@hooke/core"; import { readFileSync } from "node:fs";'],
    ["examples/concrete/main.ts", 'import { wasm } from "@hooke/backend-wasm"; import "./plot.ts";'],
    ["packages/core/src/loss.ts", '/* import "@hooke/backend-wasm" */ const text = "no import";'],
  ])("%s: %s", (path, text) => {
    expect(check(path, text)).toEqual([]);
  });
});

describe("refused", () => {
  test.each([
    ["packages/runtime/src/a.ts", 'import { dense } from "@hooke/core";', 'runtime must not import "@hooke/core"'],
    ["packages/core/src/a.ts", 'export * from "@hooke/layers-conv";', 'core must not import "@hooke/layers-conv"'],
    ["packages/core/src/a.ts", 'import type { X } from "@hooke/backend-wasm";', "core must not import"],
    ["packages/core/src/a.ts", 'const x = await import("@hooke/backend-wasm");', "core must not import"],
    ["packages/core/src/a.ts", 'import { gradCheck } from "@hooke/testkit";', "core must not import"],
    ["packages/core/src/a.ts", 'import { x } from "@hooke/core/node";', "is the package itself"],
    ["packages/layers-conv/src/a.ts", 'import { lstm } from "@hooke/layers-seq";', "layers-conv must not import"],
    ["packages/backend-wasm/src/a.ts", 'import { dense } from "@hooke/core";', "backend-wasm must not import"],
    ["packages/backend-wasm/src/a.ts", 'import { x } from "@hooke/backend-tfjs";', "backend-wasm must not import"],
    ["packages/core/src/a.ts", 'import { x } from "../../runtime/src/x.ts";', "leaves packages/core"],
    ["packages/core/src/a.test.ts", 'import { x } from "../../runtime/src/x.ts";', "leaves packages/core"],
    ["examples/concrete/main.ts", 'import { x } from "../../packages/core/src/x.ts";', "leaves examples/concrete"],
    ["packages/core/src/a.ts", 'import { readFile } from "node:fs";', "exists only in Node"],
    ["packages/core/src/a.ts", 'import { run } from "./node/run.ts";', "is code for Node"],
    ["packages/core/src/a.ts", 'import Papa from "papaparse";', '"papaparse" is not among the dependencies'],
    ["packages/novel/src/a.ts", 'import { x } from "@hooke/runtime";', 'package "novel" has no row'],
  ])("%s: %s", (path, text, message) => {
    expect(check(path, text)).toEqual([expect.stringContaining(message)]);
  });

  test("names the file and the line", () => {
    expect(check("packages/runtime/src/a.ts", '// header\n\nimport "@hooke/core";')).toEqual([
      'packages/runtime/src/a.ts:3: runtime must not import "@hooke/core"',
    ]);
  });
});
