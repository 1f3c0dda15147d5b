// Shares of a forecast: they add up, by measurements and by inputs, and a specimen like the others has none.
import { initialize } from "@hooke/core";
import { dataset, fitPreprocessing, logTransform, standardize } from "@hooke/data";
import { lstmLayer } from "@hooke/example-crack-growth/members.ts";
import { virkler } from "@hooke/example-crack-growth/plate.ts";
import type { Specimen } from "@hooke/example-crack-growth/specimens.ts";
import { networkInputs } from "@hooke/example-crack-growth/windows.ts";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { explainForecast } from "./explaining.ts";

const grown = (rate: number): Specimen => ({
  name: String(rate),
  lengths: Array.from({ length: 10 }, (_, step) => 9 * (1 + rate) ** step),
});

it("adds up to what the forecast differs by from that of the mean", async () => {
  const backend = referenceBackend();
  const others = [0.04, 0.05, 0.06].map(grown);
  const inputs = networkInputs(
    virkler,
    others.map(({ lengths }) => lengths.slice(0, 5)),
  );
  const targets = array(others.map(({ lengths }) => lengths.slice(5).map((length) => length / lengths[4]!)));
  const names = ["length", "growth", "stressIntensityRange"];
  const preprocessing = fitPreprocessing(dataset({ inputs, targets, inputNames: names }), {
    inputs: [logTransform(), standardize()],
    targets: [logTransform(), standardize()],
  });
  const variables = await initialize(backend, lstmLayer, [4, 3], 0);
  const model = { layer: lstmLayer, inputShape: [4, 3], variables, preprocessing };
  const { difference, byStep, byInput } = await explainForecast(model, virkler, others, grown(0.08), backend);
  expect([byStep.length, byInput.length]).toEqual([4, 3]);
  const size = byStep.reduce((sum, share) => sum + Math.abs(share), 0);
  for (const shares of [byStep, byInput.map(({ share }) => share)]) {
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - difference)).toBeLessThan(0.02 * size);
  }
  const alike = await explainForecast(model, virkler, [grown(0.05)], grown(0.05), backend);
  expect(Math.max(...alike.byStep.map(Math.abs))).toBe(0);
});
