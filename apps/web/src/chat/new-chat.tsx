import { useRef, useState, type ReactNode } from "react";
import { problemOf, type Problem } from "../lib/problem.ts";
import { randomKey } from "../lib/random-key.ts";
import { hrefOf, navigate } from "../router.tsx";
import { TopBar } from "../shell/top-bar.tsx";
import { useApp } from "../store/app-context.tsx";
import { useQuery } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Composer } from "./composer.tsx";
import { DemoBanner } from "./demo-banner.tsx";

/** The empty chat: example prompts that the current model offers, and a composer. */
export function NewChat({ before }: { readonly before: ReactNode }) {
  const { client, queries, tell } = useApp();
  const models = useQuery("models.list", { query: {} });
  const [problem, setProblem] = useState<Problem | null>(null);
  const started = useRef<{ threadId: string | null; text: string; key: string }>({ threadId: null, text: "", key: "" });

  async function send(text: string): Promise<boolean> {
    setProblem(null);
    try {
      started.current.threadId ??= (await client.call("threads.create", { body: {} })).id;
      const { threadId } = started.current;
      if (started.current.text !== text) started.current = { threadId, text, key: randomKey() };
      await client.call("messages.send", { params: { id: threadId }, body: { text, clientKey: started.current.key } });
      void queries.refresh(["threads.list"]);
      tell(["threads.list"]);
      navigate(hrefOf("chat", threadId));
      return true;
    } catch (error) {
      setProblem(problemOf(error));
      return false;
    }
  }

  const examples = models.data?.examples ?? [];
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <TopBar title="New chat" before={before} />
      <DemoBanner />
      <div className="grid min-h-0 flex-1 content-center justify-items-center gap-4 overflow-y-auto p-4 text-center">
        <span className="text-faint">
          <Icon name="chat" size={28} />
        </span>
        <h2 className="text-muted">What shall we begin with?</h2>
        <ul className="grid w-full max-w-[420px] gap-2">
          {examples.map(({ label, prompt }) => (
            <li key={label}>
              <button
                type="button"
                title={prompt}
                onClick={() => void send(prompt)}
                className="btn min-h-11 w-full justify-start! text-start whitespace-normal!"
              >
                <span dir="auto">{label}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <Composer onSend={send} onStop={null} problem={problem} view={null} />
    </div>
  );
}
