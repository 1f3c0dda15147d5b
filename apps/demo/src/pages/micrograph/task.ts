// The state of the micrographs on the page: the first of them, and the one that the model is asked of.
import { computed, effect, signal } from "@preact/signals";
import { defineTask } from "../../jobs/task.ts";
import { latest } from "../../shell/latest.ts";
import type { Asked } from "./asking.ts";
import { keepPictures, loadPictures } from "./kept-pictures.ts";
import { beginning, type Learning } from "./learning.ts";
import { type PictureSet, pictureSetOf } from "./measured.ts";
import { fields, isMeasured } from "./settings.ts";
import type { Questions } from "./worker.ts";

export const task = defineTask<typeof fields, Learning, Questions>({
  page: "micrograph",
  fields,
  dtypes: ["f32"],
  worker: () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }),
});

/** What is shown of the run. */
export const shown = computed<Learning>(() => task.job.value.shown ?? beginning);

type Specimens = Awaited<ReturnType<Questions["specimens"]>>;
/** The first micrographs of the settings. */
export const specimens = signal<Specimens>([]);

/** What is shown of them depends on these settings alone. */
const drawn = computed(() => {
  const { property, side, stretch, seed, pictures, quantity, phase } = task.settings.value;
  return JSON.stringify([property, side, stretch, seed, pictures, quantity, phase]);
});
effect(() => {
  const asked = drawn.value;
  const settings = task.settings.peek();
  if (isMeasured(settings) && settings.pictures === "") {
    specimens.value = [];
    return;
  }
  task.ask("specimens", settings).then(
    (found) => {
      if (asked === drawn.peek()) specimens.value = found;
    },
    (error: Error) => {
      if (asked === drawn.peek()) task.error.value = error.message;
    },
  );
});

/** The pictures of the settings; undefined while there are none. */
export const pictureSet = signal<PictureSet | undefined>(undefined);
const chosen = computed(() => task.settings.value.pictures);
effect(() => {
  const id = chosen.value;
  pictureSet.value = undefined;
  if (id === "") return;
  // That they are no longer kept is said where they are looked at.
  loadPictures(id).then(
    (found) => {
      if (id === chosen.peek()) pictureSet.value = found;
    },
    () => undefined,
  );
});

/** Why pictures were not taken, and what to do; empty where they were. */
export const refused = signal("");

/** Below so many, features that are learned elsewhere are worth more than what they teach. */
const enough = 200;

/** Takes pictures over with what was measured of them, and asks nothing of them yet. */
export async function choosePictures(files: readonly File[]): Promise<void> {
  try {
    const set = await pictureSetOf(files);
    await keepPictures(set);
    refused.value = "";
    const { name, unit } = set.quantities[0]!;
    const images = set.names.length;
    const learner = images < enough ? "textureNet" : "network";
    task.change({ pictures: set.id, property: "measured", quantity: name, unit, images, learner });
  } catch (error) {
    refused.value = (error as Error).message;
  }
}

/** Of what the model is asked: the first micrograph held out, until another one is chosen. */
export const asked = signal<Asked>({ row: 0 });

const model = computed(() => JSON.stringify([shown.value.digest, task.job.value.address]));
/** What the model says, and why it cannot be asked. */
export const { answer: said, failed: unanswered } = latest(() => {
  const [digest, address] = JSON.parse(model.value) as [string, string];
  const [question, settings] = [asked.value, task.settings.peek()];
  if (digest === "") return undefined;
  return task.ask("ask", address, settings, question).then((answer) => ({ ...answer, asked: question, settings }));
});
