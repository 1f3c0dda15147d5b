/**
 * Weights of Keras' files: .keras, .weights.h5 and .h5.
 *
 * @packageDocumentation
 */

export { type DecodeKerasOptions, decodeKeras, type KerasFile } from "./decode-keras.ts";
