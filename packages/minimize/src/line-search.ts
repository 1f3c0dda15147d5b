// The line search of Moré and Thuente (1994): a step that decreases the value enough and flattens the slope (strong Wolfe
// conditions), by cubic and quadratic interpolation in a shrinking interval. Steps into non-finite values are taken back. A value that differs by
// no more than its noise counts as a decrease: slopes, which are more exact, decide there (Hager and Zhang, 2005).

/** The value and the slope along the line at a step. */
export interface LinePoint {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

/** The part of the decrease that the slope promises, at least. This and the next are SciPy's for BFGS. */
const decrease = 1e-4;
/** The part of the slope that may be left. */
const curvature = 0.9;
/** The interval narrower than this part of its end is a point. */
const narrowest = 1e-14;
const smallestStep = 1e-100;
const largestStep = 1e100;
const trials = 100;

/** An end of the interval, or the best step so far. */
type End = { step: number; value: number; slope: number };

/** What a search found. */
export interface LineResult<P extends LinePoint> {
  /** Where to go: it has both conditions or, if none was found, the first. Undefined if no step decreases the value. */
  readonly point: P | undefined;
  /** Steps that led to values that are not finite. */
  readonly nonFinite: number;
}

const isFinitePoint = ({ value, slope }: LinePoint): boolean => Number.isFinite(value) && Number.isFinite(slope);

/**
 * Searches along a line.
 *
 * @param origin step 0: its value and slope, which is below 0
 * @param first the first step to try
 * @param evaluate the value and slope at a step
 * @param noise what values are exact to
 */
export async function searchLine<P extends LinePoint>(
  origin: LinePoint,
  first: number,
  evaluate: (step: number) => Promise<P>,
  noise: number,
): Promise<LineResult<P>> {
  const test = decrease * origin.slope;
  const best: End = { ...origin };
  const other: End = { ...origin };
  let bracketed = false;
  let modified = true;
  let [low, high] = [0, 5 * first];
  let [width, widthBefore] = [largestStep, 2 * largestStep];
  let ceiling = largestStep;
  let nonFinite = 0;
  // The lowest point that decreases the value enough: what is left where the second condition cannot be had.
  let found: P | undefined;
  let step = first;
  for (let trial = 0; trial < trials; trial++) {
    const point = await evaluate(step);
    if (!isFinitePoint(point)) {
      nonFinite++;
      ceiling = step;
      step = best.step + (step - best.step) / 2;
      if (step === best.step || step === ceiling) break;
      continue;
    }
    const enough = point.value <= origin.value + step * test;
    if (enough && point.value < (found?.value ?? origin.value)) found = point;
    const flat = Math.abs(point.slope) <= curvature * -origin.slope;
    if (flat && (enough || Math.abs(point.value - origin.value) <= noise)) return { point, nonFinite };
    if (bracketed && (step <= low || step >= high || high - low <= narrowest * high)) break;
    if (step <= smallestStep || (step >= largestStep && enough && point.slope <= test)) break;
    if (enough && point.slope >= 0) modified = false;
    // As long as the decrease is not enough, the value minus what it should be is what is made small.
    const tilt = modified && point.value <= best.value && !enough ? test : 0;
    const tilted = [best, other, point].map((end) => lean(end, tilt)) as [End, End, End];
    const chosen = interpolate(...tilted, bracketed, low, high);
    Object.assign(best, lean(tilted[0], -tilt));
    Object.assign(other, lean(tilted[1], -tilt));
    step = chosen.step;
    bracketed = chosen.bracketed;
    const span = Math.abs(other.step - best.step);
    if (bracketed) {
      if (span >= 0.66 * widthBefore) step = best.step + 0.5 * (other.step - best.step);
      [widthBefore, width] = [width, span];
      [low, high] = [Math.min(best.step, other.step), Math.max(best.step, other.step)];
    } else [low, high] = [step + 1.1 * (step - best.step), step + 4 * (step - best.step)];
    step = Math.min(Math.max(step, smallestStep), largestStep);
    if (step >= ceiling) step = best.step + (ceiling - best.step) / 2;
    if (bracketed && (step <= low || step >= high || high - low <= narrowest * high)) step = best.step;
    if (step === 0 || Number.isNaN(step)) break;
  }
  return { point: found, nonFinite };
}

const lean = ({ step, value, slope }: LinePoint, by: number): End => ({
  step,
  value: value - step * by,
  slope: slope - by,
});

/**
 * The next step from the best step so far, the other end of the interval and the last trial, and the ends it leaves in
 * `best` and `other`. Four cases, by where the trial is higher, turns, or flattens.
 */
function interpolate(
  best: End,
  other: End,
  trial: End,
  bracketed: boolean,
  low: number,
  high: number,
): { readonly step: number; readonly bracketed: boolean } {
  const turned = Math.sign(trial.slope) * Math.sign(best.slope) < 0;
  const away = trial.step - best.step;
  const secant = trial.step - (trial.slope / (trial.slope - best.slope)) * away;
  let step: number;
  let isBracketed = bracketed;
  if (trial.value > best.value) {
    // Higher: a minimum lies between. The cubic step if it is nearer to the best one, else half way to the quadratic one.
    const cubic = cubicStep(best, trial);
    const drop = (best.value - trial.value) / away + best.slope;
    const quadratic = best.step + (best.slope / drop / 2) * away;
    const nearer = Math.abs(cubic - best.step) <= Math.abs(quadratic - best.step);
    step = nearer ? cubic : cubic + (quadratic - cubic) / 2;
    isBracketed = true;
  } else if (turned) {
    // Lower, and the slope has turned: the farther of the cubic and the secant step.
    const cubic = cubicStep(trial, best);
    step = Math.abs(cubic - trial.step) > Math.abs(secant - trial.step) ? cubic : secant;
    isBracketed = true;
  } else if (Math.abs(trial.slope) < Math.abs(best.slope)) {
    // Lower and flatter: the cubic step only where it has a minimum beyond the trial.
    const cubic = cubicStep(trial, best, away > 0 ? high : low);
    const [near, far] =
      Math.abs(cubic - trial.step) < Math.abs(secant - trial.step) ? [cubic, secant] : [secant, cubic];
    if (bracketed) {
      const limit = trial.step + 0.66 * (other.step - trial.step);
      step = away > 0 ? Math.min(limit, near) : Math.max(limit, near);
    } else step = Math.min(Math.max(far, low), high);
  } else if (bracketed) step = cubicStep(trial, other);
  else step = away > 0 ? high : low;
  if (trial.value > best.value) Object.assign(other, trial);
  else {
    if (turned) Object.assign(other, best);
    Object.assign(best, trial);
  }
  return { step, bracketed: isBracketed };
}

/**
 * The minimum of the cubic through two points with their slopes, counted from `from`.
 *
 * @param otherwise where the cubic falls without end or its minimum lies behind `from`; given only if that can be
 */
function cubicStep(from: End, to: End, otherwise?: number): number {
  const reach = to.step - from.step;
  const theta = (3 * (from.value - to.value)) / reach + from.slope + to.slope;
  const scale = Math.max(Math.abs(theta), Math.abs(from.slope), Math.abs(to.slope));
  const under = (theta / scale) ** 2 - (from.slope / scale) * (to.slope / scale);
  let gamma = scale * Math.sqrt(otherwise === undefined ? under : Math.max(0, under));
  if (reach < 0) gamma = -gamma;
  const ratio = (gamma - from.slope + theta) / (gamma - from.slope + gamma + to.slope);
  if (otherwise !== undefined && !(ratio < 0 && gamma !== 0)) return otherwise;
  return from.step + ratio * reach;
}
