// Twenty-seven networks of different widths, rates of learning and weight decays; the best third of each budget of epochs get three times as many.
import { fit } from "@hooke/core";
import { metrics, split } from "@hooke/data";
import { defineSweep, range, sobolTrials } from "@hooke/sweep";
import { preprocessingOf, rest, settings, training } from "./concrete.ts";

const { train, validation } = split(rest, { train: "rest", validation: 0.2 }, 0);
const space = {
  units: range(8, 96, { scale: "logarithmic", whole: true }),
  learningRate: range(3e-4, 3e-2, { scale: "logarithmic" }),
  weightDecay: range(1e-4, 1, { scale: "logarithmic" }),
};

export default defineSweep({
  trials: sobolTrials(space, { count: settings.trials }),
  async run(choice, { budget, signal, checkpoints }) {
    const { history } = await fit({
      ...training(choice),
      data: { train, validation },
      preprocessing: preprocessingOf(train),
      metrics: [metrics.rmse],
      epochs: budget!,
      signal,
      ...(await checkpoints("epoch")),
    });
    return { rmse: history.at(-1)!.validation!.metrics.rmse! };
  },
  halving: { budgets: settings.budgets, by: ({ rmse }) => rmse },
});
