// What the last forecast of each network comes from: a history coloured by what its measurements add, and bars by what is read of them.
import { observedSteps } from "@hooke/example-crack-growth/specimens.ts";
import { Live } from "../../shell/live.tsx";
import { Message } from "../../shell/message.tsx";
import { decimals } from "../../shell/readings.ts";
import { cyclesAt, nameOf } from "./figures.tsx";
import { explained, histories, task, unexplained } from "./task.ts";

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${decimals(Math.abs(value), 1)} %`;

function Answer() {
  if (explained.value === undefined) return <p>Asking …</p>;
  const { index, networks } = explained.value;
  const of = task.settings.value.multiples === "growth" ? "last measured length" : "law’s forecast";
  const lengths = histories.value?.specimens[index]?.lengths.slice(0, observedSteps) ?? [];
  const quantity = `share (% of the ${of})`;
  const largest = Math.max(...networks.flatMap(({ byStep }) => byStep.map(Math.abs))) || 1;
  const version = JSON.stringify(networks);
  return (
    <>
      <p role="status">
        {`Specimen ${nameOf(index)}, its last forecast beside that of the mean specimen: ${networks.map(({ network, difference }) => `${network} ${signed(difference)}`).join(", ")} of the ${of}.`}
      </p>
      <div class="figures why">
        {networks.map(({ network, byStep }) => (
          <Live
            key={network}
            version={version}
            figure={{
              kind: "history",
              title: `${network}: by measurement`,
              caption:
                "What each measurement adds, by integrated gradients. The first is read as the growth up to the second.",
              xLabel: "cycles / 1,000",
              yLabel: "half crack length (mm)",
              x: lengths.map((_, step) => cyclesAt(step)),
              y: lengths,
              quantity,
              shares: [Number.NaN, ...byStep],
              range: [-largest, largest],
              colors: "diverging",
            }}
          />
        ))}
        <Live
          version={version}
          figure={{
            kind: "bars",
            title: "By what is read",
            caption: "The same shares, summed over measurements.",
            quantity,
            bars: networks.flatMap(({ network, byInput }) =>
              byInput.map(({ name, share }) => ({ label: `${network}: ${name}`, value: share })),
            ),
          }}
        />
      </div>
    </>
  );
}

export function WhyCard() {
  if (task.job.value.state !== "finished") return null;
  return (
    <section class="card wide" aria-label="Why this forecast">
      <h2>Why this forecast</h2>
      <Message error words={unexplained.value} />
      <Answer />
    </section>
  );
}
