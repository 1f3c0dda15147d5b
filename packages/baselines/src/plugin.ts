// The plugin of this package: its methods, for reading fitted ones from files and for choosing by name.
import { definePlugin } from "@hooke/runtime";
import { dummy } from "./dummy/dummy.ts";

/** The methods of @hooke/baselines. */
export const baselines = /* @__PURE__ */ definePlugin({ name: "baselines", methods: { dummy } });
