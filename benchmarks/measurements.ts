// What is measured. The tasks themselves are in peers/, one file per participant.

export interface Measurement {
  /** Its name among a participant's tasks. */
  readonly task: string;
  /** Its row in the table. */
  readonly label: string;
  /** Floating-point operations of one call, in millions: shown as GFLOP/s. Absent: shown in milliseconds. */
  readonly megaflop?: number;
  /** Takes a new process for every sample. */
  readonly fresh?: boolean;
  /** Takes seconds to set up: left out of a quick look. */
  readonly long?: boolean;
  /** Takes a second or more for a call where WebGPU runs on the processor: sampled less there. */
  readonly heavy?: boolean;
}

const dot = (size: number, transposed = "", label = `matrix product ${size}`): Measurement => ({
  task: `dot${size}${transposed}`,
  label: `${label}, GFLOP/s`,
  megaflop: (2 * size ** 3) / 1e6,
  heavy: size > 512,
});

export const measurements: readonly Measurement[] = [
  { task: "step", label: "training step, ms" },
  { task: "stepRead", label: "the step and its loss read, ms" },
  { task: "cnn", label: "microstructureCNN, batch 8, ms", heavy: true },
  { task: "cnnMany", label: "the same, batch 64, ms", long: true },
  { task: "voxel", label: "voxelCNN, 32 x 32 x 32, batch 2, ms", long: true },
  { task: "unet", label: "unet2d, 64 x 64, batch 1, ms", long: true },
  { task: "resnet", label: "ResNet-18, 64 x 64, batch 8, ms", long: true },
  { task: "resnetOutput", label: "inference of ResNet-18, 224 x 224, ms", long: true },
  { task: "mobileNetOutput", label: "inference of MobileNetV2, 224 x 224, ms" },
  { task: "lstm", label: "crackGrowthLSTM, 20 steps, batch 64, ms", heavy: true },
  { task: "transformer", label: "Transformer, 64 steps, batch 8, ms", heavy: true },
  { task: "molecules", label: "D-MPNN, 64 molecules, ms" },
  { task: "prepare", label: "recording and compiling it, ms", fresh: true },
  { task: "loop", label: "the step inside `train`, ms" },
  { task: "forward64", label: "inference, 64 rows, ms" },
  { task: "forward1", label: "inference, 1 row, ms" },
  dot(512),
  dot(1024),
  dot(1024, "A", "the same, the left one transposed"),
  dot(1024, "B", "the same, the right one transposed"),
  dot(1024, "AB", "the same, both transposed"),
  { task: "tanh", label: "tanh of 1,000,000, ms" },
  { task: "exp", label: "exp of 1,000,000, ms" },
  { task: "burgers", label: "Burgers residual, ms" },
  { task: "published", label: "f64: Burgers as published, ms" },
  { task: "publishedMany", label: "f64: the same of 100,000 points, ms" },
  { task: "publishedFew", label: "f64: the same of 1,000 points, ms" },
  { task: "plate", label: "f64: biharmonic, 1,000 points, ms" },
  { task: "gaussianProcess", label: "Gaussian process, 300 x 10, ms", long: true },
  { task: "boosting", label: "boosting, 10,000 x 10, ms" },
  { task: "preparePublished", label: "f64: recording and compiling Burgers, ms", fresh: true },
];
