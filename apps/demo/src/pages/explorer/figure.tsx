// A live figure as long as it is looked at: what computes for it ends with it.
import { type FigureName, mountFigure } from "@hooke/figures";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Message } from "../../shell/message.tsx";

/** @param name of the figure that is put here first: another one needs a component of its own, by a `key` */
export function LiveFigure({ name }: { readonly name: FigureName }) {
  const place = useRef<HTMLDivElement>(null);
  const failed = useSignal("");
  const loading = useSignal(true);
  useEffect(() => {
    let left = false;
    let remove: (() => void) | undefined;
    mountFigure(name, place.current!).then(
      (figure) => {
        loading.value = false;
        if (left) figure.remove();
        else remove = () => figure.remove();
      },
      ({ message }: Error) => {
        loading.value = false;
        failed.value = `The figure could not be loaded: ${message}. Look whether the server still runs, and reload.`;
      },
    );
    return () => {
      left = true;
      remove?.();
    };
  }, []);
  return (
    <>
      <Message words={failed.value} error />
      <div class="live">
        {loading.value && <p>Loading the figure …</p>}
        <div ref={place} />
      </div>
    </>
  );
}
