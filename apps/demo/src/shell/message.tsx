// Something to be told of: nothing where there are no words.

export function Message({ words, error = false }: { readonly words: string; readonly error?: boolean }) {
  if (words === "") return null;
  return (
    <p class={error ? "message error" : "message"} role="alert">
      {words}
    </p>
  );
}
