// A layer comes back from JSON, and a model from its file, as it was.
import { layerFromJson, predict, type TrainedModel } from "@hooke/core";
import { decodeModel, encodeModel } from "@hooke/core/checkpoint";
import type { HostArray, Tree } from "@hooke/runtime";
import { difference } from "../../compare.ts";
import { type LayerCheck, setUp } from "../case.ts";
import { treeDifferences } from "../compare.ts";

/** JSON to the same JSON, a file to the same variables, and both to predictions with the same bits. */
export const roundTrip: LayerCheck = async (entry, { backend, plugins }) => {
  const { variables, x, extras } = await setUp(entry, backend);
  const model: TrainedModel = { layer: entry.layer, inputShape: entry.input, variables };
  const json = JSON.stringify(entry.layer);
  const rebuilt = { ...model, layer: layerFromJson(JSON.parse(json), plugins) };
  const decoded = decodeModel(encodeModel(model), { plugins });
  const problems = treeDifferences(decoded.variables as unknown as Tree<HostArray>, variables as never).map(
    (problem) => `in the model's file, ${problem}`,
  );
  const expected = await predict(model, x, { backend, extras });
  for (const [where, { layer }] of [
    ["JSON", rebuilt],
    ["the model's file", decoded],
  ] as const) {
    const again = JSON.stringify(layer);
    if (again !== json) problems.push(`from ${where} comes ${again} for ${json}`);
  }
  for (const [where, other] of [
    ["JSON", rebuilt],
    ["the model's file", decoded],
  ] as const) {
    const problem = difference(await predict(other, x, { backend, extras }), expected);
    if (problem !== undefined) problems.push(`the prediction of the layer from ${where} ${problem}`);
  }
  return problems;
};
