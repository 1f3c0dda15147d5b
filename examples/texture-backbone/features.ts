// Images as features, `[images, width]`: those of the network, and those that are computed.
import type { Variables } from "@hooke/core";
import { type TextureNetConfig, textureNet } from "@hooke/layers-conv";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import { features } from "@hooke/transfer";
import type { Field } from "./field.ts";
import { textureLabels } from "./labels.ts";

/** @param images `[count, side, side, 1]` */
export async function networkFeatures(
  backend: Backend,
  variables: Variables<HostArray>,
  images: HostArray,
  paddingMode: NonNullable<TextureNetConfig["paddingMode"]>,
): Promise<HostArray> {
  const model = { layer: textureNet({ paddingMode }), inputShape: images.shape.slice(1), variables };
  return features(model, images, { backend });
}

/** The statistics that the network learns, of the images as they are, and what their greys are like. */
export function computedFeatures({ data, shape: [count = 0, side = 0] }: HostArray): HostArray {
  const rows = Array.from({ length: count }, (_, i) => {
    const image = (data as Field).subarray(i * side * side, (i + 1) * side * side);
    const moment = (power: number, centre: number): number =>
      image.reduce((sum, value) => sum + (value - centre) ** power, 0) / image.length;
    const mean = moment(1, 0);
    const deviation = Math.sqrt(moment(2, mean)) || 1;
    return [
      ...textureLabels(image),
      mean,
      deviation,
      moment(3, mean) / deviation ** 3,
      moment(4, mean) / deviation ** 4,
    ];
  });
  return array(rows, { dtype: "f64" });
}
