// MobileNetV2 of torchvision and timm.
import type { Layer } from "@hooke/core";
import { fail, show } from "@hooke/runtime";
import type { NameMap } from "./name-map.ts";
import { kernelVariable, normVariable, splitLeaf, variableAt } from "./torch.ts";

/** What decides how the convolutions of a `mobileNetV2` are padded and normalised. */
interface Style {
  readonly padding: "symmetric" | "same";
  readonly epsilon: number;
}

/** @throws where the model pads or normalises in another way than the weights were trained with, with the options to give */
export const styled =
  (origin: string, style: Style) =>
  ({ type, config }: Layer): void => {
    const { padding = "symmetric", epsilon = 1e-5, norm = true } = config as Partial<Style> & { norm?: boolean };
    if (padding === style.padding && (!norm || epsilon === style.epsilon)) return;
    const received = show({ padding, epsilon });
    fail(
      "loadWeights",
      `the model (${type}) has ${received}, ${origin} trained its weights with ${show(style)}: they would be wrong in it. ` +
        `Make the model with ${show(style)}.`,
      "mismatch",
    );
  };

const torchStyle = { padding: "symmetric", epsilon: 1e-5 } as const;

/** The unit of a layer: `conv.kernel` and `norm.scale`, from the names of PyTorch's leaves. */
const unitVariable = (kind: "conv" | "norm", leaf: string): string | undefined => {
  if (kind === "conv") return leaf === "weight" ? "conv.kernel" : undefined;
  const variable = normVariable(leaf);
  return variable === undefined || variable === "none" ? variable : `norm.${variable}`;
};

/** `features.2.conv.1.0.weight` is `blocks.1.depthwise.conv.kernel`. */
export const torchvisionMobileNet: NameMap = {
  name: "torchvision",
  layout: "torch",
  optional: ["head"],
  checkModel: styled("torchvision", torchStyle),
  pathOf(name) {
    const [module, leaf] = splitLeaf(name);
    if (module === "classifier.1") return variableAt("head", kernelVariable(leaf));
    const outer = /^features\.(0|18)\.([01])$/.exec(module);
    if (outer !== null) {
      return variableAt(outer[1] === "0" ? "stem" : "last", unitVariable(outer[2] === "0" ? "conv" : "norm", leaf));
    }
    const inner = /^features\.(\d+)\.conv\.(\d)(?:\.([01]))?$/.exec(module);
    if (inner === null || Number(inner[1]) > 17) return undefined;
    const block = Number(inner[1]) - 1;
    const parts = block === 0 ? ["depthwise", "project"] : ["expand", "depthwise", "project"];
    const at = Number(inner[2]);
    const last = parts.length - 1;
    // The last convolution and its normalisation stand side by side, the others two by two.
    const kind = at < last ? inner[3] : inner[3] === undefined ? String(at - last) : undefined;
    if (kind !== "0" && kind !== "1") return undefined;
    return variableAt(
      `blocks.${block}.${parts[Math.min(at, last)]}`,
      unitVariable(kind === "0" ? "conv" : "norm", leaf),
    );
  },
};

/** Blocks of each stage. */
const stages = [1, 2, 3, 4, 3, 3, 1];

/** `blocks.1.0.conv_dw.weight` is `blocks.1.depthwise.conv.kernel`. */
export const timmMobileNet: NameMap = {
  name: "timm",
  layout: "torch",
  optional: ["head"],
  checkModel: styled("timm", torchStyle),
  pathOf(name) {
    const [module, leaf] = splitLeaf(name);
    if (module === "classifier") return variableAt("head", kernelVariable(leaf));
    const outer = ({ conv_stem: "stem conv", bn1: "stem norm", conv_head: "last conv", bn2: "last norm" } as const)[
      module
    ];
    if (outer !== undefined) {
      const [layer, kind] = outer.split(" ") as [string, "conv" | "norm"];
      return variableAt(layer, unitVariable(kind, leaf));
    }
    const inner = /^blocks\.([0-6])\.(\d)\.(\w+)$/.exec(module);
    if (inner === null) return undefined;
    const [stage, index, part] = [Number(inner[1]), Number(inner[2]), inner[3]!];
    if (index >= stages[stage]!) return undefined;
    const block = stages.slice(0, stage).reduce((sum, count) => sum + count, index);
    // The first block has nothing to expand: its second convolution is the last.
    const names =
      block === 0 ? ["conv_dw", "bn1", "conv_pw", "bn2"] : ["conv_pw", "bn1", "conv_dw", "bn2", "conv_pwl", "bn3"];
    const parts = block === 0 ? ["depthwise", "project"] : ["expand", "depthwise", "project"];
    const at = names.indexOf(part);
    if (at < 0) return undefined;
    return variableAt(`blocks.${block}.${parts[at >> 1]}`, unitVariable(at % 2 === 0 ? "conv" : "norm", leaf));
  },
};
