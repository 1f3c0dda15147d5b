// The plugin of this package: everything that JSON and listings may name.
import { definePlugin } from "@hooke/runtime";
import { alphaDropout, dropPath, spatialDropout } from "./layers/dropouts.ts";
import { gaussianNoise } from "./layers/gaussian-noise.ts";
import { cosineAnnealing, oneCycle, warmRestarts } from "./schedules/cosine.ts";
import { exponential, multiStep, polynomial, step } from "./schedules/decay.ts";
import { reduceOnPlateau } from "./schedules/plateau.ts";
import { warmup } from "./schedules/warmup.ts";
import { earlyStopping } from "./training/early-stopping.ts";

/** Layers, schedules and callbacks of @hooke/regularization. */
export const regularization = /* @__PURE__ */ definePlugin({
  name: "regularization",
  layers: { alphaDropout, dropPath, gaussianNoise, spatialDropout },
  schedules: {
    cosineAnnealing,
    exponential,
    multiStep,
    oneCycle,
    polynomial,
    reduceOnPlateau,
    step,
    warmRestarts,
    warmup,
  },
  callbacks: { earlyStopping },
});
