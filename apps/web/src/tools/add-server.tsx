import type { ServerProposalJson } from "@freehold/contract";
import { useState } from "react";
import { readPasted } from "../lib/read-pasted.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/parts.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { ConsentSheet } from "./consent-sheet.tsx";

/** First step: paste. Nothing of the server runs; the second step shows what would. */
export function AddServerSheet({ onClose }: { readonly onClose: () => void }) {
  const { client } = useApp();
  const [text, setText] = useState("");
  const [proposals, setProposals] = useState<readonly ServerProposalJson[]>([]);
  const look = useAction(async () => {
    const { proposals: found } = await client.call("servers.propose", { body: readPasted(text) });
    setProposals(found);
  });
  const [first] = proposals;
  if (first !== undefined) {
    return (
      <ConsentSheet
        key={first.slug}
        proposal={first}
        more={proposals.length - 1}
        onBack={() => setProposals([])}
        onClose={onClose}
        onAdded={() => (proposals.length === 1 ? onClose() : setProposals(proposals.slice(1)))}
      />
    );
  }
  return (
    <Sheet
      open
      title="Add a server"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" busy={look.busy} disabled={text.trim().length < 2} onClick={look.run}>
            Look at it
          </Button>
        </>
      }
    >
      <Field
        label="Paste a command, an address, or a configuration"
        hint="Configurations of Claude Desktop, VS Code and Goose work as they are. Nothing runs yet."
      >
        <textarea
          className="input field-sizing-content max-h-[40dvh] min-h-24 font-mono"
          dir="ltr"
          spellCheck={false}
          autoFocus
          value={text}
          placeholder="npx -y @modelcontextprotocol/server-filesystem /srv/scans"
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </Field>
      <ErrorLine problem={look.problem} />
    </Sheet>
  );
}
