// The packages as a user installs them: what is in the tarballs, what publint and are-the-types-wrong say of them,
// and whether a project outside the workspace type-checks and runs with them.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { problemAffectsResolutionKind } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyExample, createConsumer, execute, findPluginExamples, nodeOf, packAll, root } from "./pack.ts";

const folder = mkdtempSync(join(tmpdir(), "hooke-packaging-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const packed = packAll(join(folder, "tarballs"));
/** The oldest Node that is supported, the one that the workspace pins, and the newest. */
const versions = ["22", "24", "latest"] as const;
/** A project outside the workspace that has all packages installed. */
const consumer = join(folder, "consumer");
beforeAll(() => createConsumer(consumer, packed, versions));

const strictOptions = {
  module: "nodenext",
  target: "es2024",
  lib: ["ES2024", "DOM"],
  types: ["node"],
  strict: true,
};

/** With TypeScript 6, as many users do; the workspace itself is checked with 7. */
function typeCheck(project: string, config = "tsconfig.json"): void {
  execute(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], project);
}

test("every package is packed", () => {
  expect(packed.map(({ name }) => name)).toEqual([
    "@hooke/attention",
    "@hooke/backend-cuda",
    "@hooke/backend-tfjs",
    "@hooke/backend-wasm",
    "@hooke/backend-webgpu",
    "@hooke/baselines",
    "@hooke/cli",
    "@hooke/core",
    "@hooke/data",
    "@hooke/distributed-mpi",
    "@hooke/explain",
    "@hooke/io",
    "@hooke/kernels",
    "@hooke/layers-conv",
    "@hooke/layers-graph",
    "@hooke/layers-seq",
    "@hooke/minimize",
    "@hooke/model-advisor",
    "@hooke/pinn",
    "@hooke/plan",
    "@hooke/regularization",
    "@hooke/report",
    "@hooke/runtime",
    "@hooke/sweep",
    "@hooke/testkit",
    "@hooke/transfer",
    "@hooke/uncertainty",
  ]);
});

test.each(packed)("$name contains its build and its documents, nothing else", ({ files, entries, name }) => {
  const documents = ["LICENSE", "README.md", "package.json"];
  expect(files).toEqual(expect.arrayContaining(documents));
  expect(files.filter((path) => !documents.includes(path) && !/^dist\/.*\.(js|d\.ts)$/.test(path))).toEqual([]);
  const modules = entries.map((entry) => `dist${entry.slice(name.length)}/index`);
  expect(files).toEqual(expect.arrayContaining(modules.flatMap((path) => [`${path}.js`, `${path}.d.ts`])));
});

test.each(packed)("publint finds nothing wrong with $name", async ({ tarball }) => {
  const file = new Uint8Array(readFileSync(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: file.buffer }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
});

/** How users of packages that are modules alone find types: Node from a module, and bundlers. */
const resolutions = ["node16-esm", "bundler"] as const;

test.each(packed)("are-the-types-wrong finds nothing wrong with $name", async ({ tarball }) => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (!analysis.types) throw new Error("it has no types");
  const affects = (problem: Problem): boolean =>
    resolutions.some((kind) => problemAffectsResolutionKind(problem, kind, analysis));
  expect(Object.keys(analysis.entrypoints).length).toBeGreaterThan(0);
  expect(analysis.problems.filter(affects)).toEqual([]);
});

/** The declarations of tfjs 4.22 do not compile by themselves: packages that show them are checked without libraries' own. */
const showsTfjs = /backend-(tfjs|cuda)/;

test.each([
  { which: "every entry point", entries: (entry: string) => !showsTfjs.test(entry), skipLibCheck: false },
  { which: "those on tfjs", entries: (entry: string) => showsTfjs.test(entry), skipLibCheck: true },
])("a project outside the workspace type-checks and runs with $which", ({ which, entries, skipLibCheck }) => {
  const main = which.replaceAll(" ", "-");
  const imported = packed
    .flatMap((item) => item.entries)
    .filter((entry) => !entry.includes("testkit") && entries(entry));
  const imports = imported.map((entry, index) => `import * as module${index} from "${entry}";`);
  const check = imported.map(
    (entry, index) => `if (Object.keys(module${index}).length === 0) throw new Error("${entry}");`,
  );
  writeFileSync(join(consumer, `${main}.ts`), [...imports, ...check].join("\n"));
  const compilerOptions = { ...strictOptions, skipLibCheck };
  writeFileSync(join(consumer, `${main}.json`), JSON.stringify({ compilerOptions, include: [`${main}.ts`] }));
  typeCheck(consumer, `${main}.json`);
  execute(process.execPath, [`${main}.js`], consumer);
});

/** A training and a prediction, as in the README. */
const program = `
import { wasmBackend } from "@hooke/backend-wasm";
import { adam, dense, core, fit, mse, predict, sequential } from "@hooke/core";
import { dataset } from "@hooke/data";
import { decodeModel, encodeModel } from "@hooke/core/checkpoint";
import { array } from "@hooke/runtime";
const x = Array.from({ length: 64 }, (_, i) => [i / 32 - 1]);
const train = dataset({ inputs: array(x), targets: array(x.map(([at]) => [Math.sin(3 * at)])) });
const backend = wasmBackend();
const { model, history } = await fit({ backend, data: { train }, loss: mse(), optimizer: adam(), learningRate: 1e-2,
  model: sequential([dense({ units: 32, activation: "tanh" }), dense({ units: 1 })]), batchSize: 16, epochs: 100, seed: 0 });
const { data } = await predict(decodeModel(encodeModel(model), { plugins: [core] }), array([[0.5]]), { backend });
console.log(process.versions.node, history.at(-1).loss < 0.01, Math.abs(data[0] - Math.sin(1.5)) < 0.1);
`;

test.each(versions)("the packages train and predict on Node %s", (version) => {
  writeFileSync(join(consumer, "train.mjs"), program);
  const printed = execute(nodeOf(consumer, version), ["train.mjs"], consumer);
  expect(printed).toMatch(new RegExp(`^${version === "latest" ? "\\d+" : version}\\.[\\d.]+ true true$`, "m"));
});

describe.each(findPluginExamples())("%s, from the tarballs,", (example) => {
  let plugin: string;
  beforeAll(() => {
    plugin = copyExample(example, consumer);
  });

  test("builds, type-checks and runs", () => {
    typeCheck(plugin);
    execute(process.execPath, ["main.ts"], plugin);
  });

  test("passes its tests", () => {
    const vitest = join(consumer, "node_modules/vitest/vitest.mjs");
    expect(execute(process.execPath, [vitest, "run", "--root", plugin], consumer)).toMatch(/Tests .*\d+ passed/);
  });
});
