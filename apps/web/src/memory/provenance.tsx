import type { MemoryItemJson } from "@freehold/contract";
import { when } from "../lib/format.ts";
import { hrefOf, Link } from "../router.tsx";
import { useNow } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Labels, Tag } from "../ui/parts.tsx";

const authors = { owner: "you", assistant: "the agent", tool: "a tool", system: "the house" } as const;

/** Where a memory comes from: kind, time, author, thread, labels. */
export function Provenance({ item }: { readonly item: MemoryItemJson }) {
  const now = useNow(60_000);
  return (
    <>
      <Tag>{item.kind}</Tag>
      <span>{when(item.at, now)}</span>
      <span className="flex min-w-0 items-center gap-1">
        <Icon name="user" size={14} /> {authors[item.author]}
        {item.threadId !== null && (
          <>
            , in{" "}
            <Link className="link min-w-0 truncate" dir="auto" href={hrefOf("chat", item.threadId)}>
              {item.threadTitle === null || item.threadTitle === "" ? "a thread" : item.threadTitle}
            </Link>
          </>
        )}
      </span>
      <Labels labels={item.labels} />
    </>
  );
}
