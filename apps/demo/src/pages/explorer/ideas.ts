// The ideas that can be explored, one to a live figure, in the order in which they are listed.
import type { FigureName } from "@hooke/figures";

/** What stands beside a figure. */
export interface Idea {
  readonly title: string;
  /** What to do, and what is to be seen then. */
  readonly sentence: string;
  /** Title of the page of the docs that explains it. */
  readonly chapter: string;
}

/** By figure: one that is new would not compile until it stands here. */
export const ideas: Readonly<Record<FigureName, Idea>> = {
  activations: {
    title: "Activations and their slopes",
    sentence:
      "Choose a function that bends a neuron’s sum: its slope is what a gradient is multiplied by on its way back.",
    chapter: "Neurons and activations",
  },
  "vanishing-gradients": {
    title: "Vanishing gradients",
    sentence:
      "Stack layers, and see what part of the gradient still arrives at the first of them; then give them shortcuts.",
    chapter: "Neurons and activations",
  },
  residual: {
    title: "Depth with shortcuts",
    sentence:
      "Train a plain and a residual network of the same depth: made deep, the plain one hardly leaves its start.",
    chapter: "Convolution",
  },
  descent: {
    title: "The way downhill",
    sentence:
      "Choose a surface, an optimizer and its rate: with too small a rate it creeps, with too large a one it leaves.",
    chapter: "Backpropagation and optimizers",
  },
  "flat-minima": {
    title: "Flat and sharp minima",
    sentence:
      "Choose the rows of an update and the rate: with all rows training climbs to a sharpness of 2 over the rate, with few it ends far below.",
    chapter: "Backpropagation and optimizers",
  },
  approximation: {
    title: "Width and depth",
    sentence:
      "Train a network on a zigzag: one layer needs a unit for each corner, while every layer that folds doubles the teeth.",
    chapter: "Representation learning and its limits",
  },
  "receptive-field": {
    title: "What a unit sees",
    sentence:
      "Add layers of convolution, and see which points of a micrograph reach one unit; pooling widens its view.",
    chapter: "Convolution",
  },
  memory: {
    title: "Memory of an overload",
    sentence: "Move the overload in a load history, and see what an LSTM and attention still know of it at the end.",
    chapter: "Sequences and attention",
  },
  overfitting: {
    title: "Overfitting",
    sentence:
      "Train on few noisy rows, then try dropout, weight decay, early stopping or more rows, and compare the losses.",
    chapter: "Regularization and transfer",
  },
  "double-descent": {
    title: "Double descent",
    sentence:
      "Widen a model past the number of its rows: the error on new ones climbs to a peak there, and falls again beyond.",
    chapter: "Losses, and physics in the loss",
  },
  beam: {
    title: "A beam from its equation",
    sentence:
      "Choose a load: a network is told the beam’s equation and its supports, no measurement, and finds how it bends.",
    chapter: "Losses, and physics in the loss",
  },
  advisor: {
    title: "When not to use a network",
    sentence:
      "Measure four methods on three small sets: hold back rows, then whole specimens, and see the order change.",
    chapter: "When not to use deep learning",
  },
  "first-model": {
    title: "The first model",
    sentence:
      "Choose neurons and a learning rate: a small network learns how a clamped beam bends, from computed deflections.",
    chapter: "The first model",
  },
};

export const figures = Object.keys(ideas) as readonly FigureName[];
