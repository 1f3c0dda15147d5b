// Threefry 2x32 with 20 rounds: a counter-based random function. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;

/** Both output words of the block `(counter0, counter1)` under the key `(key0, key1)`; all unsigned 32-bit. */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): readonly [number, number] {
  const schedule = [key0, key1, key0 ^ key1 ^ 0x1bd11bda] as const;
  let x = (counter0 + key0) | 0;
  let y = (counter1 + key1) | 0;
  for (let round = 0; round < 20; round++) {
    const rotation = rotations[round % 8]!;
    x = (x + y) | 0;
    y = ((y << rotation) | (y >>> (32 - rotation))) ^ x;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = (x + schedule[injection % 3]!) | 0;
      y = (y + schedule[(injection + 1) % 3]! + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/** `count` words: words `2i` and `2i + 1` are block `(i, 0)`. */
export function threefryWords(key: ArrayLike<number>, count: number): Uint32Array {
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i += 2) {
    const [a, b] = threefry(key[0]!, key[1]!, i / 2, 0);
    words[i] = a;
    if (i + 1 < count) words[i + 1] = b;
  }
  return words;
}
