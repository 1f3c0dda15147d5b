// Grey images in a network of colour ones: exactly the grey image in colour.
import { initialize, predict, sequential, type TrainedModel } from "@hooke/core";
import { conv2d, globalAveragePool } from "@hooke/layers-conv";
import { type HostArray, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { withInputChannels } from "./input-channels.ts";
import { normalizeChannels } from "./normalize-channels.ts";

const backend = referenceBackend();
const colour = [6, 6, 3];
const network = sequential({ first: conv2d({ filters: 4, kernelSize: 3 }), pool: globalAveragePool() });
const grey: HostArray = {
  shape: [2, 6, 6, 1],
  dtype: "f64",
  data: Float64Array.from({ length: 72 }, (_, i) => Math.sin(i * i)),
};
const replicated = (channels: number): HostArray => ({
  shape: [2, 6, 6, channels],
  dtype: "f64",
  data: Float64Array.from({ length: 72 * channels }, (_, i) => grey.data[Math.floor(i / channels)]!),
});
const model = async (layer = network): Promise<TrainedModel> => ({
  layer,
  inputShape: colour,
  variables: await initialize(backend, layer, colour, 0, "f64"),
});
const close = ({ data }: HostArray) => [...data].map((value) => expect.closeTo(value, 12));

it.each([1, 2, 5])("%i equal channels are what three are", async (channels) => {
  const given = await model();
  const adapted = withInputChannels(given, channels);
  const expected = await predict(given, replicated(3), { backend });
  expect([...(await predict(adapted, replicated(channels), { backend })).data]).toEqual(close(expected));
});

it("grey passes channels that are normalised differently, exactly, at the borders too", async () => {
  const { variables } = await model();
  const normalized = normalizeChannels({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
  const layer = sequential({ normalized, network });
  const params = { network: variables.params };
  const of = (inputShape: readonly number[]) => ({ layer, inputShape, variables: { params, state: {} } });
  const expected = await predict(of(colour), replicated(3), { backend });
  expect([...(await predict(of([6, 6, 1]), grey, { backend })).data]).toEqual(close(expected));
});

it("refuses what no sum makes exact", async () => {
  const given = await model();
  const scaling = { type: "standardize", columns: ["r", "g", "b"], mean: [0, 1, 2], std: [1, 1, 1] } as const;
  const preprocessing = {
    inputNames: ["r", "g", "b"],
    targetNames: [],
    inputs: [scaling],
    targets: [],
    categories: {},
  };
  expect(() => withInputChannels({ ...given, preprocessing }, 1)).toThrow(/put normalizeChannels in front/);
  const twice = await model(
    sequential({ normalized: normalizeChannels({ mean: [0, 0, 0], std: [1, 1, 1] }), network }),
  );
  expect(() => withInputChannels(twice, 2)).toThrow(/2 channels for 3 means/);
});
