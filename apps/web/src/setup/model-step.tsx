import type { ModelJson } from "@freehold/contract";
import { useState } from "react";
import { bytes } from "../lib/format.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Tag, Where } from "../ui/parts.tsx";
import { Bones, ErrorLine, ErrorState } from "../ui/states.tsx";

const providerWords = {
  ollama: "found in Ollama",
  openai: "at the configured address",
  embedded: "a file in the data folder",
  demo: "bundled",
} as const;

function aboutModel(model: ModelJson): string {
  if (model.problem !== null) return `${model.problem.message} ${model.problem.next}`;
  if (model.demo) return "no download; example prompts and test money";
  const size = model.sizeBytes === null ? [] : [bytes(model.sizeBytes)];
  const window = model.contextWindow === null ? [] : [`${model.contextWindow.toLocaleString("en")} tokens of context`];
  return [...size, ...window, "ready now"].join(", ");
}

function Choice({
  model,
  chosen,
  onChoose,
}: {
  readonly model: ModelJson;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <label className="flex flex-wrap items-center gap-3 rounded-3 border border-edge px-4 py-3 has-checked:border-accent has-checked:shadow-[inset_0_0_0_1px_var(--accent)]">
      <input type="radio" name="model" checked={chosen} disabled={model.problem !== null} onChange={onChoose} />
      <span className="min-w-0 flex-1 basis-[180px] wrap-anywhere">
        <b>{model.label}</b> <Tag>{providerWords[model.provider]}</Tag>
        <br />
        <span className="text-small text-muted">{aboutModel(model)}</span>
      </span>
      <span className="text-small">
        <Where place={model.locality} />
      </span>
    </label>
  );
}

export function ModelStep({ onDone }: { readonly onDone: () => void }) {
  const { client } = useApp();
  const page = useQuery("models.list", { query: {} });
  const [chosen, setChosen] = useState<string | null>(null);
  const selected = chosen ?? page.data?.models.find((model) => model.selected)?.id ?? null;
  const start = useAction(async () => {
    const current = page.data?.models.find((model) => model.selected)?.id;
    if (selected !== null && selected !== current) await client.call("models.select", { body: { id: selected } });
    onDone();
  }, ["models.list"]);
  if (page.data === null) {
    return page.problem === null ? <Bones /> : <ErrorState problem={page.problem} onRetry={page.reload} />;
  }
  const { hardware, models } = page.data;
  const disk = hardware.freeDiskBytes === null ? "" : ` and ${bytes(hardware.freeDiskBytes)} free on the disk`;
  return (
    <div className="grid gap-6">
      <div className="grid gap-2">
        <h1>Choose who thinks</h1>
        <p className="text-muted">
          We looked at this machine: {hardware.cores} cores, {bytes(hardware.memoryBytes)} of memory{disk}. Nothing has
          been sent anywhere.
        </p>
      </div>
      <fieldset className="grid gap-3">
        <legend className="sr-only">Model</legend>
        {models.map((model) => (
          <Choice key={model.id} model={model} chosen={model.id === selected} onChoose={() => setChosen(model.id)} />
        ))}
      </fieldset>
      <p className="text-small text-muted">You can change this at any time under Models, without a restart.</p>
      <ErrorLine problem={start.problem} />
      <footer className="flex justify-end">
        <Button tone="primary" size="large" busy={start.busy} onClick={start.run}>
          Start talking
        </Button>
      </footer>
    </div>
  );
}
