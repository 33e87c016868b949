import type { ThreadJson } from "@freehold/contract";
import { useEffect, useRef, useState } from "react";
import { daysAgo, plural, when } from "../lib/format.ts";
import { hrefOf, Link } from "../router.tsx";
import { useNow, useQuery } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Bones, Empty, ErrorLine } from "../ui/states.tsx";

function ThreadState({ thread, now }: { readonly thread: ThreadJson; readonly now: Date }) {
  if (thread.activeRun?.state === "waiting") {
    return (
      <small className="flex items-center gap-1 text-tiny text-asks">
        <Icon name="asks" size={14} /> waits for you
      </small>
    );
  }
  const words =
    thread.activeRun === null ? `${when(thread.updatedAt, now)} · ${plural(thread.turns, "message")}` : "writing…";
  return <small className="text-tiny font-normal text-muted">{words}</small>;
}

function groupOf(thread: ThreadJson, now: Date): string {
  const days = daysAgo(thread.updatedAt, now);
  return days <= 0 ? "Today" : days === 1 ? "Yesterday" : "Earlier";
}

interface ListProps {
  readonly current: string | null;
  readonly onPick?: () => void;
}

function Found({ search, current, onPick }: ListProps & { readonly search: string }) {
  const now = useNow(60_000);
  const [limit, setLimit] = useState(50);
  const query = search === "" ? { limit } : { limit, search };
  const list = useQuery("threads.list", { query }, { every: 10_000 });
  if (list.data === null) {
    return list.problem === null ? <Bones rows={5} /> : <ErrorLine problem={list.problem} />;
  }
  if (list.data.threads.length === 0) {
    return search === "" ? (
      <Empty icon="chat" title="No threads yet">
        What you say first opens one.
      </Empty>
    ) : (
      <p className="p-2 text-small text-muted">No thread has “{search}” in its name.</p>
    );
  }
  const groups = Map.groupBy(list.data.threads, (thread) => groupOf(thread, now));
  return (
    <>
      {[...groups].map(([group, threads]) => (
        <section key={group} aria-label={group}>
          <h3 className="px-2 pt-4 pb-1 text-tiny! font-medium! text-faint">{group}</h3>
          {threads.map((thread) => (
            <Link
              key={thread.id}
              href={hrefOf("chat", thread.id)}
              onClick={onPick}
              className="grid rounded-2 px-2 py-[7px] text-small hover:bg-inset aria-[current]:bg-inset aria-[current]:font-medium max-lg:py-3"
              {...(thread.id === current ? { "aria-current": "page" } : {})}
            >
              <span className="truncate" dir="auto">
                {thread.title === "" ? "New thread" : thread.title}
              </span>
              <ThreadState thread={thread} now={now} />
            </Link>
          ))}
        </section>
      ))}
      {list.data.next !== null && limit < 200 && (
        <button type="button" className="link p-2 text-small" onClick={() => setLimit(200)}>
          Show more
        </button>
      )}
    </>
  );
}

export function ThreadList(props: ListProps) {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  const box = useRef<HTMLInputElement | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea, select");
      if (event.key !== "/" || typing || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <label className="input searchbox">
        <Icon name="search" />
        <input
          ref={box}
          type="search"
          value={typed}
          placeholder="Search threads"
          aria-label="Search threads"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <kbd className="key">/</kbd>
      </label>
      <Found search={search} {...props} />
    </>
  );
}
