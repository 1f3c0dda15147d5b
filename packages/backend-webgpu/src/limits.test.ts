// Sizes are checked before anything reaches a device.
import { array, record, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { checkProgram, checkUpload } from "./limits.ts";

const limits = { maxBufferSize: 4096, maxStorageBufferBindingSize: 1024 };

test("uploads", () => {
  checkUpload(limits, { shape: [256], dtype: "bool" });
  expect(() => checkUpload(limits, { shape: [257], dtype: "bool" })).toThrow("bool[257] takes");
});

test("programs", () => {
  const { program } = record((x: Tensor) => x, array(new Array<number>(300).fill(0)));
  expect(() => checkProgram(limits, program)).toThrow("the input f32[300]");
});
