/**
 * Arrays of NumPy: .npy files.
 *
 * @packageDocumentation
 */

export { type DecodeNpyOptions, decodeNpy, encodeNpy } from "./npy.ts";
