// What backends cannot do because of what they run on, and why: by case, for `skip` of the suite.

const subnormal = "WGSL lets a GPU take subnormal factors for zero";
const flushed = "TensorFlow takes subnormal numbers for zero";

const because = (reason: string, titles: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(titles.map((title) => [title, reason]));

const special = (names: readonly string[]): string[] => names.map((name) => `${name}: special values of f32`);
const pairs = (names: readonly string[]): string[] => names.map((name) => `${name}: pairs of special values of f32`);

/** What no engine of tfjs runs. */
const tfjs = because("tfjs has no operations on the bits of numbers", ["pack", "packed programs"]);

/** Reasons by the titles of the cases and groups that kernels in WGSL and those of TensorFlow cannot pass. */
export const knownDifferences: Readonly<Record<"webgpu" | "tfjs" | "tensorflow", Readonly<Record<string, string>>>> = {
  webgpu: because(subnormal, pairs(["mul"])),
  tfjs,
  tensorflow: {
    ...tfjs,
    ...because(flushed, [
      ...special(["sign", "log", "sqrt", "rsqrt", "sort", "argSort"]),
      ...pairs([...["mul", "div", "pow", "rem", "maximum", "minimum"], ...["equal", "notEqual", "less", "lessEqual"]]),
      "convert: special values of f32 to bool",
    ]),
  },
};
