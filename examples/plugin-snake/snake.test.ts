// The plugin's layer passes the checks of @hooke/testkit.
import { wasmBackend } from "@hooke/backend-wasm";
import { layerConformance } from "@hooke/testkit";
import plugin, { snake } from "./snake.ts";

layerConformance(
  plugin,
  { "snake/snake": [{ layer: snake({ frequency: 2 }), input: [2, 3], ranks: { from: 0 } }] },
  () => wasmBackend(),
);
