/**
 * Kernels in WGSL, the language of WebGPU.
 *
 * @packageDocumentation
 */
export { wgsl } from "./wgsl.ts";
