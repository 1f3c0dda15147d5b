// What must not compile, and what must. Checked by tsc; never run.

import type { Backend } from "./backend.ts";
import { definePlugin } from "./plugin.ts";
import { createRuntime } from "./runtime.ts";

declare const backend: Backend;
declare const dense: ((config: { readonly units: number }) => { readonly type: "dense" }) & { readonly type: "dense" };
declare const block: ((config?: { readonly size?: number }) => { readonly type: "acme/block" }) & {
  readonly type: "acme/block";
};

const core = definePlugin({ name: "core", layers: { dense }, losses: { mse: () => 1 } });
const acme = definePlugin({ name: "acme", layers: { "acme/block": block }, metrics: { score: { direction: "up" } } });

const runtime = await createRuntime({ plugins: [core, acme], backend });
runtime.layer("dense", { units: 3 }).type satisfies "dense";
runtime.layer("acme/block").type satisfies "acme/block";
runtime.get("metrics", "score").direction satisfies string;
runtime.get("losses", "mse")() satisfies number;

// @ts-expect-error a wrong option
runtime.layer("dense", { unit: 3 });
// @ts-expect-error a wrong type
runtime.layer("dense", { units: "3" });
// @ts-expect-error a missing option
runtime.layer("dense");
// @ts-expect-error a name that no plugin provides
runtime.layer("lstm", { units: 3 });
// @ts-expect-error a loss that no plugin provides
runtime.get("losses", "mae");

const small = await createRuntime({ plugins: [core], backend });
// @ts-expect-error the plugin acme is not installed
small.layer("acme/block");

const rival = definePlugin({ name: "rival", layers: { dense } });
// @ts-expect-error two plugins provide "dense"
await createRuntime({ plugins: [core, rival], backend });

// @ts-expect-error no plugin provides this backend
await createRuntime({ plugins: [core], backend: "wasm" });
await createRuntime({ plugins: [core], backend: "auto" });

// @ts-expect-error not a kind of contribution
definePlugin({ name: "typo", layer: { dense } } satisfies Parameters<typeof definePlugin>[0]);
