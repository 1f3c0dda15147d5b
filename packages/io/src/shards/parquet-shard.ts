// Rows of columns of a Parquet file: its groups of rows are read and unpacked as a whole.
import type { Table } from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import { fail, type HostArray, zeros } from "@hooke/runtime";
import type { ByteFile } from "../files/byte-file.ts";
import { openParquet, type ParquetFile } from "../parquet/open-parquet.ts";
import type { Shard, ShardColumns } from "./shard.ts";

const listOf = (names: string | readonly string[]): readonly string[] => (typeof names === "string" ? [names] : names);

/** Opens a Parquet file. @param limit bytes of a group of rows. @throws unless its columns are there and hold numbers */
export async function openParquetShard(
  file: ByteFile,
  columns: ShardColumns,
  limit: number,
  signal?: AbortSignal,
): Promise<Shard> {
  const { name } = file;
  const [inputNames, targetNames] = [listOf(columns.inputs), listOf(columns.targets)];
  let stated = 0;
  /** What the file says of itself, by where it begins: read once, for inputs and targets. Undefined once it is open. */
  let heads: Map<number, Uint8Array> | undefined = new Map();
  const heard: ByteFile = {
    ...file,
    async read(begin, end, aborted) {
      const known = heads?.get(begin);
      if (known !== undefined) return known;
      const bytes = await file.read(begin, end, aborted);
      heads?.set(begin, bytes);
      if (heads !== undefined) stated = crc32c(bytes, stated);
      return bytes;
    },
  };
  const opened = (names: readonly string[], most: number, beyond: string): Promise<ParquetFile> =>
    openParquet("openShards", heard, { columns: names, limit: most, beyond, signal });
  const smaller = "write groups of fewer rows, such as row_group_size=10000 in pyarrow";
  const inputs = await opened(inputNames, limit, `the option memory allows ${limit}. Raise it, or ${smaller}.`);
  const targets = await opened(targetNames, 2 ** 31, "targets are kept in memory, 2 GiB of a file at most. Divide it.");
  heads = undefined;
  for (const { name: column, type } of [...inputs.columns, ...targets.columns]) {
    if (type === "number") continue;
    const cure = "Write it as numbers: categories as columns of 0 and 1, or as whole numbers from 0";
    fail(name, `column ${JSON.stringify(column)} holds text, and rows are read as numbers. ${cure}.`, "unsupported");
  }
  const valuesOf = async (
    parquet: ParquetFile,
    names: readonly string[],
    from: number,
    to: number,
    aborted: AbortSignal | undefined,
  ): Promise<HostArray> => rowsOf(await parquet.read(from, to, { signal: aborted }), names);
  return {
    name,
    rows: inputs.rowCount,
    row: [inputNames.length],
    dtype: "f64",
    inputNames,
    targetNames,
    groups: inputs.groups,
    stated,
    readInputs: (from, to, aborted) => valuesOf(inputs, inputNames, from, to, aborted),
    readTargets: (aborted) => valuesOf(targets, targetNames, 0, targets.rowCount, aborted),
  };
}

/** The columns of a table side by side, `[rows, columns]`. */
function rowsOf({ columns, rowCount }: Table, names: readonly string[]): HostArray {
  const values = zeros([rowCount, names.length], "f64");
  names.forEach((name, at) => {
    const { values: column } = columns.find((found) => found.name === name)!;
    for (let row = 0, to = at; row < rowCount; row++, to += names.length) values.data[to] = column[row] as number;
  });
  return values;
}
