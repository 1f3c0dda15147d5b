// The page of the surrogate: a small network learns a function of ten variables, and one sees how.
import { Bench } from "../../shell/bench.tsx";
import { Message } from "../../shell/message.tsx";
import type { Page } from "../../shell/page.ts";
import { decimals, duration } from "../../shell/readings.ts";
import { Figures } from "./figures.tsx";
import { overfitting } from "./overfitting.ts";
import { shown, task } from "./task.ts";

function Body() {
  const { state, done, total, perSecond } = task.job.value;
  const { curves, digest } = shown.value;
  const advice = overfitting(shown.value);
  const epoch = `${curves.validation.length} of ${task.settings.value.epochs}`;
  const loss = curves.validation.at(-1);
  const moving = state === "running" && perSecond > 0;
  const readings = {
    Epoch: epoch,
    "Validation loss": loss === undefined ? "–" : decimals(loss, 4),
    Step: done.toLocaleString("en"),
    "Steps per second": moving ? Math.round(perSecond).toLocaleString("en") : "–",
    "Time left": moving ? duration((total - done) / perSecond) : "–",
    Backend: task.choice.value?.name ?? "–",
    Checkpoint: digest.slice(0, 8) || "–",
  };
  return (
    <Bench
      {...{ task, readings }}
      work="Training"
      from={`epoch ${epoch}`}
      cure="Lower the learning rate"
      {...(state === "failed" && { state: `Diverged at epoch ${curves.validation.length}` })}
    >
      {advice !== "" && <Message words={advice} />}
      <Figures />
    </Bench>
  );
}

export default {
  heading: "A surrogate, trained live",
  about: "A small network learns y = x₀² + x₁x₂ − x₃ from 1,600 noisy samples of ten variables, here in your browser.",
  task,
  Body,
} satisfies Page;
