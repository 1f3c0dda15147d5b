// What tests of layers share: numbers without a pattern that a mistake could share, and a small model.
import { array, type HostArray } from "@hooke/runtime";

/** `[batch, time, features]`. */
export const waves = (shape: readonly [number, number, number]): HostArray =>
  array(
    Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => Math.sin(i * 2.3)),
    { shape },
  );

export const small = { outputs: 2, width: 4, heads: 2, blocks: 1, feedForwardSize: 4 };
