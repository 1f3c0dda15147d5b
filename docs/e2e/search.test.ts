// The search of the built site: what people type, and the page that answers it, which comes first. As the site asks, without a browser.

import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import MiniSearch from "minisearch";
import { expect, test } from "vitest";
import { boost, boostDocument, processTerm } from "../.vitepress/search.ts";

const questions: readonly (readonly [question: string, page: string])[] = [
  ["first model", "start/first-model"],
  ["nan loss", "guides/errors"],
  ["unknown option", "guides/errors"],
  ["out of memory", "guides/errors"],
  ["pytorch", "guides/from-pytorch"],
  ["keras", "guides/from-keras"],
  ["deepxde", "guides/from-deepxde"],
  ["scikit-learn", "guides/from-scikit-learn"],
  ["vanishing gradients", "handbook/neurons"],
  ["relu", "handbook/neurons"],
  ["conformance", "reference/conformance"],
  ["dropout", "handbook/regularization"],
  ["early stopping", "handbook/regularization"],
  ["learning rate", "handbook/optimizers"],
  ["adam momentum", "handbook/optimizers"],
  ["attention", "handbook/sequences"],
  ["receptive field", "handbook/convolution"],
  ["cross entropy", "handbook/losses"],
  ["when to use random forest", "handbook/when-not"],
  ["terzaghi", "reference/packages/pinn"],
  ["train an lstm", "guides/load-histories"],
  ["class weight", "guides/classes"],
  ["weight decay", "handbook/regularization"],
  ["gpu", "guides/speed"],
  ["csv", "guides/csv"],
  ["onnx", "guides/ship"],
  ["resume", "guides/resume"],
  ["inverse problem", "guides/equations"],
  ["confidence interval", "guides/uncertainty"],
  ["how much data do I need", "handbook/when-not"],
  ["batch size", "handbook/optimizers"],
  ["save a model", "guides/ship"],
  ["run a model in the browser", "guides/ship"],
  ["gaussian process", "guides/uncertainty"],
  ["missing values", "guides/csv"],
  ["small dataset", "handbook/when-not"],
  ["cross validation", "guides/choose-a-method"],
  ["feature importance", "guides/uncertainty"],
  ["fatigue crack growth", "guides/load-histories"],
  ["identify material parameters", "guides/equations"],
  ["custom loss function", "guides/extend"],
  ["time series forecast", "guides/load-histories"],
  ["data augmentation", "guides/images"],
  ["overfitting", "handbook/regularization"],
  ["random seed", "guides/resume"],
  ["install", "start/"],
  ["pytorch weights", "guides/transfer"],
  ["segmentation", "guides/images"],
  ["navier stokes", "reference/examples/pinn-kovasznay"],
  ["train on multiple cores", "guides/speed"],
  ["how to normalize my inputs", "guides/csv"],
  ["deploy to production", "guides/ship"],
  ["error bars", "guides/uncertainty"],
  ["out of distribution", "guides/uncertainty"],
  ["grid search", "guides/cluster"],
  ["slurm", "guides/cluster"],
  ["hyperparameter tuning", "guides/cluster"],
  ["freeze layers", "guides/transfer"],
  ["u-net", "guides/images"],
  ["heat equation", "guides/equations"],
  ["logging", "guides/resume"],
  ["loss does not decrease", "handbook/optimizers"],
  ["which optimizer should I use", "handbook/optimizers"],
  ["read hdf5 file", "reference/packages/io"],
  ["remaining useful life", "guides/load-histories"],
  ["mixed precision", "guides/speed"],
  ["custom activation function", "guides/extend"],
  ["tensorflow", "guides/from-keras"],
  ["xgboost", "guides/choose-a-method"],
  ["plot predictions", "guides/csv"],
  ["extrapolation", "guides/choose-a-method"],
  ["saliency map", "guides/explanation"],
  ["grad-cam", "guides/explanation"],
  ["graph neural network", "guides/graphs"],
  ["micrograph classification", "guides/images"],
  ["active learning", "guides/uncertainty"],
  ["batch normalization", "handbook/convolution"],
];

test("the search has the right page first", async () => {
  const chunks = join(import.meta.dirname, "../dist/assets/chunks");
  const [file] = globSync("@localSearchIndexroot*.js", { cwd: chunks });
  // Pages tell the index where the site is.
  Object.assign(globalThis, { __VP_SITE_DATA__: { base: "/" } });
  const { default: index } = await import(pathToFileURL(join(chunks, file!)).href);
  const search = MiniSearch.loadJSON(index, {
    fields: Object.keys(boost),
    searchOptions: { fuzzy: 0.2, prefix: true, boost, boostDocument, processTerm, combineWith: "AND" },
  });
  const first = questions.map(([question]) => [
    question,
    search.search(question)[0]?.id.replace(/^\/|\.html.*$|#.*$/g, ""),
  ]);
  expect(first).toEqual(questions);
});
