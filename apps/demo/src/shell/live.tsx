// A figure of a report that follows what is computed.
import type { Figure } from "@hooke/report";
import { type Shown, showFigure } from "@hooke/report/browser";
import { useEffect, useRef } from "preact/hooks";

/** @param version changes when the figure does: what is reported comes as a copy each time */
export function Live({ figure, version }: { readonly figure: Figure; readonly version: number | string }) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<Promise<Shown<Figure>>>(undefined);
  useEffect(() => {
    if (shown.current === undefined) shown.current = showFigure(place.current!, figure);
    else void shown.current.then((each) => each.update(figure));
  }, [version]);
  useEffect(() => () => void shown.current?.then((each) => each.remove()), []);
  return <div class="live" ref={place} />;
}
