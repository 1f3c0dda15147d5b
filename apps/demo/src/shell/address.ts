// The address: which page is shown, and its settings, behind the `#`, so that static files of any folder keep them: `#surrogate?seed=7`.
import { signal } from "@preact/signals";

/** Where the workbench is. */
export interface Address {
  /** Name of a page; empty where the address names none. */
  readonly page: string;
  /** `seed=7&width=32`. */
  readonly query: string;
}

/** Also the name of a run: a page with settings. */
export const addressOf = (page: string, query: string): string => (query === "" ? page : `${page}?${query}`);

function current(): Address {
  const [page = "", ...query] = location.hash.replace(/^#/, "").split("?");
  return { page, query: query.join("?") };
}

export const address = signal<Address>(current());

window.addEventListener("hashchange", () => {
  address.value = current();
});

/** Puts settings into the address, in place of those that are there. */
export function replaceAddress(page: string, query: string): void {
  history.replaceState(null, "", `#${addressOf(page, query)}`);
  address.value = { page, query };
}
