import { ApiError, type BlockJson } from "@freehold/contract";
import { useState } from "react";
import type { Problem } from "../lib/problem.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Field, Section } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

const longest = 8_000;

/** `standing-instructions` as a heading. */
function titleOf(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Someone else wrote the block while it was edited: both texts are shown, and nothing is lost. */
function Conflict({
  block,
  onTake,
  onKeep,
}: {
  readonly block: BlockJson;
  readonly onTake: () => void;
  readonly onKeep: () => void;
}) {
  return (
    <div role="alert" className="grid gap-2 border-t border-line bg-asks-soft p-4 text-small">
      <p className="flex gap-2">
        <span className="text-asks">
          <Icon name="warn" />
        </span>
        <b>This block was changed while you wrote. It now says:</b>
      </p>
      <p className="well whitespace-pre-wrap" dir="auto">
        {block.text}
      </p>
      <p className="flex flex-wrap gap-2">
        <Button onClick={onTake}>Take this text</Button>
        <Button onClick={onKeep}>Save mine over it</Button>
      </p>
    </div>
  );
}

interface Saving {
  readonly save: (text: string, over: number) => void;
  readonly busy: boolean;
  readonly problem: Problem | null;
  /** What someone else wrote meanwhile. */
  readonly theirs: BlockJson | null;
  readonly settle: () => void;
}

/** Writes over the version that was edited; another one now is a conflict, and nothing is overwritten. */
function useSaving(block: BlockJson, onDone: () => void): Saving {
  const { client, queries } = useApp();
  const [theirs, setTheirs] = useState<BlockJson | null>(null);
  const save = useAction(
    async (text: string, over: number) => {
      try {
        await client.call("blocks.put", { params: { name: block.name }, body: { text, version: over } });
        onDone();
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 409) throw error;
        const { blocks } = await client.call("blocks.list", {});
        queries.put("blocks.list", {}, { blocks });
        const now = blocks.find(({ name }) => name === block.name);
        if (now === undefined) throw error;
        setTheirs(now);
      }
    },
    ["blocks.list"],
  );
  return { save: save.run, busy: save.busy, problem: save.problem, theirs, settle: () => setTheirs(null) };
}

function Editor({ block, onDone }: { readonly block: BlockJson; readonly onDone: () => void }) {
  // The list refreshes underneath: what was opened is what the edit stands on.
  const [base, setBase] = useState(block);
  const [text, setText] = useState(block.text);
  const { save, busy, problem, theirs, settle } = useSaving(base, onDone);
  return (
    <>
      <textarea
        className="field-sizing-content block max-h-[50dvh] min-h-24 w-full resize-none bg-transparent p-4 text-small outline-0 max-md:text-body"
        dir="auto"
        aria-label={titleOf(block.name)}
        maxLength={longest}
        autoFocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {theirs !== null && (
        <Conflict
          block={theirs}
          onTake={() => {
            setText(theirs.text);
            setBase(theirs);
            settle();
          }}
          onKeep={() => save(text, theirs.version)}
        />
      )}
      <footer className="flex items-center gap-2 border-t border-line px-4 py-3">
        <span className="flex-1 text-tiny text-muted">
          {text === base.text ? "unchanged" : `unsaved, ${text.length} of ${longest}`}
        </span>
        <Button tone="quiet" onClick={onDone}>
          Cancel
        </Button>
        <Button
          tone="primary"
          busy={busy}
          disabled={text === base.text || theirs !== null}
          onClick={() => save(text, base.version)}
        >
          Save
        </Button>
      </footer>
      {problem !== null && (
        <div className="px-4 pb-3">
          <ErrorLine problem={problem} />
        </div>
      )}
    </>
  );
}

function RemoveSheet({ block, onClose }: { readonly block: BlockJson; readonly onClose: () => void }) {
  const { client } = useApp();
  const remove = useAction(async () => {
    await client.call("blocks.remove", { params: { name: block.name } });
    onClose();
  }, ["blocks.list"]);
  return (
    <Sheet
      open
      alert
      title={`Remove ${titleOf(block.name)}?`}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" icon="trash" busy={remove.busy} onClick={remove.run}>
            Remove
          </Button>
        </>
      }
    >
      <p className="border-s-2 border-edge ps-3 whitespace-pre-wrap text-muted wrap-anywhere" dir="auto">
        {block.text}
      </p>
      <p className="text-small text-muted">
        The agent no longer reads this at the beginning of every conversation. What was said in threads stays.
      </p>
      <ErrorLine problem={remove.problem} />
    </Sheet>
  );
}

function Block({ block }: { readonly block: BlockJson }) {
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const title = titleOf(block.name);
  return (
    <section className={`card ${editing ? "border-accent outline-1 outline-accent" : ""}`} aria-label={title}>
      <header className="flex items-center gap-1 border-b border-line py-2 ps-4 pe-2">
        <h3 className="min-w-0 flex-1 truncate">{title}</h3>
        {!editing && <IconButton icon="edit" size="small" label={`Edit ${title}`} onClick={() => setEditing(true)} />}
        <IconButton icon="trash" size="small" label={`Remove ${title}`} onClick={() => setRemoving(true)} />
      </header>
      {editing ? (
        <Editor block={block} onDone={() => setEditing(false)} />
      ) : (
        <p className="p-4 text-small whitespace-pre-wrap wrap-anywhere" dir="auto">
          {block.text === "" ? <span className="text-muted">Empty.</span> : block.text}
        </p>
      )}
      {removing && <RemoveSheet block={block} onClose={() => setRemoving(false)} />}
    </section>
  );
}

function NewBlockSheet({ onClose }: { readonly onClose: () => void }) {
  const { client } = useApp();
  const [name, setName] = useState("");
  const slug = name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const fits = /^[a-z][a-z0-9-]{0,39}$/.test(slug);
  const make = useAction(async () => {
    await client.call("blocks.put", { params: { name: slug }, body: { text: "", version: 0 } });
    onClose();
  }, ["blocks.list"]);
  return (
    <Sheet
      open
      title="A new pinned block"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={make.busy} disabled={!fits} onClick={make.run}>
            Make it
          </Button>
        </>
      }
    >
      <Field label="Name" hint={slug === "" ? "Such as: open tasks" : `Kept as ${slug}`}>
        <input className="input" maxLength={40} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <ErrorLine problem={make.problem} />
    </Sheet>
  );
}

export function Blocks() {
  const blocks = useQuery("blocks.list", {});
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Pinned"
      hint="always in context"
      actions={
        <Button size="small" icon="plus" onClick={() => setAdding(true)}>
          Add
        </Button>
      }
    >
      <WithAnswer answer={blocks}>
        {({ blocks: all }) =>
          all.length === 0 ? (
            <p className="text-small text-muted">
              Nothing is pinned. A pinned block is read at the beginning of every conversation.
            </p>
          ) : (
            <div className="grid gap-3 [grid-template-columns:minmax(0,1fr)]">
              {all
                .toSorted((a, b) => a.name.localeCompare(b.name))
                .map((block) => (
                  <Block key={block.name} block={block} />
                ))}
            </div>
          )
        }
      </WithAnswer>
      {adding && <NewBlockSheet onClose={() => setAdding(false)} />}
    </Section>
  );
}
