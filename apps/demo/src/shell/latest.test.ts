// Answers that come late, failures that are over.
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { latest } from "./latest.ts";

/** Promises that are settled by hand. */
function asking() {
  const waiting: { readonly resolve: (said: string) => void; readonly reject: (error: Error) => void }[] = [];
  const question = signal<string | undefined>("first");
  const found = latest<string>(() =>
    question.value === undefined ? undefined : new Promise((resolve, reject) => waiting.push({ resolve, reject })),
  );
  return { waiting, question, ...found };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));

test("an answer clears the failure before it, and an answer or a failure that comes late is let go", async () => {
  const { waiting, question, answer, failed } = asking();
  waiting[0]!.reject(new Error("not yet"));
  await turn();
  expect([answer.value, failed.value]).toEqual([undefined, "not yet"]);
  question.value = "second";
  waiting[1]!.resolve("yes");
  await turn();
  expect([answer.value, failed.value]).toEqual(["yes", ""]);
  question.value = "third";
  question.value = "fourth";
  waiting[3]!.resolve("fourth");
  waiting[2]!.reject(new Error("late"));
  await turn();
  expect([answer.value, failed.value]).toEqual(["fourth", ""]);
  question.value = undefined;
  expect([answer.value, failed.value]).toEqual([undefined, ""]);
});

test("ended, it asks no more", async () => {
  const { waiting, question, answer, end } = asking();
  end();
  waiting[0]!.resolve("late");
  question.value = "second";
  await turn();
  expect([waiting.length, answer.value]).toEqual([1, undefined]);
});
