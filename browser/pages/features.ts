// Features kept in Cache Storage: computed by one page, found by the next.
import { wasmBackend } from "@hooke/backend-wasm";
import { dense, flatten, initialize, sequential } from "@hooke/core";
import { featureStorage, features } from "@hooke/transfer";

/** What a run found: its features, and how many of them were kept. */
export interface FeatureRun {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly cached: number;
}

/** @param count of images; @param seed of the network */
export async function runFeatures(count: number, seed: number): Promise<FeatureRun> {
  const backend = wasmBackend();
  const layer = sequential([flatten(), dense({ units: 3 })]);
  const backbone = { layer, inputShape: [4, 4, 1], variables: await initialize(backend, layer, [4, 4, 1], seed) };
  const data = Float32Array.from({ length: count * 16 }, (_, i) => Math.sin(i));
  let cached = 0;
  const { shape, data: values } = await features(
    backbone,
    { shape: [count, 4, 4, 1], dtype: "f32", data },
    {
      backend,
      cache: featureStorage("features-test"),
      onProgress(progress) {
        cached = progress.cached;
      },
    },
  );
  return { shape, values: [...values], cached };
}

/** Overwrites what is kept under every name. */
export async function damageFeatures(): Promise<number> {
  const cache = await caches.open("features-test");
  const entries = await cache.keys();
  for (const entry of entries) await cache.put(entry, new Response(new Uint8Array(40)));
  return entries.length;
}

declare global {
  interface Window {
    runFeatures: typeof runFeatures;
    damageFeatures: typeof damageFeatures;
  }
}

if (typeof window !== "undefined") Object.assign(window, { runFeatures, damageFeatures });
