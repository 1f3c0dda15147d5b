// The page of the micrographs: what is learned from them, beside what statistics know, and where the network looks.
import { Bench } from "../../shell/bench.tsx";
import type { Page } from "../../shell/page.ts";
import { decimals, duration } from "../../shell/readings.ts";
import { Controls } from "./controls.tsx";
import { Agreement, Losses } from "./figures.tsx";
import { LookCard } from "./look-card.tsx";
import { isClass, isMeasured } from "./settings.ts";
import { SpecimensCard } from "./specimens-card.tsx";
import { shown, task } from "./task.ts";
import { VerdictCard } from "./verdict-card.tsx";
import { scoreName, scoreOf } from "./words.ts";

/** What keeps it from starting. */
function missing(): string {
  const settings = task.settings.value;
  if (!isMeasured(settings) || settings.pictures !== "") return "";
  return "Drop or choose pictures with what was measured of them first.";
}

function Body() {
  const { state, done, total, perSecond } = task.job.value;
  const settings = task.settings.value;
  const { stage, truth, rival, network, curves, digest } = shown.value;
  const score = (predicted: readonly number[]): string =>
    predicted.length === 0 ? "–" : decimals(scoreOf(settings, truth, predicted), 3);
  const name = scoreName(settings);
  const moving = state === "running" && perSecond > 0;
  const epoch = `${curves.heldOut.length} of ${settings.epochs}`;
  const drawn = `${Math.min(done, settings.images)} of ${settings.images}`;
  const readings = {
    [`${name}, ${settings.learner}`]: score(network),
    [`${name}, two-point`]: score(rival),
    Micrographs: drawn,
    Epoch: settings.learner === "network" ? epoch : "–",
    "Time left": moving ? duration((total - done) / perSecond) : "–",
    Backend: task.choice.value?.name ?? "–",
    Model: digest.slice(0, 8) || "–",
  };
  const words = { drawing: "Drawing", statistics: "Fitting statistics", learning: "Learning" }[
    stage === "drawing" && done >= settings.images ? "statistics" : stage
  ];
  const from =
    done < settings.images ? `micrograph ${drawn}` : settings.learner === "network" ? `epoch ${epoch}` : "the drawing";
  return (
    <Bench
      {...{ task, readings, from }}
      work="Learning"
      missing={missing()}
      controls={isMeasured(settings) && <Controls />}
      cure="Lower the learning rate"
      {...(state === "running" && { state: words })}
    >
      {/* What is learned from comes first, and makes room for what is learned. */}
      {truth.length === 0 && <SpecimensCard key="specimens" />}
      <VerdictCard key="verdict" />
      <LookCard key="look" />
      <div class={isClass(settings) ? "wide stacked" : "wide alike"} key="figures">
        <Agreement />
        {settings.learner === "network" && <Losses />}
      </div>
      {truth.length > 0 && <SpecimensCard key="specimens" />}
    </Bench>
  );
}

export default {
  heading: "What a micrograph tells",
  about:
    "Two-phase micrographs are drawn and homogenised, or dropped with what was measured of them, and a network learns a property from their pixels here in " +
    "your browser, beside a classical method on two-point statistics. Ask it about a picture of your own, and see where it looks.",
  task,
  Body,
} satisfies Page;
