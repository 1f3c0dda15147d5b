// The checksum of the training part, so that a checkpoint is not resumed with other data. Loaded where checkpoints are kept or resumed.

import type { Dataset, StreamedArray } from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import type { HostArray } from "@hooke/runtime";

/** CRC-32C of the bytes of inputs, of their own checksum where they are streamed, targets, extras by name, and `sampleWeights`. */
export function dataChecksum(
  { inputs, targets, extras }: Dataset<HostArray | StreamedArray>,
  weights: HostArray | undefined,
): string {
  const names = Object.keys(extras).sort();
  const known = "checksum" in inputs ? { data: new TextEncoder().encode(inputs.checksum) } : inputs;
  const arrays = [known, targets, ...names.map((name) => extras[name]!), ...(weights ? [weights] : [])];
  const sum = arrays.reduce(
    (before, { data }) => crc32c(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), before),
    0,
  );
  return `crc32c:${sum.toString(16)}`;
}
