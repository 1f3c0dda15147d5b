// Whole numbers beyond 2^24 survive every way through the kernels: as f32, which is how tfjs reads them, they would not.
import * as hooke from "@hooke/runtime";
import { array, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "./backend.ts";
import { skipped, status } from "./gpu.fixture.ts";

const large = array(
  [
    [16777217, 2147483646, -5],
    [2147483645, 33554433, 7],
  ],
  { dtype: "i32" },
);
const places = array([1, 0, 1], { dtype: "i32" });

const cases: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  max: (x) => hooke.max(x, { axes: 1 }),
  min: (x) => hooke.min(x, { axes: 0 }),
  sum: (x) => hooke.sum(x, { axes: 0 }),
  "sum of many": (x) => hooke.sum(hooke.broadcastTo(x, [2000, 2, 3])),
  cumsum: (x) => hooke.cumsum(x, 1),
  sort: (x) => hooke.sort(x),
  argMax: (x) => hooke.argMax(x, 1),
  transpose: (x) => hooke.transpose(x),
  pad: (x) => hooke.pad(x, [0, 1], [1, 0]),
  reverse: (x) => hooke.reverse(x, [1]),
  concat: (x) => hooke.concat([x, x], 1),
  gather: (x) => hooke.gather(x, places, 1),
  scatterAdd: (x) => hooke.scatterAdd(places, x, 1, 2),
};

describe.skipIf(!status.available)(`whole numbers${skipped}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = await webgpuBackend();
  });
  afterAll(() => backend.close());

  test.each(Object.entries(cases))("%s", async (_, fn) => {
    expect(await run(backend, fn, large)).toEqual(await run(referenceBackend(), fn, large));
  });
});
