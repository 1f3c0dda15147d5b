// Asking the model: of a micrograph held out or of a picture, what it says, and where it looks.
import { useSignal } from "@preact/signals";
import { Domain } from "../../data/row-inputs.tsx";
import { Drop } from "../../shell/drop.tsx";
import { Live } from "../../shell/live.tsx";
import { Message } from "../../shell/message.tsx";
import type { Asked } from "./asking.ts";
import { Micrograph } from "./picture.tsx";
import type { Stiff } from "./pictures.ts";
import { heldOutOf, isClass } from "./settings.ts";
import { asked, said, shown, task, unanswered } from "./task.ts";
import { quantityOf, valueInWords } from "./words.ts";

const isPicture = (each: Asked): each is Extract<Asked, { name: string }> => "name" in each;

async function choose(file: File, stiff: Stiff): Promise<void> {
  asked.value = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), stiff };
}

/** The row of the largest error; of kinds the next one that is wrong, the same where none is. */
function worstAfter(row: number): number {
  const { truth, network } = shown.value;
  const errors = truth.map((value, i) => Math.abs(network[i]! - value));
  if (!isClass(task.settings.value)) return errors.indexOf(Math.max(...errors));
  const rows = errors.map((_, i) => (row + 1 + i) % errors.length);
  return rows.find((each) => errors[each]! > 0) ?? row;
}

function RowChoice() {
  const count = heldOutOf(task.settings.value);
  const row = isPicture(asked.value) ? undefined : Math.min(asked.value.row, count - 1);
  const move = (by: number): void => {
    asked.value = { row: row === undefined ? 0 : (row + by + count) % count };
  };
  return (
    <div class="choices">
      <button type="button" onClick={() => move(-1)}>
        Previous
      </button>
      <button type="button" onClick={() => move(1)}>
        Next
      </button>
      <button
        type="button"
        onClick={() => {
          asked.value = { row: worstAfter(row ?? -1) };
        }}
      >
        {isClass(task.settings.value) ? "Next mistake" : "Largest error"}
      </button>
    </div>
  );
}

/** Where a picture is dropped, and which of its phases is stiff. */
function PictureChoice() {
  const stiff = useSignal<Stiff>(task.settings.value.phase);
  return (
    <Drop
      kind="picture"
      words="Drop a PNG, TIFF or JPEG here. Its middle is brought to the size of the micrographs and cut into two phases by Otsu’s level."
      isChosen={isPicture(asked.value)}
      button="Ask of a picture"
      locked={false}
      choose={(file) => void choose(file, stiff.value)}
    >
      <label>
        Its stiff phase is
        <select
          value={stiff.value}
          onChange={({ currentTarget }) => {
            stiff.value = currentTarget.value as Stiff;
            const now = asked.peek();
            if (isPicture(now)) asked.value = { ...now, stiff: stiff.value };
          }}
        >
          <option value="dark">dark</option>
          <option value="bright">bright</option>
        </select>
      </label>
    </Drop>
  );
}

/** Greys under the colours of the overlay, which are light where there is nothing to say. */
const faded = [255, 150] as const;

function Answer() {
  if (said.value === undefined) return <p>Asking …</p>;
  const { asked: of, settings, predicted, fraction, doubts, level, stiff, pulls } = said.value;
  const side = Math.sqrt(stiff.length);
  const share = `${Math.round(100 * fraction)} % is stiff`;
  const name = isPicture(of) ? of.name : `Micrograph ${of.row + 1} of ${heldOutOf(settings)} held out`;
  const { truth, rival } = shown.value;
  const [actual, rivalSays] = isPicture(of) ? [] : [truth[of.row], rival[of.row]];
  const towards = isClass(settings) ? `speak for ${valueInWords(predicted, settings)}` : "raise the prediction";
  const against = isClass(settings) ? "speak against it" : "lower it";
  return (
    <div class="looking">
      <div>
        <Micrograph stiff={stiff} words={`${name}: ${share}`} />
        <div class="said" role="status">
          <p>{name}</p>
          <p class="first">
            {"Predicted: "}
            <strong>{valueInWords(predicted, settings)}</strong>
          </p>
          {actual !== undefined && <p>{`True: ${valueInWords(actual, settings)}; ${share}.`}</p>}
          {rivalSays !== undefined && <p>{`Two-point statistics say: ${valueInWords(rivalSays, settings)}.`}</p>}
          {level !== undefined && <p>{`Greys are parted at ${level.toFixed(2)} of 1; ${share}.`}</p>}
          {level !== undefined && <Domain because={doubts} />}
        </div>
        <RowChoice />
        <PictureChoice />
      </div>
      <Live
        version={`${name} ${predicted} ${pulls.values[0]}`}
        figure={{
          kind: "picture",
          title: "What it looks at",
          caption: `Brown places ${towards}, blue ones ${against}: what each place of ${pulls.shape.join(" by ")} adds, over the largest.`,
          width: side,
          height: side,
          pixels: Uint8Array.from(stiff, (value) => faded[value > 0.5 ? 1 : 0]),
          overlay: {
            quantity: `pull on the ${quantityOf(settings).replace(/ \(.*/, "")} (of the largest)`,
            values: { shape: pulls.shape, dtype: "f32", data: Float32Array.from(pulls.values) },
            range: [-1, 1],
            colors: "diverging",
            opacity: 0.6,
          },
        }}
      />
    </div>
  );
}

export function LookCard() {
  if (shown.value.digest === "") return null;
  return (
    <section class="card wide" aria-label="Ask the model">
      <h2>Ask the model</h2>
      <Message error words={unanswered.value} />
      <Answer />
    </section>
  );
}
