// The check of derivatives itself: what it must find, along elements and along directions, and what a small step is for.
import { array, concat, mul, sliceAxis, square, stopGradient, type Tensor, tanh } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { sample } from "./cases/samples.ts";
import { checkDerivatives } from "./finite-differences.ts";

/** The square, whose derivative in the last of `n` elements is half of what it should be. */
const wrongInOne = (x: Tensor): Tensor => {
  const n = x.shape[0]!;
  const last = sliceAxis(x, 0, n - 1, n);
  return concat([square(sliceAxis(x, 0, 0, n - 1)), mul(stopGradient(last), last)], 0);
};

describe.each(["elements", "directions"] as const)("along %s", (along) => {
  it("a right function passes, to third order", () => {
    checkDerivatives((x, y) => mul(tanh(x), y), [sample([7], "f64"), sample([7], "f64", { seed: 2 })], {
      order: 3,
      along,
    });
  });

  it("one wrong element of a hundred is found", () => {
    const where = along === "elements" ? "element 99" : "a direction";
    expect(() => checkDerivatives(wrongInOne, [sample([100], "f64")], { along })).toThrow(
      `checkDerivatives: derivative 1 in ${where} of input 0 is `,
    );
  });
});

it("a small step does not reach a kink that the usual one steps over", () => {
  const near = array([1e-4, 1], { dtype: "f64" });
  const kinked = (x: Tensor): Tensor => mul(x, tanh(mul(x, 1e7)));
  expect(() => checkDerivatives(kinked, [near])).toThrow("derivative 1 in element 0");
  checkDerivatives(kinked, [near], { step: 2 ** -18 });
});
