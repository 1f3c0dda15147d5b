// Sizes are checked before anything reaches a device.
import { array, record, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { checkCall, checkProgram, checkUpload } from "./limits.ts";

const limits = { maxBufferSize: 4096, maxStorageBufferBindingSize: 1024 };
const ref = (length: number) => ({ slot: 0, shape: [length], dtype: "float32" as const });

test("uploads", () => {
  checkUpload(limits, { shape: [256], dtype: "bool" });
  expect(() => checkUpload(limits, { shape: [257], dtype: "bool" })).toThrow("bool[257] takes");
});

test("programs", () => {
  const { program } = record((x: Tensor) => x, array(new Array<number>(300).fill(0)));
  expect(() => checkProgram(limits, program)).toThrow("the input f32[300]");
});

test("kernel calls name their primitive", () => {
  const call = { kernel: "Tile", attrs: {}, primitive: "concat" as const };
  checkCall(limits, { ...call, inputs: { x: ref(1) }, outputs: [ref(256)] });
  expect(() => checkCall(limits, { ...call, inputs: { x: ref(1) }, outputs: [ref(257)] })).toThrow(
    /^backend webgpu: concat: .*Tile.*\[257\]/,
  );
});
