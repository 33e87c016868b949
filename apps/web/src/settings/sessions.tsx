import { when } from "../lib/format.ts";
import { useApp } from "../store/app-context.tsx";
import { useAction, useNow, useQuery } from "../store/hooks.ts";
import { Button } from "../ui/button.tsx";
import { Section, Tag } from "../ui/parts.tsx";
import { ErrorLine } from "../ui/states.tsx";
import { WithAnswer } from "../ui/with-answer.tsx";

export function Sessions() {
  const { client } = useApp();
  const sessions = useQuery("owner.sessions", {});
  const end = useAction((id: string) => client.call("owner.sessions.end", { params: { id } }), ["owner.sessions"]);
  const now = useNow(60_000);
  return (
    <Section title="Signed-in browsers">
      <WithAnswer answer={sessions}>
        {({ sessions: all }) => (
          <ul className="card rows">
            {all.map((session) => (
              <li key={session.id} className="flex flex-wrap items-center gap-3 px-4 py-3 text-small">
                <span className="min-w-0 flex-1 basis-[200px] wrap-anywhere">
                  {session.userAgent}
                  <br />
                  <span className="text-muted">last seen {when(session.lastSeenAt, now)}</span>
                </span>
                {session.current ? (
                  <Tag icon="check">this one</Tag>
                ) : (
                  <Button size="small" onClick={() => end.run(session.id)}>
                    Sign it out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </WithAnswer>
      <ErrorLine problem={end.problem} />
    </Section>
  );
}
