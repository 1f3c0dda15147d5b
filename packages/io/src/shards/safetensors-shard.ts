// Rows of two tensors of a safetensors file.
import { crc32c, type Entry, readSafetensorsLayout, selectNames } from "@hooke/data/safetensors";
import { fail, type HostArray, sizeOf } from "@hooke/runtime";
import { type ByteFile, readBytes } from "../files/byte-file.ts";
import { isStoredName, readStored, type StoredName, storedSize, storedType } from "../stored-array.ts";
import type { Shard, ShardColumns } from "./shard.ts";

/** Small whole numbers are samples, such as the grey of pixels, and become floats; those of 32 bits and more are indices, and stay whole. */
const samples: ReadonlySet<string> = /* @__PURE__ */ new Set(["U8", "I8", "U16", "I16", "BOOL"]);

/** Opens a safetensors file. @throws unless its tensors are there, with as many rows */
export async function openSafetensors(file: ByteFile, columns: ShardColumns, signal?: AbortSignal): Promise<Shard> {
  const { name } = file;
  const read = (begin: number, end: number): Promise<Uint8Array> => readBytes(file, begin, end, "its header", signal);
  const { entries, dataStart, header } = await readSafetensorsLayout(read, file.size, name);
  const [inputs, targets] = [tensorOf(name, entries, columns.inputs), tensorOf(name, entries, columns.targets)];
  if (inputs.rows !== targets.rows) {
    fail(
      name,
      `${inputs.what} has ${inputs.rows} rows and ${targets.what} ${targets.rows}; both need one for each sample.`,
      "mismatch",
    );
  }
  const rowsOf = async (tensor: Tensor, from: number, to: number, aborted?: AbortSignal): Promise<HostArray> => {
    const { stored, what, row, entry, bytes } = tensor;
    const begin = dataStart + entry.begin + from * bytes;
    const end = begin + (to - from) * bytes;
    const rows = `rows ${from} to ${to - 1} of ${what}`;
    const found = await readBytes(file, begin, end, rows, aborted);
    const values = readStored(name, rows, { stored, shape: [to - from, ...row], bigEndian: false }, found, "i32");
    return samples.has(stored) ? { ...values, dtype: "f32", data: Float32Array.from(values.data) } : values;
  };
  return {
    name,
    rows: inputs.rows,
    row: inputs.row,
    dtype: samples.has(inputs.stored) ? "f32" : storedType(inputs.stored),
    inputNames: undefined,
    targetNames: undefined,
    groups: undefined,
    stated: crc32c(header),
    readInputs: (from, to, aborted) => rowsOf(inputs, from, to, aborted),
    readTargets: (aborted) => rowsOf(targets, 0, targets.rows, aborted),
  };
}

/** A tensor with rows. */
interface Tensor {
  readonly what: string;
  readonly entry: Entry;
  readonly stored: StoredName;
  readonly rows: number;
  readonly row: readonly number[];
  /** Of a row. */
  readonly bytes: number;
}

function tensorOf(who: string, entries: readonly Entry[], name: string | readonly string[]): Tensor {
  if (typeof name !== "string") {
    return fail(who, `received a list of names; of a safetensors file one tensor is read: "${name[0] ?? "inputs"}".`);
  }
  const [entry] = selectNames(who, "tensor", entries, [name]);
  const { stored, shape } = entry!;
  const what = `tensor "${name}"`;
  if (!isStoredName(stored)) {
    return fail(
      who,
      `${what} is of dtype ${stored}, which is not read. Convert it, e.g. tensor.float() in PyTorch.`,
      "unsupported",
    );
  }
  const [rows, ...row] = shape;
  if (rows === undefined) return fail(who, `${what} has no axis of rows.`, "mismatch");
  return { what, entry: entry!, stored, rows, row, bytes: sizeOf(row) * storedSize(stored) };
}
