// The layer that makes features of images: a network without its head, averaged over positions and over views.
import { defineLayer, type Layer, type LayerFactory, layerCheck } from "@hooke/core";
import { type Check, checks, mean } from "@hooke/runtime";
import { featuresOfViews, type Views } from "./views.ts";

/** Options of {@link imageFeatures}. */
export interface ImageFeaturesConfig {
  /** A network without its head. What it makes of images, `[batch, ..., width]`, is averaged over positions. */
  readonly layer: Layer;
  /** Which copies of an image features are averaged over. Default `"none"`. */
  readonly views?: Views;
}

/** Expects the name of {@link Views}. */
export const viewsCheck: Check = (value) => checks.oneOf(value, ["none", "orthotropic", "isotropic"]);

/**
 * Features of images: `[batch, height, width, channels]` to `[batch, width]`, the mean over positions and over `views`. With views of an
 * isotropic material it says the same of an image and of its turned and mirrored copies.
 *
 */
export const imageFeatures: LayerFactory<ImageFeaturesConfig> = /* @__PURE__ */ defineLayer({
  type: "imageFeatures",
  options: { required: { layer: layerCheck }, optional: { views: viewsCheck } },
  children: ({ layer }: ImageFeaturesConfig) => ({ layer }),
  apply: ({ config: { views = "none" }, children: { layer } }, x) =>
    mean(featuresOfViews(x, views, layer), { axes: 1 }),
});
