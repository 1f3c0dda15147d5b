// Solving: rounds of a minimizer on fixed points and weights, stage after stage.
import { minimize, type State, type Step } from "@hooke/minimize";
import {
  type Backend,
  type Check,
  checkOptions,
  checks,
  fail,
  foldHost,
  type HostArray,
  randomKey,
} from "@hooke/runtime";
import { compare, compareEvery, shortest } from "./energies.ts";
import { checkFinite, Evaluator, type Sets } from "./evaluator.ts";
import { drawnLoss, everyOf, staleWords, watch } from "./held-out.ts";
import { type HistoryRow, historyEvery, historyRow, type ResidualSizes, residualSizes, termNames } from "./history.ts";
import { intervalsOf } from "./intervals.ts";
import { type Loss, lossData, prepareLoss } from "./loss.ts";
import { type FieldScales, type Networks, networksOf, type Parameters, startParameters } from "./model.ts";
import { HeldOutData, keptWords, lookEvery, observe } from "./observed.ts";
import type { PointSet, Points } from "./points/points.ts";
import { type Problem, problemCheck } from "./problem.ts";
import { type Report, reportOf, type StageReport, type TermReport } from "./report.ts";
import { drawAll, drawEnergies, pointsIn, refresh } from "./resampling/refresh.ts";
import { type Resampling, resamplingCheck } from "./resampling/resampling.ts";
import { worstFirst } from "./resampling/worst-first.ts";
import { siteData } from "./residuals.ts";
import { fieldScales } from "./scaling/field-scales.ts";
import { checkScales, type GivenScales, rms, scalesCheck } from "./scaling/scales.ts";
import { termScales } from "./scaling/term-scales.ts";
import { termSizes } from "./scaling/term-sizes.ts";
import { type Identified, type Solution, solutionOf } from "./solution.ts";
import { checkKinds, defaultStages, type Stage, stagesCheck } from "./stages.ts";
import { type SolveState, stateCheck } from "./state.ts";
import { fixed } from "./weights/fixed.ts";
import { TermTraces } from "./weights/term-traces.ts";
import { TermGradients, weightingView } from "./weights/view.ts";
import { type Weighed, type Weighting, weightingCheck } from "./weights/weighting.ts";

/** How far it has come. */
export interface Progress {
  /** The stage, from 0, and its method. */
  readonly stage: number;
  readonly method: string;
  /** Steps of the stage. */
  readonly iteration: number;
  /** Evaluations of loss and gradient in the stage. */
  readonly evaluations: number;
  readonly loss: number;
  /** Since {@link solve} was called. */
  readonly seconds: number;
}

/** Options of {@link solve}. */
export interface SolveOptions {
  /** A backend that has started and runs f64, such as `wasmBackend()`. */
  readonly backend: Backend;
  /** Of networks and points: the same seed gives the same bits, unless `budget` ends it. Default 0. */
  readonly seed?: number;
  /** Default 500 steps of Adam, then 5000 of self-scaled Broyden, or of L-BFGS for more than 2,000 parameters. */
  readonly stages?: readonly Stage[];
  /** When points are drawn again. Default {@link worstFirst} every 500 steps. */
  readonly resample?: Resampling;
  /** How terms count beside each other. Default {@link fixed}: as they state. */
  readonly weights?: Weighting;
  /** Scales, by field, term or `term.component`, instead of those found. Default none. */
  readonly scales?: GivenScales;
  /** Ends it, whatever stage it is in. Default none. */
  readonly budget?: { readonly seconds: number };
  /** Ends it within an evaluation; what it has reached is returned. */
  readonly signal?: AbortSignal;
  /** Called after each step, and awaited. `state()` is what it remembers there, `solution()` the solution as it is there. */
  readonly onProgress?: (
    progress: Progress,
    state: () => Promise<SolveState>,
    solution: () => Promise<Solution>,
  ) => void | Promise<void>;
  /** What an earlier run of the same problem and stages remembered: it goes on to the same bits. */
  readonly resume?: SolveState;
  /** Everything is computed in f64: quasi-Newton methods end early in f32. */
  readonly dtype?: "f64";
}

/** What {@link solve} returns. */
export interface Solved {
  readonly solution: Solution;
  readonly report: Report;
  /** The numbers that were identified, by name. */
  readonly identified: Readonly<Record<string, Identified>>;
  /** To go on from. */
  readonly state: SolveState;
}

/** Expects a backend. */
export const backendCheck: Check = (value) =>
  typeof (value as Partial<Backend> | null | undefined)?.prepare === "function"
    ? undefined
    : "a backend that has started, such as wasmBackend()";
const seedCheck: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number from 0";
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function of progress");
const signalCheck: Check = (value) => (value instanceof AbortSignal ? undefined : "an AbortSignal");
const dtypeCheck: Check = (value) =>
  value === "f64" ? undefined : '"f64": quasi-Newton methods stop at the rounding of f32, far from the solution';
const budgetCheck: Check = (value) => {
  checkOptions<{ seconds: number }>("budget", value, { required: { seconds: checks.positive } });
  return undefined;
};

/**
 * Solves a problem: networks are trained until what the terms say is as small as it gets.
 *
 * @returns the solution, a report that says what the residuals are where it was trained and where it was not, and the identified numbers
 * @throws if a term is not finite at the start, naming it and the point
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { selfScaledBroyden } from "@hooke/minimize";
 * import { errors, interval, mlp, problem, residual, solve } from "@hooke/pinn";
 * import { add, mul, sub } from "@hooke/runtime";
 *
 * const line = interval({ x: [0, 1] });
 * const poisson = problem({
 *   domain: line,
 *   fields: { u: mlp({ units: [8] }) },
 *   exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
 *   terms: { equation: residual(line.interior(30), ({ u, d }) => add(d(u, "x", "x"), 2)) },
 * });
 * const stages = [{ method: selfScaledBroyden(), iterations: 200 }];
 * const { solution } = await solve(poisson, { backend: wasmBackend(), stages });
 * const { rows } = await errors(solution, { grid: { x: 50 }, exact: { u: ({ x }) => x! * (1 - x!) } });
 * console.log(rows[0]!.relativeL2 < 1e-6); // true
 * ```
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solved> {
  if (problemCheck(problem) !== undefined) fail("solve", `received no problem; expected ${problemCheck(problem)}.`);
  checkOptions<SolveOptions>("solve", options, {
    required: { backend: backendCheck },
    optional: {
      seed: seedCheck,
      stages: stagesCheck,
      resample: resamplingCheck,
      weights: weightingCheck,
      scales: scalesCheck,
      budget: budgetCheck,
      signal: signalCheck,
      onProgress: functionCheck,
      resume: stateCheck,
      dtype: dtypeCheck,
    },
  });
  const { backend } = options;
  if (!backend.dtypes.includes("f64")) {
    fail("solve", `received the backend ${backend.name}, which has no f64; use wasmBackend().`, "unsupported");
  }
  checkScales(problem, options.scales ?? {});
  const run = await Run.begin(problem, options);
  try {
    if (options.resume === undefined) await run.weighFirst();
    await run.stages();
    return await run.finish();
  } finally {
    run.free();
  }
}

/** A solution under way. */
class Run {
  private readonly problem: Problem;
  private readonly options: SolveOptions;
  private readonly networks: Networks;
  private readonly evaluator: Evaluator;
  private readonly gradients: TermGradients;
  private readonly heldOut: HeldOutData | undefined;
  private readonly traces: TermTraces;
  private readonly plan: readonly Stage[];
  private readonly resample: Resampling;
  private readonly weighting: Weighting;
  private readonly key: HostArray;
  private readonly begun = performance.now();
  /** Held here, as `AbortSignal.any` does not hold them: a timeout that is collected never comes. */
  private readonly ends: AbortSignal[];
  private readonly signal: AbortSignal | undefined;
  private readonly loss: Loss;
  private sets: Map<Points, PointSet>;
  private state: SolveState;
  /** The stage that a signal or the budget ended. */
  private cut: StageReport | undefined;

  static async begin(problem: Problem, options: SolveOptions): Promise<Run> {
    const { backend, resume } = options;
    const seed = resume?.seed ?? options.seed ?? 0;
    const networks = networksOf(problem);
    const evaluator = new Evaluator(backend, problem, networks);
    try {
      const state = resume ?? (await initialState(problem, options, networks, evaluator, seed));
      const sets = new Map(pointsIn(problem).map((points, i) => [points, state.points[i]!]));
      const data = lossData(problem, siteData(problem, sets), sets, state.scales, state.weighed.weights);
      const loss = await prepareLoss(backend, problem, networks, state.parameters, data);
      return new Run(problem, options, networks, evaluator, loss, sets, state);
    } catch (error) {
      evaluator.free();
      throw error;
    }
  }

  private constructor(
    problem: Problem,
    options: SolveOptions,
    networks: Networks,
    evaluator: Evaluator,
    loss: Loss,
    sets: Map<Points, PointSet>,
    state: SolveState,
  ) {
    [this.problem, this.options, this.networks, this.evaluator] = [problem, options, networks, evaluator];
    [this.loss, this.sets, this.state] = [loss, sets, state];
    this.gradients = new TermGradients(options.backend, problem, networks);
    this.heldOut = HeldOutData.of(options.backend, problem, networks);
    this.traces = new TermTraces(options.backend, problem, networks);
    this.plan = options.stages ?? defaultStages(loss.size);
    this.resample = options.resample ?? worstFirst();
    this.weighting = options.weights ?? fixed();
    this.key = randomKey(state.seed);
    if (state.round.until === 0) {
      this.state = { ...state, round: { from: 0, until: this.boundary(0, this.plan[state.stage]) } };
    }
    const { signal, budget } = options;
    this.ends = [...(signal ? [signal] : []), ...(budget ? [AbortSignal.timeout(budget.seconds * 1000)] : [])];
    this.signal = this.ends.length === 0 ? undefined : AbortSignal.any(this.ends);
    checkKinds(
      this.plan,
      Object.entries(problem.terms)
        .filter(([, { kind }]) => kind === "energy")
        .map(([name]) => name),
    );
  }

  private get energies(): boolean {
    return Object.values(this.problem.terms).some(({ kind }) => kind === "energy");
  }

  private get seconds(): number {
    return (performance.now() - this.begun) / 1000;
  }

  private get parameters(): Parameters {
    const { method, parameters } = this.state;
    return method === undefined ? parameters : this.loss.unflatten(method.arrays.at!.data as Float64Array);
  }

  /** Steps of the stage. */
  private get iteration(): number {
    return this.state.method?.numbers.iterations ?? 0;
  }

  /** Goes through the stages that are left. */
  async stages(): Promise<void> {
    while (this.state.stage < this.plan.length && !this.signal?.aborted)
      await this.stageOf(this.plan[this.state.stage]!);
  }

  private async stageOf(stage: Stage): Promise<void> {
    const { method, iterations, tolerance = 0 } = stage;
    const begun = this.seconds;
    let loss = Number.NaN;
    let ended: string | undefined;
    if (this.energies && this.state.method === undefined) this.confirm(compareEvery);
    await this.note();
    while (ended === undefined) {
      const done = this.iteration;
      const wrong = done > this.state.round.from && done >= this.state.round.until ? await this.parted() : undefined;
      if (wrong !== undefined) {
        const again = Math.floor(this.state.sound!.span / 2);
        this.goBack();
        if (again >= shortest) {
          await this.nextRound(this.iteration, again);
          continue;
        }
        loss = await this.lossHere();
        const { words, visible } = wrong;
        this.endStage({ ...this.stageReport(method.name, begun, loss, words), ...(visible && { warning: words }) });
        return;
      }
      if (done > 0 && done % lookEvery === 0) await this.look();
      const stale = await this.stale(stage, done);
      if (stale !== undefined) {
        const report = this.stageReport(method.name, begun, loss, stale);
        this.goBackTo(this.state.watched!.best.parameters);
        loss = await this.lossHere();
        this.endStage({ ...report, loss });
        return;
      }
      if (done >= iterations) {
        loss = await this.lossHere();
        ended = allOf(iterations);
        break;
      }
      if (done >= this.state.round.until) await this.nextRound(done);
      const { from, until } = this.state.round;
      const resume = this.state.method;
      const result = await minimize({
        objective: this.loss,
        method,
        ...(resume === undefined ? { start: this.state.parameters } : { resume }),
        tolerance,
        maxIterations: until - done,
        ...(this.signal && { signal: this.signal }),
        ...(this.options.onProgress && { onStep: this.onStep(method.name) }),
      });
      this.state = { ...this.state, method: result.state };
      loss = result.value;
      const { reason } = result;
      if (reason === "non-finite") await this.explain();
      const renewed = this.resample.every > 0 || this.weighting.every > 0 || this.energies;
      if (reason === "aborted") {
        this.cut = this.stageReport(
          method.name,
          begun,
          loss,
          this.options.signal?.aborted ? "It was aborted." : "The budget is spent.",
        );
        return;
      }
      if (reason !== "iterations" && result.iterations < iterations) {
        // Other points or weights may let it go on, unless these did not either.
        if (renewed && result.iterations > from)
          this.state = { ...this.state, round: { from, until: result.iterations } };
        else ended = result.message;
      }
    }
    this.endStage(this.stageReport(method.name, begun, loss, ended));
  }

  /** The loss at the present parameters, points and weights. */
  private async lossHere(): Promise<number> {
    return (await this.loss.evaluate(this.loss.flatten(this.parameters))).value;
  }

  private stageReport(method: string, begun: number, loss: number, message: string): StageReport {
    const { iterations = 0, evaluations = 0 } = this.state.method?.numbers ?? {};
    return { method, iterations, evaluations, seconds: this.seconds - begun, loss, message };
  }

  private endStage(report: StageReport): void {
    const { parameters, state } = this;
    const { method: _, watched: __, ...rest } = state;
    const ended = [...state.ended, report];
    const stage = state.stage + 1;
    this.state = { ...rest, parameters, ended, stage, round: { from: 0, until: this.boundary(0, this.plan[stage]) } };
  }

  /** The step after `done` at which points or weights are renewed, or the stage ends. */
  private boundary(done: number, stage: Stage | undefined, span = compareEvery): number {
    const next = [this.resample.every, this.weighting.every, everyOf(stage?.heldOut), this.lookEvery]
      .filter((every) => every > 0)
      .map((every) => (Math.floor(done / every) + 1) * every);
    return Math.min(...next, this.energies ? done + span : Number.POSITIVE_INFINITY, stage?.iterations ?? 0);
  }

  /** Draws points and weighs terms again, where it is time to. */
  private async nextRound(
    done: number,
    span = Math.min(compareEvery, 2 * (this.state.sound?.span ?? compareEvery)),
  ): Promise<void> {
    await this.note();
    const { problem, parameters, evaluator, resample, weighting } = this;
    const { scales } = this.state;
    const rounds = this.state.rounds + 1;
    const key = foldHost(foldHost(this.key, "round"), rounds);
    const compared = this.energies && done - this.state.round.from === this.state.sound?.span;
    const periods = [resample.every, weighting.every, everyOf(this.plan[this.state.stage]?.heldOut), this.lookEvery];
    const whole = compared || periods.some((every) => every > 0 && done % every === 0);
    // A round that ended early, as nothing decreased the loss any more, renews both.
    const due = ({ every }: { readonly every: number }): boolean => every > 0 && (!whole || done % every === 0);
    const redrawn = due(resample);
    if (redrawn) this.sets = await refresh(resample, problem, evaluator, parameters, scales, key);
    else if (this.energies && resample.every > 0) this.sets = drawEnergies(problem, this.sets, key);
    // Weights of points belong to these points.
    const weighed =
      due(weighting) || (redrawn && weighting.every > 0) ? await this.weigh({ rounds, redrawn }) : this.state.weighed;
    this.loss.write(lossData(problem, siteData(problem, this.sets), this.sets, scales, weighed.weights) as never);
    this.state = {
      ...this.state,
      rounds,
      weighed,
      points: [...this.sets.values()],
      round: { from: done, until: this.boundary(done, this.plan[this.state.stage], span) },
    };
    if (this.energies) this.confirm(span);
  }

  /** Steps of all stages. */
  private get step(): number {
    return this.state.ended.reduce((total, { iterations }) => total + iterations, this.iteration);
  }

  /** Notes what the terms say, where it was not noted for a while. */
  private async note(): Promise<void> {
    const { history } = this.state;
    const last = history.at(-1)?.step ?? Number.NEGATIVE_INFINITY;
    if (this.step - last >= historyEvery)
      this.state = { ...this.state, history: [...history, await this.historyRow()] };
  }

  private historyRow(): Promise<HistoryRow> {
    const { problem, evaluator, parameters, sets, step } = this;
    const key = foldHost(foldHost(this.key, "history"), step);
    return historyRow(problem, evaluator, parameters, this.state.scales.fields, { step, sets, key });
  }

  /** Notes where a round begins: it goes back there if its quadrature turns out to be wrong. */
  private confirm(span: number): void {
    const { method, sound } = this.state;
    this.state = { ...this.state, sound: method === undefined ? { span, gaps: [] } : { ...sound!, method, span } };
  }

  /** Goes back to where the round began. What it took counts. */
  private goBack(): void {
    const { method: spent, sound, ...rest } = this.state;
    const numbers = { ...sound!.method?.numbers, evaluations: spent!.numbers.evaluations! };
    this.state = { ...rest, sound: sound!, ...(sound!.method && { method: { ...sound!.method, numbers } }) };
  }

  /** Compares the quadrature of a round with others. Returns what to say where they have parted, and whether it shows. */
  private async parted(): Promise<{ readonly words: string; readonly visible: boolean } | undefined> {
    const { problem, evaluator, parameters, state, sets } = this;
    const { sound } = state;
    if (sound === undefined) return undefined;
    const key = foldHost(foldHost(this.key, "compare"), state.rounds);
    const found = await compare(problem, evaluator, parameters, state.scales.fields, sets, key, sound);
    if (found.parted !== undefined) {
      const words = `${found.parted} It went back to step ${sound.method?.numbers.iterations ?? 0}, where they agreed.`;
      return { words, visible: found.visible };
    }
    this.state = { ...state, sound: { ...sound, gaps: [...sound.gaps, found.gap], energy: found.energy } };
    return undefined;
  }

  /** What to say where the stage has lost patience with the points held out. */
  private async stale({ heldOut }: Stage, done: number): Promise<string | undefined> {
    if (heldOut === undefined || done === 0 || done % everyOf(heldOut) !== 0) return undefined;
    const { problem, evaluator, parameters, sets, state } = this;
    if (state.watched?.last.iteration !== done) {
      const at = async (drawn: Sets): Promise<number> =>
        drawnLoss(problem, await evaluator.residuals(parameters, state.scales.fields, drawn), state.scales.terms);
      const fresh = await at(drawAll(problem, foldHost(this.key, "held out")));
      const now = { parameters, iteration: done, training: await at(sets), fresh };
      this.state = { ...state, watched: watch(state.watched, now) };
    }
    const watched = this.state.watched!;
    return watched.stale >= (heldOut.patience ?? 5) ? staleWords(watched) : undefined;
  }

  private get lookEvery(): number {
    return this.heldOut === undefined ? 0 : lookEvery;
  }

  /** Looks at held-out data. */
  private async look(): Promise<void> {
    if (this.heldOut === undefined) return;
    const { parameters, state } = this;
    const now = { parameters, stage: state.stage, iteration: this.iteration };
    const squares = await this.heldOut.squares(parameters, state.scales);
    this.state = { ...state, observed: observe(state.observed, now, squares) };
  }

  private goBackTo(parameters: Parameters): void {
    const { method: _, ...rest } = this.state;
    this.state = { ...rest, parameters };
  }

  private weigh(at: { readonly rounds: number; readonly redrawn: boolean }): Promise<Weighed> {
    const { problem, evaluator, gradients, traces, parameters, sets } = this;
    const { scales, weighed } = this.state;
    const view = weightingView(
      problem,
      { evaluator, gradients, traces },
      {
        parameters,
        scales,
        sets,
        iteration: this.step,
        redrawn: at.redrawn,
        key: foldHost(foldHost(this.key, "weights"), at.rounds),
      },
    );
    return this.weighting.update(view, weighed);
  }

  /** The weights of the start. */
  async weighFirst(): Promise<void> {
    if (this.weighting.every === 0) return;
    const { problem, sets } = this;
    const weighed = await this.weigh({ rounds: 0, redrawn: false });
    this.loss.write(lossData(problem, siteData(problem, sets), sets, this.state.scales, weighed.weights) as never);
    this.state = { ...this.state, weighed };
  }

  private onStep(method: string) {
    const { problem, networks, options, loss } = this;
    const { scales } = this.state;
    const solution = async (state: State): Promise<Solution> => {
      const parameters = loss.unflatten(state.arrays.at!.data as Float64Array);
      return solutionOf(options.backend, problem, networks, parameters, scales);
    };
    return (step: Step, state: () => Promise<State>): void | Promise<void> =>
      options.onProgress!(
        {
          stage: this.state.stage,
          method,
          iteration: step.iteration,
          evaluations: step.evaluations,
          loss: step.value,
          seconds: this.seconds,
        },
        async () => ({ ...this.state, method: await state() }),
        async () => solution(await state()),
      );
  }

  /** Says which term is not finite, if it is one. */
  private async explain(): Promise<void> {
    const said = await this.evaluator.residuals(this.parameters, this.state.scales.fields, this.sets);
    checkFinite(this.problem, said, this.sets);
  }

  async finish(): Promise<Solved> {
    const { problem, networks, options, state } = this;
    const { parameters, words } = await this.chosen();
    const data = lossData(problem, siteData(problem, this.sets), this.sets, state.scales, state.weighed.weights);
    const { bounds, noise, warnings } = await intervalsOf(options.backend, problem, this.loss, parameters, data);
    const solution = await solutionOf(options.backend, problem, networks, parameters, state.scales, bounds);
    const parts = {
      terms: await this.termReports(parameters),
      stages: this.cut === undefined ? state.ended : [...state.ended, this.cut],
      // The last row is no part of the state: a run that goes on from here has the rows of one that was not interrupted.
      history: [...state.history.filter(({ step }) => step < this.step), await this.historyRow()],
      scales: state.scales,
      identified: solution.identified,
      noise,
      seed: state.seed,
      parameters: this.loss.size,
      seconds: this.seconds,
    };
    const report = reportOf(parts, [...words, ...warnings]);
    return { solution, report, identified: solution.identified, state };
  }

  /** The solution: the last one, unless held-out data speak for an earlier one. */
  private async chosen(): Promise<{ readonly parameters: Parameters; readonly words: readonly string[] }> {
    const { heldOut, parameters, state } = this;
    if (heldOut === undefined) return { parameters, words: [] };
    const squares = await heldOut.squares(parameters, state.scales);
    const now = { parameters, stage: state.stage, iteration: this.iteration };
    const observed = observe(state.observed, now, squares);
    const { kept } = observed;
    return { parameters: kept.parameters, words: kept.parameters === parameters ? [] : [keptWords(observed, squares)] };
  }

  private async termReports(parameters: Parameters): Promise<readonly TermReport[]> {
    const { problem, evaluator, sets } = this;
    const { fields } = this.state.scales;
    const training = await residualSizes(problem, evaluator, parameters, fields, sets);
    const held = (await this.heldOut?.residuals(parameters, this.state.scales)) ?? {};
    const fresh: ResidualSizes[] = [];
    for (let i = 0; i < freshDraws; i++) {
      const drawn = drawAll(problem, foldHost(foldHost(this.key, "fresh"), i));
      fresh.push(await residualSizes(problem, evaluator, parameters, fields, drawn));
    }
    return termNames(problem).map(({ term, name }): TermReport => {
      const { kind, points, weight } = problem.terms[term]!;
      const sizes = fresh.map((each) => each[name]!);
      return {
        name,
        kind,
        points: points.count,
        weight,
        training: training[name]!,
        ...(held[name] && { fresh: rms(held[name]) }),
        ...(points.random && { fresh: kind === "energy" ? mean(sizes) : rms(sizes) }),
        scale: this.state.scales.terms[name]!,
      };
    });
  }

  free(): void {
    this.loss.free();
    this.evaluator.free();
    this.gradients.free();
    this.traces.free();
    this.heldOut?.free();
  }
}

const allOf = (iterations: number): string => `It made ${iterations} steps.`;

/** How often fresh points are drawn for the report: as many points as that times those of training. */
const freshDraws = 4;

const mean = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0) / numbers.length;

/** Networks, points and scales at the start. */
async function initialState(
  problem: Problem,
  options: SolveOptions,
  networks: Networks,
  evaluator: Evaluator,
  seed: number,
): Promise<SolveState> {
  const { backend, scales: given = {} } = options;
  const parameters = await startParameters(backend, problem, networks, seed);
  const key = foldHost(randomKey(seed), "start");
  const sets = drawAll(problem, key);
  const probe = {
    backend,
    problem,
    networks,
    parameters,
    sites: siteData(problem, sets),
    residuals: async (scales: FieldScales) => {
      const residuals = await evaluator.residuals(parameters, scales, sets);
      checkFinite(problem, residuals, sets);
      return residuals;
    },
  };
  const fields = await fieldScales(probe, given, key);
  const said = await probe.residuals(fields);
  const terms = termScales(problem, said, await termSizes(said, fields, probe.residuals), sets, given);
  return {
    seed,
    scales: { fields, terms },
    parameters,
    points: [...sets.values()],
    weighed: { weights: {} },
    stage: 0,
    round: { from: 0, until: 0 },
    rounds: 0,
    history: [],
    ended: [],
  };
}
