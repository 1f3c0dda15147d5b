// Whole trainings against PyTorch: fifty steps in f32 from the same weights and batches, within 1e-4 relative.
import { describe, it } from "vitest";
import { loadGolden } from "../golden.ts";
import { trainingBackends } from "./backends.fixture.ts";
import { expectTrajectory } from "./expect-trajectory.ts";
import { networkOf } from "./models.ts";

describe.each(trainingBackends)("fifty training steps agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("trajectories").cases.map((golden) => [golden.name, golden] as const))("%s", (_, golden) =>
    expectTrajectory(backend, golden, networkOf(golden)),
  );
});
