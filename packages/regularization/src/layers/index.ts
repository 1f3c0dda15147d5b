// Layers that disturb what passes through them while training.
export { alphaDropout, type DropRate, dropPath, spatialDropout } from "./dropouts.ts";
export { type GaussianNoiseConfig, gaussianNoise } from "./gaussian-noise.ts";
