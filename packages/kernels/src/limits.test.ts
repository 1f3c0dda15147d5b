// Sizes are checked before anything reaches a device.
import { array, record, type Tensor } from "@hooke/runtime";
import { expect, test } from "vitest";
import { checkArray, checkProgram } from "./limits.ts";
import type { Machine } from "./machine.ts";
import { wgsl } from "./wgsl/wgsl.ts";

const machine = { traits: { dialect: wgsl, onProcessor: false }, memory: { mostWords: 256 } } as Machine;

test("uploads", () => {
  checkArray(machine, "the array", { shape: [256], dtype: "bool" });
  expect(() => checkArray(machine, "the array", { shape: [257], dtype: "bool" })).toThrow("bool[257] takes");
});

test("programs", () => {
  const { program } = record((x: Tensor) => x, array(new Array<number>(300).fill(0)));
  expect(() => checkProgram(machine, program)).toThrow("the input f32[300]");
});
