// JavaScript lets one call `sin(x, y)`: what takes fixed arguments refuses more of them, which would be left out in silence.
import { expect, it } from "vitest";
import { referenceBackend, run } from "../index.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import * as grads from "../transforms/grad.ts";
import * as jacobians from "../transforms/jacobian.ts";
import * as forward from "../transforms/jvp.ts";
import * as rows from "../transforms/taylor/rows.ts";
import * as series from "../transforms/taylor/taylor.ts";
import * as mapped from "../transforms/vmap/vmap.ts";
import * as arrangement from "./arrangement.ts";
import * as elementwise from "./elementwise.ts";
import * as factorization from "./factorization.ts";
import * as fourier from "./fourier.ts";
import * as inverse from "./inverse.ts";
import * as linear from "./linear.ts";
import * as norms from "./norm.ts";
import * as ordering from "./ordering.ts";
import * as padding from "./padding.ts";
import * as random from "./random.ts";
import * as reductions from "./reduction.ts";
import * as rounding from "./rounding.ts";
import * as running from "./running.ts";
import * as scatters from "./scatter.ts";
import * as segments from "./segments.ts";
import * as slicing from "./slicing.ts";
import * as softmaxes from "./softmax.ts";
import * as statistics from "./statistics.ts";
import * as structure from "./structure.ts";

type Call = (...given: unknown[]) => unknown;

const functions = Object.entries({
  ...{ ...arrangement, ...elementwise, ...factorization, ...fourier, ...inverse, ...linear, ...norms, ...ordering },
  ...{ ...padding, ...random, ...reductions, ...rounding, ...running, ...scatters, ...slicing, ...softmaxes },
  ...segments,
  ...{ ...statistics, ...structure },
  ...{ ...grads, ...jacobians, ...rows, ...series, ...mapped, jvp: forward.jvp },
}) as [string, Call][];

/** What ends with options is held to them elsewhere; what begins with a speaker is no operation. */
const others = /^[^{]*\b(\w*options|params|who)\b/i;
/** It takes any number of arguments, or a list, a shape or a seed in the first place that nothing else can be taken for. */
const free: ReadonlySet<string> = new Set(["vjp", "concat", "stack", "full", "iota", "randomKey", "foldHost"]);
const fixed = functions.filter(([name, fn]) => !free.has(name) && !others.test(String(fn)));

it("most functions are among them", () => {
  expect(fixed.length).toBeGreaterThan(90);
});

it.each(fixed)("%s", (name, fn) => {
  const more = Array.from({ length: 9 }, () => "more");
  expect(() => fn(...more)).toThrow(new RegExp(`^${name}: received "more".* beyond its arguments.$`));
});

it("what lists add is no mistake", async () => {
  const halves = (x: Tensor) => [x, x, x].map(elementwise.square).reduce(elementwise.add);
  expect([...(await run(referenceBackend(), halves, array([2]))).data]).toEqual([12]);
  // The index would be taken for an axis.
  const rowsOf = (x: Tensor) => [x].map(structure.expandDims as (x: Tensor) => Tensor)[0]!;
  await expect(run(referenceBackend(), rowsOf, array([2]))).rejects.toThrow("expandDims: received");
});
