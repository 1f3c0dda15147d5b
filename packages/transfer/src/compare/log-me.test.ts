// LogME against its evidence as the density of a Gaussian, at the published fixed point.
import { dataset } from "@hooke/data";
import { loadGolden } from "@hooke/testkit/golden";
import { expect, it } from "vitest";
import { logMe } from "./log-me.ts";

const golden = loadGolden("probes").cases.filter(({ operation }) => operation === "logMe");

it.each(golden.map((entry) => [entry.name, entry] as const))("equals the %s", async (_name, { inputs, outputs }) => {
  const score = await logMe(dataset({ inputs: inputs.features!, targets: inputs.targets! }));
  expect(score).toBeCloseTo(outputs.value!.data[0]!, 8);
});
