// Lines of progress that end with the work, however it ends.
import { type Progress, type ProgressOptions, progressLine } from "@hooke/core/node";

/** Does work that tells how far it is. */
export async function followed<R>(
  options: ProgressOptions,
  work: (update: (progress: Progress) => void) => Promise<R>,
): Promise<R> {
  const line = progressLine(options);
  return work(line.update).finally(line.finish);
}

/** For a part of the work that tells how far it is: a line that ends when the part is complete. */
export function untilComplete(options: ProgressOptions): (completed: number, total: number) => void {
  const line = progressLine(options);
  return (completed, total) => {
    line.update({ completed, total });
    if (completed === total) line.finish();
  };
}

/** For work that names its parts as it comes to them: a line each, of units by their label. */
export function byPart(unitOf: (label: string) => string) {
  return (label: string, total: number): ((completed: number) => void) => {
    const update = untilComplete({ label, unit: unitOf(label) });
    return (completed) => update(completed, total);
  };
}
