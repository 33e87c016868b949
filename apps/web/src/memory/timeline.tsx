import { useState } from "react";
import { when } from "../lib/format.ts";
import { useNow, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";
import { ForgetItem } from "./forget-item.tsx";
import { Provenance } from "./provenance.tsx";

export function Timeline() {
  const [limit, setLimit] = useState(50);
  const timeline = useQuery("memory.timeline", { query: { limit } });
  const now = useNow(60_000);
  return (
    <WithAnswer answer={timeline}>
      {({ items, next }) => {
        if (items.length === 0) {
          return (
            <Empty icon="memory" title="Nothing is remembered yet">
              What you say and what tools find is kept here, on this machine alone.
            </Empty>
          );
        }
        return (
          <>
            <ol>
              {items.map((item) => (
                <li
                  key={item.id}
                  className="grid gap-x-4 pb-5 [grid-template-columns:9px_minmax(0,1fr)] md:[grid-template-columns:104px_9px_minmax(0,1fr)]"
                >
                  <time className="text-small leading-6 text-muted max-md:col-start-2" dateTime={item.at}>
                    {when(item.at, now)}
                  </time>
                  <span className="relative max-md:col-start-1 max-md:row-span-2 max-md:row-start-1" aria-hidden="true">
                    <span className="absolute top-2 h-full border-s border-edge start-1" />
                    <span className="absolute top-2 size-[9px] rounded-full border-2 border-muted bg-surface" />
                  </span>
                  <div className="grid gap-1 max-md:col-start-2 [grid-template-columns:minmax(0,1fr)]">
                    <p className="line-clamp-4 whitespace-pre-wrap wrap-anywhere" dir="auto">
                      {item.text}
                    </p>
                    <p className="flex flex-wrap items-center gap-x-3 text-tiny text-muted">
                      <Provenance item={item} />
                      <ForgetItem item={item} />
                    </p>
                  </div>
                </li>
              ))}
            </ol>
            {next !== null && limit < 200 && (
              <span>
                <Button onClick={() => setLimit(200)}>Show more</Button>
              </span>
            )}
          </>
        );
      }}
    </WithAnswer>
  );
}
