import { answerCue, toolEnding } from "./template.ts";

/** When a prompt ends in `cue`, the model says `say`. */
export interface Script {
  readonly cue: string;
  readonly say: string;
  /** Said in place of a part of `say` when a grammar forbids that part. */
  readonly instead?: { readonly of: string; readonly say: string };
}

/** The example prompts of the empty chat. Nothing outside this folder knows their words. */
export const demoPrompts = [
  { label: "Remember something", prompt: "Remember that my favourite tea is jasmine." },
  { label: "Use a tool", prompt: "What time is it in UTC right now?" },
  { label: "Pay for an API", prompt: "Buy one reading from the demo seller with test money." },
] as const;

const [remembering, telling, paying] = demoPrompts;

/** Everything that the demo model can say. `sellerUrl` is what its paid example asks for. */
export function demoScripts(sellerUrl: string): readonly Script[] {
  const url = JSON.stringify(sellerUrl);
  return [
    { cue: remembering.prompt, say: toolCall("remember", `{"text": "My favourite tea is jasmine."}`) },
    { cue: telling.prompt, say: toolCall("time", `{"zone": "UTC"}`) },
    {
      cue: paying.prompt,
      say: toolCall("http_request", `{"method": "GET", "url": ${url}}`),
      // A grammar may want the required argument first; GET is what a request is without a method.
      instead: { of: `"method": "GET", "url": ${url}`, say: `"url": ${url}` },
    },
    {
      cue: toolEnding("remember", "ok"),
      say: "I will remember that your favourite tea is jasmine. The Memory page shows it, and forgets it when you want.",
    },
    {
      cue: toolEnding("time", "ok"),
      say: "Done: the clock of this machine has just told its time for UTC. Open the tool call above to read it.",
    },
    {
      cue: toolEnding("http_request", "ok"),
      say: "Paid, in test money. The receipt above is for one reading from the demo seller, and the reading itself is in the result of the tool call.",
    },
    { cue: " ok</tool_outcome>", say: "That tool has answered; its result is above." },
    {
      cue: " error</tool_outcome>",
      say: "That did not work: the tool reported an error. Its result above says what happened.",
    },
    {
      cue: " denied</tool_outcome>",
      say: "It was not allowed, so I left it undone. Ask again whenever you want to allow it.",
    },
    {
      cue: " unknown</tool_outcome>",
      say: "Nobody can say yet whether it happened. Please check the entry above before you try once more.",
    },
    {
      cue: "",
      say: "I am the demo model and can only play the three examples; to talk about anything else, install a real model on the Models page, through Ollama or as a GGUF file.",
    },
  ].map((script) => ({ ...script, cue: script.cue + answerCue }));
}

function toolCall(name: string, args: string): string {
  return `<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`;
}
