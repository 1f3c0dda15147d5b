// A platform for tests: lines of 64 bytes, loops of 400 operations.
import { byteSize } from "@hooke/runtime";
import type { Platform } from "./platform.ts";

export const platform: Platform = {
  elementBytes: byteSize,
  alignment: 64,
  largestLoop: 400,
  largestWithFunctions: 24,
  joinedByNumbers: 0,
  shortestRow: 64,
};
