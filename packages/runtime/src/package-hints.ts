// Where the layers and backends of Hooke's own packages are, so that a missing one can be named without being installed.
// Written by packages/testkit/src/system/package-hints.test.ts.

/** Names by package, separated by spaces. */
export const packageHints: Readonly<Record<string, string>> = {
  "@hooke/core":
    "activation adaptiveActivation batchNorm dense dropout flatten frozen glu groupNorm instanceNorm layerNorm prelu recomputed reshape residual rmsNorm sequential",
  "@hooke/layers-conv":
    "adaptiveAveragePool adaptiveMaxPool averagePool1d averagePool2d averagePool3d bottleneckBlock conv1d conv2d conv3d convTranspose1d convTranspose2d convTranspose3d depthwiseConv1d depthwiseConv2d depthwiseConv3d fieldPool globalAveragePool globalMaxPool invertedResidualBlock maxPool1d maxPool2d maxPool3d microstructureCNN mobileNetV2 residualBlock resnet18 resnet34 separableConv1d separableConv2d separableConv3d symmetricBatchNorm symmetricCNN symmetricConv2d textureNet unet2d unetBlock upsample voxelCNN",
  "@hooke/layers-seq": "causalConv1d crackGrowthLSTM embedding gru gruPass lastStep lstm lstmPass rnn rnnPass tcnBlock",
  "@hooke/layers-graph":
    "atomEmbedding attentiveBlock attentiveFp attentiveReadout cgcnn crystalConv directedMessages dmpnn edgeReadout egnn egnnBlock energyForces gat gcn gin graphAttention graphConv graphUnion isomorphismConv painn painnBlock readout schnet schnetBlock",
  "@hooke/attention":
    "learnedPositions multiHeadAttention sequenceTransformer singleHeadAttention sinusoidalPositions transformerDecoder transformerDecoderBlock transformerEncoder transformerEncoderBlock",
  "@hooke/regularization": "alphaDropout dropPath gaussianNoise spatialDropout",
  "@hooke/pinn":
    "adaptiveResidual deepONet encoders factorizedDense fourierFeatures fourierNeuralOperator gate periodicFeatures spectralConvolution windowed",
  "@hooke/transfer": "imageFeatures normalizeChannels",
  "@hooke/backend-wasm": "wasm",
  "@hooke/backend-webgpu": "webgpu",
  "@hooke/backend-cuda": "cuda",
};
