// The page of the plate: what is solved, how far it is, and the plate as it is found.
import { defineTask } from "../../jobs/task.ts";
import { Bench } from "../../shell/bench.tsx";
import { Live } from "../../shell/live.tsx";
import { Message } from "../../shell/message.tsx";
import type { Page } from "../../shell/page.ts";
import { decimals, number } from "../../shell/readings.ts";
import { fields } from "./settings.ts";
import type { Solving } from "./solving.ts";
import type { Questions } from "./worker.ts";

const task = defineTask<typeof fields, Solving, Questions>({
  page: "physics",
  fields,
  dtypes: ["f64"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

const methods: Readonly<Record<string, string>> = { adam: "Adam", selfScaledBroyden: "Broyden" };
const twoDigits = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? "–" : number(Number(value.toPrecision(2)));

function Body() {
  const { done, total, shown } = task.job.value;
  const { method = "–", loss, seconds = 0, drawing, warnings = [], history = [] } = shown ?? {};
  const step = total === 0 ? "0" : `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  const readings = {
    Step: step,
    Method: methods[method] ?? method,
    Loss: twoDigits(loss),
    "Relative error": twoDigits(drawing?.relative),
    "Left over": drawing ? `${twoDigits(drawing.left)} kPa` : "–",
    Time: `${decimals(seconds, 1)} s`,
  };
  return (
    <Bench {...{ task, readings }} work="Solving" from={`step ${step}`} cure="Choose other sides">
      {warnings.map((warning) => (
        <Message words={warning} key={warning} />
      ))}
      {drawing === undefined ? (
        <p>Nothing yet: press Start.</p>
      ) : (
        (["deflection", "error", "residual", "curves"] as const).map((name) => (
          <Live key={name} figure={drawing[name]} version={history.length} />
        ))
      )}
    </Bench>
  );
}

export default {
  heading: "A plate, solved live",
  about:
    "Ten millimetres of steel, simply supported, under 10 kPa. A small network is told Kirchhoff’s equation and the supports, no data, and finds the " +
    "deflection here in your browser. The error is against Navier’s series.",
  task,
  Body,
} satisfies Page;
