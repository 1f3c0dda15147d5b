// The ideas that can be explored, one to a live figure, in the order in which they are listed.
import type { FigureName } from "@hooke/figures";

/** What stands beside a figure. */
export interface Idea {
  readonly title: string;
  /** What to do, and what is to be seen then. */
  readonly sentence: string;
  /** Title of the handbook's chapter that explains it. */
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
  descent: {
    title: "The way downhill",
    sentence:
      "Choose a surface, an optimizer and its rate: with too small a rate it creeps, with too large a one it leaves.",
    chapter: "Backpropagation and optimizers",
  },
  approximation: {
    title: "Width and depth",
    sentence:
      "Train a network on a zigzag: one layer needs a unit for each corner, while every layer that folds doubles the teeth.",
    chapter: "Representation learning and its limits",
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
};

export const figures = Object.keys(ideas) as readonly FigureName[];
