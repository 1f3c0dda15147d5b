// Patterns of parameter paths.
import { expect, it } from "vitest";
import { type ParameterPaths, pathTest } from "./paths.ts";

const paths = ["bias", "head.bias", "features.0.bias", "features.0.norm.scale", "featuresx.kernel"];

it.each<[ParameterPaths, string[]]>([
  ["**.bias", ["bias", "head.bias", "features.0.bias"]],
  ["*.bias", ["head.bias"]],
  ["features.**", ["features.0.bias", "features.0.norm.scale"]],
  ["**", paths],
  ["features.*.bias", ["features.0.bias"]],
  ["feature?.0.bias", []],
  [
    ["**.scale", "bias"],
    ["bias", "features.0.norm.scale"],
  ],
  [(path) => path.length === 4, ["bias"]],
])("%o", (pattern, expected) => {
  expect(paths.filter(pathTest(pattern))).toEqual(expected);
});
