// The programs that the check of a GPU runs, by their paths in the repository: what they import is packed.
export const entries = [
  "scripts/gpu-check/check.ts",
  "packages/backend-webgpu/src/train.fixture.ts",
  "benchmarks/main.ts",
  "benchmarks/peers/hooke.ts",
  "benchmarks/peers/tfjs-layers.ts",
  "benchmarks/peers/jax-js.ts",
] as const;
