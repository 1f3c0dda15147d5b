// What it costs, and what it saves, that gradients compute the blocks of deep networks again, or keep activations packed: memory of one update, and processor time.
//
//   node recompute/main.ts [rounds, default 9]
import { transformerEncoderBlock } from "@hooke/attention";
import { explainingBackend } from "@hooke/backend-wasm/explain";
import {
  activation,
  batchNorm,
  dense,
  flatten,
  type Layer,
  layerNorm,
  recomputed,
  residual,
  sequential,
} from "@hooke/core";
import { conv2d } from "@hooke/layers-conv";
import { packed } from "@hooke/runtime";
import { type Network, processorTime, updateOf } from "../growth/update.ts";
import { median } from "../rounds.ts";

const rounds = Number(process.argv[2] ?? 9);
const blocks = 24;

/** A chain of equal blocks, and a head. */
interface Chain {
  readonly block: () => Layer;
  readonly head: readonly Layer[];
  readonly shape: Network["shape"];
}

const convolution = () => sequential([conv2d({ filters: 32, kernelSize: 3, padding: "same" }), batchNorm()]);
const chains: Readonly<Record<string, Chain>> = {
  "dense 64-256-64, 512 rows": {
    block: () => residual(sequential([layerNorm(), dense({ units: 256, activation: "gelu" }), dense({ units: 64 })])),
    head: [dense({ units: 1 })],
    shape: [512, 64],
  },
  "Transformer of width 64, 8 rows of 64 steps": {
    block: () => transformerEncoderBlock({ width: 64, heads: 4 }),
    head: [flatten(), dense({ units: 1 })],
    shape: [8, 64, 64],
  },
  "2 convolutions of 32 channels, 8 images of 32 x 32": {
    block: () => residual(sequential([convolution(), activation("relu"), convolution()])),
    head: [flatten(), dense({ units: 1 })],
    shape: [8, 32, 32, 32],
  },
};

const eachBlock = (all: readonly Layer[]): readonly Layer[] => all.map((block) => recomputed(block));
/** Ways to divide a chain: what stands for its blocks. */
const ways: Readonly<Record<string, (blocks: readonly Layer[]) => readonly Layer[]>> = {
  kept: (all) => all,
  "-, but packed": (all) => all,
  "each block": eachBlock,
  "each block, packed": eachBlock,
  "four segments": (all) =>
    [0, 1, 2, 3].map((i) => recomputed(sequential(all.slice((i * blocks) / 4, ((i + 1) * blocks) / 4)))),
};

console.log(`one update of ${blocks} blocks, one thread; processor time in turns, medians over ${rounds} rounds\n`);
console.log("| blocks | computed again | peak, MiB | of kept | update, ms | of kept |");
console.log("| --- | --- | ---: | ---: | ---: | ---: |");
for (const [name, { block, head, shape }] of Object.entries(chains)) {
  const updates = await Promise.all(
    Object.entries(ways).map(async ([way, divided]) => {
      let peak = 0;
      const backend = explainingBackend(({ memory }) => (peak = memory.peak), { threads: 1 });
      const model = sequential([...divided(Array.from({ length: blocks }, block)), ...head]);
      const keeping = way.endsWith("packed") ? { activations: packed } : {};
      return { way, times: [] as number[], update: await updateOf({ model, shape, ...keeping }, backend), peak };
    }),
  );
  // The first round compiles.
  for (let round = 0; round <= rounds; round++) {
    for (const { times, update } of updates) {
      const time = await processorTime(update.run);
      if (round > 0) times.push(time);
    }
  }
  const [kept] = updates as [(typeof updates)[number]];
  for (const { way, times, update, peak } of updates) {
    const ratio = median(times.map((time, round) => time / kept.times[round]!));
    const memory = [(peak / 2 ** 20).toFixed(1), (peak / kept.peak).toFixed(2)];
    const time = [median(times).toFixed(1), ratio.toFixed(2)];
    console.log(`| ${[name, way === "kept" ? "-" : way, ...memory, ...time].join(" | ")} |`);
    update.free();
  }
}
