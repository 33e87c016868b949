import { useState } from "react";
import { Link } from "../router.tsx";
import { useMedia } from "../store/hooks.ts";
import { IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { DetailsBody, titleOf, type Details } from "./details-panel.tsx";
import { LinkGuard } from "./link-guard.tsx";
import { NewChat } from "./new-chat.tsx";
import { ThreadList } from "./thread-list.tsx";
import { ThreadView } from "./thread-view.tsx";

function NewThread({ onClick }: { readonly onClick?: () => void }) {
  return (
    <Link
      href="/"
      className="btn"
      data-tone="quiet"
      data-shape="icon"
      aria-label="New thread"
      title="New thread"
      onClick={() => onClick?.()}
    >
      <Icon name="plus" size={20} />
    </Link>
  );
}

function DetailsPanel({ details, onClose }: { readonly details: Details; readonly onClose: () => void }) {
  const wide = useMedia("(min-width: 1200px)");
  if (!wide) {
    return (
      <Sheet open title={titleOf(details)} onClose={onClose}>
        <DetailsBody details={details} />
      </Sheet>
    );
  }
  return (
    <aside
      className="w-[352px] flex-none overflow-y-auto border-s border-line bg-surface"
      aria-label={titleOf(details)}
    >
      <header className="sticky top-0 flex min-h-[var(--top)] items-center justify-between border-b border-line bg-surface ps-4 pe-2">
        <h2>{titleOf(details)}</h2>
        <IconButton icon="x" label="Close" onClick={onClose} />
      </header>
      <div className="grid gap-6 p-4 [grid-template-columns:minmax(0,1fr)]">
        <DetailsBody details={details} />
      </div>
    </aside>
  );
}

export function ChatPage({ threadId }: { readonly threadId: string | null }) {
  const [details, setDetails] = useState<Details | null>(null);
  const [list, setList] = useState(false);
  const toList = (
    <span className="flex flex-none lg:hidden">
      <IconButton icon="left" label="All threads" onClick={() => setList(true)} />
    </span>
  );
  return (
    <LinkGuard>
      <div className="flex min-h-0 flex-1">
        <aside
          aria-label="Threads"
          className="w-[272px] flex-none overflow-y-auto border-e border-line bg-ground px-3 pb-3 max-lg:hidden"
        >
          <header className="flex min-h-[var(--top)] items-center justify-between ps-2">
            <h2>Threads</h2>
            <NewThread />
          </header>
          <ThreadList current={threadId} />
        </aside>
        {threadId === null ? (
          <NewChat before={toList} />
        ) : (
          <ThreadView key={threadId} threadId={threadId} before={toList} onLook={setDetails} />
        )}
        {details !== null && <DetailsPanel details={details} onClose={() => setDetails(null)} />}
        <Sheet open={list} title="Threads" onClose={() => setList(false)}>
          <div>
            <p className="mb-2 flex items-center justify-between text-small">
              New thread <NewThread onClick={() => setList(false)} />
            </p>
            <ThreadList current={threadId} onPick={() => setList(false)} />
          </div>
        </Sheet>
      </div>
    </LinkGuard>
  );
}
