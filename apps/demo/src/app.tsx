// The page: settings on the left, readings and figures on the right.
import { useComputed } from "@preact/signals";
import { Chart } from "./chart.tsx";
import { Controls } from "./controls.tsx";
import { agreement, duration } from "./readings.ts";
import { activation, choice, error, progress, settings } from "./session.ts";

const words = { idle: "Ready", running: "Training", paused: "Paused", finished: "Finished" };

function Figures() {
  const losses = useComputed(() => {
    const { train, validation } = progress.value.curves;
    return [validation.map((_, i) => i + 1), train.slice(0, validation.length), validation];
  });
  const parity = useComputed(() => progress.value.parity);
  const lossSummary = useComputed(() => {
    const [epochs, train, validation] = losses.value as [number[], number[], number[]];
    if (epochs.length === 0) return "";
    return `After epoch ${epochs.length}: training ${train.at(-1)!.toFixed(4)}, validation ${validation.at(-1)!.toFixed(4)}.`;
  });
  const paritySummary = useComputed(() => {
    const [truth, predicted] = parity.value as [number[], number[]];
    if (truth.length === 0) return "";
    const { r2, rmse } = agreement(truth, predicted);
    return `${truth.length} rows: R² ${r2.toFixed(3)}, root mean square error ${rmse.toFixed(3)}.`;
  });
  return (
    <div class="figures">
      <Chart
        wide
        counted
        logarithmic
        kind="lines"
        title="Loss"
        note="Mean squared error after each epoch. The noise alone has 0.09."
        summary={lossSummary.value}
        names={["epoch", "training", "validation"]}
        axes={["epoch", "mean squared error"]}
        columns={losses.value}
      />
      <Chart
        identity
        kind="points"
        title="Parity"
        note="Validation rows; on the line, the network predicts what is true."
        summary={paritySummary.value}
        names={["true value", "prediction"]}
        axes={["true value", "prediction"]}
        columns={parity.value}
      />
      <Chart
        kind="lines"
        title="Activation"
        note={`${settings.value.activation} and its derivatives, by differentiating the function the network uses, in 64 bits on wasm.`}
        summary=""
        names={["x", "value", "first derivative", "second derivative"]}
        axes={["x", "f(x), f′(x), f″(x)"]}
        columns={activation.value}
      />
    </div>
  );
}

export function App() {
  const { state, step, steps, stepsPerSecond, curves, digest } = progress.value;
  const running = state === "running" && stepsPerSecond > 0;
  const readings = {
    Epoch: `${curves.validation.length} of ${settings.value.epochs}`,
    Step: step.toLocaleString("en"),
    "Steps per second": running ? Math.round(stepsPerSecond).toLocaleString("en") : "–",
    "Time left": running ? duration((steps - step) / stepsPerSecond) : "–",
    "Validation loss": curves.validation.at(-1)?.toFixed(4) ?? "–",
    Backend: choice.value?.name ?? "–",
    Checkpoint: digest.slice(0, 8) || "–",
  };
  return (
    <main>
      <h1>A surrogate, trained live</h1>
      <p>
        A small network learns y = x₀² + x₁x₂ − x₃ from 1,600 noisy samples of ten variables, here in your browser.
        Nothing leaves this page.
      </p>
      {error.value && (
        <p class="error" role="alert">
          {error.value}
        </p>
      )}
      <div class="bench">
        <Controls />
        <section aria-label="Training">
          <dl class="readings">
            <div>
              <dt>State</dt>
              <dd>
                <span role="status" id="state">
                  {words[state]}
                </span>
              </dd>
            </div>
            {Object.entries(readings).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <progress aria-label="Training progress" max={Math.max(1, steps)} value={step} />
          <Figures />
        </section>
      </div>
    </main>
  );
}
