// Mapping what is packed: each row fills words of its own, the last of which may have room left.

import { sizeOf } from "../../array.ts";
import { pad } from "../../ops/padding.ts";
import { slice } from "../../ops/slicing.ts";
import { reshape } from "../../ops/structure.ts";
import { type Packed, perWord } from "../../primitives/packing.ts";
import { apply, type BatchRules, mapped } from "./rule.ts";

export const packing: BatchRules<"pack" | "unpack"> = {
  pack([x], node, rows) {
    const { tensor } = x!;
    const words = node.outputs[0]!.shape[0]!;
    const size = sizeOf(tensor.shape) / rows;
    const whole = pad(reshape(tensor, [rows, size]), [0, 0], [0, words * perWord(tensor.dtype as Packed) - size], 0);
    return apply(node, [whole]).map((all) => mapped(reshape(all, [rows, words])));
  },
  unpack([words], node, rows) {
    const { shape, dtype } = node.params;
    const room = words!.tensor.shape[1]! * perWord(dtype);
    const flat = reshape(words!.tensor, [sizeOf(words!.tensor.shape)]);
    const [all] = apply(node, [flat], { shape: [rows, room], dtype });
    return [mapped(reshape(slice(all!, [0, 0], [rows, sizeOf(shape)]), [rows, ...shape]))];
  },
};
