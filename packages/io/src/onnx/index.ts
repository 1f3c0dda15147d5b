/**
 * Models as ONNX files, for other programs to run; and the weights in those of other programs.
 *
 * @packageDocumentation
 */
export { type DecodeOnnxOptions, decodeOnnx, type OnnxFile } from "./decode-onnx.ts";
export { type ExportOnnxOptions, exportOnnx } from "./export-onnx.ts";
