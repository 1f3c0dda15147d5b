// The plugin of this package: everything that listings may name.
import { definePlugin } from "@hooke/runtime";
import { accuracy, auroc, f1, mae, mape, r2, rmse } from "./metrics/index.ts";

/** The metrics of @hooke/data. */
export const data = /* @__PURE__ */ definePlugin({
  name: "data",
  metrics: { accuracy, auroc, f1, mae, mape, r2, rmse },
});
