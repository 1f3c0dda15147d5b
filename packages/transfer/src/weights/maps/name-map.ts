// What a map of names is: how the tensors of a file are called in a model, and in which layout they are stored.
import type { Layer } from "@hooke/core";

/**
 * How kernels are stored. `"torch"`: `[out, in, ...window]`, and `[out, in]` of dense layers; `"hooke"`: `[...window, in, out]`;
 * `"keras"`: likewise, but depthwise ones `[...window, channels, multiplier]`.
 */
export type KernelLayout = "torch" | "hooke" | "keras";

/** How the tensors of a file are called in a model. */
export interface NameMap {
  /** For messages and reports. */
  readonly name: string;
  readonly layout: KernelLayout;
  /**
   * The dotted path of the parameter or state that a tensor of the file is, e.g. `layer1.0.conv1.kernel`; `"none"` of what a model
   * has no use for, such as counts of batches; undefined where the name is unknown.
   */
  readonly pathOf: (name: string) => string | "none" | undefined;
  /** Children that a model may lack although the file has them: the head of a network that is used without. Default none. */
  readonly optional?: readonly string[];
  /** What the config of the model must be for these weights to mean the same. @throws by name, with the cure */
  readonly checkModel?: (layer: Layer) => void;
}

/** Maps that are known by name. `"hooke"` are the names of Hooke's own files, `"keras"` those of `keras.applications`. */
export type NameMapName = "hooke" | "torchvision" | "timm" | "keras";

/** A map, or one that depends on which names there are in the file, in their order. */
export type NameMapFor = NameMap | ((names: readonly string[]) => NameMap);
