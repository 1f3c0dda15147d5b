// A value that is known to be a function of operands: its derivatives are those of the function, however it was computed.
import { fail } from "../error.ts";
import { add, mul } from "../ops/elementwise.ts";
import { needAlike, needFloat, needInputs } from "./needs.ts";
import type { MaybeTensor, Rules } from "./rule.ts";

export const known: Rules<"known"> = {
  known: {
    outputs(inputs, { of, slopes }) {
      if (slopes.length === 0) fail("known", `received no derivative of ${of}; it takes one for each operand.`);
      needInputs("known", inputs, 1 + slopes.length);
      needFloat("known", needAlike("known", inputs));
      return [inputs[0]!];
    },
    jvp: ([, ...x], _, { slopes }, [, ...tangents]) => [
      slopes.reduce<MaybeTensor>((total, slope, i) => {
        const tangent = tangents[i] ?? null;
        if (tangent === null) return total;
        const part = mul(tangent, slope(...x));
        return total === null ? part : add(total, part);
      }, null),
    ],
    reference: ([value]) => [value!],
  },
};
