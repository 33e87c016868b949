import { useState, type FormEvent } from "react";
import { useApp } from "../store/app-context.tsx";
import { useAction } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Section } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { useToast } from "../ui/toast.tsx";

export function Remember() {
  const { client } = useApp();
  const toast = useToast();
  const [text, setText] = useState("");
  const save = useAction(async () => {
    await client.call("memory.remember", { body: { text } });
    setText("");
    toast("Remembered.");
  }, ["memory.timeline", "memory.search", "memory.stats"]);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text.trim() !== "") save.run();
  }
  return (
    <Section title="Remember something">
      <form className="grid gap-2" onSubmit={submit}>
        <textarea
          className="input field-sizing-content min-h-[72px]"
          dir="auto"
          maxLength={8000}
          aria-label="Note"
          placeholder="The boiler was serviced on 19 November."
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <span className="flex justify-end">
          <Button type="submit" icon="pin" busy={save.busy} disabled={text.trim() === ""}>
            Remember
          </Button>
        </span>
        <ErrorLine problem={save.problem} />
      </form>
    </Section>
  );
}
