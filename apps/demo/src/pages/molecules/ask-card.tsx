// Asking about a molecule: typed as SMILES, what it is predicted to have, how sure that is, and what each atom adds.
import { useSignal } from "@preact/signals";
import { Domain } from "../../data/row-inputs.tsx";
import { useLatest } from "../../shell/latest.ts";
import { Message } from "../../shell/message.tsx";
import { inUnit, number } from "../../shell/readings.ts";
import type { Answer } from "./asking.ts";
import type { Judged } from "./learning.ts";
import { Molecule } from "./molecule.tsx";
import { task } from "./task.ts";

const digits = (value: number): string => number(Number(value.toPrecision(3)));
/** Bounds so many times as wide as usual are worth a word. */
const wide = 1.3;

function Said({ answer, judged, name, unit }: { answer: Answer; judged: Judged; name: string; unit: string }) {
  const { value, lower, upper, outside, isKnown, estimate } = answer;
  const times = (upper - lower) / judged.width;
  return (
    <div class="said" role="status">
      <p class="first">
        {`${name}: `}
        <strong>{inUnit(digits(value), unit)}</strong>
      </p>
      <p>{`Nine in ten such molecules lie between ${inUnit(digits(lower), unit)} and ${inUnit(digits(upper), unit)}.`}</p>
      <p>{`Measured: such bounds held ${Math.round(100 * judged.coverage)} % of ${judged.parity[0]!.length} molecules that neither the networks nor the calibration had seen.`}</p>
      {times > wide && (
        <p class="message warning">{`These bounds are ${digits(times)} times as wide as usual: the networks differ about such molecules.`}</p>
      )}
      <Domain because={outside} />
      {isKnown && <p>It is one of those that were learned from.</p>}
      {estimate !== undefined && <p>{`OpenChemLib's own estimate, which was learned: ${digits(estimate)}.`}</p>}
    </div>
  );
}

interface AskProps {
  readonly address: string;
  readonly judged: Judged;
  readonly name: string;
  readonly unit: string;
}

export function AskCard({ address, judged, name, unit }: AskProps) {
  const smiles = useSignal("CC(C)c1ccc(O)cc1");
  const { answer, failed } = useLatest(() => task.ask("answer", address, task.settings.peek(), smiles.value));
  return (
    <section class="card wide ask" aria-label="Ask about a molecule">
      <h2>Ask about a molecule</h2>
      <label>
        Molecule, as SMILES
        <input
          name="smiles"
          spellcheck={false}
          autocomplete="off"
          value={smiles.value}
          onInput={({ currentTarget }) => {
            smiles.value = currentTarget.value;
          }}
        />
      </label>
      <Message error words={failed.value} />
      {answer.value === undefined ? (
        <p>Asking …</p>
      ) : (
        <>
          <Said answer={answer.value} {...{ judged, name, unit }} />
          <Molecule drawing={answer.value.drawing} unit={unit} />
        </>
      )}
    </section>
  );
}
