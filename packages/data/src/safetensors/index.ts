/**
 * Tensors as safetensors files. An entry of its own, so that pages that read and write none do not download it.
 *
 * @packageDocumentation
 */

export { writeChecksum } from "./checksum.ts";
export { crc32, crc32c } from "./crc32c.ts";
export { type DecodeSafetensorsOptions, decodeSafetensors } from "./decode.ts";
export { foreignDTypes, type Misfit, ownDTypes, type StoredDType, type StoredDTypes } from "./dtypes.ts";
export { type EncodeSafetensorsOptions, encodeSafetensors, writeSafetensors } from "./encode.ts";
export type { Entry } from "./header.ts";
export { readSafetensorsLayout, type SafetensorsLayout } from "./layout.ts";
export { parseJson } from "./parse-json.ts";
export { readSafetensors, type Safetensors } from "./read.ts";
export { type SelectedNames, selectedNamesCheck, selectNames } from "./select.ts";
