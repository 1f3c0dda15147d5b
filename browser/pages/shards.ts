// A training on shards, to the bits of its predictions: in a page from files and from another origin, and in Node for comparison.
import { adam, dense, fit, mse, predict, sequential } from "@hooke/core";
import { type ByteFile, blobFile, httpFile, openShards } from "@hooke/io/shards";
import { referenceBackend } from "@hooke/runtime";

/** Predictions of a model that learned from the files for two epochs. */
export async function learnFrom(files: readonly ByteFile[]): Promise<number[]> {
  const train = await openShards(files, { inputs: "x", targets: "y", shuffle: "pieces", memory: 64 });
  const backend = referenceBackend();
  const { model } = await fit({
    backend,
    model: sequential([dense({ units: 4, activation: "tanh" }), dense({ units: 1 })]),
    data: { train },
    loss: mse(),
    optimizer: adam(),
    learningRate: 0.1,
    batchSize: 4,
    epochs: 2,
    seed: 1,
  });
  return [...(await predict(model, train, { backend })).data];
}

/** Files by name, in base64, as a reader of a page drops them. */
export const dropped = (files: Readonly<Record<string, string>>): ByteFile[] =>
  Object.entries(files).map(([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return blobFile(new File([bytes], name));
  });

declare global {
  interface Window {
    learnFromFiles: (files: Readonly<Record<string, string>>) => Promise<number[]>;
    learnFromAddresses: (urls: readonly string[]) => Promise<number[] | string>;
  }
}

if (typeof window !== "undefined") {
  window.learnFromFiles = (files) => learnFrom(dropped(files));
  window.learnFromAddresses = async (urls) => {
    try {
      return await learnFrom(await Promise.all(urls.map((url) => httpFile(url))));
    } catch (error) {
      return (error as Error).message;
    }
  };
}
