// A curve of losses over rising learning rates: smoothed as it grows, with an end where training runs away, and what it
// suggests.

/** What `findLearningRate` finds. */
export interface LearningRateCurve {
  /** The rate at which the smoothed loss falls fastest; undefined if it never falls. */
  readonly suggestion: number | undefined;
  /** Rates tried, ascending; the search ends when the smoothed loss is four times its smallest value, or not finite. */
  readonly rates: readonly number[];
  /**
   * Loss before the update with each rate, with the penalty where there is one, smoothed exponentially (weight 0.05)
   * without bias.
   */
  readonly losses: readonly number[];
  /** The curve over the rate's decimal logarithm, as `writeReport` of @hooke/report/node takes it among its `figures`. */
  readonly figure: {
    readonly kind: "curves";
    readonly title: string;
    readonly caption: string;
    readonly xLabel: string;
    readonly yLabel: string;
    readonly x: readonly number[];
    readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
  };
}

const weight = 0.05;
/** The loss has run away when it is above its smallest value by this many times that value. */
const runaway = 3;
/** Until then the average is of few batches, and differences between them look like slopes. */
const settled = 10;
/** Slopes are taken over this many updates to either side: what batches differ by averages out. */
const reach = 5;

/** A smoothed loss, and whether training has run away. */
interface Smoothed {
  readonly value: number;
  readonly diverged: boolean;
}

/** Smooths losses one by one. */
export function smoother(): (loss: number) => Smoothed {
  let average = 0;
  let count = 0;
  let first: number | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  return (loss) => {
    average = (1 - weight) * average + weight * loss;
    count++;
    const value = average / (1 - (1 - weight) ** count);
    first ??= value;
    smallest = Math.min(smallest, value);
    // A likelihood's loss goes below 0, where four times the smallest would be smaller still.
    const scale = smallest > 0 ? smallest : Math.max(-smallest, first - smallest);
    return { value, diverged: value - smallest > runaway * scale };
  };
}

/** The curve with its figure. */
export function curveOf(rates: readonly number[], losses: readonly number[]): LearningRateCurve {
  const suggestion = steepest(rates, losses);
  return {
    suggestion,
    rates,
    losses,
    figure: {
      kind: "curves",
      title: "Learning rate",
      caption:
        suggestion === undefined
          ? "The loss never falls."
          : `The loss falls fastest at a learning rate of ${suggestion.toPrecision(2)}.`,
      xLabel: "logarithm of the learning rate (base 10)",
      yLabel: "smoothed loss",
      x: rates.map((rate) => Math.log10(rate)),
      series: [{ label: "loss", values: losses }],
    },
  };
}

/** The rate where the loss falls fastest over the rate's logarithm, by wide central differences. */
function steepest(rates: readonly number[], losses: readonly number[]): number | undefined {
  let found: number | undefined;
  let slope = 0;
  for (let i = settled; i < rates.length - reach; i++) {
    const change = losses[i + reach]! - losses[i - reach]!;
    if (change < slope) {
      slope = change;
      found = rates[i];
    }
  }
  return found;
}
