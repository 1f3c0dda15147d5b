// What the histories are, and what they are not; and where one's own are dropped.

import { Drop } from "../../shell/drop.tsx";
import { Message } from "../../shell/message.tsx";
import { fields } from "./settings.ts";
import { choose, histories, task, unreadable } from "./task.ts";

const count = (value: number): string => value.toLocaleString("en");

function Virkler() {
  return (
    <>
      <p>
        Plates of 2024-T3 aluminium, 152.4 mm wide, loaded alike between 4.67 and 23.35 kN, a crack in the middle of
        each.
      </p>
      <p class="message warning">
        The rows are values of a spline through nine points a curve, read off a figure, and points belong to a curve by
        rank: early rows tell more of later ones than measurements would. A flexible method can make use of that. Take
        the errors for how well such histories are learned, not for how well real cracks are forecast.
      </p>
      <p>
        Source: D. A. Virkler, B. M. Hillberry and P. K. Goel, Journal of Engineering Materials and Technology 101(2),
        1979; digitised at github.com/WarrRich/Virkler-Data, CC0. The example crack-growth averages four networks in
        each of ten folds, and chooses their settings by validation.
      </p>
    </>
  );
}

export function DataCard() {
  const { data } = task.settings.value;
  const found = histories.value;
  const locked = task.job.value.state === "running";
  return (
    <section class="card wide" aria-label="Data">
      <h2>{found?.name ?? "Data"}</h2>
      {found && (
        <p>
          {`${found.specimens.length} specimens: half the crack’s length, in mm, every ${count(found.cyclesPerStep)} cycles from ${count(found.start)} on. The first ten rows of each are used.`}
        </p>
      )}
      {data === "" && <Virkler />}
      <Message error words={unreadable.value} />
      <Drop
        kind="csv"
        words="Drop your own histories here, as CSV with the columns specimen, cycles and crack_length_mm (half the crack): a row a measurement, at the same cycles for all."
        isChosen={false}
        locked={locked}
        choose={(file) => void choose(file)}
      >
        {data !== "" && (
          <button
            type="button"
            disabled={locked}
            onClick={() => task.change({ data: "", width: fields.width.initial, specimen: fields.specimen.initial })}
          >
            Back to Virkler’s cracks
          </button>
        )}
      </Drop>
    </section>
  );
}
