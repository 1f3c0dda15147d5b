// Where the forget gate's bias starts, and that nothing else starts elsewhere for it.
import { initialize, type Variables } from "@hooke/core";
import { type HostArray, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { lstm } from "../index.ts";

type Parameters = Readonly<Record<string, Readonly<Record<"kernel" | "recurrentKernel" | "bias", HostArray>>>>;

const size = 4;
const start = async (options: { readonly forgetBias?: number }): Promise<Parameters> => {
  const model = lstm({ hiddenSize: size, layers: 2, bidirectional: true, ...options });
  const { params }: Variables<HostArray> = await initialize(referenceBackend(), model, [7, 3], 3);
  return params as unknown as Parameters;
};

it.each([0, 1, -2.5])(
  "the forget gate's bias starts from %d in every layer and direction, the rest as without",
  async (forgetBias) => {
    const [plain, changed] = [await start({}), await start({ forgetBias })];
    expect(Object.keys(changed)).toEqual(["layer0", "layer0Reverse", "layer1", "layer1Reverse"]);
    for (const [layer, { kernel, recurrentKernel, bias }] of Object.entries(plain)) {
      const drawn = [...bias.data];
      const forget = new Array(size).fill(forgetBias);
      expect([...changed[layer]!.bias.data]).toEqual([...drawn.slice(0, size), ...forget, ...drawn.slice(2 * size)]);
      expect(changed[layer]!.kernel).toEqual(kernel);
      expect(changed[layer]!.recurrentKernel).toEqual(recurrentKernel);
    }
  },
);

it("refuses a start that is no number", () => {
  expect(() => lstm({ hiddenSize: size, forgetBias: "one" as never })).toThrow(
    'lstm: option "forgetBias" is "one"; expected a finite number',
  );
});
