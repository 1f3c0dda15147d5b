// Lowerings that use kernels which only this engine has: whole numbers, words and bits in single operations.
import { lowerings as common, type Lowering, type Lowerings } from "@hooke/backend-tfjs";

type Name = "mul" | "div" | "rem" | "and" | "or" | "xor" | "shiftLeft" | "shiftRight";

/** Kernels of one primitive by the type of its result; where one is missing, the common lowering holds. */
function choose<K extends Name>(primitive: K, kernels: { readonly i32: string; readonly u32: string }): Lowering<K> {
  return (k, inputs, params, avals) => {
    const { dtype } = avals.output;
    if (dtype !== "i32" && dtype !== "u32") return (common[primitive] as Lowering<K>)(k, inputs, params, avals);
    return k.binary(kernels[dtype], inputs[0]!, inputs[1]!);
  };
}

const both = (kernel: string) => ({ i32: kernel, u32: kernel });

export const lowerings: Pick<Lowerings, Name> = {
  mul: choose("mul", both("Multiply")),
  div: choose("div", { i32: "Divide", u32: "DivideWords" }),
  rem: choose("rem", { i32: "Remain", u32: "RemainWords" }),
  and: choose("and", both("BitAnd")),
  or: choose("or", both("BitOr")),
  xor: choose("xor", both("BitXor")),
  shiftLeft: choose("shiftLeft", both("ShiftLeft")),
  shiftRight: choose("shiftRight", { i32: "ShiftRight", u32: "ShiftWordsRight" }),
};
