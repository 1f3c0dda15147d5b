// Nothing can be forgotten: what a package exports of a kind stands in its plugin, and is held to a golden file or named here.
import { globSync, readFileSync } from "node:fs";
import * as attention from "@hooke/attention";
import * as core from "@hooke/core";
import * as data from "@hooke/data";
import * as convolution from "@hooke/layers-conv";
import * as sequences from "@hooke/layers-seq";
import * as regularization from "@hooke/regularization";
import type { Kind, Plugin } from "@hooke/runtime";
import { expect, test } from "vitest";

const packages = new URL("../../../", import.meta.url).pathname;

/** Names of the functions and objects that the files of a folder (or one file) export, tests aside. */
function exportsOf(place: string): string[] {
  const files = globSync(`${packages}${place.endsWith(".ts") ? place : `${place}/*.ts`}`).filter(
    (file) => !/\.(test|test-d|fixture)\.ts$|\/index\.ts$/.test(file),
  );
  const found = files.flatMap((file) => [
    ...readFileSync(file, "utf8").matchAll(/^export (?:async )?(?:const|function) (\w+)/gm),
  ]);
  return found.map(([, name]) => name!).sort();
}

interface Room {
  readonly place: string;
  readonly exported: object;
  readonly plugin: Plugin;
  readonly kind: Kind;
  /** What is exported there and is none of the kind. */
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
    others: "",
    golden: "losses",
  },
  {
    place: "core/src/optimizers",
    exported: core,
    plugin: core.core,
    kind: "optimizers",
    others: "accumulate accumulationOf chain clipByGlobalNorm clipByValue groups pathTest",
    golden: "optimizers",
  },
  {
    place: "data/src/metrics",
    exported: data.metrics,
    plugin: data.data,
    kind: "metrics",
    others: "confusionMatrix",
    golden: "metrics",
  },
  {
    place: "regularization/src/schedules",
    exported: regularization,
    plugin: regularization.regularization,
    kind: "schedules",
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
  const { place, exported, plugin, kind, others, golden, lacks = {} } = room;
  const known = new Set(others.split(" "));
  const names = exportsOf(place).filter((name) => Object.hasOwn(exported, name) && !known.has(name));
  expect(names.length).toBeGreaterThan(3);
  expect(Object.keys(plugin[kind] ?? {}).sort()).toEqual(names);
  const operations = operationsOf(golden);
  const missing = names.filter((name) => !operations.has(name));
  expect(missing, `without cases in golden/${golden}.json; where no library has it, enter it under lacks`).toEqual(
    Object.keys(lacks),
  );
});

test("every callback of regularization is in its plugin", () => {
  const made = Object.entries(regularization.regularization.callbacks).map(([name]) => name);
  const returning = globSync(`${packages}regularization/src/training/*.ts`).flatMap((file) => [
    ...readFileSync(file, "utf8").matchAll(/^export function (\w+)\(.*\): (?:Callback|EarlyStopping) /gm),
  ]);
  expect(made.sort()).toEqual(returning.map(([, name]) => name!).sort());
});

const layered: readonly (readonly [string, object, Plugin])[] = [
  ["core", core, core.core],
  ["layers-conv", convolution, convolution.convolution],
  ["layers-seq", sequences, sequences.sequences],
  ["attention", attention, attention.attention],
  ["regularization", regularization, regularization.regularization],
];

test.each(layered)("every layer of %s is in its plugin", (_, exported, plugin) => {
  const layers = Object.entries(exported).filter(
    ([, value]) => typeof value === "function" && typeof (value as { type?: unknown }).type === "string",
  );
  const names = new Set(Object.keys(plugin.layers ?? {}));
  expect(layers.map(([name]) => name).filter((name) => !names.has(name))).toEqual([]);
});

test("every activation has golden cases", () => {
  const operations = operationsOf("activations");
  expect(core.activationNames.filter((name) => !operations.has(name))).toEqual([]);
});
