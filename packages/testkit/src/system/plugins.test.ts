// Nothing can be forgotten: what a package has of a kind is exported, stands in its plugin, and is held to a golden file or named here.
import { globSync, readFileSync } from "node:fs";
import * as attention from "@hooke/attention";
import * as methods from "@hooke/baselines";
import * as core from "@hooke/core";
import * as data from "@hooke/data";
import * as convolution from "@hooke/layers-conv";
import * as graphs from "@hooke/layers-graph";
import * as sequences from "@hooke/layers-seq";
import * as pinn from "@hooke/pinn";
import * as regularization from "@hooke/regularization";
import type { Kind, Plugin } from "@hooke/runtime";
import * as runtime from "@hooke/runtime";
import * as transfer from "@hooke/transfer";
import { expect, test } from "vitest";

const packages = new URL("../../../", import.meta.url).pathname;

/** The source of a folder with its subfolders, tests and indices aside. */
const sourcesOf = (place: string): string[] =>
  globSync(`${packages}${place}/**/*.ts`)
    .filter((file) => !/\.(test|test-d|fixture)\.ts$|\/index\.ts$/.test(file))
    .map((file) => readFileSync(file, "utf8"));

/** What matches `pattern`, whose first group is a name, in the source of a folder. */
const namesIn = (place: string, pattern: RegExp): string[] =>
  sourcesOf(place)
    .flatMap((source) => [...source.matchAll(pattern)])
    .map(([, name]) => name!)
    .sort();

/** Names of the exported objects of a type and of the functions that return one: one expression of the types is enough. */
const namesOf = (place: string, types: string): string[] =>
  namesIn(place, new RegExp(`^export (?:const (\\w+): (?:${types})\\b)`, "gm"))
    .concat(
      namesIn(
        place,
        new RegExp(`^export (?:async )?function (\\w+)\\((?:(?!^\\}|^export ).)*?\\): (?:${types})\\b`, "gms"),
      ),
    )
    .sort();

const indexOf = (place: string): string => `not exported by the index.ts of packages/${place.split("/")[0]}`;

interface Room {
  readonly place: string;
  readonly exported: object;
  readonly plugin: Plugin;
  readonly kind: Kind;
  /** The type of the kind's objects, or of what its functions return. */
  readonly type: string;
  /** What is of that type and is not called by a name: it takes another one. */
  readonly others: string;
  /** The golden file that has a case of each; those it lacks have their own tests, for the reason given. */
  readonly golden: string;
  readonly lacks?: Readonly<Record<string, string>>;
}

const rooms: readonly Room[] = [
  {
    place: "core/src/losses",
    exported: core,
    plugin: core.core,
    kind: "losses",
    type: "Loss",
    others: "",
    golden: "losses",
    lacks: { pinball: "beside its source: the quantiles that make it least" },
  },
  {
    place: "core/src/optimizers",
    exported: core,
    plugin: core.core,
    kind: "optimizers",
    type: "Optimizer",
    others: "accumulate chain groups",
    golden: "optimizers",
  },
  {
    place: "data/src/metrics",
    exported: data.metrics,
    plugin: data.data,
    kind: "metrics",
    type: "Metric",
    others: "",
    golden: "metrics",
  },
  {
    place: "regularization/src/schedules",
    exported: regularization,
    plugin: regularization.regularization,
    kind: "schedules",
    type: "Schedule",
    others: "",
    golden: "schedules",
    lacks: { reduceOnPlateau: "in regularization.json, whose cases have monitored values" },
  },
];

/** Gaussian NLL is written as PyTorch writes it. */
const operationsOf = (golden: string): Set<string> => {
  const { cases } = JSON.parse(readFileSync(`${packages}testkit/golden/${golden}.json`, "utf8"));
  return new Set(cases.map(({ operation }: { operation: string }) => operation.replace("NLL", "Nll")));
};

test.each(rooms)("every one of $kind in $place is in the plugin and in a golden file", (room) => {
  const { place, exported, plugin, kind, type, others, golden, lacks = {} } = room;
  const made = namesOf(place, type);
  expect(
    made.filter((name) => !Object.hasOwn(exported, name)),
    indexOf(place),
  ).toEqual([]);
  const names = made.filter((name) => !others.split(" ").includes(name));
  expect(names.length).toBeGreaterThan(3);
  expect(Object.keys(plugin[kind] ?? {}).sort(), `what plugin.ts lists as ${kind}`).toEqual(names);
  const readme = readFileSync(`${packages}${place.split("/")[0]}/README.md`, "utf8");
  const unnamed = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(readme));
  expect(unnamed, `not in the README of packages/${place.split("/")[0]}`).toEqual([]);
  const operations = operationsOf(golden);
  const missing = names.filter((name) => !operations.has(name));
  expect(missing, `without cases in golden/${golden}.json; where no library has it, enter it under lacks`).toEqual(
    Object.keys(lacks),
  );
});

test("every callback of regularization is in its plugin", () => {
  const names = namesOf("regularization/src/training", "Callback|EarlyStopping");
  expect(names).toContain("earlyStopping");
  expect(Object.keys(regularization.regularization.callbacks).sort()).toEqual(names);
});

const layered: readonly (readonly [string, object, Plugin])[] = [
  ["core", core, core.core],
  ["layers-conv", convolution, convolution.convolution],
  ["layers-seq", sequences, sequences.sequences],
  ["layers-graph", graphs, graphs.graphs],
  ["attention", attention, attention.attention],
  ["regularization", regularization, regularization.regularization],
  ["pinn", pinn, pinn.pinn],
  ["transfer", transfer, transfer.transfer],
];

test.each(layered)("every layer of %s is exported and in its plugin", (folder, exported, plugin) => {
  const defined = namesIn(`${folder}/src`, /^export const (\w+)(?:: [^=]+)? = \/\* @__PURE__ \*\/ defineLayer\(/gm);
  expect(
    defined.filter((name) => !Object.hasOwn(exported, name)),
    indexOf(folder),
  ).toEqual([]);
  const layers = Object.entries(exported).filter(
    ([, value]) => typeof value === "function" && typeof (value as { type?: unknown }).type === "string",
  );
  const names = new Set(Object.keys(plugin.layers ?? {}));
  expect(layers.length).toBeGreaterThanOrEqual(defined.length);
  expect(layers.map(([name]) => name).filter((name) => !names.has(name))).toEqual([]);
});

test("every method of baselines is exported, in its plugin and in its README", () => {
  const defined = namesIn("baselines/src", /^export const (\w+)(?:: [^=]+)? = \/\* @__PURE__ \*\/ defineMethod\b/gm);
  expect(defined.length).toBeGreaterThan(8);
  expect(
    defined.filter((name) => !Object.hasOwn(methods, name)),
    indexOf("baselines"),
  ).toEqual([]);
  const exported = Object.entries(methods)
    .filter(([, value]) => typeof (value as { method?: unknown }).method === "string")
    .map(([name]) => name);
  expect(Object.keys(methods.baselines.methods).sort()).toEqual(exported.sort());
  const readme = readFileSync(`${packages}baselines/README.md`, "utf8");
  expect(exported.filter((name) => !readme.includes(`| \`${name}(`))).toEqual([]);
});

test("every option of CSV is in the README of data", () => {
  const [declared] = readFileSync(`${packages}data/src/tables/csv/options.ts`, "utf8").split(
    "export interface CsvSettings",
  );
  const options = [...declared!.matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name!);
  expect(options).toContain("delimiter");
  const readme = readFileSync(`${packages}data/README.md`, "utf8");
  expect(options.filter((name) => !readme.includes(`\n| \`${name}\` `))).toEqual([]);
});

test("every operation of the runtime is exported", () => {
  // What operations and primitives share.
  const inner = "align filledAxes floats known mapParts numbers parse reductionOptions scanTensors transformed".split(
    " ",
  );
  const operations = namesIn("runtime/src/ops", /^export (?:async )?(?:const|function) (\w+)/gm);
  expect(operations.length).toBeGreaterThan(100);
  const missing = operations.filter((name) => !Object.hasOwn(runtime, name));
  expect(missing, `${indexOf("runtime")}, or what operations share: enter it here`).toEqual(inner);
});

test("every activation has golden cases", () => {
  const operations = operationsOf("activations");
  expect(core.activationNames.filter((name) => !operations.has(name))).toEqual([]);
});
