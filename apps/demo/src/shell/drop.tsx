// Where a file is dropped; a button does the same.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

const kinds = {
  csv: { label: "CSV file", accept: ".csv,.tsv,.txt,text/csv" },
  picture: { label: "Picture", accept: ".png,.tif,.tiff,.jpg,.jpeg,image/png,image/tiff,image/jpeg" },
  pictures: { label: "Pictures", accept: ".png,.tif,.tiff,.jpg,.jpeg,.csv,image/png,image/tiff,image/jpeg,text/csv" },
} as const;

interface DropProps {
  readonly kind: keyof typeof kinds;
  /** What to drop, while nothing has been chosen. */
  readonly words: string;
  readonly isChosen: boolean;
  /** What the button says. Default: that a file is chosen, or another. */
  readonly button?: string;
  readonly locked: boolean;
  /** All of them where several can be chosen. */
  choose(first: File, all: readonly File[]): void;
  /** More buttons. */
  readonly children?: ComponentChildren;
}

export function Drop({ kind, words, isChosen, button, locked, choose, children }: DropProps) {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null | undefined): void => {
    const all = [...(files ?? [])];
    if (all[0] !== undefined && !locked) choose(all[0], all);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for pointers; the button beside does the same by keyboard.
    <div
      class={`drop${over.value ? " over" : ""}${isChosen ? " chosen" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        over.value = false;
        take(event.dataTransfer?.files);
      }}
    >
      {!isChosen && <p>{words}</p>}
      <div class="choices">
        <button type="button" disabled={locked} onClick={() => input.current!.click()}>
          {button ?? (isChosen ? "Choose another file" : "Choose a file")}
        </button>
        {children}
      </div>
      <input
        ref={input}
        hidden
        type="file"
        aria-label={kinds[kind].label}
        accept={kinds[kind].accept}
        multiple={kind === "pictures"}
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          // The same file can be chosen again, after it was changed.
          currentTarget.value = "";
        }}
      />
    </div>
  );
}
