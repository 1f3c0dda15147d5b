// What is learned from: the first micrographs, with what is measured of them.
import { Micrograph } from "./picture.tsx";
import { isClass } from "./settings.ts";
import { specimens, task } from "./task.ts";
import { quantityOf, valueInWords } from "./words.ts";

export function SpecimensCard() {
  const settings = task.settings.value;
  const { side, images } = settings;
  const beneath = isClass(settings) ? "its kind" : `its kind and its ${quantityOf(settings)}`;
  return (
    <section class="card wide" aria-label="Micrographs">
      <h2>Micrographs</h2>
      <p>
        {`The first ${specimens.value.length || 6} of ${images}: periodic, ${side} by ${side} points, two phases; the stiff one is dark, 50 times as stiff. Beneath each: ${beneath}.`}
      </p>
      <ul class="specimens">
        {specimens.value.map(({ stiff, morphology, fraction, value }, i) => (
          <li key={i}>
            <Micrograph
              stiff={stiff}
              words={`Micrograph ${i + 1}: ${morphology}, ${Math.round(100 * fraction)} % stiff`}
            />
            <span>{morphology}</span>
            {!isClass(settings) && <span>{valueInWords(value, settings)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
