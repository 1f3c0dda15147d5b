/**
 * Arrays of NumPy: .npy and .npz files.
 *
 * @packageDocumentation
 */

export { type DecodeNpyOptions, decodeNpy, encodeNpy } from "./npy.ts";
export { type DecodeNpzOptions, decodeNpz, type EncodeNpzOptions, encodeNpz } from "./npz.ts";
