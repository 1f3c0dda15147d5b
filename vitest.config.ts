// Two projects: `unit` runs the sources; `packaging` needs `pnpm build` first and tests what a user would install.
import { defineConfig } from "vitest/config";

const shared = {
  pool: "forks" as const,
  // Memory tests collect garbage before they measure.
  execArgv: ["--expose-gc"],
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["{packages,apps,examples,benchmarks,scripts}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "scripts/packaging/**"],
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
    ],
  },
});
