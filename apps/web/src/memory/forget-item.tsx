import type { MemoryItemJson } from "@freehold/contract";
import { useState } from "react";
import { useApp } from "../store/app-context.tsx";
import { Button } from "../ui/button.tsx";
import { ForgetSheet } from "../ui/forget-sheet.tsx";

const touched = ["memory.search", "memory.timeline", "memory.stats", "threads.get", "threads.list"] as const;

export function ForgetItem({ item }: { readonly item: MemoryItemJson }) {
  const { client } = useApp();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="quiet" size="small" icon="trash" onClick={() => setOpen(true)}>
        Forget…
      </Button>
      {open && (
        <ForgetSheet
          title="Forget this for good?"
          quote={item.text}
          ids={[item.id]}
          forget={() => client.call("memory.forget", { body: { ids: [item.id] } })}
          refresh={touched}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
