// Overfitting is said where the training loss falls on while the validation loss has risen for long.
import { expect, it } from "vitest";
import { overfitting } from "./overfitting.ts";

const falling = [1, 0.8, 0.6, 0.5, 0.4, 0.3];

it("says since when, and what to do", () => {
  const words = overfitting({
    curves: { train: falling, validation: [1, 0.9, 0.8, 0.9, 1, 1] },
    best: { epoch: 3, loss: 0.8 },
  });
  expect(words).toMatch(
    /^It overfits: since epoch 3 the training loss fell from 0\.600 to 0\.300, and .+ rose from 0\.800 to 1\.000\. Take/,
  );
});

it.each([
  ["before the first epoch", { curves: { train: [], validation: [] } }],
  ["while it improves", { curves: { train: falling, validation: falling }, best: { epoch: 6, loss: 0.3 } }],
  [
    "while it wavers",
    { curves: { train: falling, validation: [1, 0.9, 0.8, 0.82, 0.81, 0.85] }, best: { epoch: 3, loss: 0.8 } },
  ],
  [
    "where the training loss has risen, too",
    {
      curves: { train: [1, 0.8, 0.6, 0.7, 0.8, 0.9], validation: [1, 0.9, 0.8, 0.9, 1, 1] },
      best: { epoch: 3, loss: 0.8 },
    },
  ],
])("says nothing %s", (_, training) => expect(overfitting(training)).toBe(""));
