// Overfitting is said where the error on the training rows falls on while that on the rows held back has risen for long.
import { expect, it } from "vitest";
import { overfitting } from "./overfitting.ts";

const falling = [1, 0.8, 0.6, 0.5, 0.4, 0.3];

it("says since when, and what to do", () => {
  const words = overfitting(
    {
      curves: { train: falling, validation: [1, 0.9, 0.8, 0.9, 1, 1] },
      best: { epoch: 3, error: 0.8 },
    },
    "MPa",
  );
  expect(words).toMatch(
    /^It overfits: since epoch 3 the error on the training rows fell from 0\.6 MPa to 0\.3 MPa, and .+ rose from 0\.8 MPa to 1 MPa\. Take/,
  );
});

it.each([
  ["before the first epoch", { curves: { train: [], validation: [] } }],
  ["while it improves", { curves: { train: falling, validation: falling }, best: { epoch: 6, error: 0.3 } }],
  [
    "while it wavers",
    { curves: { train: falling, validation: [1, 0.9, 0.8, 0.82, 0.81, 0.83] }, best: { epoch: 3, error: 0.8 } },
  ],
  [
    "where the error on the training rows has risen, too",
    {
      curves: { train: [1, 0.8, 0.6, 0.7, 0.8, 0.9], validation: [1, 0.9, 0.8, 0.9, 1, 1] },
      best: { epoch: 3, error: 0.8 },
    },
  ],
])("says nothing %s", (_, training) => expect(overfitting(training, "")).toBe(""));
