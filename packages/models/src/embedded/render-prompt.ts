import { Template } from "@huggingface/jinja";
import type { Prompt } from "./protocol.ts";

export interface PromptFormat {
  /** Jinja source from the file; null: plain ChatML. */
  readonly template: string | null;
  readonly startToken: string;
  readonly endToken: string;
  /** Texts that are control tokens of this vocabulary. */
  readonly controlTexts: readonly string[];
}

type Message = Prompt["messages"][number];

interface JinjaMessage {
  readonly role: string;
  readonly content: string;
  readonly name?: string;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly object[];
}

const chatMl =
  "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{%- endfor %}" +
  "{{- '<|im_start|>assistant\\n' }}";

/** Makes the function that turns messages and tools into the text that the model reads. */
export function createPromptRenderer(format: PromptFormat): (prompt: Prompt) => string {
  const source = format.template ?? chatMl;
  const template = new Template(source);
  const knowsTools = /\btools\b/.test(source);
  const controls = format.controlTexts.filter((text) => text.length > 1);

  return ({ messages, tools }) => {
    const safe = messages.map((message) => ({ ...message, content: withoutControls(message.content, controls) }));
    const shaped = knowsTools ? safe.map(toJinja) : withToolsInText(safe, tools);
    const values = (list: readonly JinjaMessage[]): Record<string, unknown> => ({
      messages: list,
      ...(knowsTools && tools.length > 0 ? { tools: tools.map(toFunction) } : {}),
      add_generation_prompt: true,
      bos_token: format.startToken,
      eos_token: format.endToken,
    });
    try {
      return template.render(values(shaped));
    } catch (error) {
      // Some families (Gemma 2, early Mistral) raise an exception on a system message.
      if (shaped[0]?.role !== "system") throw error;
      return template.render(values(systemIntoUser(shaped)));
    }
  };
}

/** A control token inside of a message would end the message: an invisible joiner keeps the text readable and harmless. */
function withoutControls(content: string, controls: readonly string[]): string {
  return controls.reduce(
    (text, control) => text.replaceAll(control, `${control.slice(0, 1)}\u2060${control.slice(1)}`),
    content,
  );
}

function toFunction({ name, description, inputSchema }: Prompt["tools"][number]): object {
  return { type: "function", function: { name, description, parameters: inputSchema } };
}

function toJinja(message: Message): JinjaMessage {
  if (message.role === "tool") {
    return { role: "tool", content: message.content, name: message.name, tool_call_id: message.callId };
  }
  if (message.role !== "assistant" || message.toolCalls.length === 0) {
    return { role: message.role, content: message.content };
  }
  const toolCalls = message.toolCalls.map((call) => ({
    id: call.callId,
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  }));
  return { role: "assistant", content: message.content, tool_calls: toolCalls };
}

/** For templates without tools: the Hermes form in plain words. */
function withToolsInText(messages: readonly Message[], tools: Prompt["tools"]): readonly JinjaMessage[] {
  const lines = messages.map((message): JinjaMessage => {
    if (message.role === "tool") {
      return { role: "user", content: `<tool_response>\n${message.content}\n</tool_response>` };
    }
    if (message.role !== "assistant") return { role: message.role, content: message.content };
    const calls = message.toolCalls.map(
      (call) => `<tool_call>\n${JSON.stringify({ name: call.name, arguments: call.arguments })}\n</tool_call>`,
    );
    return { role: "assistant", content: [message.content, ...calls].filter((part) => part !== "").join("\n") };
  });
  if (tools.length === 0) return lines;
  const about = [
    "You can call these functions:",
    ...tools.map((tool) => JSON.stringify(toFunction(tool))),
    "To call one, answer with nothing but:",
    '<tool_call>\n{"name": "...", "arguments": {...}}\n</tool_call>',
  ].join("\n");
  const [first, ...rest] = lines;
  if (first?.role === "system") return [{ role: "system", content: `${first.content}\n\n${about}` }, ...rest];
  return [{ role: "system", content: about }, ...lines];
}

function systemIntoUser(messages: readonly JinjaMessage[]): readonly JinjaMessage[] {
  const [system, next, ...rest] = messages;
  if (system === undefined || next?.role !== "user") return messages;
  return [{ ...next, content: `${system.content}\n\n${next.content}` }, ...rest];
}
