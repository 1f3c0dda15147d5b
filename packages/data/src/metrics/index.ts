// Metrics: numbers for people, computed on the host. Their semantics are scikit-learn's.
export { type AurocOptions, auroc } from "./auroc.ts";
export { accuracy, confusionMatrix, type F1Options, f1 } from "./classification.ts";
export type { LabelOptions } from "./labels.ts";
export type { Direction, Metric, MetricOptions } from "./metric.ts";
export { mae, mape, r2, rmse } from "./regression.ts";
