// Advice on images of which statistics say nothing: networks of pixels are candidates like the others, and win.
import { wasmBackend } from "@hooke/backend-wasm";
import { imageTable, randomFrom } from "@hooke/baselines";
import { dataset } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { imageNetwork } from "../network/image-network.ts";
import { advise } from "./advise.ts";
import { workersFor } from "./only.fixture.ts";

/** Corners that open to one side or to the other, anywhere, in noise: of the two, means, deviations and correlations along axes are the same. */
function corners(count: number, side: number) {
  const random = randomFrom(randomKey(5), "corners");
  const pixels = Float32Array.from({ length: count * side * side }, () => 0.3 * random.uniform());
  const labels = Int32Array.from({ length: count }, (_, image) => image % 2);
  for (const [image, label] of labels.entries()) {
    const [top, left] = [random.below(side - 4), random.below(side - 4)];
    const set = (y: number, x: number): void => {
      pixels[(image * side + top + y) * side + left + x]! += 1;
    };
    for (let i = 0; i < 5; i++) {
      set(i, label === 0 ? 0 : 4);
      set(4, i);
    }
  }
  return dataset({
    inputs: { shape: [count, side, side, 1], dtype: "f32", data: pixels },
    targets: { shape: [count], dtype: "i32", data: labels },
    targetNames: ["side"],
    classes: ["right", "left"],
  });
}

it("advises a network of pixels where it wins, measured like the others, in workers too, and fits it", async () => {
  const data = corners(80, 12);
  const backend = wasmBackend();
  const methods = { "convolutional network": imageNetwork({ updates: 120 }) };
  const options = { target: "side", groups: "none", backend, methods, elsewhere: false } as const;
  // Of statistics, which say nothing, what takes long is left out.
  const workers = await workersFor(["dummy", "logistic", "neighbours", "convolutional network"], data, options);
  const advice = await advise(data, { ...options, budget: { repeats: 1 }, workers });
  expect(advice.recommended!.method).toBe("convolutional network");
  expect(advice.recommended!.skill).toBeGreaterThan(0.5);
  expect(advice.sentences().join(" ")).toContain("convolutional network");
  const { fitted, domain } = await advice.fit();
  expect(fitted.inputs).toHaveLength(144);
  // Statistics say what is like the images that were seen.
  expect(domain.ranges.map(({ input }) => input)).toContain("deviation");
  const { values, classes } = fitted.predict(imageTable(data));
  expect(Array.from(values, (value) => classes![value])).toEqual(
    Array.from(values, (_, i) => (i % 2 ? "left" : "right")),
  );
  await expect(advice.explain()).rejects.toThrow(
    'advice.explain: explains methods by their inputs; those of "convolutional network" are pixels',
  );
});
