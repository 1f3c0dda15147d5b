// A loss that is not finite is reported whether or not the search for its origin can be loaded.

import { dataset } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { afterEach, expect, it, vi } from "vitest";
import { dense } from "../layers/dense.ts";
import { mse } from "../losses/regression.ts";
import { sgd } from "../optimizers/sgd.ts";
import { fit } from "./fit.ts";

const overflow = () =>
  fit({
    backend: referenceBackend(),
    model: dense({ units: 1 }),
    loss: mse(),
    optimizer: sgd(),
    data: { train: dataset({ inputs: array([[1e30]]), targets: array([[-1e30]]) }) },
    learningRate: 1e-3,
    epochs: 1,
    batchSize: 1,
    seed: 0,
  });

afterEach(() => {
  vi.doUnmock("./origin.ts");
});

it("names the first bad tensor", async () => {
  await expect(overflow()).rejects.toThrow(/the loss of step 1 .* is Infinity\. First bad tensor: /);
});

it("reports the loss all the same where the page is offline by then", async () => {
  vi.resetModules();
  vi.doMock("./origin.ts", () => {
    throw new TypeError("failed to fetch");
  });
  await expect(overflow()).rejects.toMatchObject({
    code: "non-finite",
    message: expect.stringMatching(
      /is Infinity\. The search for its origin could not be loaded: .* Rows of the batch: 0\./s,
    ),
  });
});
