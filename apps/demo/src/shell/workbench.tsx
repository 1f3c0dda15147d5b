// The workbench: where one goes, what computes, and the page that is shown.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { linkTo } from "../jobs/task.ts";
import { address, replaceAddress } from "./address.ts";
import { JobList } from "./job-list.tsx";
import { Message } from "./message.tsx";
import type { Page } from "./page.ts";
import { type PageEntry, pageOf, pages } from "./pages.ts";

/** Pages that have been opened: their links lead to what they were set to. */
type Opened = ReadonlyMap<string, Page>;

function Navigation({ opened }: { readonly opened: Opened }) {
  const place = useRef<HTMLElement>(null);
  const { page } = address.value;
  // A phone has no room for all of them at once.
  useEffect(() => {
    place.current!.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [page]);
  return (
    <nav class="pages" aria-label="Pages" ref={place}>
      <ul>
        {pages.map(({ name, title }) => {
          const { task, link } = opened.get(name) ?? {};
          return (
            <li key={name}>
              <a
                href={task ? linkTo(task) : (link?.value ?? `#${name}`)}
                aria-current={name === page ? "page" : undefined}
              >
                {title}
              </a>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** The entry of the address, which is made to name one. */
function entryOf(name: string): PageEntry {
  const found = pages.find((page) => page.name === name);
  if (found !== undefined) return found;
  replaceAddress(pages[0].name, "");
  return pages[0];
}

export function Workbench() {
  const opened = useSignal<Opened>(new Map());
  const failed = useSignal("");
  const entry = entryOf(address.value.page);
  const page = opened.value.get(entry.name);
  useEffect(() => {
    failed.value = "";
    pageOf(entry).then(
      (each) => {
        opened.value = new Map(opened.peek()).set(entry.name, each);
      },
      (error: Error) => {
        failed.value = `The page ${entry.title} could not be loaded: ${error.message}. Look whether the server still runs, and reload.`;
      },
    );
  }, [entry]);
  useEffect(() => {
    document.title = `${entry.title} · Hooke`;
  }, [entry]);
  return (
    <>
      <header class="top">
        <p class="name">Hooke</p>
        <Navigation opened={opened.value} />
        <JobList />
      </header>
      <main>
        <Message words={failed.value} error />
        {page && (
          <div key={entry.name}>
            <h1>{page.heading}</h1>
            <p class="about">{page.about} Nothing leaves this page.</p>
            <page.Body />
          </div>
        )}
      </main>
    </>
  );
}
