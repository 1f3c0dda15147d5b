// Trains the surrogate and prints how its loss fell.
//
//   node examples/mlp-surrogate/main.ts
import { wasmBackend } from "@hooke/backend-wasm";
import { summary } from "@hooke/core";
import { progressLine } from "@hooke/core/node";
import { model, trainSurrogate } from "./surrogate.ts";

console.log(String(summary(model, [10])));
const { history } = await trainSurrogate(wasmBackend(), 42, { callbacks: [progressLine({ label: "mlp-surrogate" })] });
console.log("epoch  train MSE  validation MSE");
for (const { epoch, loss, validation } of history) {
  if (epoch % 20 === 19) {
    console.log(
      `${String(epoch + 1).padStart(5)}  ${loss.toFixed(4).padStart(9)}  ${validation!.loss.toFixed(4).padStart(14)}`,
    );
  }
}
console.log("The noise alone has an MSE of 0.09.");
