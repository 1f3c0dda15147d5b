// What is learned from: the first micrographs, with what is known of them; and where one's own are dropped.
import { Drop } from "../../shell/drop.tsx";
import { Message } from "../../shell/message.tsx";
import { Micrograph } from "./picture.tsx";
import { fields, isClass, isMeasured } from "./settings.ts";
import { choosePictures, refused, specimens, task } from "./task.ts";
import { quantityOf, valueInWords } from "./words.ts";

/** What the micrographs are. */
function wordsOf(): string {
  const settings = task.settings.value;
  const { side, images, phase } = settings;
  const first = `The first ${specimens.value.length || 6} of ${images}`;
  if (isMeasured(settings)) {
    return (
      `${first} pictures, in an order by chance: the middle of each, brought to ${side} by ${side} points and cut into two phases by Otsu’s level. ` +
      `The ${phase} one counts as stiff, and is drawn dark. Beneath each: its file and its ${quantityOf(settings)}. ` +
      "A fifth is held out, picture by picture: take one of each specimen, or what is held out is not new."
    );
  }
  const beneath = isClass(settings) ? "its kind" : `its kind and its ${quantityOf(settings)}`;
  return `${first}: periodic, ${side} by ${side} points, two phases; the stiff one is dark, 50 times as stiff. Beneath each: ${beneath}.`;
}

export function SpecimensCard() {
  const settings = task.settings.value;
  const locked = task.job.value.state === "running";
  return (
    <section class="card wide" aria-label="Micrographs">
      <h2>Micrographs</h2>
      <p>{wordsOf()}</p>
      <ul class="specimens">
        {specimens.value.map(({ stiff, name, fraction, value }, i) => (
          <li key={i}>
            <Micrograph stiff={stiff} words={`Micrograph ${i + 1}: ${name}, ${Math.round(100 * fraction)} % stiff`} />
            <span>{name}</span>
            {!isClass(settings) && <span>{valueInWords(value, settings)}</span>}
          </li>
        ))}
      </ul>
      <Message error words={refused.value} />
      <Drop
        kind="pictures"
        words="Drop your own here, 40 at least, with what was measured of them: PNG, TIFF or JPEG, and a CSV with a column of their file names and one of numbers, perhaps units in its second line. Without a CSV, the last number of each name counts, as in A3-412.5.png."
        isChosen={false}
        button="Choose pictures and their CSV"
        locked={locked}
        choose={(_, files) => void choosePictures(files)}
      >
        {isMeasured(settings) && (
          <button
            type="button"
            disabled={locked}
            onClick={() =>
              task.change({
                property: fields.property.initial,
                images: fields.images.initial,
                learner: fields.learner.initial,
              })
            }
          >
            Back to drawn micrographs
          </button>
        )}
      </Drop>
    </section>
  );
}
