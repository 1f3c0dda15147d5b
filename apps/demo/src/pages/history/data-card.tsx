// What the histories are, and what they are not.
import { histories } from "./task.ts";

export function DataCard() {
  const count = histories.value.length;
  if (count === 0) return null;
  return (
    <section class="card wide" aria-label="Data">
      <h2>Virkler’s cracks</h2>
      <p>
        {`${count} plates of 2024-T3 aluminium, 152.4 mm wide, loaded alike between 4.67 and 23.35 kN, a crack in the middle of each; half its length every 20,000 cycles.`}
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
    </section>
  );
}
