// ResNets of torchvision and of timm, whose names are the same.
import type { NameMap } from "./name-map.ts";
import { kernelVariable, normVariable, splitLeaf, variableAt } from "./torch.ts";

/** `layer2.0.downsample.1.running_var` is `layer2.0.shortcut.1.variance`. */
export function torchResnetNames(name: string): NameMap {
  return { name, layout: "torch", optional: ["head"], pathOf };
}

function pathOf(name: string): string | undefined {
  const [module, leaf] = splitLeaf(name);
  if (module === "fc") return variableAt("head", kernelVariable(leaf));
  const parts = /^(layer[1-4]\.\d+\.)?(?:(conv)(\d)|(bn)(\d)|(downsample)\.([01]))$/.exec(module);
  if (parts === null) return undefined;
  const [, block = "", conv, convNumber, norm, normNumber, , part] = parts;
  if (conv !== undefined) return leaf === "weight" ? `${block}conv${convNumber}.kernel` : undefined;
  if (norm !== undefined) return variableAt(`${block}norm${normNumber}`, normVariable(leaf));
  const variable = part === "0" ? (leaf === "weight" ? "kernel" : undefined) : normVariable(leaf);
  return variableAt(`${block}shortcut.${part}`, variable);
}
