// Three projects: `unit` runs the sources; `packaging` and `browser` need `pnpm build` first and test what a user would
// install, and what a user's bundler would serve.
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longest-first.ts";

const shared = {
  pool: "forks" as const,
  // Memory tests collect garbage before they measure.
  execArgv: ["--expose-gc"],
  // For machines that do other things besides: a test that hangs is what this ends.
  testTimeout: 120_000,
  hookTimeout: 60_000,
  // Files of tests share the processors already; what threads do has tests of its own, which ask for them.
  env: { HOOKE_THREADS: "1" },
};

export default defineConfig({
  test: {
    // Of two processors, tests in browsers and of processes that are killed leave one idle at times.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["{packages,apps,examples,benchmarks,scripts}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "scripts/packaging/**", "**/e2e/**"],
        },
      },
      {
        test: {
          ...shared,
          name: "packaging",
          include: ["scripts/packaging/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      // WebGPU without a GPU takes its time.
      {
        test: {
          ...shared,
          name: "browser",
          include: ["browser/**/*.test.ts", "apps/*/e2e/*.test.ts", "docs/e2e/*.test.ts"],
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
