// Which maps there are for which model.
import { fail, quoted } from "@hooke/runtime";
import type { WeightsFormat } from "../read-tensors.ts";
import { hookeNames } from "./hooke.ts";
import { kerasMobileNet } from "./keras-mobile-net.ts";
import { timmMobileNet, torchvisionMobileNet } from "./mobile-net.ts";
import type { NameMapFor, NameMapName } from "./name-map.ts";
import { torchResnetNames } from "./torch-resnet.ts";

const resnet = { torchvision: torchResnetNames("torchvision"), timm: torchResnetNames("timm") };

/** Maps by the type of the layer they are for. */
const presets: Readonly<Record<string, Partial<Readonly<Record<NameMapName, NameMapFor>>>>> = {
  resnet18: resnet,
  resnet34: resnet,
  mobileNetV2: { torchvision: torchvisionMobileNet, timm: timmMobileNet, keras: kerasMobileNet },
};

const mapsOf = (type: string): Partial<Readonly<Record<NameMapName, NameMapFor>>> => ({
  hooke: hookeNames,
  ...(Object.hasOwn(presets, type) && presets[type]),
});

/** All maps for layers of a type. @throws for a file of Keras and a preset that Keras does not have */
export const candidates = (type: string, format: WeightsFormat): readonly NameMapFor[] =>
  format === "keras" && Object.hasOwn(presets, type) ? [mapNamed("keras", type)] : Object.values(mapsOf(type));

/** The map of a name for layers of a type. @throws if there is none */
export function mapNamed(name: NameMapName, type: string): NameMapFor {
  const maps = mapsOf(type);
  const absent = name === "keras" && Object.hasOwn(presets, type) ? " keras.applications has no such network." : "";
  return (
    maps[name] ??
    fail(
      "loadWeights",
      `has no map "${name}" for a model of the type ${type}; it has ${quoted(Object.keys(maps))}.${absent} ` +
        "Give a map of your own: { name, layout, pathOf }.",
    )
  );
}
