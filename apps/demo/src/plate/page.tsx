// The page: what is solved, how far it is, and the plate as it is found.

import type { Figure } from "@hooke/report";
import { type Shown, showFigure } from "@hooke/report/browser";
import { useEffect, useRef } from "preact/hooks";
import { Frame, Message, Standing } from "../frame.tsx";
import { decimals, number } from "../readings.ts";
import { shapes } from "./messages.ts";
import { drawing, error, running, shape, standing, start, state, stop, warnings } from "./session.ts";

/** A figure of a report that follows the solution. */
function Live({ figure }: { readonly figure: Figure }) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<Promise<Shown<Figure>>>(undefined);
  useEffect(() => {
    if (shown.current === undefined) shown.current = showFigure(place.current!, figure);
    else void shown.current.then((each) => each.update(figure));
  }, [figure]);
  useEffect(() => () => void shown.current?.then((each) => each.remove()), []);
  return <div class="live" ref={place} />;
}

const methods: Readonly<Record<string, string>> = { adam: "Adam", selfScaledBroyden: "Broyden" };
const words = { idle: "Ready", running: "Solving", stopped: "Stopped", finished: "Finished" };

function Readings() {
  const { step = 0, steps = 1, loss, seconds = 0, method = "–" } = standing.value ?? {};
  const { relative, left } = drawing.value ?? {};
  const readings = {
    Step: step.toLocaleString("en"),
    Method: methods[method] ?? method,
    Loss: loss === undefined ? "–" : number(Number(loss.toPrecision(2))),
    "Relative error": relative === undefined ? "–" : number(Number(relative.toPrecision(2))),
    "Left over": left === undefined ? "–" : `${number(Number(left.toPrecision(2)))} kPa`,
    Time: `${decimals(seconds, 1)} s`,
  };
  return (
    <Standing
      state={words[state.value]}
      readings={readings}
      label="Progress of the solution"
      completed={step}
      total={steps}
    />
  );
}

const about =
  "Ten millimetres of steel, simply supported, under 10 kPa. A small network is told Kirchhoff’s equation and the supports, no data, and finds the " +
  "deflection here in your browser. The error is against Navier’s series.";

export function Page() {
  return (
    <Frame
      title="A plate, solved live"
      about={about}
      error={error.value}
      other={{ href: "./", title: "A surrogate, trained live" }}
    >
      <section class="run" aria-label="Solution">
        <div>
          <div>
            <button class="main" type="button" onClick={() => (running.value ? stop() : start())}>
              {running.value ? "Stop" : "Solve"}
            </button>
          </div>
          <label class="beside">
            <span>Sides</span>
            <select
              value={shape.value}
              disabled={running.value}
              onChange={({ currentTarget }) => {
                shape.value = shapes.find((each) => each === Number(currentTarget.value))!;
              }}
            >
              {shapes.map((each) => (
                <option key={each} value={each}>{`${each} m by 1 m`}</option>
              ))}
            </select>
          </label>
        </div>
        <Readings />
      </section>
      {warnings.value.map((warning) => (
        <Message words={warning} key={warning} />
      ))}
      <section class="figures" aria-label="Figures">
        {drawing.value === undefined ? (
          <p>Nothing yet: press Solve.</p>
        ) : (
          (["deflection", "error", "residual", "curves"] as const).map((name) => (
            <Live key={name} figure={drawing.value![name]} />
          ))
        )}
      </section>
    </Frame>
  );
}
