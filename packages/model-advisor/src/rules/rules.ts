// The rules: what a textbook would recommend before anything is measured. They are the prior, each with what it cost where it was measured.

/** What the inputs are. */
export type Structure = "table" | "images" | "sequences" | "graphs" | "equations";

/** A rule, as data. */
export interface Rule {
  readonly scenario: string;
  readonly structure: Structure;
  /** Rows it is for: from, and up to but without. */
  readonly rows: readonly [from: number, to: number];
  /** Whether it is only for those who must be able to read the model. */
  readonly readable?: true;
  /** What it recommends: names of candidates, the first first. */
  readonly recommends: readonly string[];
  /** Where these are: packages, where they are none of `@hooke/baselines`. */
  readonly packages?: readonly string[];
  readonly because: string;
  /** The median of error over the best method's, less 1, on the sets it was measured on, and how many these were. */
  readonly measured?: { readonly regret: number; readonly sets: number };
}

/** Of {@link rules}. It changes with them, so that a record says which it was made with. */
export const rulesVersion = 4;

/**
 * Seven scenarios of materials and mechanics. Regrets: cross-validation on public sets of materials, mechanics and biomechanics; the whole
 * table costs 24 % in the median, and measuring instead next to nothing.
 */
export const rules: readonly Rule[] = [
  {
    scenario: "a law or a prior decides, or the model must be read",
    structure: "table",
    rows: [0, 200],
    readable: true,
    recommends: ["ridge", "lasso", "quadratic", "forest"],
    because: "With few rows a linear model can be checked term by term.",
  },
  {
    scenario: "composition to property",
    structure: "table",
    rows: [0, 500],
    recommends: ["ridge", "lasso"],
    because: "Few rows and a mostly additive law ask for few parameters.",
    measured: { regret: 0.54, sets: 10 },
  },
  {
    scenario: "optimization of process parameters",
    structure: "table",
    rows: [500, 10_000],
    recommends: ["tuned boosting", "forest"],
    because: "Thresholds and interactions in tables are what trees are made of.",
    measured: { regret: 0.042, sets: 22 },
  },
  {
    scenario: "large tables",
    structure: "table",
    rows: [10_000, Number.POSITIVE_INFINITY],
    recommends: ["tuned boosting", "network"],
    because: "With many rows networks catch up; boosting still takes less care.",
  },
  {
    scenario: "micrograph to property",
    structure: "images",
    rows: [0, 10_000],
    recommends: ["features of a pretrained network with ridge", "ridge"],
    packages: ["@hooke/transfer", "@hooke/baselines"],
    because:
      "Below some thousand pictures a network that has seen others needs less of them; ridge is one of two-point statistics.",
  },
  {
    scenario: "many micrographs to property",
    structure: "images",
    rows: [10_000, Number.POSITIVE_INFINITY],
    recommends: ["convolutional network"],
    packages: ["@hooke/layers-conv"],
    because: "With many pictures a network of one's own learns what matters in them.",
  },
  {
    scenario: "load history to fatigue life",
    structure: "sequences",
    rows: [0, 500],
    recommends: ["random kernels with a line", "features with a forest"],
    packages: ["@hooke/baselines"],
    because: "Below some hundred histories random kernels and a linear model beat networks.",
  },
  {
    scenario: "many load histories to fatigue life",
    structure: "sequences",
    rows: [500, Number.POSITIVE_INFINITY],
    recommends: ["LSTM", "Transformer", "random kernels with a line"],
    packages: ["@hooke/layers-seq", "@hooke/attention", "@hooke/baselines"],
    because: "Order and memory are what recurrent networks and attention are made for.",
  },
  {
    scenario: "molecule or crystal to property",
    structure: "graphs",
    rows: [0, Number.POSITIVE_INFINITY],
    recommends: ["Gaussian process", "message passing", "PaiNN"],
    packages: ["@hooke/baselines", "@hooke/layers-graph"],
    because:
      "Atoms and bonds have no order; a network on graphs respects that. Descriptors with a smooth method come first where there are few.",
  },
  {
    scenario: "a differential equation without labels",
    structure: "equations",
    rows: [0, Number.POSITIVE_INFINITY],
    recommends: ["physics-informed network"],
    packages: ["@hooke/pinn"],
    because:
      "The equation itself is the data. A solver of finite elements is quicker where one problem is solved once.",
  },
];

/** What fits lines to numbers fits them to the odds of classes. */
const linear = ["ridge", "lasso", "quadratic"];

/** What a rule says of classes; that its cost was measured is so of numbers. */
export function forClasses({ measured: _, ...rule }: Rule): Rule {
  const recommends = rule.recommends.map((name) => (linear.includes(name) ? "logistic" : name));
  return { ...rule, recommends: [...new Set(recommends)] };
}

/** The first rule for so many rows of a structure. */
export function ruleFor(structure: Structure, rowCount: number, readable: boolean): Rule {
  return rules.find(
    (rule) =>
      rule.structure === structure &&
      rule.rows[0] <= rowCount &&
      rowCount < rule.rows[1] &&
      (rule.readable === undefined || readable),
  )!;
}
