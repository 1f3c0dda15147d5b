// Initializers against PyTorch's fans: an initializer is the unit distribution of the same key times a golden number.
import { defineLayer, type Initializer, initialize } from "@hooke/core";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { loadGolden } from "../golden.ts";
import { differences } from "./compare.ts";

const backend = referenceBackend();

interface Config {
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  readonly fanIn?: number;
}

const variable = defineLayer({
  type: "testkit/variable",
  params: ({ shape, initializer, fanIn }: Config) => ({
    value: { shape, initializer, ...(fanIn === undefined ? {} : { fanIn }) },
  }),
  apply: (_, x) => x,
});

async function draw(config: Config): Promise<HostArray> {
  const { params } = await initialize(backend, variable(config), [1], 0, "f64");
  return (params as { readonly value: HostArray }).value;
}

const drawn = loadGolden("initializers").cases.filter(({ operation }) => operation !== "gain");

describe("initializers agree with PyTorch", () => {
  it.each(drawn.map((golden) => [golden.name, golden] as const))("%s", async (_, { operation, config, outputs }) => {
    const kernel = config.kernelShape as readonly number[];
    const isBias = operation === "torchDefaultBias";
    const shape = isBias ? kernel.slice(-1) : kernel;
    const initializer = (isBias ? "torchDefault" : operation) as Initializer;
    const found = await draw({ shape, initializer, ...(isBias && { fanIn: outputs.fanIn!.data[0]! }) });
    const uniform = config.distribution === "uniform";
    const unit = await draw({
      shape,
      initializer: uniform ? { name: "uniform", low: -1, high: 1 } : { name: "normal", standardDeviation: 1 },
    });
    const factor = (uniform ? outputs.bound! : outputs.std!).data[0]!;
    const expected = array(
      unit.data.map((value) => value * factor),
      { shape },
    );
    expect(differences({ found }, { found: expected }, 1e-12)).toEqual({});
  });
});
