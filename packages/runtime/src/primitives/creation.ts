// Primitives that make arrays out of nothing but parameters or a random key.
import { allocate, describe, sameShape, sizeOf, stridesOf } from "../array.ts";
import { checkDType, checkShape } from "../check-array.ts";
import { fail } from "../error.ts";
import type { Aval } from "../program.ts";
import { needAxis, needDType, needInputs, needValue, numeric } from "./needs.ts";
import type { Rules } from "./rule.ts";
import { threefry, threefryWords } from "./threefry.ts";

function needKey(who: string, key: Aval): void {
  if (key.dtype !== "u32" || !sameShape(key.shape, [2])) {
    fail(
      who,
      `received ${describe(key)} as the key; a key is u32[2], made by randomKey(seed) or fold(key, name).`,
      "mismatch",
    );
  }
}

export const creation: Rules<"full" | "constant" | "iota" | "randomBits" | "foldKey"> = {
  full: {
    outputs(_, { value, shape, dtype }) {
      checkDType("full", dtype);
      checkShape("full", shape);
      needValue("full", value, dtype);
      return [{ shape, dtype }];
    },
    jvp: () => [null],
    reference: (_, { value, shape, dtype }) => {
      const data = allocate(dtype, sizeOf(shape));
      data.fill(value);
      return [{ shape, dtype, data }];
    },
  },
  constant: {
    outputs: (_, { value }) => [{ shape: value.shape, dtype: value.dtype }],
    jvp: () => [null],
    reference: (_, { value }) => [value],
  },
  iota: {
    outputs(_, { shape, axis, dtype }) {
      checkShape("iota", shape);
      needAxis("iota", { shape, dtype }, axis);
      needDType("iota", { shape, dtype }, numeric);
      const most = dtype === "i32" ? 2 ** 31 : dtype === "u32" ? 2 ** 32 : Infinity;
      if (shape[axis]! > most) {
        fail("iota", `received ${shape[axis]} places; ${dtype} counts to ${most}. Use "f64".`, "unsupported");
      }
      return [{ shape, dtype }];
    },
    jvp: () => [null],
    reference(_, { shape, axis, dtype }) {
      const data = allocate(dtype, sizeOf(shape));
      const stride = stridesOf(shape)[axis]!;
      for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / stride) % shape[axis]!;
      return [{ shape, dtype, data }];
    },
  },
  randomBits: {
    outputs(inputs, { shape }) {
      needInputs("randomBits", inputs, 1);
      needKey("randomBits", inputs[0]!);
      checkShape("randomBits", shape);
      return [{ shape, dtype: "u32" }];
    },
    jvp: () => [null],
    reference: ([key], { shape }) => [{ shape, dtype: "u32", data: threefryWords(key!.data, sizeOf(shape)) }],
  },
  foldKey: {
    outputs(inputs) {
      needInputs("foldKey", inputs, 2);
      needKey("foldKey", inputs[0]!);
      if (describe(inputs[1]!) !== "u32[]")
        fail("foldKey", `received ${describe(inputs[1]!)} as data; it takes u32[].`);
      return [{ shape: [2], dtype: "u32" }];
    },
    jvp: () => [null],
    reference: ([key, data]) => [
      { shape: [2], dtype: "u32", data: Uint32Array.from(threefry(key!.data[0]!, key!.data[1]!, data!.data[0]!, 1)) },
    ],
  },
};
