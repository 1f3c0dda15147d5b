// Which maps there are for which model.
import { fail, quoted } from "@hooke/runtime";
import { hookeNames } from "./hooke.ts";
import { timmMobileNet, torchvisionMobileNet } from "./mobile-net.ts";
import type { NameMap, NameMapName } from "./name-map.ts";
import { torchResnetNames } from "./torch-resnet.ts";

const resnet = { torchvision: torchResnetNames("torchvision"), timm: torchResnetNames("timm") };

/** Maps by the type of the layer they are for. */
const presets: Readonly<Record<string, Partial<Readonly<Record<NameMapName, NameMap>>>>> = {
  resnet18: resnet,
  resnet34: resnet,
  mobileNetV2: { torchvision: torchvisionMobileNet, timm: timmMobileNet },
};

const mapsOf = (type: string): Partial<Readonly<Record<NameMapName, NameMap>>> => ({
  hooke: hookeNames,
  ...(Object.hasOwn(presets, type) && presets[type]),
});

/** All maps for layers of a type. */
export const candidates = (type: string): readonly NameMap[] => Object.values(mapsOf(type));

/** The map of a name for layers of a type. @throws if there is none */
export function mapNamed(name: NameMapName, type: string): NameMap {
  const maps = mapsOf(type);
  return (
    maps[name] ??
    fail(
      "loadWeights",
      `has no map "${name}" for a model of the type ${type}; it has ${quoted(Object.keys(maps))}. ` +
        "Give a map of your own: { name, layout, pathOf }.",
    )
  );
}
