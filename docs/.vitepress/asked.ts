// What people ask for in words that are not on the page that answers: an index, as at the end of a book. The search reads it, nobody else.

/** Sections by the words that they are asked for by. A section that is not there ends the build. */
export const asked: Readonly<Record<string, string>> = {
  "start/#start":
    "install, installation, setup, getting started, quick start, requirements, tutorial, hello world, example project",
  "start/first-model#the-first-model":
    "hello world, tutorial, example, minimal example, train a network, neural network, regression, feedforward, mlp",
  "start/first-model#in-a-page": "browser, frontend, vite, javascript, web app",

  "guides/csv#train-on-a-csv":
    "table, tabular, spreadsheet, excel, regression, predict a property, structured data, normalize inputs, scaling, standardization",
  "guides/csv#files-as-people-write-them":
    "missing values, nan cells, empty cells, imputation, decimal comma, delimiter, separator, encoding, categorical columns, one-hot, units, dates",
  "guides/csv#predict-and-show-it":
    "predict new rows, inference, report, parity plot, plot predictions, predicted, results, html report, loss curve",
  "guides/csv#pitfalls": "data leakage, leak, duplicates, group split, train test split, repeated measurements",

  "guides/images#images":
    "image, picture, microscopy, sem, micrograph, micrograph classification, computer vision, cnn, classify images, image regression, dataset from a folder, tiff, png, load images",
  "guides/images#turn-pictures-only-as-the-material-allows":
    "data augmentation, augment, rotation, flip, symmetry, anisotropy, invariance",
  "guides/images#more-than-memory-holds":
    "large dataset, too large for memory, streaming, data loader, dataloader, generator, lazy loading",
  "guides/images#a-field-in-a-field-out":
    "segmentation, semantic segmentation, u-net, unet, phase map, full field, stress field, image to image, voxels, volume, 3d, ct scan",

  "guides/load-histories#load-histories-of-unequal-length":
    "time series, time series forecast, forecasting, signal, sensor data, sequence, rnn, recurrent network, gru, lstm, transformer, fatigue, crack growth, cyclic loading, variable length, stress strain curve, path dependence",
  "guides/load-histories#what-happens-to-the-padding": "padding, masking, mask, variable length, ragged",
  "guides/load-histories#one-answer-for-a-history":
    "sequence classification, many to one, remaining useful life, fatigue life, lifetime",
  "guides/load-histories#while-data-come-in": "streaming, online, real time, stateful",

  "guides/classes#classes-and-imbalance":
    "classification, classifier, binary, multiclass, imbalanced, imbalance, rare class, labels, categories, confusion matrix",
  "guides/classes#which-error-is-it-to-be":
    "metric, metrics, accuracy, precision, recall, f1, roc, auc, confusion matrix, which metric",
  "guides/classes#pixels-steps-several-labels-at-once": "multilabel, multi-label",

  "guides/transfer#transfer":
    "transfer learning, pretrained, pretrained model, few images, few labels, small dataset of images, embedding, feature extraction, foundation model, linear probe",
  "guides/transfer#which-weights":
    "pretrained weights, resnet, imagenet, mobilenet, load pytorch weights, pytorch weights, torchvision, safetensors, convert weights, import model",
  "guides/transfer#fine-tuning": "fine-tune, finetune, freeze layers, unfreeze",

  "guides/equations#equations-and-inverse-problems":
    "pinn, pde, ode, physics-informed, differential equation, heat equation, beam, plate, elasticity, solve an equation, boundary conditions, deflection",
  "guides/equations#find-a-number-of-the-equation":
    "identify, identification, parameter identification, material parameters, estimate parameters, calibration, stiffness, modulus, fit a constant, unknown coefficient, inverse",
  "guides/equations#which-words-for-which-problem":
    "boundary condition, dirichlet, neumann, robin, initial condition, geometry, domain, time dependent, transient, energy method, deeponet, fno, neural operator",

  "guides/choose-a-method#choose-a-method":
    "which method, which model, which algorithm, model selection, model comparison, automl, baseline, random forest, xgboost, gradient boosting, compare models, recommend, advice, surrogate model",
  "guides/choose-a-method#say-what-it-is-for":
    "cross validation, k-fold, kfold, group split, extrapolation, generalization, leave one out, hold out",
  "guides/choose-a-method#measure-methods-of-your-own": "compare methods, benchmark my model, custom method, kriging",

  "guides/graphs#molecules-and-crystals":
    "graph neural network, gnn, message passing, molecule, crystal structure, atoms, chemistry, equivariant, interatomic potential, force field, energies and forces, molecular dynamics",

  "guides/explanation#explanation":
    "integrated gradients, shapley values, saliency, saliency map, attribution, attributions, class activation map, captum, lime, xai, local explanation, why this prediction",
  "guides/explanation#pictures": "grad-cam, grad cam, heat map, where it looks, occlusion",

  "guides/uncertainty#uncertainty-and-explanation":
    "uncertainty, confidence interval, prediction interval, error bars, error bar, how sure, conformal, interpretability, explainable, uncertainty quantification",
  "guides/uncertainty#which-bounds":
    "confidence interval, quantile regression, gaussian process, ensemble, bayesian, jackknife",
  "guides/uncertainty#a-network-of-your-own":
    "monte carlo dropout, mc dropout, deep ensemble, laplace approximation, bayesian neural network, heteroscedastic, calibration, reliability, conformal prediction, prediction set, crps",
  "guides/uncertainty#should-it-be-asked-at-all":
    "out of distribution, applicability domain, outlier, anomaly, novelty, active learning, next experiment, design of experiments, which specimen next",
  "guides/uncertainty#what-has-it-learned":
    "feature importance, shap, shapley, explain, partial dependence, permutation importance, interpret, black box, sensitivity analysis",

  "guides/ship#save-ship-in-a-page-export-to-onnx":
    "save model, load model, saving, loading, serialize, deploy, deployment, export, production, model file",
  "guides/ship#predict-in-node": "inference, server, api, rest, load a saved model, serve",
  "guides/ship#ship-it-in-a-page":
    "run a model in browser, web page, website, web app, frontend, load model in browser, offline, javascript, client side",
  "guides/ship#export-to-onnx":
    "onnx, python, convert model, onnxruntime, export to python, pytorch export, tensorflow",

  "guides/resume#resume-and-reproduce":
    "resume training, continue training, checkpoint, checkpoints, crash, interrupted, ctrl-c, stop and resume",
  "guides/resume#what-decides-the-bits":
    "seed, random seed, reproducible, reproducibility, deterministic, determinism, same result",
  "guides/resume#what-to-keep-of-a-run": "logging, log, tensorboard, experiment tracking, wandb, history",

  "guides/cluster#many-trainings":
    "hyperparameter search, hyperparameters, tuning, tune, grid search, random search, sweep, optuna, ray tune, asha, slurm, sbatch, job array, kubernetes, k8s, pbs, lsf, hpc, supercomputer, cluster",

  "guides/speed#speed-backends-gpu": "performance, faster, slow, speed up, benchmark",
  "guides/speed#which-backend": "gpu, cuda, webgpu, wasm, webassembly, nvidia, multi gpu, backend",
  "guides/speed#threads": "train on multiple cores, training, multithreading, cpu, parallel, worker, all cores, cores",
  "guides/speed#when-memory-ends":
    "memory usage, gradient checkpointing, checkpointing, remat, rematerialization, gradient accumulation",
  "guides/speed#f32-or-f64": "precision, float64, double precision, mixed precision, half precision, dtype",

  "guides/extend#a-layer": "custom layer, own layer, new layer, activation of your own, custom activation",
  "guides/extend#a-loss-an-optimizer-a-metric":
    "custom loss function, own loss, loss function, custom metric, custom callback",
  "guides/extend#a-backend": "custom backend, own backend",
  "guides/extend#a-plugin-from-an-empty-folder-to-npm-pack":
    "publish, package, npm, third party, extension, share a layer",

  "guides/errors#nan-loss":
    "exploding, exploding gradients, infinite loss, diverges, divergence, training fails, loss does not decrease",
  "guides/errors#mismatch": "shape mismatch, wrong shape, dimension, dimensions",
  "guides/errors#unavailable": "not installed, cannot find, not found, module missing",

  "guides/from-pytorch#coming-from-pytorch": "pytorch, torch, lightning",
  "guides/from-keras#coming-from-keras": "keras, tensorflow, tfjs",
  "guides/from-deepxde#coming-from-deepxde": "deepxde, modulus, pinn library",
  "guides/from-scikit-learn#coming-from-scikit-learn": "scikit-learn, sklearn, pandas, pipeline",

  "handbook/representation#representation-learning-and-its-limits":
    "deep learning, what is deep learning, features, descriptors, universal approximation, double descent, introduction",
  "handbook/neurons#neurons-and-activations":
    "activation function, relu, sigmoid, tanh, gelu, perceptron, neural network, which activation",
  "handbook/losses#what-the-usual-ones-mean": "loss function, mse, mae, huber, cross entropy, which loss",
  "handbook/losses#physics-in-the-loss": "physics-informed, constraint, penalty method, conservation",
  "handbook/optimizers#downhill":
    "gradient descent, sgd, adam, momentum, optimizer, best optimizer, optimizer to use, learning rate",
  "handbook/optimizers#batches-noise-and-flat-minima": "batch size, minibatch, mini-batch, sharp minima",
  "handbook/optimizers#when-training-does-not-work":
    "loss does not decrease, does not converge, not learning, underfitting, debugging, stuck",
  "handbook/optimizers#backwards-through-the-layers":
    "backpropagation, autodiff, automatic differentiation, gradient, chain rule",
  "handbook/convolution#how-far-a-unit-sees": "receptive field, kernel size, pooling, stride",
  "handbook/convolution#norms": "batch norm, batch normalization, layer norm, group norm, normalization layer",
  "handbook/convolution#deeper-and-a-way-around": "resnet, residual, skip connection, shortcut",
  "handbook/sequences#attention-looking-back-at-once":
    "transformer, self-attention, attention, positional encoding, multi-head",
  "handbook/regularization#regularization-and-transfer": "overfitting, overfit, generalize, generalization, regularize",
  "handbook/regularization#the-means-and-what-they-are-worth":
    "dropout, weight decay, early stopping, l2, l1, weight averaging, ensemble",
  "handbook/when-not#when-not-to-use-deep-learning":
    "do I need a neural network, alternatives, classical methods, random forest or network",
  "handbook/when-not#five-questions":
    "how much data, how many samples, enough data, sample size, small dataset, small data, few rows, few samples, little data",

  "reference/packages/minimize#hooke-minimize":
    "l-bfgs, bfgs, levenberg-marquardt, curve fitting, least squares, nonlinear fit, optimization",
  "reference/packages/cli#hooke-cli": "command line, terminal, cli, no code, without programming",
  "reference/packages/io#hdf5": "h5, hdf5, matlab, mat file",
  "reference/packages/io#volumes": "nifti, vtk, paraview, ct, microct, volume",
  "reference/packages/runtime#hooke-runtime":
    "tensor operations, autograd, jacobian, hessian, vmap, jvp, higher derivatives",
  "reference/changes#what-changed": "changelog, release notes, versions, news, what is new",
  "reference/benchmarks/#benchmarks": "faster than pytorch, comparison with pytorch, performance, jax, tensorflow.js",
};
