// The report: what depth does to the training loss and the test error of both kinds, and to their gradients.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, Report } from "@hooke/report";
import { type Kind, kinds } from "./networks.ts";
import type { Settings } from "./settings.ts";
import { growthPerLayer, type Signal } from "./signals.ts";
import type { Study } from "./study.ts";
import {
  bareByDepth,
  byRate,
  type Measure,
  type Pair,
  repetitionsOf,
  testError,
  trainingError,
  trainingLoss,
} from "./tables.ts";

export function depthReport(study: Study, settings: Settings): Report {
  const { depths, learningRate, ensemble, repetitions } = settings;
  const [shallowest, deepest] = [depths[0]!, depths.at(-1)!];
  const mean = (kind: Kind, depth: number, measure: Measure) =>
    meanOf(repetitionsOf(study, settings, kind, depth).map(measure));
  const byDepth = (measure: Measure) =>
    kinds.map((kind) => ({ label: kind, values: depths.map((depth) => mean(kind, depth, measure)) }));
  const overDepth = { xLabel: "depth (convolutions and linear map)", x: depths };
  const signals = (show: (signal: Signal) => number) =>
    kinds.map((kind) => ({ label: kind, values: study.signals[kind].map(show) }));
  const overLayers = { xLabel: "convolution, from input to output", x: study.signals.plain.map((_, i) => i + 1) };
  const guessing = Math.log(ensemble.directions).toFixed(2);
  const figures: Figure[] = [
    {
      kind: "curves",
      ...overDepth,
      title: "Training loss against depth",
      caption:
        "A deeper network could copy a shallower one, so that its training loss need not be higher: where a curve rises, " +
        `training fails to find what is there. Guessing has ${guessing}.`,
      yLabel: "training loss of the last epoch (nat)",
      series: byDepth(trainingLoss),
    },
    {
      kind: "curves",
      ...overDepth,
      title: "Test error against depth",
      caption:
        "On micrographs never trained on. Where it rises together with the training loss, the cause is not overfitting.",
      yLabel: "wrong directions (%)",
      series: byDepth(testError),
    },
    {
      kind: "curves",
      title: "Training loss by epoch",
      caption:
        "The shallowest and the deepest of both kinds, mean over repetitions; the learning rate falls at four fifths.",
      xLabel: "epoch",
      yLabel: "training loss (nat)",
      x: Array.from({ length: settings.epochs }, (_, epoch) => epoch + 1),
      series: [shallowest, deepest].flatMap((depth) =>
        kinds.map((kind) => ({
          label: `${kind}-${depth}`,
          values: Array.from({ length: settings.epochs }, (_, i) => mean(kind, depth, ({ losses }) => losses[i]!)),
        })),
      ),
    },
    {
      kind: "curves",
      ...overLayers,
      title: `Gradient norm by layer before training, depth ${deepest}`,
      caption:
        "Going back to the input, the plain network's gradient changes by a factor of " +
        `${growthPerLayer(study.signals.plain).toFixed(2)} per layer, the residual one's by ` +
        `${growthPerLayer(study.signals.residual).toFixed(2)}: with batch normalisation nothing vanishes.`,
      yLabel: "log10 of the norm",
      series: signals(({ norm }) => Math.log10(norm)),
    },
    {
      kind: "curves",
      ...overLayers,
      title: `Agreement of gradients before training, depth ${deepest}`,
      caption:
        "Cosine between the gradients of two batches. Near 0, a step that helps one batch means nothing to the next.",
      yLabel: "cosine",
      series: signals(({ agreement }) => agreement),
    },
  ];
  return {
    title: "Plain and residual networks of growing depth",
    summary: kinds.flatMap((kind) =>
      [shallowest, deepest].map((depth) => ({
        label: `Training loss, ${kind}-${depth}`,
        value: mean(kind, depth, trainingLoss),
      })),
    ),
    metrics: kinds.flatMap((kind) => {
      const of = (measure: Measure) =>
        Object.fromEntries(depths.map((depth) => [`depth ${depth}`, mean(kind, depth, measure)]));
      return [
        { name: `${kind}: training loss (nat)`, values: of(trainingLoss) },
        { name: `${kind}: training error (%)`, values: of(trainingError) },
        { name: `${kind}: test error (%)`, values: of(testError) },
      ];
    }),
    figures,
    details: [
      {
        title: "How",
        rows: [
          {
            label: "task",
            value:
              `in which of ${ensemble.directions} directions features are elongated, ${ensemble.lengths.join(" to ")}; ` +
              `${ensemble.side} x ${ensemble.side} points, half of them in each phase`,
          },
          { label: "micrographs", value: `${settings.trainRows} for training, ${settings.testRows} for the test` },
          { label: "channels", value: settings.filters },
          {
            label: "training",
            value:
              `SGD, momentum 0.9, learning rate ${learningRate}, a tenth of it for the last fifth, batches of ` +
              `${settings.batchSize}, ${settings.epochs} epochs`,
          },
          { label: "repetitions", value: repetitions },
          { label: "seed", value: String(settings.seed) },
        ],
      },
      {
        title: `Training loss at depth ${deepest} by learning rate`,
        rows: byRate(study, settings).map(asRow),
      },
      { title: "Training loss without normalisation in the blocks, by depth", rows: bareByDepth(study).map(asRow) },
    ],
  };
}

const asRow = ({ condition, losses }: Pair) => ({
  label: String(condition),
  value: kinds.map((kind) => `${kind} ${losses[kind].toFixed(2)}`).join(", "),
});
