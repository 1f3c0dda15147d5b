// The plugin of this package: everything that JSON and listings may name.
import { definePlugin } from "@hooke/runtime";
import { activation } from "./layers/activation.ts";
import { adaptiveActivation } from "./layers/adaptive-activation.ts";
import { batchNorm } from "./layers/batch-norm.ts";
import { dense } from "./layers/dense.ts";
import { dropout } from "./layers/dropout.ts";
import { frozen } from "./layers/frozen.ts";
import { glu } from "./layers/glu.ts";
import { groupNorm, instanceNorm, layerNorm, rmsNorm } from "./layers/norms.ts";
import { prelu } from "./layers/prelu.ts";
import { recomputed } from "./layers/recomputed.ts";
import { residual } from "./layers/residual.ts";
import { sequential } from "./layers/sequential.ts";
import { flatten, reshape } from "./layers/shape.ts";
import { binaryCrossEntropy } from "./losses/binary-cross-entropy.ts";
import { crossEntropy } from "./losses/cross-entropy.ts";
import { pinball } from "./losses/pinball.ts";
import { gaussianNll, huber, mae, mse } from "./losses/regression.ts";
import { adam, adamw } from "./optimizers/adam.ts";
import { rmsprop } from "./optimizers/rmsprop.ts";
import { sgd } from "./optimizers/sgd.ts";
import { constant } from "./training/schedule.ts";

/** Layers, losses, optimizers and schedules of @hooke/core. */
export const core = /* @__PURE__ */ definePlugin({
  name: "core",
  layers: {
    activation,
    adaptiveActivation,
    batchNorm,
    dense,
    dropout,
    flatten,
    frozen,
    glu,
    groupNorm,
    instanceNorm,
    layerNorm,
    prelu,
    reshape,
    recomputed,
    residual,
    rmsNorm,
    sequential,
  },
  losses: { binaryCrossEntropy, crossEntropy, gaussianNll, huber, mae, mse, pinball },
  optimizers: { adam, adamw, rmsprop, sgd },
  schedules: { constant },
});
