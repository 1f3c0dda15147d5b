import { describe, expect, it } from "vitest";
import { type GoldenName, goldenTree, loadGolden } from "./golden.ts";
import { fillByFormula } from "./golden-formula.ts";

// Every file, with the operations its tests rely on.
const operations: Record<GoldenName, readonly string[]> = {
  regularization: [
    "alphaDropout",
    "binaryCrossEntropy",
    "dropPath",
    "ema",
    "estimateBatchNorm",
    "maxNorm",
    "reduceOnPlateau",
    "spatialDropout",
    "swa",
  ],
  "keras-plateau": ["reduceOnPlateau"],
  minimizers: ["beale", "leastSquares", "quadratic", "rosenbrock"],
  probes: ["logMe", "logistic", "ridge"],
  explanations: ["clusters", "effect", "pair"],
  linear: ["elasticNet", "lasso", "logistic", "quadraticRidge", "ridge"],
  "gaussian-processes": ["gaussianProcess"],
  trees: ["boosting", "treeShap"],
  "tree-errors": ["boosting", "forest"],
  attention: [
    "learnedPositions",
    "multiHeadAttention",
    "rotary",
    "scaledDotProduct",
    "sequenceTransformer",
    "singleHeadAttention",
    "sinusoidalPositions",
    "transformerDecoder",
    "transformerDecoderBlock",
    "transformerEncoder",
    "transformerEncoderBlock",
  ],
  "attention-trajectories": ["sequenceTransformer", "singleHeadAttention", "transformerDecoder"],
  conv: [
    "adaptiveAveragePool",
    "adaptiveMaxPool",
    "averagePool1d",
    "averagePool2d",
    "averagePool3d",
    "bottleneckBlock",
    "conv1d",
    "conv2d",
    "conv3d",
    "convTranspose1d",
    "convTranspose2d",
    "convTranspose3d",
    "depthwiseConv1d",
    "depthwiseConv2d",
    "depthwiseConv3d",
    "globalAveragePool",
    "globalMaxPool",
    "invertedResidualBlock",
    "fieldPool",
    "maxPool1d",
    "maxPool2d",
    "maxPool3d",
    "residualBlock",
    "separableConv1d",
    "separableConv2d",
    "separableConv3d",
    "unetBlock",
    "symmetricBatchNorm",
    "symmetricConv2d",
    "upsample",
  ],
  "conv-models": [
    "microstructureCNN",
    "mobileNetV2",
    "resnet18",
    "resnet34",
    "symmetricCNN",
    "textureNet",
    "unet2d",
    "voxelCNN",
  ],
  "conv-trajectories": ["microstructureCNN", "resnet18", "resnet34", "sequential", "unet2d", "voxelCNN"],
  sequences: ["rnn", "lstm", "gru", "crackGrowthLSTM", "causalConv1d", "tcnBlock", "embedding"],
  "sequences-trajectories": ["rnn", "lstm", "gru", "tcn", "causalConvs", "embeddedGru", "crackGrowthLSTM"],
  graphs: [
    "crystalConv",
    "directedMessages",
    "egnnBlock",
    "graphAttention",
    "attentiveBlock",
    "attentiveReadout",
    "graphConv",
    "isomorphismConv",
    "painnBlock",
    "readout",
    "schnetBlock",
  ],
  schedules: [
    "step",
    "multiStep",
    "exponential",
    "polynomial",
    "cosineAnnealing",
    "warmRestarts",
    "oneCycle",
    "warmup",
  ],
  functions: [
    "abs",
    "sign",
    "floor",
    "exp",
    "expm1",
    "log",
    "log1p",
    "sin",
    "cos",
    "tan",
    "tanh",
    "sigmoid",
    "erf",
    "sqrt",
    "rsqrt",
    "ceil",
    "round",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "asinh",
    "acosh",
    "atanh",
    "nested",
    "pow",
    "maximum",
    "minimum",
    "div",
    "rem",
    "mod",
    "atan2",
    "clip",
    "max",
    "min",
    "logSumExp",
    "softmax",
    "logSoftmax",
    "cumsum",
    "cumprod",
    "prod",
    "sort",
    "topK",
    "fft",
    "ifft",
    "rfft",
    "irfft",
    "einsum",
    "scatterSet",
    "scatterMax",
    "segmentSum",
    "segmentMean",
    "segmentMax",
    "segmentSoftmax",
    "slice",
    "splitAxis",
    "triu",
    "tril",
    "tile",
    "pad",
    "matmul",
    "cholesky",
    "logDeterminantPositive",
    "inversePositive",
    "solvePositive",
    "triangularSolve",
    "conv",
    "maxPool",
    "averagePool",
    "sumPool",
    "gather",
    "scatterAdd",
  ],
  activations: [
    "sigmoid",
    "tanh",
    "relu",
    "leakyRelu",
    "elu",
    "selu",
    "gelu",
    "hardSigmoid",
    "hardSwish",
    "silu",
    "sin",
    "mish",
    "softplus",
    "exp",
    "softmax",
    "logSoftmax",
  ],
  pretrained: ["mobileNetV2", "resnet18", "resnet34"],
  "keras-networks": ["mobileNetV2"],
  operators: ["spectralConvolution", "fourierNeuralOperator"],
  layers: [
    "dense",
    "batchNorm",
    "layerNorm",
    "groupNorm",
    "instanceNorm",
    "rmsNorm",
    "prelu",
    "adaptiveActivation",
    "glu",
    "mlp",
    "residualBlock",
    "burgersResidual",
  ],
  losses: ["mse", "mae", "huber", "crossEntropy", "binaryCrossEntropy", "gaussianNLL"],
  optimizers: ["sgd", "adam", "adamw", "rmsprop"],
  trajectories: ["mlp", "batchNormNet", "layerNormNet", "convNet"],
  metrics: ["mae", "rmse", "r2", "mape", "accuracy", "confusionMatrix", "f1", "auroc"],
  initializers: [
    "gain",
    "glorotUniform",
    "glorotNormal",
    "heUniform",
    "heNormal",
    "lecunUniform",
    "lecunNormal",
    "torchDefault",
    "torchDefaultBias",
  ],
};

describe.each(Object.keys(operations) as GoldenName[])("golden file %s", (file) => {
  const { source, cases } = loadGolden(file);

  it("names its source and every operation", () => {
    const makers: Partial<Record<GoldenName, string>> = {
      metrics: "scikit-learn",
      "keras-plateau": "keras",
      "keras-networks": "keras",
      minimizers: "scipy",
      probes: "scikit-learn",
      explanations: "scipy",
      linear: "scikit-learn",
      "gaussian-processes": "scikit-learn",
      trees: "lightgbm",
      "tree-errors": "lightgbm",
    };
    const maker = makers[file] ?? "torch";
    expect(source).toMatch(new RegExp(`^${maker} \\d`));
    expect(new Set(cases.map((entry) => entry.operation))).toEqual(new Set(operations[file]));
    expect(new Set(cases.map((entry) => entry.name)).size).toBe(cases.length);
  });

  it("holds outputs, and gradients of the shape of their inputs", () => {
    for (const { name, inputs, outputs, derivatives, gradients, secondGradients } of cases) {
      expect(Object.keys(outputs), name).not.toHaveLength(0);
      for (const [key, array] of Object.entries({ ...gradients, ...secondGradients })) {
        expect(array.shape, `${name}: ${key}`).toEqual(inputs[key]!.shape);
      }
      for (const [key, array] of Object.entries(derivatives)) {
        expect(array.shape, `${name}: ${key}`).toEqual(outputs.value!.shape);
      }
    }
  });
});

it("reads numbers and dtypes", () => {
  const { cases } = loadGolden("functions");
  const tanh = cases.find((entry) => entry.name === "tanh")!;
  expect(tanh.inputs.x!.data).toBeInstanceOf(Float64Array);
  const points = Array.from(tanh.inputs.x!.data);
  expect(Array.from(tanh.outputs.value!.data)).toEqual(points.map((x) => expect.closeTo(Math.tanh(x), 15)));
  expect(Array.from(tanh.derivatives.x!.data)).toEqual(points.map((x) => expect.closeTo(1 - Math.tanh(x) ** 2, 15)));
  // The example of a second derivative that differentiating a saved output gets wrong.
  const nested = cases.find((entry) => entry.name === "tanh(x*x)")!;
  expect(nested.inputs.x!.data[0]).toBe(0.7);
  expect(nested.derivatives.xx!.data[0]).toBeCloseTo(0.174, 3);
  expect(cases.find((entry) => entry.operation === "gather")!.inputs.indices!.data).toBeInstanceOf(Int32Array);
  expect(loadGolden("trajectories").cases[0]!.outputs.losses!.data).toBeInstanceOf(Float32Array);
});

it("computes arrays that are given by a formula", () => {
  const { cases } = loadGolden("conv-models");
  const kernel = cases.find(({ name }) => name === "resnet18")!.inputs["params.conv1.kernel"]!;
  expect(kernel.shape).toEqual([7, 7, 1, 64]);
  // Uniform within sqrt(3 / fan in): of variance 1 / fan in.
  const bound = Math.sqrt(3 / 49);
  expect(Math.max(...kernel.data.map(Math.abs))).toBeLessThanOrEqual(bound);
  expect([...kernel.data].reduce((sum, value) => sum + value ** 2, 0) / kernel.data.length).toBeCloseTo(1 / 49, 3);
  // By the formula in unbounded whole numbers.
  const values = new Float64Array(3);
  fillByFormula(values, { seed: 907, scale: 0.5, center: 1 });
  expect([...values]).toEqual([0.7738098299596459, 0.6596316001378, 1.0914823880884796]);
});

it("gathers arrays under a path into a tree", () => {
  const { inputs } = loadGolden("layers").cases.find((entry) => entry.operation === "residualBlock")!;
  const tree = goldenTree(inputs, "params");
  expect(tree).toEqual({
    0: { kernel: inputs["params.0.kernel"], bias: inputs["params.0.bias"] },
    1: { kernel: inputs["params.1.kernel"], bias: inputs["params.1.bias"] },
    norm: { scale: inputs["params.norm.scale"], bias: inputs["params.norm.bias"] },
  });
  expect(() => goldenTree(inputs, "state")).toThrow(
    'goldenTree: found nothing under "state"; the arrays are x, params.0',
  );
});
