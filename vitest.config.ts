// Four projects: `unit` and `alone` run the sources; `packaging` and `browser` need `pnpm build` first and test what a user would
// install, and what a user's bundler would serve.
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst, seconds } from "./scripts/longest-first.ts";

const shared = {
  pool: "forks" as const,
  // Memory tests collect garbage before they measure.
  execArgv: ["--expose-gc"],
  // For machines that do other things besides: a test that hangs is what this ends.
  testTimeout: 120_000,
  hookTimeout: 60_000,
  env: {
    // Files of tests share the processors already; what threads do has tests of its own, which ask for them.
    HOOKE_THREADS: "1",
    // Programs that tests start load Hooke's sources in a third of the time when another one has.
    NODE_COMPILE_CACHE: join(import.meta.dirname, ".cache/compiled"),
  },
};

/** What takes a process of its own for long has nothing to gain from one that others have used. */
const long = Object.keys(seconds);
/** Files that change what belongs to their process (its environment, its clock, its memory, an engine of TensorFlow.js), or count in it. */
const ofTheirProcess = [
  "packages/backend-{cuda,tfjs,webgpu}/**/*.test.ts",
  "packages/backend-wasm/src/{growth,heap,long-programs}.test.ts",
  "packages/backend-wasm/src/threads/*.test.ts",
  "packages/backend-wasm/src/wide/*.test.ts",
  "packages/baselines/src/trees/histograms.test.ts",
  "packages/core/src/node/interrupt.test.ts",
  "packages/core/src/training/{failure,kill,work}.test.ts",
  "packages/io/src/images/image-set.test.ts",
  "packages/io/src/images/png/decode.test.ts",
  "packages/pinn/src/solve.test.ts",
  "packages/runtime/src/{pause,plugin,selection}.test.ts",
  "packages/testkit/src/system/memory.test.ts",
  "packages/transfer/src/weights/source/download.test.ts",
];
const apart = ["**/node_modules/**", "**/dist/**", "browser/**", "scripts/packaging/**", "**/e2e/**"];

export default defineConfig({
  test: {
    // Of two processors, tests in browsers and of processes that are killed leave one idle at times. `npm test` says how many each of its lanes has.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...shared,
          name: "alone",
          include: [...long, ...ofTheirProcess],
          exclude: apart,
        },
      },
      // Most files: a process that has loaded Hooke and the golden files goes on with the next.
      {
        test: {
          ...shared,
          name: "unit",
          isolate: false,
          include: ["{packages,apps,examples,benchmarks,scripts}/**/*.test.ts"],
          exclude: [...long, ...ofTheirProcess, ...apart],
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
      // WebGPU without a GPU takes its time. A process shares one browser, in which each file opens pages of its own.
      {
        test: {
          ...shared,
          name: "browser",
          isolate: false,
          include: ["browser/**/*.test.ts", "apps/*/e2e/*.test.ts", "docs/e2e/*.test.ts"],
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
