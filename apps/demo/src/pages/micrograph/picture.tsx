// A micrograph as a small picture: the stiff phase is dark.
import { useEffect, useRef } from "preact/hooks";

interface MicrographProps {
  /** 1 where stiff: `side x side`, row by row. */
  readonly stiff: Float32Array;
  /** For those who do not see it. */
  readonly words: string;
}

/** Greys of the soft and the stiff phase. */
const greys = [225, 60] as const;

export function Micrograph({ stiff, words }: MicrographProps) {
  const place = useRef<HTMLCanvasElement>(null);
  const side = Math.sqrt(stiff.length);
  useEffect(() => {
    const context = place.current!.getContext("2d")!;
    const image = context.createImageData(side, side);
    for (const [i, value] of stiff.entries()) {
      const grey = greys[value > 0.5 ? 1 : 0];
      image.data.set([grey, grey, grey, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
  }, [stiff]);
  return <canvas ref={place} class="micrograph" width={side} height={side} role="img" aria-label={words} />;
}
