// Which file of tests begins when, on a fresh clone too: the long before the short, so that none still runs when the others have ended.
import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** About how many seconds the files of tests take that take more than ten. Of the others, the larger come first. */
export const seconds: Readonly<Record<string, number>> = {
  "packages/testkit/src/layers/conformance.test.ts": 55,
  "packages/backend-webgpu/src/conformance.test.ts": 50,
  "scripts/docs/examples.test.ts": 45,
  "browser/conformance.test.ts": 30,
  "packages/cli/src/node/clusters/slurm.test.ts": 30,
  "packages/testkit/src/parity/conv.test.ts": 27,
  "scripts/packaging/packaging.test.ts": 27,
  "apps/demo/e2e/surrogate.test.ts": 25,
  "apps/demo/e2e/history.test.ts": 24,
  "browser/firefox.test.ts": 24,
  "docs/e2e/site.test.ts": 22,
  "examples/residual-depth/main.test.ts": 21,
  "packages/backend-cuda/src/node/cuda.test.ts": 21,
  "apps/demo/e2e/micrograph.test.ts": 19,
  "packages/testkit/src/layers/backends.test.ts": 19,
  "examples/concrete/main.test.ts": 17,
  "packages/model-advisor/src/advice/advise.test.ts": 17,
  "apps/demo/e2e/physics.test.ts": 17,
  "examples/crack-growth/main.test.ts": 16,
  "examples/texture-backbone/main.test.ts": 15,
  "examples/norms/main.test.ts": 15,
  "packages/cli/src/node/hooke.test.ts": 15,
  "examples/transfer-resnet18/main.test.ts": 15,
  "packages/testkit/src/vmap/layers.test.ts": 14,
  "browser/training.test.ts": 14,
  "apps/demo/e2e/explorer.test.ts": 14,
  "apps/demo/e2e/molecules.test.ts": 12,
  "examples/regularized-mlp/main.test.ts": 13,
  "apps/demo/e2e/advisor.test.ts": 12,
  "examples/few-micrographs/main.test.ts": 12,
  "packages/backend-cuda/src/node/driver/driver.test.ts": 12,
  "packages/kernels/src/cuda/cuda.test.ts": 11,
  "packages/backend-webgpu/src/printed/product.test.ts": 25,
  "packages/testkit/src/derivatives/taylor.test.ts": 11,
  "packages/backend-wasm/src/threads/threads.test.ts": 11,
  "packages/backend-wasm/src/wide/wide.test.ts": 11,
  "packages/backend-wasm/src/threads/conformance.test.ts": 11,
  "packages/backend-tfjs/src/cpu.test.ts": 11,
};

/**
 * Files of {@link seconds}, the longest first; then those that have a process of their own, then those that share processes: one is shared as long as the next
 * file is of the same project. Within these, vitest's own order.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const secondsOf = ({ moduleId }: TestSpecification): number =>
      seconds[relative(this.ctx.config.root, moduleId).replaceAll("\\", "/")] ?? 0;
    const shares = ({ project }: TestSpecification): number => Number(!project.config.isolate);
    return (await super.sort(files)).sort((a, b) => secondsOf(b) - secondsOf(a) || shares(a) - shares(b));
  }
}
