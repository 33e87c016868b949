import type { ThreadJson, TurnJson } from "@freehold/contract";
import { useState } from "react";
import { navigate } from "../router.tsx";
import { useApp } from "../store/app-context.tsx";
import { phoneWidth, useAction, useMedia } from "../store/hooks.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { ForgetSheet } from "../ui/forget-sheet.tsx";
import { Icon } from "../ui/icon.tsx";
import { Field } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";

function RenameSheet({ thread, onClose }: { readonly thread: ThreadJson; readonly onClose: () => void }) {
  const { client } = useApp();
  const [title, setTitle] = useState(thread.title);
  const rename = useAction(async () => {
    await client.call("threads.rename", { params: { id: thread.id }, body: { title } });
    onClose();
  }, ["threads.list", "threads.get"]);
  return (
    <Sheet
      open
      title="Rename this thread"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={rename.busy} disabled={title.trim() === ""} onClick={rename.run}>
            Save
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename.run();
        }}
      >
        <Field label="Name">
          <input
            className="input"
            dir="auto"
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </Field>
      </form>
      <ErrorLine problem={rename.problem} />
    </Sheet>
  );
}

type Open = "rename" | "forget" | "menu" | null;

/** On the phone the top bar has room for one button: the two actions stand in a sheet. */
function MenuSheet({ onPick, onClose }: { readonly onPick: (open: Open) => void; readonly onClose: () => void }) {
  return (
    <Sheet open title="This thread" onClose={onClose}>
      <div className="rows -mx-5 -mb-5">
        <button
          type="button"
          className="flex min-h-12 w-full items-center gap-3 px-5 py-3"
          onClick={() => onPick("rename")}
        >
          <Icon name="edit" size={20} /> Rename
        </button>
        <button
          type="button"
          className="flex min-h-12 w-full items-center gap-3 px-5 py-3"
          onClick={() => onPick("forget")}
        >
          <Icon name="trash" size={20} /> Forget…
        </button>
      </div>
    </Sheet>
  );
}

/** Rename and forget, in the thread's top bar. */
export function ThreadActions({ thread, turns }: { readonly thread: ThreadJson; readonly turns: readonly TurnJson[] }) {
  const { client } = useApp();
  const narrow = useMedia(phoneWidth);
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  return (
    <span className="flex flex-none">
      {narrow ? (
        <IconButton icon="more" label="Rename or forget" onClick={() => setOpen("menu")} />
      ) : (
        <>
          <IconButton icon="edit" size="small" label="Rename thread" onClick={() => setOpen("rename")} />
          <IconButton icon="trash" size="small" label="Forget thread" onClick={() => setOpen("forget")} />
        </>
      )}
      {open === "menu" && <MenuSheet onPick={setOpen} onClose={close} />}
      {open === "rename" && <RenameSheet thread={thread} onClose={close} />}
      {open === "forget" && (
        <ForgetSheet
          title="Forget this thread for good?"
          quote={thread.title}
          ids={turns.filter((turn) => !turn.forgotten).map((turn) => turn.id)}
          onClose={close}
          forget={() => client.call("threads.forget", { params: { id: thread.id } })}
          refresh={["threads.list", "memory.timeline", "memory.search", "memory.stats"]}
          onForgotten={() => navigate("/", { replace: true })}
        />
      )}
    </span>
  );
}
