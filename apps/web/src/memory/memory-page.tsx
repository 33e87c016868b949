import { useState } from "react";
import { bytes, plural } from "../lib/format.ts";
import { TopBar } from "../shell/top-bar.tsx";
import { useQuery } from "../store/hooks.ts";
import { WithSide } from "../ui/page.tsx";
import { Section } from "../ui/parts.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { Blocks } from "./blocks.tsx";
import { Remember } from "./remember.tsx";
import { Search } from "./search.tsx";
import { Timeline } from "./timeline.tsx";

function Stats() {
  const stats = useQuery("memory.stats", {});
  return (
    <Section title="How much is there">
      <WithAnswer answer={stats} rows={1}>
        {(data) => (
          <dl className="facts">
            <dt>Turns</dt>
            <dd>
              {data.turns.toLocaleString("en")} in {plural(data.threads, "thread")}
            </dd>
            <dt>Notes</dt>
            <dd>{data.notes.toLocaleString("en")}</dd>
            <dt>On disk</dt>
            <dd>{bytes(data.bytes)}</dd>
            <dt>Meaning</dt>
            <dd>
              {data.embedder === null
                ? "No embedding model: search goes by words, threads and neighbours."
                : `${data.embedder}: ${plural(data.vectors, "vector")}${data.missingVectors > 0 ? `, ${data.missingVectors} still to make` : ""}`}
            </dd>
          </dl>
        )}
      </WithAnswer>
    </Section>
  );
}

export function MemoryPage() {
  const [view, setView] = useState<"search" | "timeline">("search");
  return (
    <>
      <TopBar title="Memory">
        <div className="tabs" role="group" aria-label="View">
          <button type="button" aria-pressed={view === "search"} onClick={() => setView("search")}>
            Search
          </button>
          <button type="button" aria-pressed={view === "timeline"} onClick={() => setView("timeline")}>
            Timeline
          </button>
        </div>
      </TopBar>
      <WithSide
        label="Pinned and notes"
        side={
          <>
            <Blocks />
            <Remember />
            <Stats />
          </>
        }
      >
        {view === "search" ? <Search onTimeline={() => setView("timeline")} /> : <Timeline />}
      </WithSide>
    </>
  );
}
