// Numbers of specimens that stand in an order: taken for an input, and said so.
import { randomFrom } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { adviseLines } from "../advice/only.fixture.ts";

const random = randomFrom(randomKey(0), "specimens");
const rows = Array.from({ length: 240 }, (_, row) => row);
const specimen = rows.map((row) => 1 + (row >> 3));
const length = rows.map(() => 9 + 40 * random.uniform());
/** Lives of 30 specimens, the weakest first. */
const lives = (rate: (specimen: number) => number) => rows.map((row) => length[row]! * rate(specimen[row]!));
const told = async (life: number[]) => {
  const table = tableOf({ specimen, length, life });
  const { assumptions, record } = await adviseLines(table, {
    target: "life",
    budget: { seconds: 0.01 },
    elsewhere: false,
  });
  return { record, assumption: assumptions.find(({ what }) => what.startsWith(`"specimen" is an input`)) };
};

it("lists as an assumption that specimens in an order are an input, with what new ones would cost", async () => {
  const { assumption, record } = await told(lives((number) => 100 * number));
  expect(record.split.kind).toBe("random");
  expect(assumption).toMatchObject({ overrule: 'groups: "specimen"' });
  expect(assumption!.because).toMatch(
    /if it names specimens all the same, errors for new ones are about \d+\.\d times/,
  );
});

it("says nothing where it says nothing of the target", async () => {
  expect((await told(lives(() => 100))).assumption).toBeUndefined();
});
