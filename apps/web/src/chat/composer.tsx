import { useState, type KeyboardEvent } from "react";
import { tokens } from "../lib/format.ts";
import { percentOf } from "../lib/money.ts";
import type { Problem } from "../lib/problem.ts";
import { hrefOf, Link } from "../router.tsx";
import { useMedia, useQuery } from "../store/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Meter, Where } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import type { RunView } from "./run-view.ts";

function ModelChip() {
  const models = useQuery("models.list", { query: {} });
  const model = models.data?.models.find(({ selected }) => selected);
  return (
    <Link
      href={hrefOf("models")}
      className="inline-flex h-8 min-w-0 items-center gap-[6px] rounded-full border border-line px-[10px] text-small whitespace-nowrap hover:bg-inset max-md:h-10"
    >
      <b className="truncate font-medium">{model?.label ?? (models.data === null ? "Model" : "No model")}</b>
      {model !== undefined && (
        <span className="border-s border-line ps-[6px] text-tiny">
          <Where place={model.locality} brief />
        </span>
      )}
    </Link>
  );
}

/** How full the model's window is, by the last inference's own count. */
function ContextMeter({ view }: { readonly view: RunView | null }) {
  const inference = view?.inference ?? null;
  if (inference === null || inference.contextWindow <= 0) return null;
  const used = Math.max(inference.plannedTokens, (view?.usage?.promptTokens ?? 0) + (view?.usage?.outputTokens ?? 0));
  const percent = percentOf(BigInt(used), BigInt(inference.contextWindow));
  return (
    <span className="grid w-24 flex-none gap-[3px] text-tiny text-muted max-md:w-[76px]">
      <span className="whitespace-nowrap" aria-hidden="true">
        <b>{tokens(used)}</b> of {tokens(inference.contextWindow)}
      </span>
      <Meter
        thin
        label={`Context: ${used} of ${inference.contextWindow} tokens`}
        parts={[{ part: percent > 90 ? "full" : "plain", percent }]}
      />
    </span>
  );
}

interface ComposerProps {
  /** Resolves true when the message was taken; the text stays until then. */
  readonly onSend: (text: string) => Promise<boolean>;
  readonly onStop: (() => void) | null;
  readonly problem: Problem | null;
  readonly view: RunView | null;
  /** Text to begin with, such as a message to edit. Another one needs another `key`. */
  readonly seed?: string;
}

function SendOrStop({ onStop, ready }: { readonly onStop: (() => void) | null; readonly ready: boolean }) {
  if (onStop === null) {
    return (
      <button
        type="submit"
        aria-label="Send"
        disabled={!ready}
        className="grid size-9 flex-none place-items-center rounded-2 bg-accent text-on-accent disabled:opacity-55 max-md:size-11"
      >
        <Icon name="send" size={20} />
      </button>
    );
  }
  return (
    <button
      type="button"
      onClick={onStop}
      className="flex h-9 flex-none items-center gap-[6px] rounded-2 bg-ink ps-[10px] pe-3 text-small font-medium text-surface max-md:h-11"
    >
      <Icon name="stop" />
      Stop
    </button>
  );
}

export function Composer({ onSend, onStop, problem, view, seed = "" }: ComposerProps) {
  const [text, setText] = useState(seed);
  const [sending, setSending] = useState(false);
  const touch = useMedia("(pointer: coarse)");

  async function send(): Promise<void> {
    if (text.trim() === "" || sending || onStop !== null) return;
    setSending(true);
    if (await onSend(text)) setText("");
    setSending(false);
  }
  function onKeyDown(event: KeyboardEvent): void {
    // Under a thumb Return makes a line; with a keyboard it sends. An open input method keeps its keys.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || touch) return;
    event.preventDefault();
    void send();
  }
  return (
    <div className="flex-none bg-surface px-3 pb-2 md:px-6 md:pb-4">
      <form
        className="mx-auto grid max-w-[var(--read)] rounded-3 border border-edge bg-surface [grid-template-columns:minmax(0,1fr)] focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {problem !== null && (
          <div className="px-4 pt-3">
            <ErrorLine problem={problem} />
          </div>
        )}
        <textarea
          rows={1}
          dir="auto"
          value={text}
          maxLength={200_000}
          placeholder="Write to Freehold"
          aria-label="Message"
          autoFocus={!touch || seed !== ""}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[38dvh] min-h-10 w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-0 wrap-anywhere"
        />
        <div className="flex items-center gap-2 px-2 pt-1 pb-2">
          <ModelChip />
          <span className="flex-1" />
          <ContextMeter view={view} />
          <SendOrStop onStop={onStop} ready={text.trim() !== "" && !sending} />
        </div>
      </form>
    </div>
  );
}
