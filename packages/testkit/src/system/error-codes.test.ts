// The codes of errors, one of a kind: what a program sees that does not read messages.
import { wasmBackend } from "@hooke/backend-wasm";
import * as core from "@hooke/core";
import { dataset, split } from "@hooke/data";
import { conv2d } from "@hooke/layers-conv";
import { add, array, type ErrorCode, matmul, record, referenceBackend } from "@hooke/runtime";
import { expect, test } from "vitest";

const f32 = (...shape: number[]) => ({ shape, dtype: "f32" as const });
const rows = dataset({ inputs: array([[1], [2]]), targets: array([[1], [2]]) });
const applied = (layer: core.Layer, ...shape: number[]) =>
  core.initialize(wasmBackend(), layer, shape.slice(1), 0).then(() => undefined);

const cases: readonly (readonly [string, ErrorCode, () => unknown])[] = [
  ["shapes that do not broadcast", "mismatch", () => record(add, f32(2), f32(3))],
  ["matrices that do not fit", "mismatch", () => record(matmul, f32(2, 3), f32(2, 3))],
  ["dtypes that differ", "mismatch", () => record(add, f32(2), { shape: [2], dtype: "i32" as const })],
  ["a ragged list", "invalid-data", () => array([[1], [2, 3]])],
  ["a value the dtype cannot hold", "invalid-data", () => array([0.5], { dtype: "i32" })],
  ["rows of other counts", "mismatch", () => dataset({ inputs: array([[1]]), targets: array([[1], [2]]) })],
  ["a dataset with NaN", "invalid-data", () => dataset({ inputs: array([[Number.NaN]]), targets: array([[1]]) })],
  ["parts of more rows than there are", "mismatch", () => split(rows, { train: 5, test: 5 }, 0)],
  ["an input of other axes", "mismatch", () => applied(conv2d({ filters: 1, kernelSize: 1 }), 1, 3)],
  ["a plain wrong option", "invalid-argument", () => core.dense({ units: -1 })],
  ["a misspelt option", "unknown-option", () => core.dense({ unit: 1 } as never)],
  ["an unknown option of a backend", "unknown-option", () => wasmBackend({ thread: 4 } as never)],
  ["an option of the reference", "unknown-option", () => referenceBackend({ dtype: "f64" } as never)],
];

test.each(cases)("%s", async (_, code, call) => {
  await expect((async () => call())()).rejects.toMatchObject({ name: "HookeError", code });
});
