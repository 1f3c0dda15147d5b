// The names of Hooke's own files: dotted paths, with or without the tree they are in.
import type { NameMap } from "./name-map.ts";

/** `params.layer1.0.conv1.kernel` and `layer1.0.conv1.kernel`. */
export const hookeNames: NameMap = {
  name: "hooke",
  layout: "hooke",
  pathOf: (name) => name.replace(/^(params|state)\./, ""),
};
