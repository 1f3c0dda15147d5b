// The device, as plans see it.
import type { Platform } from "@hooke/plan";

export const platform: Platform = {
  // Nothing narrower than a word can be written without its neighbours.
  elementBytes: { f32: 4, i32: 4, u32: 4, bool: 4, f64: 8 },
  alignment: 64,
  largestLoop: 400,
  // Threads do not wait for each other's functions.
  largestWithFunctions: 400,
  // A launch takes longer than a short loop.
  joinedByNumbers: 0,
  // Threads write wherever their element goes.
  shortestRow: 1,
};
