import type { ModelJson, RouteResponse } from "@freehold/contract";
import { bytes } from "../lib/format.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { useApp } from "../store/app-context.tsx";
import { useAction, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { LocalOnly } from "../ui/local-only.tsx";
import { PageBody } from "../ui/page.tsx";
import { Section, Tag, Where } from "../ui/parts.tsx";
import { Empty, ErrorLine } from "../ui/states.tsx";
import { useToast } from "../ui/toast.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

type ModelsJson = RouteResponse<"models.list">;

const providers = {
  ollama: "Ollama",
  openai: "OpenAI-compatible server",
  embedded: "Embedded llama.cpp",
  demo: "Demo model",
} as const;

function Hardware({
  hardware,
  embedder,
}: {
  readonly hardware: ModelsJson["hardware"];
  readonly embedder: string | null;
}) {
  return (
    <div className="strip" aria-label="Hardware">
      <div>
        <p className="text-small text-muted">Processor</p>
        <p className="figure">
          {hardware.cores} <small>cores</small>
        </p>
        <p className="text-tiny text-muted wrap-anywhere">{hardware.cpu}</p>
      </div>
      <div>
        <p className="text-small text-muted">Memory</p>
        <p className="figure">{bytes(hardware.memoryBytes)}</p>
      </div>
      <div>
        <p className="text-small text-muted">Free on the disk</p>
        <p className="figure">{hardware.freeDiskBytes === null ? "unknown" : bytes(hardware.freeDiskBytes)}</p>
      </div>
      <div>
        <p className="text-small text-muted">Search by meaning</p>
        <p className="mt-1 text-small wrap-anywhere">{embedder ?? "no embedding model; words find things"}</p>
      </div>
    </div>
  );
}

function Row({
  model,
  busy,
  onSelect,
}: {
  readonly model: ModelJson;
  readonly busy: boolean;
  readonly onSelect: () => void;
}) {
  return (
    <tr {...(model.problem === null ? {} : { "data-tone": "asks" })}>
      <td data-cell="lead">
        <b className="wrap-anywhere">{model.label}</b> {model.demo && <Tag>demo</Tag>}
        <small>
          {providers[model.provider]}
          {model.sizeBytes !== null && `, ${bytes(model.sizeBytes)}`}
        </small>
        {model.problem !== null && (
          <small>
            {model.problem.message} {model.problem.next}
          </small>
        )}
      </td>
      <td data-cell="sub">
        <Where place={model.locality} />
      </td>
      <td data-cell="side" className="num">
        {model.contextWindow === null ? (
          <span className="text-muted">not told</span>
        ) : (
          `${model.contextWindow.toLocaleString("en")} tokens`
        )}
      </td>
      <td data-cell="none">{model.tools === null ? "not known" : model.tools ? "calls tools" : "no tools"}</td>
      <td data-cell="value" className="num">
        {model.selected ? (
          <Tag icon="check">in use</Tag>
        ) : (
          <Button size="small" busy={busy} disabled={model.problem !== null} onClick={onSelect}>
            Use it
          </Button>
        )}
      </td>
    </tr>
  );
}

function Installed({ models }: { readonly models: readonly ModelJson[] }) {
  const { client } = useApp();
  const toast = useToast();
  const select = useAction(
    async (id: string) => {
      const chosen = await client.call("models.select", { body: { id } });
      toast(`${chosen.label} answers from now on.`);
    },
    ["models.list"],
  );
  return (
    <Section title="Installed" hint="the next message goes to the one in use">
      {models.length === 0 ? (
        <Empty icon="models" title="No model yet">
          Start Ollama and pull one, set the address of an OpenAI-compatible server, or put a GGUF file into the data
          folder.
        </Empty>
      ) : (
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th>Model</th>
                <th>Runs on</th>
                <th className="num">Context</th>
                <th>Tools</th>
                <th>
                  <span className="sr-only">Use</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {models.map((model) => (
                <Row key={model.id} model={model} busy={select.busy} onSelect={() => select.run(model.id)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ErrorLine problem={select.problem} />
    </Section>
  );
}

const states = {
  ready: { icon: "ok", words: "ready", tone: "text-muted" },
  absent: { icon: "info", words: "not set up", tone: "text-faint" },
  failed: { icon: "warn", words: "does not answer", tone: "text-asks" },
} as const;

function Providers({ page, onLook }: { readonly page: ModelsJson; readonly onLook: () => void }) {
  return (
    <Section
      title="Where models come from"
      actions={
        <Button size="small" icon="refresh" onClick={onLook}>
          Look again
        </Button>
      }
    >
      <ul className="card rows">
        {page.providers.map((provider) => {
          const { icon, words, tone } = states[provider.state];
          return (
            <li
              key={`${provider.provider} ${provider.address ?? ""}`}
              className="flex flex-wrap gap-x-3 gap-y-1 px-4 py-3 text-small"
            >
              <span className="min-w-0 flex-1 basis-[220px] wrap-anywhere">
                <b>{providers[provider.provider]}</b>{" "}
                {provider.address !== null && <code className="text-muted">{provider.address}</code>}
                {provider.message !== null && (
                  <>
                    <br />
                    <span className="text-muted">
                      {provider.message} {provider.next}
                    </span>
                  </>
                )}
              </span>
              <span className={`flex items-center gap-[6px] ${tone}`}>
                <Icon name={icon} /> {words}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

export function ModelsPage() {
  const { client, queries } = useApp();
  const models = useQuery("models.list", { query: {} }, { every: 20_000 });
  const look = useAction(async () => {
    queries.put("models.list", { query: {} }, await client.call("models.list", { query: { refresh: "true" } }));
  });
  return (
    <>
      <TopBar title="Models">
        <LocalOnly />
      </TopBar>
      <PageBody>
        <WithAnswer answer={models} rows={4}>
          {(page) => (
            <>
              <Hardware hardware={page.hardware} embedder={page.embedder} />
              <Installed models={page.models} />
              <Providers page={page} onLook={look.run} />
              <ErrorLine problem={look.problem} />
            </>
          )}
        </WithAnswer>
      </PageBody>
    </>
  );
}
