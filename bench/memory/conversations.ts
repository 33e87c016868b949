import { access, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const turnSchema = z.object({
  speaker: z.string(),
  dia_id: z.string(),
  text: z.string(),
  blip_caption: z.string().optional(),
});

const fileSchema = z.array(
  z.object({
    sample_id: z.string(),
    conversation: z.record(z.string(), z.unknown()),
    qa: z.array(z.object({ question: z.string(), evidence: z.array(z.string()), category: z.number() })),
  }),
);

export interface SpokenTurn {
  /** `D3:7`: the seventh turn of the third session. */
  readonly id: string;
  readonly text: string;
  readonly at: Date;
}

export interface Question {
  readonly text: string;
  /** 1 multi-hop, 2 temporal, 3 open-domain, 4 single-hop, 5 adversarial. */
  readonly category: number;
  readonly evidence: ReadonlySet<string>;
}

export interface Conversation {
  readonly id: string;
  readonly turns: readonly SpokenTurn[];
  readonly questions: readonly Question[];
}

export interface Conversations {
  readonly conversations: readonly Conversation[];
  /** Evidence ids that name no turn, even after repair. */
  readonly unusable: number;
}

/** The file that `FREEHOLD_LOCOMO` names; null when it is not there. */
export async function conversationsPath(): Promise<string | null> {
  const fallback = fileURLToPath(new URL("../../../shared/data/locomo-dev.json", import.meta.url));
  const path = process.env["FREEHOLD_LOCOMO"] ?? fallback;
  return access(path).then(
    () => path,
    () => null,
  );
}

/** Reads a LoCoMo file (Maharana et al., 2024). The path comes from the caller; the file is not part of the project. */
export async function readConversations(path: string): Promise<Conversations> {
  const samples = fileSchema.parse(JSON.parse(await readFile(path, "utf8")));
  let unusable = 0;
  const conversations = samples.map(({ sample_id, conversation, qa }) => {
    const turns = sessionsOf(conversation).flatMap(({ turns, start }) =>
      turns.map((turn, index) => ({
        id: turn.dia_id,
        text: `${turn.speaker}: ${turn.text}${turn.blip_caption === undefined ? "" : `\n[photo: ${turn.blip_caption}]`}`,
        at: new Date(start.getTime() + index * 60_000),
      })),
    );
    const known = new Set(turns.map(({ id }) => id));
    const questions = qa.map(({ question, evidence, category }) => {
      const ids = evidence.flatMap(repair);
      unusable += ids.filter((id) => !known.has(id)).length;
      return { text: question, category, evidence: new Set(ids.filter((id) => known.has(id))) };
    });
    return { id: sample_id, turns, questions };
  });
  return { conversations, unusable };
}

function sessionsOf(conversation: Readonly<Record<string, unknown>>) {
  return Object.keys(conversation)
    .flatMap((key) => /^session_(\d+)$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => ({
      turns: z.array(turnSchema).parse(conversation[`session_${number}`]),
      start: parseTime(z.string().parse(conversation[`session_${number}_date_time`])),
    }));
}

/** Times read like `1:56 pm on 8 May, 2023`. */
function parseTime(text: string): Date {
  const match = /^(\d+):(\d+) (am|pm) on (.+)$/.exec(text);
  if (match === null) throw new Error(`Not a time: ${text}`);
  const [, hour = "", minute = "", half = "", day = ""] = match;
  const date = new Date(`${day} UTC`);
  date.setUTCHours((Number(hour) % 12) + (half === "pm" ? 12 : 0), Number(minute));
  return date;
}

/** Some evidence lists several ids in one string, has a stray colon, or leading zeros. */
function repair(evidence: string): readonly string[] {
  return [...evidence.matchAll(/D:?(\d+):0*(\d+)/g)].map(([, session, turn]) => `D${session}:${turn}`);
}
