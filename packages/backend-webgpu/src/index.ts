/**
 * Recorded programs on WebGPU, in browsers and in Node.
 *
 * @packageDocumentation
 */
import { definePlugin } from "@hooke/runtime";
import { webgpuFactory } from "./backend.ts";

export { type WebgpuBackend, type WebgpuOptions, webgpuBackend } from "./backend.ts";

/** The plugin: provides the backend `webgpu`. */
export const webgpu = /* @__PURE__ */ definePlugin({ name: "backend-webgpu", backends: { webgpu: webgpuFactory } });
