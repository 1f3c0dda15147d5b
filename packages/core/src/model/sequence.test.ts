// Lengths and last steps of sequences: what layers for sequences share.
import { array, grad, type HostArray, record, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { checkSequence, lastStepOf, sequenceLengths, validSteps } from "./sequence.ts";

const backend = referenceBackend();
const x = array([
  [[1], [2], [3]],
  [[4], [5], [6]],
]);
const whole = (values: readonly number[]): HostArray => array(values, { dtype: "i32" });

it("sequences are three axes of floats", () => {
  const check = (shape: readonly number[], dtype: "f32" | "f64" | "i32") =>
    record(
      (given: Tensor) => {
        checkSequence(given, "[batch, time, features]");
        return given;
      },
      { shape, dtype },
    );
  expect(() => check([2, 3, 1], "f64")).not.toThrow();
  expect(() => check([2, 3], "f32")).toThrow("expected [batch, time, features] in f32 or f64, received f32[2, 3].");
  expect(() => check([2, 3, 1], "i32")).toThrow("received i32[2, 3, 1].");
});

describe("lengths", () => {
  it("say which steps are valid; above the number of steps they count as all of them", async () => {
    const valid = (lengths: Tensor, given: Tensor) => validSteps(sequenceLengths(lengths, given)!, 3);
    const { shape, data } = await run(backend, valid, whole([9, 1]), x);
    expect([shape, [...data]]).toEqual([
      [2, 3, 1],
      [1, 1, 1, 1, 0, 0],
    ]);
  });

  it.each<[string, readonly number[], "i32" | "f32"]>([
    ["of one row, which would broadcast", [1], "i32"],
    ["of too many rows", [3], "i32"],
    ["of another rank", [2, 1], "i32"],
    ["that are no whole numbers", [2], "f32"],
  ])("%s are refused", (_, shape, dtype) => {
    const check = (lengths: Tensor, given: Tensor) => sequenceLengths(lengths, given, "memoryLengths")!;
    expect(() => record(check, { shape, dtype }, x)).toThrow(
      `received memoryLengths ${dtype}[${shape.join(", ")}] for a batch of 2; expected i32[2].`,
    );
  });
});

describe("the last step", () => {
  const last = (given: Tensor, lengths?: Tensor) => lastStepOf(given, sequenceLengths(lengths, given));

  it("is that of the whole sequence, or the last valid one; 0 where there is none", async () => {
    expect((await run(backend, (given: Tensor) => last(given), x)).data).toEqual(Float32Array.of(3, 6));
    expect((await run(backend, last, x, whole([2, 9]))).data).toEqual(Float32Array.of(2, 6));
    expect((await run(backend, last, x, whole([0, 1]))).data).toEqual(Float32Array.of(0, 4));
    expect((await run(backend, last, x, whole([-1, 1]))).data).toEqual(Float32Array.of(0, 4));
  });

  it("takes nothing from the others, not even NaN, and gives them no derivative", async () => {
    const padded = array([[[1], [2], [Number.NaN]]]);
    const both = (given: Tensor, lengths: Tensor) => [
      last(given, lengths),
      grad((y: Tensor) => sum(last(y, lengths)))(given),
    ];
    const [value, gradient] = (await run(backend, both, padded, whole([2]))) as HostArray[];
    expect([...value!.data, ...gradient!.data]).toEqual([2, 0, 1, 0]);
  });

  it("needs a step", () => {
    expect(() => record((given: Tensor) => last(given), { shape: [2, 0, 3], dtype: "f32" })).toThrow(
      "expected sequences of at least one step, received f32[2, 0, 3].",
    );
  });
});
