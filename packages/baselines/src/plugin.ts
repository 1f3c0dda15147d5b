// The plugin of this package: its methods, for reading fitted ones from files and for choosing by name.
import { definePlugin } from "@hooke/runtime";
import { blend } from "./blend/blend.ts";
import { conformal } from "./conformal/conformal.ts";
import { dummy } from "./dummy/dummy.ts";
import { gaussianProcess } from "./gaussian-process/gaussian-process.ts";
import { elasticNet, lasso } from "./linear/elastic-net.ts";
import { logistic } from "./linear/logistic.ts";
import { quadraticRidge, ridge } from "./linear/ridge.ts";
import { nearestNeighbours } from "./neighbours/nearest-neighbours.ts";
import { randomKernels, sequenceFeatures } from "./sequences/sequence-methods.ts";
import { gradientBoosting } from "./trees/gradient-boosting.ts";
import { randomForest } from "./trees/random-forest.ts";
import { tuned } from "./tuning/tuned.ts";

/** The methods of @hooke/baselines. */
export const baselines = /* @__PURE__ */ definePlugin({
  name: "baselines",
  methods: {
    blend,
    conformal,
    dummy,
    elasticNet,
    gaussianProcess,
    gradientBoosting,
    lasso,
    logistic,
    nearestNeighbours,
    quadraticRidge,
    randomForest,
    randomKernels,
    ridge,
    sequenceFeatures,
    tuned,
  },
});
