// The candidates for a table: what may be advised, from the simplest to the most costly.
import {
  blend,
  dummy,
  elasticNet,
  gaussianProcess,
  gradientBoosting,
  logistic,
  type Method,
  nearestNeighbours,
  quadraticRidge,
  randomForest,
  randomSearch,
  ridge,
  type Samples,
  tuned,
} from "@hooke/baselines";
import { dummyName } from "../comparison/comparison.ts";
import type { Purpose } from "./options.ts";

/** A method that may be advised. */
export interface Candidate {
  readonly name: string;
  readonly method: Method;
  /** Whether a person can read what it learned. */
  readonly readable: boolean;
  /** Whether one can wait for it: the first answer comes from those that are quick. */
  readonly quick: boolean;
  /** Whether it sees images or graphs themselves, where the others see what is known of each. */
  readonly raw?: true;
  /** Other candidates that it is made of. */
  readonly parts?: readonly Method[];
}

/** Rows above which no Gaussian process is fitted within minutes. */
const mostProcessRows = 2500;
/** Columns of numbers and categories above which paths of linear methods, forests and length scales are costly. */
const mostQuickColumns = 100;
/** Rows above which neighbours are looked for among too many, and forests and products of columns are costly. */
const manyRows = 10_000;
/** Rows above which it takes long to say how sure a Gaussian process is of each of thousands of rows: only those who ask for new families wait for it. */
const mostDoubtedRows = 500;
/** Terms of a quadratic above which there are too many for its rows. */
const termsPerRow = 1;

/** Candidates for tables, the simplest first; `others` come last. What is far from all that was learned is the rule where the purpose is a new family. */
export function tableCandidates(
  samples: Samples,
  hasBackend: boolean,
  others: Readonly<Record<string, Method>>,
  purpose?: Purpose,
): Candidate[] {
  const isNumber = samples.target.type === "number";
  const width = samples.columns.reduce(
    (sum, column) => sum + (column.type === "category" ? column.categories.length : 1),
    0,
  );
  const terms = (width * (width + 3)) / 2;
  const entry = (name: string, method: Method, readable: boolean, quick = true): Candidate => ({
    name,
    method,
    readable,
    quick,
  });
  const isQuadratic = isNumber && width <= 30 && terms < termsPerRow * samples.rowCount;
  const isSmall = samples.rowCount <= manyRows;
  const isNarrow = width <= mostQuickColumns;
  const forest = entry("forest", randomForest({ trees: isSmall ? 300 : 100 }), false, isSmall && isNarrow);
  const trees = entry("tuned boosting", tunedBoosting(samples.rowCount), false, false);
  const smooth = isNumber
    ? hasBackend && samples.rowCount <= mostProcessRows
      ? [entry("Gaussian process", gaussianProcess(), false, isNarrow && samples.rowCount < 200)]
      : []
    : [entry("logistic", logistic(), true)];
  const boosting = entry("boosting", smallBoosting(), false);
  const parts = [...smooth, trees, boosting, forest].map(({ method }) => method);
  const byDeviation = samples.rowCount <= mostDoubtedRows || purpose === "new-family";
  return [
    entry(dummyName, dummy(), true),
    ...(isNumber ? [entry("ridge", ridge(), true), entry("elastic net", elasticNet(), true, isNarrow)] : smooth),
    ...(isQuadratic ? [entry("quadratic", quadraticRidge(), true, isSmall)] : []),
    ...(isSmall ? [entry("neighbours", nearestNeighbours({}), false)] : []),
    forest,
    ...(isNumber ? smooth : []),
    boosting,
    trees,
    {
      ...entry("blend", blend({ methods: parts, folds: 4, byDeviation }), false, false),
      parts,
    },
    ...Object.entries(others).map(([name, method]) => entry(name, method, false, false)),
  ];
}

/** Boosting as one would set it for a few hundred rows. */
const smallBoosting = (): Method =>
  gradientBoosting({ rounds: 300, learningRate: 0.05, leaves: 8, minimumRows: 5, rowFraction: 0.7 });

/** Boosting with settings chosen inside the fit, of few rounds where rows are many. */
const tunedBoosting = (rowCount: number): Method =>
  tuned({
    among: [
      smallBoosting(),
      ...randomSearch(gradientBoosting, {
        space: {
          rounds: [200, 400, 800],
          learningRate: { from: 0.03, to: 0.2, scale: "log" },
          leaves: [4, 8, 16, 31],
          minimumRows: [2, 5, 10, 20],
          rowFraction: [0.5, 0.7, 1],
          columnFraction: [0.5, 0.7, 1],
        },
        count: rowCount < 2000 ? 11 : 7,
      }),
    ],
    folds: 4,
  });
