// A solution under way: rounds of a minimizer on fixed points and weights, stage after stage. Watchers look between rounds.
import { type Minimum, minimize, type State, type Step } from "@hooke/minimize";
import { foldHost, type HostArray, randomKey } from "@hooke/runtime";
import { jumps } from "./contradictions/where-they-meet.ts";
import { checkFinite, Evaluator } from "./evaluator.ts";
import { type HistoryRow, historyEvery, historyRow } from "./history.ts";
import { idleWarnings } from "./idle.ts";
import { intervalsOf } from "./intervals.ts";
import { type Loss, type LossData, lossData, prepareLoss } from "./loss.ts";
import { type Networks, networksOf, type Parameters } from "./model.ts";
import type { PointSet, Points } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import { reportOf, type StageReport, staleWarnings, type TermReport } from "./report.ts";
import { areStale, drawAll, drawEnergies, pointsIn, refresh } from "./resampling/refresh.ts";
import { looks, type Resampling } from "./resampling/resampling.ts";
import { worstFirst } from "./resampling/worst-first.ts";
import { siteData } from "./residuals.ts";
import { type Solution, solutionOf } from "./solution.ts";
import type { Solved, SolveOptions } from "./solve-options.ts";
import { checkKinds, defaultStages, type Stage } from "./stages.ts";
import { initialState } from "./start.ts";
import type { SolveState } from "./state.ts";
import { termReports } from "./term-reports.ts";
import { watchBetweenPoints } from "./watching/between-points.ts";
import { HeldOutData, watchHeldOutData } from "./watching/held-out-data.ts";
import { watchHeldOutPoints } from "./watching/held-out-points.ts";
import { watchQuadratures } from "./watching/quadratures.ts";
import { type Back, type Chosen, type Here, multipleAfter, type Watcher } from "./watching/watcher.ts";
import { defaultWeights } from "./weights/default-weights.ts";
import { TermTraces } from "./weights/term-traces.ts";
import { TermGradients, weightingView } from "./weights/view.ts";
import type { Weighed, Weighting } from "./weights/weighting.ts";

/** How often points are drawn for the last step of unknowns. */
const drawings = 4;

/** A solution under way. */
export class Run {
  private readonly problem: Problem;
  private readonly options: SolveOptions;
  private readonly networks: Networks;
  private readonly evaluator: Evaluator;
  private readonly gradients: TermGradients;
  private readonly heldOut: HeldOutData | undefined;
  private readonly traces: TermTraces;
  private readonly watchers: readonly Watcher[];
  private readonly plan: readonly Stage[];
  private readonly resample: Resampling;
  private readonly weighting: Weighting;
  private readonly energies: boolean;
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
    this.weighting = options.weights ?? defaultWeights(problem);
    this.key = randomKey(state.seed);
    const energies = Object.keys(problem.terms).filter((name) => problem.terms[name]!.kind === "energy");
    checkKinds(this.plan, energies);
    this.energies = energies.length > 0;
    const between = watchBetweenPoints(problem, evaluator, this.key);
    this.watchers = [
      ...(this.energies ? [watchQuadratures(problem, evaluator)] : []),
      ...(this.heldOut ? [watchHeldOutData(this.heldOut)] : []),
      ...(between ? [between] : []),
      watchHeldOutPoints(problem, evaluator),
    ];
    const { signal, budget } = options;
    this.ends = [...(signal ? [signal] : []), ...(budget ? [AbortSignal.timeout(budget.seconds * 1000)] : [])];
    this.signal = this.ends.length === 0 ? undefined : AbortSignal.any(this.ends);
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

  /** Steps of all stages. */
  private get step(): number {
    return this.state.ended.reduce((total, { iterations }) => total + iterations, this.iteration);
  }

  private get here(): Omit<Here, "stage"> {
    const { parameters, sets, key, state, iteration } = this;
    return { done: iteration, state, parameters, sets, key };
  }

  /** Goes through the stages that are left. */
  async stages(): Promise<void> {
    while (this.state.stage < this.plan.length && !this.signal?.aborted) {
      const stage = this.plan[this.state.stage]!;
      // A run that goes on in the middle of a stage notes nothing there: one that was not interrupted did not.
      if (this.state.method === undefined) {
        this.beginRound(stage, false);
        await this.note();
      }
      await this.stageOf(stage);
    }
  }

  private async stageOf(stage: Stage): Promise<void> {
    const { method, iterations } = stage;
    const begun = this.seconds;
    for (;;) {
      const back = await this.look(stage);
      if (back !== undefined) {
        this.state = back.to;
        if (back.again) {
          await this.nextRound(stage, true);
          continue;
        }
        const report = this.stageReport(method.name, begun, await this.lossHere(), back.words, back.counted);
        return this.endStage({ ...report, ...(back.warned && { warning: back.words }) });
      }
      const done = this.iteration;
      if (done >= iterations) {
        return this.endStage(this.stageReport(method.name, begun, await this.lossHere(), allOf(iterations)));
      }
      if (done >= this.state.round.until) await this.nextRound(stage, false);
      const result = await this.round(stage);
      const report = (message: string): StageReport => this.stageReport(method.name, begun, result.value, message);
      if (result.reason === "aborted") {
        this.cut = report(this.options.signal?.aborted ? "It was aborted." : "The budget is spent.");
        return;
      }
      if (result.reason === "iterations" || result.iterations >= iterations) continue;
      // Other points or weights may let it go on, unless these did not either.
      const renewed = this.resample.every > 0 || this.weighting.every > 0 || this.energies;
      const { from } = this.state.round;
      if (!renewed || result.iterations <= from) return this.endStage(report(result.message));
      this.state = { ...this.state, round: { from, until: result.iterations } };
    }
  }

  /** Minimizes until the round ends. */
  private async round({ method, tolerance = 0 }: Stage): Promise<Minimum<unknown>> {
    const resume = this.state.method;
    const result = await minimize({
      objective: this.loss,
      method,
      ...(resume === undefined ? { start: this.state.parameters } : { resume }),
      tolerance,
      maxIterations: this.state.round.until - this.iteration,
      ...(this.signal && { signal: this.signal }),
      ...(this.options.onProgress && { onStep: this.onStep(method.name) }),
    });
    this.state = { ...this.state, method: result.state };
    if (result.reason === "non-finite") await this.explain();
    return result;
  }

  /** Lets watchers look. Where one goes back, those behind it do not. */
  private async look(stage: Stage): Promise<Back | undefined> {
    for (const watcher of this.watchers) {
      const { state, back } = await watcher.look({ ...this.here, stage });
      this.state = state;
      if (back !== undefined) return back;
    }
    return undefined;
  }

  /** The loss at the present parameters, points and weights. */
  private async lossHere(): Promise<number> {
    return (await this.loss.evaluate(this.loss.flatten(this.parameters))).value;
  }

  private stageReport(
    method: string,
    begun: number,
    loss: number,
    message: string,
    counted: State | undefined = this.state.method,
  ): StageReport {
    const { iterations = 0, evaluations = 0 } = counted?.numbers ?? {};
    return { method, iterations, evaluations, seconds: this.seconds - begun, loss, message };
  }

  private endStage(report: StageReport): void {
    const { parameters, state } = this;
    const { method: _, watched: __, sound: ___, ...rest } = state;
    const ended = [...state.ended, report];
    this.state = { ...rest, parameters, ended, stage: state.stage + 1, round: { from: 0, until: 0 } };
  }

  /** The steps after `done` at which points or weights are renewed, or a watcher looks. */
  private boundaries(done: number, stage: Stage): number[] {
    return [
      multipleAfter(done, this.resample.every),
      multipleAfter(done, looks(this.resample)),
      multipleAfter(done, this.weighting.every),
      ...this.watchers.map((watcher) => watcher.next(done, this.state, stage)),
    ];
  }

  private beginRound(stage: Stage, again: boolean): void {
    const from = this.iteration;
    this.state = { ...this.state, round: { from, until: from } };
    for (const watcher of this.watchers) this.state = watcher.begin?.(this.state, again) ?? this.state;
    this.state = { ...this.state, round: { from, until: Math.min(...this.boundaries(from, stage), stage.iterations) } };
  }

  /** Draws points and weighs terms again, where it is time to. */
  private async nextRound(stage: Stage, again: boolean): Promise<void> {
    await this.note();
    const { problem, parameters, evaluator, resample, weighting, iteration: done } = this;
    const { scales } = this.state;
    const rounds = this.state.rounds + 1;
    const key = foldHost(foldHost(this.key, "round"), rounds);
    const whole = this.boundaries(done - 1, stage).includes(done);
    // A round that ended early, as nothing decreased the loss any more, renews both.
    const due = ({ every }: { readonly every: number }): boolean => every > 0 && (!whole || done % every === 0);
    const looked = !due(resample) && due({ every: looks(resample) });
    const redrawn = looked
      ? await areStale(resample.stale!, problem, evaluator, parameters, scales, this.sets, foldHost(key, "look"))
      : due(resample);
    if (redrawn) this.sets = await refresh(resample, problem, evaluator, parameters, scales, key);
    else if (this.energies && resample.every > 0) this.sets = drawEnergies(problem, this.sets, key);
    // Weights of points belong to these points.
    const weighed =
      due(weighting) || (redrawn && weighting.every > 0) ? await this.weigh({ rounds, redrawn }) : this.state.weighed;
    this.loss.write(lossData(problem, siteData(problem, this.sets), this.sets, scales, weighed.weights) as never);
    this.state = { ...this.state, rounds, weighed, points: [...this.sets.values()] };
    this.beginRound(stage, again);
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
    const { problem, networks, options, evaluator, state, sets, key } = this;
    const { parameters, words, warned } = await this.chosen();
    const data = lossData(problem, siteData(problem, sets), sets, state.scales, state.weighed.weights);
    const idle = await idleWarnings(this.loss, parameters);
    const apart = await jumps({ problem, evaluator, parameters, scales: state.scales.fields, sets });
    const { bounds, noise, warnings } = await intervalsOf(
      options.backend,
      problem,
      this.loss,
      parameters,
      data,
      this.drawnAgain(data),
    );
    const solution = await solutionOf(options.backend, problem, networks, parameters, state.scales, bounds);
    const at = { scales: state.scales, sets, key };
    const parts = {
      terms: await termReports(problem, evaluator, this.heldOut, parameters, at),
      stages: this.stageReports(warned ? "" : words),
      // The last row is no part of the state: a run that goes on from here has the rows of one that was not interrupted.
      history: [...state.history.filter(({ step }) => step < this.step), await this.historyRow()],
      scales: state.scales,
      identified: solution.identified,
      noise,
      seed: state.seed,
      parameters: this.loss.size,
      seconds: this.seconds,
    };
    const said = warned && words !== "" ? [words] : [];
    const report = reportOf(parts, [
      ...(await this.endedStale(parameters, parts.terms)),
      ...said,
      ...apart,
      ...idle,
      ...warnings,
    ]);
    return { solution, report, identified: solution.identified, state };
  }

  /** The data of the loss with its points drawn again, some times; as they are where weights belong to points. */
  private drawnAgain(data: LossData): readonly LossData[] {
    const { problem, key, state } = this;
    const { weights } = state.weighed;
    if (Object.values(weights).some((weight) => typeof weight !== "number")) return [data];
    if (pointsIn(problem).every(({ random }) => !random)) return [data];
    return Array.from({ length: drawings }, (_, i) => {
      const sets = drawAll(problem, foldHost(foldHost(key, "one step"), i));
      return lossData(problem, siteData(problem, sets), sets, state.scales, weights);
    });
  }

  /** The stages, the last of which ends with some words. */
  private stageReports(words: string): readonly StageReport[] {
    const all = this.cut === undefined ? this.state.ended : [...this.state.ended, this.cut];
    const last = all.at(-1);
    if (last === undefined || words === "") return all;
    return [...all.slice(0, -1), { ...last, message: `${last.message} ${words}` }];
  }

  /** Warnings of the last solution, where an earlier one is returned and does not show that points have gone stale. */
  private async endedStale(chosen: Parameters, terms: readonly TermReport[]): Promise<readonly string[]> {
    const { problem, evaluator, heldOut, parameters, sets, key } = this;
    if (chosen === parameters || staleWarnings(terms).length > 0) return [];
    const last = await termReports(problem, evaluator, heldOut, parameters, { scales: this.state.scales, sets, key });
    return staleWarnings(last, " at the end");
  }

  /** The solution: the last one, unless a watcher speaks for an earlier one. */
  private async chosen(): Promise<Chosen> {
    const { here } = this;
    for (const watcher of this.watchers) {
      if (watcher.choose !== undefined) return watcher.choose(here);
    }
    return { parameters: here.parameters, words: "", warned: false };
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
