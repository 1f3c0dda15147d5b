// The checksum of the training part, so that a checkpoint is not resumed with other data. Loaded where checkpoints are kept or resumed.

import type { Dataset } from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import type { HostArray } from "@hooke/runtime";

/** CRC-32C of the bytes of inputs, targets, extras by name, and `sampleWeights`. */
export function dataChecksum({ inputs, targets, extras }: Dataset, weights: HostArray | undefined): string {
  const names = Object.keys(extras).sort();
  const arrays = [inputs, targets, ...names.map((name) => extras[name]!), ...(weights ? [weights] : [])];
  const sum = arrays.reduce(
    (before, { data }) => crc32c(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), before),
    0,
  );
  return `crc32c:${sum.toString(16)}`;
}
