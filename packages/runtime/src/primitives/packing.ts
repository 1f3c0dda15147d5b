// What is kept in fewer bits than it is computed in: floats rounded to bfloat16, two to a word, and booleans, 32 to a word.
import { allocate, describe, type HostArray, sizeOf } from "../array.ts";
import { checkShape } from "../check-array.ts";
import { fail } from "../error.ts";
import type { Aval } from "../program.ts";
import { needDType, needInputs } from "./needs.ts";
import type { Rules } from "./rule.ts";

const widths = { f32: 16, bool: 1 } as const;

/** Dtypes that are packed. */
export type Packed = keyof typeof widths;

export const isPacked = (dtype: string): dtype is Packed => dtype in widths;

/** Elements of a word. */
export const perWord = (dtype: Packed): number => 32 / widths[dtype];

/** The words of so many elements. */
const wordsOf = ({ shape, dtype }: Aval): number => Math.ceil(sizeOf(shape) / perWord(dtype as Packed));

const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** The upper half of a number's word, rounded to the nearest, on a tie to the even one; of NaN another NaN. */
function bfloat16(value: number): number {
  number[0] = value;
  const word = bits[0]!;
  return Number.isNaN(value) ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

function fromBfloat16(half: number): number {
  bits[0] = half << 16;
  return number[0]!;
}

export const packing: Rules<"pack" | "unpack"> = {
  pack: {
    outputs(inputs) {
      needInputs("pack", inputs, 1);
      needDType("pack", inputs[0]!, ["f32", "bool"]);
      return [{ shape: [wordsOf(inputs[0]!)], dtype: "u32" }];
    },
    jvp: () =>
      fail(
        "pack",
        "has no derivative: a gradient that keeps activations packed cannot be differentiated again. Leave packed out there.",
        "unsupported",
      ),
    reference([x], _, [out]) {
      const per = perWord(x!.dtype as Packed);
      const data = new Uint32Array(out!.shape[0]!);
      for (const [i, value] of x!.data.entries()) {
        const piece = x!.dtype === "f32" ? bfloat16(value) : value;
        data[Math.floor(i / per)]! |= piece << ((i % per) * (32 / per));
      }
      return [{ ...out!, data }];
    },
  },
  unpack: {
    outputs(inputs, { shape, dtype }) {
      needInputs("unpack", inputs, 1);
      checkShape("unpack", shape);
      needDType("unpack", { shape, dtype }, ["f32", "bool"]);
      const words = wordsOf({ shape, dtype });
      if (describe(inputs[0]!) !== `u32[${words}]`) {
        const what = `received ${describe(inputs[0]!)} for ${describe({ shape, dtype })}; it takes u32[${words}].`;
        fail("unpack", what, "mismatch");
      }
      return [{ shape, dtype }];
    },
    jvp: () => [null],
    reference([words], { dtype }, [out]): HostArray[] {
      const per = perWord(dtype);
      const data = allocate(dtype, sizeOf(out!.shape));
      for (let i = 0; i < data.length; i++) {
        const piece = words!.data[Math.floor(i / per)]! >>> ((i % per) * (32 / per));
        data[i] = dtype === "f32" ? fromBfloat16(piece) : piece & 1;
      }
      return [{ ...out!, data }];
    },
  },
};
