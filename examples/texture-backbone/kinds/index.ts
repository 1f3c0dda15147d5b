// All kinds of textures, in the order of their classes.
import { foam, grains } from "./cells.ts";
import { fibres } from "./fibres.ts";
import type { Kind } from "./kind.ts";
import { lamellae } from "./lamellae.ts";
import { particles } from "./particles.ts";
import { bicontinuous, islands, walls } from "./random-fields.ts";
import { cracked, rough, scratched, spotted } from "./surfaces.ts";

export const kinds: readonly Kind[] = [
  bicontinuous,
  islands,
  walls,
  foam,
  grains,
  particles,
  fibres,
  lamellae,
  rough,
  scratched,
  spotted,
  cracked,
];
