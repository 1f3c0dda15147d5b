/**
 * Models as ONNX files, for other programs to run.
 *
 * @packageDocumentation
 */
export { type ExportOnnxOptions, exportOnnx } from "./export-onnx.ts";
