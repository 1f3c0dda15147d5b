// What a sum over ranks costs on a network: Hockney's model, a latency for each message and a time for each byte, beside what a rank computes itself.
// R. W. Hockney, The communication challenge for MPP, Parallel Computing 20 (1994).

/** A sum as a rank makes it. */
export interface Work {
  /** Messages that it waits for, one after another. */
  readonly messages: number;
  /** Bytes that it sends, and as many that it receives. */
  readonly bytes: number;
  /** What it computes itself, in milliseconds. */
  readonly adding: number;
}

/** A network, in milliseconds. */
export interface Network {
  readonly perMessage: number;
  readonly perByte: number;
}

/** What was measured of a sum. */
export interface Point {
  readonly work: Work;
  readonly milliseconds: number;
}

export const costOf = ({ perMessage, perByte }: Network, { messages, bytes, adding }: Work): number =>
  perMessage * messages + perByte * bytes + adding;

/** How much longer or shorter than measured the model says, as a part of it. */
export const deviationOf = (network: Network, { work, milliseconds }: Point): number =>
  costOf(network, work) / milliseconds - 1;

/** The network whose deviations have the least squares; neither of its times is negative. */
export function fitNetwork(points: readonly Point[]): Network {
  let [mm, mb, bb, mt, bt] = [0, 0, 0, 0, 0];
  for (const { work, milliseconds } of points) {
    const [m, b, t] = [work.messages, work.bytes, milliseconds - work.adding].map((each) => each / milliseconds) as [
      number,
      number,
      number,
    ];
    mm += m * m;
    mb += m * b;
    bb += b * b;
    mt += m * t;
    bt += b * t;
  }
  const determinant = mm * bb - mb * mb;
  const both: Network = {
    perMessage: (mt * bb - bt * mb) / determinant,
    perByte: (bt * mm - mt * mb) / determinant,
  };
  if (both.perMessage < 0) return { perMessage: 0, perByte: Math.max(0, bt / bb) };
  if (both.perByte < 0) return { perMessage: Math.max(0, mt / mm), perByte: 0 };
  return both;
}

/** A network as it is sold. @param latency us of a message @param rate Gb/s each way */
export const soldAs = (latency: number, rate: number): Network => ({
  perMessage: latency / 1000,
  perByte: 8e-6 / rate,
});

/** What ranks say when they meet, which each then passes on. */
export const meeting = (ranks: number): Work => ({
  messages: Math.ceil(Math.log2(ranks)),
  bytes: 64 * (ranks - 1),
  adding: 0,
});

/** An update that ranks share. */
export interface Shared {
  /** What a rank computes on its rows, in milliseconds. */
  readonly computing: number;
  /** The sums that it waits for; ranks meet before each. */
  readonly sums: readonly Work[];
  readonly ranks: number;
}

/** What the update takes, in milliseconds. */
export const updateOf = (network: Network, { computing, sums, ranks }: Shared): number =>
  sums.reduce((all, sum) => all + costOf(network, sum) + costOf(network, meeting(ranks)), computing);
