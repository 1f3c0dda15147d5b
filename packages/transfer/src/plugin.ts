// The plugin: the layers of this package, for models read from files.
import { definePlugin } from "@hooke/runtime";
import { imageFeatures } from "./model/image-features.ts";
import { normalizeChannels } from "./model/normalize-channels.ts";

/** Layers of @hooke/transfer. */
export const transfer = /* @__PURE__ */ definePlugin({
  name: "transfer",
  layers: { imageFeatures, normalizeChannels },
});
