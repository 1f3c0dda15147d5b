// Rows of unequal sizes in one array.
import { type HostArray, zeros } from "@hooke/runtime";

/** `[size, width]` each as `[rows, room, width]`, 0 behind the end. */
export function padded(rows: readonly HostArray[], room: number, dtype: "f32" | "f64"): HostArray {
  const width = rows.reduce((most, { shape }) => Math.max(most, shape[1]!), 0);
  const kind = rows[0]!.dtype === "f32" || rows[0]!.dtype === "f64" ? dtype : rows[0]!.dtype;
  const all = zeros([rows.length, room, width], kind);
  for (const [row, { data }] of rows.entries()) all.data.set(data, row * room * width);
  return all;
}
