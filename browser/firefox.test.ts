// WebGPU in Firefox: the built packages on another compiler, naga, and with a driver for processors, Mesa's lavapipe where that is.
import { primitiveCases } from "@hooke/testkit";
import { trainingChecks } from "@hooke/testkit/layers";
import { conformanceChecks } from "@hooke/testkit/suite";
import { expect, test } from "vitest";
import { conformanceInPage } from "./harness/conformance.ts";
import { evaluateInFirefox, skipped } from "./harness/firefox.ts";

/** All but the first case of each primitive that f32 has, and one in eight of the other checks. */
function leftOut(): Record<string, string> {
  const cases = [...primitiveCases()].flatMap(([primitive, all]) => {
    const first = all.findIndex(({ inputs }) => inputs.every(({ dtype }) => dtype !== "f64"));
    return all.filter((_, at) => at !== first).map(({ note }) => `${primitive}: ${note}`);
  });
  const others = conformanceChecks().filter(({ group }) => group !== "primitives");
  const names = [...new Set(others.map(({ name }) => name))].filter((_, at) => at % 8 !== 0);
  return Object.fromEntries([...cases, ...names].map((title) => [title, "a sample"]));
}

test.skipIf(skipped)(`a sample of the suite, and a training, agree with the reference${skipped}`, async () => {
  const [training] = trainingChecks();
  const title = `${training!.group}: ${training!.name}`;
  const results = await conformanceInPage(evaluateInFirefox, "webgpu", [title], leftOut());
  expect(results.flatMap(({ problems }) => problems)).toEqual([]);
  expect(results.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(80);
  expect(results.at(-1)).toMatchObject({ name: training!.name, ran: 1 });
});
