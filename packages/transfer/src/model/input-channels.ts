// A network of colour images for images of another number of channels.
import { init, type TrainedModel, trainedModelCheck, type Variables } from "@hooke/core";
import {
  type Aval,
  checkArgument,
  checks,
  fail,
  type HostArray,
  type Key,
  nothingMore,
  randomKey,
  record,
  sameShape,
  type Tree,
  treeLeaves,
  treeMap,
  zeros,
} from "@hooke/runtime";

/**
 * The network for images of `channels` channels: the kernel of its first convolution summed over the channels it had and shared out over the
 * new ones. On images whose channels are all equal it computes what the given network does, so that one grey channel is exactly the grey
 * image in colour.
 *
 * Where channels are normalised differently before they reach the network, keep `normalizeChannels` in front of it instead: it takes grey as
 * it is.
 *
 * @throws if no single kernel, or more than one, depends on the number of channels
 */
export function withInputChannels(model: TrainedModel, channels: number, ...more: []): TrainedModel {
  nothingMore("withInputChannels", more);
  checkArgument("withInputChannels", "the model", model, trainedModelCheck);
  checkArgument("withInputChannels", "the number of channels", channels, checks.count);
  const shape = Array.isArray(model.inputShape) ? (model.inputShape as readonly number[]) : [];
  const before = shape.at(-1);
  if (shape.length < 2 || before === undefined) {
    return fail("withInputChannels", "the model takes no images [height, width, channels].", "mismatch");
  }
  if (before === channels) return model;
  const { preprocessing } = model;
  if (preprocessing !== undefined && preprocessing.inputs.length > 0) {
    const cure = "put normalizeChannels in front of it instead";
    fail("withInputChannels", `the model scales its channels by preprocessing; ${cure}.`, "unsupported");
  }
  const inputShape = [...shape.slice(0, -1), channels];
  const make = (key: Key): Variables => init(model.layer, inputShape, key);
  const { params } = record(make as never, randomKey(0)).result as unknown as Variables<Aval>;
  const wanted = new Map(treeLeaves<Aval>(params).map(({ path, value }) => [path, value.shape]));
  const own = model.variables.params;
  const changed = treeLeaves<HostArray>(own).filter(({ path, value }) => !sameShape(value.shape, wanted.get(path)!));
  const [kernel] = changed;
  const axis = (kernel?.value.shape.length ?? 0) - 2;
  if (changed.length !== 1 || axis < 0 || kernel!.value.shape[axis] !== before) {
    const names = changed.map(({ path }) => path).join(", ") || "none";
    fail("withInputChannels", `one kernel has to depend on the channels; here it is ${names}.`, "unsupported");
  }
  const shared = sharedOut(kernel!.value, before, channels);
  const adapted = treeMap(own, (value: HostArray, path: string) => (path === kernel!.path ? shared : value));
  return { layer: model.layer, inputShape, variables: { ...model.variables, params: adapted as Tree<HostArray> } };
}

/** A kernel `[..., before, filters]` as `[..., channels, filters]`: the sum over the channels, over their new number. */
function sharedOut({ shape, dtype, data }: HostArray, before: number, channels: number): HostArray {
  const filters = shape.at(-1)!;
  const out = zeros([...shape.slice(0, -2), channels, filters], dtype);
  for (let at = 0; at < data.length / (before * filters); at++) {
    for (let f = 0; f < filters; f++) {
      let sum = 0;
      for (let c = 0; c < before; c++) sum += data[(at * before + c) * filters + f]!;
      for (let c = 0; c < channels; c++) out.data[(at * channels + c) * filters + f] = sum / channels;
    }
  }
  return out;
}
