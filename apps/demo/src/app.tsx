// The page: settings on the left, readings and figures on the right.
import { useComputed } from "@preact/signals";
import { Chart } from "./chart.tsx";
import { Controls } from "./controls.tsx";
import { activation, error, progress, settings } from "./session.ts";

const words = { idle: "Ready", running: "Training", paused: "Paused", finished: "Finished" };

function Figures() {
  const losses = useComputed(() => {
    const { train, validation } = progress.value.curves;
    return [validation.map((_, i) => i + 1), train.slice(0, validation.length), validation];
  });
  const parity = useComputed(() => progress.value.parity);
  return (
    <div class="figures">
      <Chart
        wide
        logarithmic
        kind="lines"
        title="Loss"
        note="Mean squared error after each epoch. The noise alone has 0.09."
        names={["epoch", "training", "validation"]}
        columns={losses.value}
      />
      <Chart
        kind="points"
        title="Parity"
        note="Validation rows: what the network predicts against what is true."
        names={["true value", "prediction"]}
        columns={parity.value}
      />
      <Chart
        kind="lines"
        title="Activation"
        note={`${settings.value.activation} and its derivatives, by differentiating the function the network uses.`}
        names={["x", "value", "first derivative", "second derivative"]}
        columns={activation.value}
      />
    </div>
  );
}

export function App() {
  const { state, step, stepsPerSecond, curves, digest } = progress.value;
  const readings = {
    Epoch: `${curves.validation.length} of ${settings.value.epochs}`,
    Step: step.toLocaleString("en"),
    "Steps per second": Math.round(stepsPerSecond).toLocaleString("en"),
    "Validation loss": curves.validation.at(-1)?.toFixed(4) ?? "–",
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
          <Figures />
        </section>
      </div>
    </main>
  );
}
