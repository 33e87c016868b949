import type { MemoryHitJson, RouteResponse } from "@freehold/contract";
import { useEffect, useState } from "react";
import { plural } from "../lib/format.ts";
import { useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Meter } from "../ui/parts.tsx";
import { Empty } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { ForgetItem } from "./forget-item.tsx";
import { markWords } from "./mark-words.ts";
import { Provenance } from "./provenance.tsx";

const arms = [
  ["text", "Words"],
  ["meaning", "Meaning"],
  ["neighbours", "Neighbours"],
  ["session", "Session"],
] as const;

function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  return (
    <p className="max-w-[var(--read)] whitespace-pre-wrap wrap-anywhere" dir="auto">
      {markWords(text, query).map(({ at, part, hit }) =>
        hit ? (
          <mark key={at} className="rounded-1 bg-accent-soft px-[2px] text-ink">
            {part}
          </mark>
        ) : (
          <span key={at}>{part}</span>
        ),
      )}
    </p>
  );
}

function Hit({ hit, query, best }: { readonly hit: MemoryHitJson; readonly query: string; readonly best: number }) {
  return (
    <li className="grid gap-3 py-5 first:pt-0 [grid-template-columns:minmax(0,1fr)]">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-tiny text-muted">
        <Provenance item={hit.item} />
        <span className="ms-auto">
          score <b>{hit.score.toFixed(2)}</b>
        </span>
      </p>
      <Marked text={hit.item.text} query={query} />
      <div className="grid grid-cols-2 gap-x-3 gap-y-2 text-tiny text-muted md:grid-cols-4">
        {arms.map(([key, name]) => (
          <div key={key} className="grid gap-1">
            <span className="flex justify-between">
              {name} <b className="font-medium text-ink">{hit.arms[key].toFixed(2)}</b>
            </span>
            <Meter
              thin
              label={`${name} gave ${hit.arms[key].toFixed(2)} of ${hit.score.toFixed(2)}`}
              parts={[{ part: "plain", percent: (hit.arms[key] / best) * 100 }]}
            />
          </div>
        ))}
      </div>
      <p className="-ms-2">
        <ForgetItem item={hit.item} />
      </p>
    </li>
  );
}

function Ran({ result }: { readonly result: RouteResponse<"memory.search"> }) {
  const silent = arms.filter(([key]) => !result.ran.includes(key)).map(([, name]) => name.toLowerCase());
  return (
    <p className="text-tiny text-faint">
      {plural(result.hits.length, "hit")}.{" "}
      {silent.length === 0 ? "All arms ran." : `Did not run: ${silent.join(", ")}.`}
      {result.missingVectors > 0 && ` ${result.missingVectors} newer items have no vector yet; words still find them.`}
    </p>
  );
}

function Results({ query }: { readonly query: string }) {
  const found = useQuery("memory.search", { query: { q: query } });
  return (
    <WithAnswer answer={found}>
      {(result) => {
        if (result.hits.length === 0) {
          return (
            <Empty icon="search" title="Nothing was found">
              No memory fits these words. Try others, or look through the timeline.
            </Empty>
          );
        }
        const best = Math.max(...result.hits.flatMap(({ arms: all }) => Object.values(all)), Number.MIN_VALUE);
        return (
          <>
            <Ran result={result} />
            <ol className="rows" aria-label="Results">
              {result.hits.map((hit) => (
                <Hit key={hit.item.id} hit={hit} query={query} best={best} />
              ))}
            </ol>
          </>
        );
      }}
    </WithAnswer>
  );
}

export function Search({ onTimeline }: { readonly onTimeline: () => void }) {
  const [typed, setTyped] = useState("");
  const [query, setQuery] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <>
      <label className="input searchbox min-h-11">
        <Icon name="search" size={20} />
        <input
          type="search"
          dir="auto"
          className="text-body!"
          maxLength={500}
          value={typed}
          placeholder="What do you want to find?"
          aria-label="Search memory"
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {query === "" ? (
        <Empty icon="memory" title="Ask your memory" action={<Button onClick={onTimeline}>See the timeline</Button>}>
          It searches everything that was said, noted and found, and tells why something came up.
        </Empty>
      ) : (
        <Results query={query} />
      )}
    </>
  );
}
