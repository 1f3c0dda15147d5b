// The page of load histories: cracks forecast by two networks, the law of Paris and a line, side by side while the networks learn.
import { toBeat } from "@hooke/example-crack-growth/baselines.ts";
import { lstmName, transformerName } from "@hooke/example-crack-growth/method.ts";
import { linearRegression } from "@hooke/example-crack-growth/regression.ts";
import { Bench } from "../../shell/bench.tsx";
import type { Page } from "../../shell/page.ts";
import { decimals, duration } from "../../shell/readings.ts";
import { DataCard } from "./data-card.tsx";
import { Ahead, Forecast, Learned, Left } from "./figures.tsx";
import { ScoresCard } from "./scores-card.tsx";
import { histories, task, unreadable } from "./task.ts";
import { WhyCard } from "./why-card.tsx";

/** What keeps it from starting. */
function missing(): string {
  if (histories.value !== undefined) return "";
  return unreadable.value === "" ? "Reading the histories …" : "The histories cannot be compared on: see under Data.";
}

function Body() {
  const { state, done, total, perSecond, shown } = task.job.value;
  const { scores = [], learning = [] } = shown ?? {};
  const epochs = learning.length === 0 ? 0 : Math.min(...learning.map(({ errors }) => errors.length));
  const epoch = `${epochs} of ${task.settings.value.epochs}`;
  const errorOf = (method: string): string => {
    const score = scores.find((each) => each.method === method);
    return score === undefined ? "–" : `${decimals(score.rmse, 3)} mm`;
  };
  const moving = state === "running" && perSecond > 0;
  const readings = {
    [`RMSE, ${lstmName}`]: errorOf(lstmName),
    [`RMSE, ${transformerName}`]: errorOf(transformerName),
    "RMSE, law of Paris": errorOf(toBeat),
    "RMSE, line": errorOf(linearRegression.name),
    Epoch: epoch,
    "Time left": moving ? duration((total - done) / perSecond) : "–",
    Backend: task.choice.value?.name ?? "–",
  };
  return (
    <Bench
      {...{ task, readings }}
      work="Comparing"
      from={`epoch ${epoch}`}
      cure="Lower the learning rate"
      missing={missing()}
    >
      <Forecast />
      <Left />
      <ScoresCard />
      <WhyCard />
      <Learned />
      <Ahead />
      <DataCard />
    </Bench>
  );
}

export default {
  heading: "Crack growth, forecast live",
  about:
    "From the first five measurements of a fatigue crack, the next five: by an LSTM and a Transformer that learn here in your browser, by the law of Paris, " +
    "and by linear regression. Every specimen is forecast by what has not seen it.",
  task,
  Body,
} satisfies Page;
