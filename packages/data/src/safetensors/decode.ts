// Reading safetensors files from anywhere: dtypes are converted, and a part of the tensors can be chosen.
import { checkOptions, checks } from "@hooke/runtime";
import { foreignDTypes, ownDTypes } from "./dtypes.ts";
import { readSafetensors, type Safetensors } from "./read.ts";
import { type SelectedNames, selectedNamesCheck, selectNames } from "./select.ts";

/** Options of {@link decodeSafetensors}. */
export interface DecodeSafetensorsOptions {
  /** The speaker of errors, e.g. the file's path. Default `"safetensors"`. */
  readonly source?: string;
  /** The tensors to read. Default: all. */
  readonly names?: SelectedNames;
  /** What 64-bit whole numbers become; a value that it does not hold exactly is refused. Default `"i32"`. */
  readonly int64?: "i32" | "f64";
  /** `"ignore"` reads a file although its bytes have changed since its checksum was taken. Default `"check"`. */
  readonly checksum?: "check" | "ignore";
}

/**
 * Reads a safetensors file. Tensors are copies: they do not hold on to `bytes`.
 *
 * | stored                     | becomes                                                      |
 * | -------------------------- | ------------------------------------------------------------ |
 * | F64, F32, U32, I32, BOOL   | f64, f32, u32, i32, bool                                     |
 * | F16, BF16, F8_E4M3, F8_E5M2| f32, exactly                                                 |
 * | I8, U8, I16, U16           | i32, exactly                                                 |
 * | I64, U64                   | i32, or f64 with `int64: "f64"`; what these do not hold is refused |
 *
 * @throws on every malformed file, on one that does not match its checksum, on other dtypes and on whole numbers that
 *   would lose digits, naming the tensor
 * @example
 * ```ts
 * import { decodeSafetensors, encodeSafetensors } from "@hooke/data/safetensors";
 * import { array } from "@hooke/runtime";
 *
 * const file = encodeSafetensors({ "layer.weight": array([[1, 2]]), step: array(3, { dtype: "i32" }) });
 * const { tensors } = decodeSafetensors(file, { names: (name) => name.startsWith("layer.") });
 * console.log(Object.keys(tensors)); // [ 'layer.weight' ]
 * ```
 */
export function decodeSafetensors(bytes: Uint8Array, options: DecodeSafetensorsOptions = {}): Safetensors {
  checkOptions<DecodeSafetensorsOptions>("decodeSafetensors", options, {
    optional: {
      source: (value) => (typeof value === "string" ? undefined : "text"),
      names: selectedNamesCheck,
      int64: (value) => checks.oneOf(value, ["i32", "f64"]),
      checksum: (value) => checks.oneOf(value, ["check", "ignore"]),
    },
  });
  const { source = "safetensors", int64 = "i32", names, checksum } = options;
  const dtypes = { ...ownDTypes, ...foreignDTypes(int64) };
  return readSafetensors(bytes, source, dtypes, checksum !== "ignore", (entries) =>
    selectNames(source, "tensor", entries, names),
  );
}
