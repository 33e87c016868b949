/** What the demo model must do on every engine: played against each of them. */
import type { ChatMessage, ChatModel } from "@freehold/core";
import { ask, nineTools, type Answer } from "../test-world.ts";
import { demoPrompts } from "./scripts.ts";

export const sellerUrl = 'http://127.0.0.1:7741/v1/reading?place=here&unit="C"';

/** In the order of `demoPrompts`. */
export const expected = [
  { name: "remember", arguments: { text: "My favourite tea is jasmine." }, result: "Remembered.", says: /jasmine/ },
  { name: "time", arguments: { zone: "UTC" }, result: '{"time":"2026-03-01T12:00:00Z"}', says: /clock/ },
  { name: "http_request", arguments: { method: "GET", url: sellerUrl }, result: "200 OK\n{}", says: /^Paid.*receipt/ },
] as const;

export const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

const systemPrompt: ChatMessage = {
  role: "system",
  content: Array.from(
    { length: 30 },
    (_, line) => `${line + 1}. You are the agent of this house; obey rule ${line}.`,
  ).join("\n"),
};

/** As the runtime writes a newest message: what was recalled first, the person's own words last. */
function withContext(words: string): string {
  const recalled = demoPrompts.flatMap(({ prompt }) => [`- The owner said: ${prompt}`, `- ${prompt}`]).join("\n");
  return `\`\`\`context\nNow: 2026-03-01T12:00:00Z\nRecalled:\n${recalled}\n- tool result: error: no such file\n\`\`\`\n\n${words}`;
}

export interface Conversation {
  say(words: string): Promise<Answer>;
  result(answer: Answer, content: string): Promise<Answer>;
}

export function converse(model: ChatModel): Conversation {
  const messages: ChatMessage[] = [systemPrompt];
  const next = async (message: ChatMessage): Promise<Answer> => {
    messages.push(message);
    const answer = await ask(model, { messages, tools: nineTools });
    messages.push({ role: "assistant", content: answer.text, toolCalls: answer.calls });
    return answer;
  };
  return {
    say: (words) => next({ role: "user", content: withContext(words) }),
    result: (answer, content) => {
      const call = answer.calls[0];
      return next({ role: "tool", callId: call?.callId ?? "none", name: call?.name ?? "none", content });
    },
  };
}

/** Plays one example to its end; gives what is wrong with it, or null. */
export async function playExample(conversation: Conversation, index: 0 | 1 | 2): Promise<string | null> {
  const want = expected[index];
  const call = await conversation.say(demoPrompts[index].prompt);
  const [first, ...more] = call.calls;
  if (first === undefined || more.length > 0 || call.text !== "") return `no single call: ${JSON.stringify(call)}`;
  const { name } = first;
  const args = { method: "GET", ...first.arguments };
  const wanted = { method: "GET", ...want.arguments };
  if (name !== want.name || JSON.stringify(args) !== JSON.stringify(wanted))
    return `wrong call: ${JSON.stringify(first)}`;
  const answer = await conversation.result(call, want.result);
  if (answer.last.type !== "done" || answer.last.finish !== "stop") return `bad end: ${JSON.stringify(answer.last)}`;
  return want.says.test(answer.text) ? null : `wrong answer: ${answer.text}`;
}
