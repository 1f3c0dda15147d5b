/**
 * Tensors as safetensors files. An entry of its own, so that pages that read and write none do not download it.
 *
 * @packageDocumentation
 */

export { type DecodeSafetensorsOptions, decodeSafetensors } from "./decode.ts";
export { type EncodeSafetensorsOptions, encodeSafetensors } from "./encode.ts";
export type { Safetensors } from "./read.ts";
