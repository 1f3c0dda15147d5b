// Uses the plugin as anyone would: by value, and by name through a runtime that knows its types.
import { wasm } from "@hooke/backend-wasm";
import { core, dense, initialize, sequential, summary } from "@hooke/core";
import { createRuntime } from "@hooke/runtime";
import plugin, { snake } from "./snake.ts";

const runtime = await createRuntime({ plugins: [core, wasm, plugin], backend: "wasm" });
const model = sequential([
  dense({ units: 8 }),
  snake({ frequency: 2 }),
  runtime.layer("snake/snake"),
  dense({ units: 1 }),
]);
await initialize(runtime.backend, model, [1], 0);
console.log(String(summary(model, [1])));
if (summary(model, [1]).parameters !== 8 + 8 + 8 + 8 + 8 + 1) throw new Error("unexpected number of parameters");

const wrong = () => {
  // @ts-expect-error: the plugin's options are checked when the program is compiled
  runtime.layer("snake/snake", { frequency: "high" });
};
void wrong;
