// Trees fitted, opened and explained, to their bits: in a page, and in Node for comparison.
import { baselines, decodeFitted, encodeFitted, gradientBoosting, randomForest, treeShap } from "@hooke/baselines";
import { tableOf } from "@hooke/data";

const rows = 400;
const x = Float64Array.from({ length: rows }, (_, row) => ((row * 7919) % 1000) / 1000);
const z = Float64Array.from({ length: rows }, (_, row) => (row % 13 === 0 ? Number.NaN : ((row * 104729) % 997) / 997));
const y = x.map((value, row) => value * (Number.isNaN(z[row]!) ? 2 : z[row]!));
const table = tableOf({ x, z, y });
const classes = tableOf({ x, z, y: y.map((value) => (value > 0.6 ? 2 : value > 0.2 ? 1 : 0)) });

/** Files of a forest, of boosted numbers and of boosted classes, in base64. */
export async function fitTrees(): Promise<string[]> {
  const fits = [
    await randomForest({ trees: 10 }).fit(table, "y"),
    await gradientBoosting({ rounds: 40, rowFraction: 0.7 }).fit(table, "y"),
    await gradientBoosting({ rounds: 10 }).fit(classes, "y", { classes: true }),
  ];
  return fits.map((fitted) => btoa(Array.from(encodeFitted(fitted), (byte) => String.fromCharCode(byte)).join("")));
}

/** What the methods in files predict, and the shares of the inputs. */
export async function askTrees(files: readonly string[]): Promise<number[][]> {
  const bytesOf = (file: string) => Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
  const fits = files.map((file) => decodeFitted(bytesOf(file), { plugins: [baselines] }));
  const some = tableOf({ x: x.slice(0, 30), z: z.slice(0, 30) });
  const explained = await Promise.all(fits.map((fitted) => treeShap(fitted, some)));
  const predicted = fits.map((fitted) => fitted.predict(some));
  return [
    ...predicted.map(({ values, probabilities }) => [...(probabilities ?? values)]),
    ...explained.map(({ values }) => [...values]),
  ];
}

declare global {
  interface Window {
    fitTrees: typeof fitTrees;
    askTrees: typeof askTrees;
  }
}

if (typeof window !== "undefined") Object.assign(window, { fitTrees, askTrees });
