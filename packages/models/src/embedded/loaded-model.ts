import {
  getLlama,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type Llama,
  type LlamaContextSequence,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import type { Command, Prompt, Report } from "./protocol.ts";
import { createPromptRenderer } from "./render-prompt.ts";

type LoadCommand = Extract<Command, { type: "load" }>;
type GenerateCommand = Extract<Command, { type: "generate" }>;
type Ending = Extract<Report, { type: "finished" | "too-long" }>;

/** A prompt is read in pieces of this many tokens, so that a stop is noticed between them. */
const prefillTokens = 256;

/** As the makers of small instruct models recommend; greedy decoding makes them repeat themselves. */
const sampling = { temperature: 0.6, topK: 20, topP: 0.95 };

/** Weights in memory, with one conversation in the cache. Used by the engine's process only. */
export interface LoadedModel {
  readonly contextTokens: number;
  count(prompt: Prompt): number;
  generate(command: GenerateCommand, signal: AbortSignal, onText: (text: string) => void): Promise<Ending>;
}

export async function loadModel(command: LoadCommand): Promise<LoadedModel> {
  const llama = await getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
    maxThreads: command.threads,
  });
  const model = await llama.loadModel({ modelPath: command.path });
  const context = await model.createContext({
    contextSize: { max: Math.min(command.contextTokens, model.trainContextSize) },
    threads: command.threads,
  });
  const sequence = context.getSequence();
  const tokenize = createTokenizer(model);
  return {
    contextTokens: context.contextSize,
    count: (prompt) => tokenize(prompt).length,
    generate: (request, signal, onText) => generate({ llama, model, sequence, tokenize }, request, { signal, onText }),
  };
}

function createTokenizer(model: LlamaModel): (prompt: Prompt) => Token[] {
  const controlTexts: string[] = [];
  for (const token of model.iterateAllTokens()) {
    if (model.getTokenAttributes(token).control) controlTexts.push(model.detokenize([token], true));
  }
  const { bosString, eosString, bos } = model.tokens;
  const render = createPromptRenderer({
    template: model.fileInfo.metadata.tokenizer.chat_template ?? null,
    startToken: bosString ?? "",
    endToken: eosString ?? "",
    controlTexts,
  });
  return (prompt) => {
    const tokens = model.tokenize(render(prompt), true);
    return model.tokens.shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  };
}

interface Parts {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly tokenize: (prompt: Prompt) => Token[];
}

interface Listener {
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
}

async function generate(parts: Parts, command: GenerateCommand, { signal, onText }: Listener): Promise<Ending> {
  const { model, sequence } = parts;
  const started = performance.now();
  const tokens = parts.tokenize(command.prompt);
  const room = sequence.contextSize - tokens.length;
  const { id } = command;
  if (room < 1) {
    return { type: "too-long", id, promptTokens: tokens.length, contextTokens: sequence.contextSize };
  }
  const cachedTokens = await keepPrefix(sequence, tokens);
  let outputTokens = 0;
  const finished = (finish: "stop" | "length" | "aborted"): Ending => {
    const engineMs = Math.round(performance.now() - started);
    return {
      type: "finished",
      id,
      finish,
      usage: { promptTokens: tokens.length, cachedTokens, outputTokens, engineMs },
    };
  };

  for (let at = cachedTokens; at < tokens.length - 1; at += prefillTokens) {
    if (signal.aborted) return finished("aborted");
    await sequence.evaluateWithoutGeneratingNewTokens(
      tokens.slice(at, Math.min(at + prefillTokens, tokens.length - 1)),
    );
  }
  const text = createDetokenizer(model, tokens, onText);
  const grammar = command.schema === null ? {} : { grammarEvaluationState: await schemaState(parts, command.schema) };
  for await (const token of sequence.evaluate(tokens.slice(-1), { ...sampling, ...grammar, yieldEogToken: true })) {
    if (model.isEogToken(token)) {
      text.flush();
      return finished("stop");
    }
    outputTokens += 1;
    text.push(token);
    if (signal.aborted) return finished("aborted");
    if (outputTokens >= Math.min(command.maxTokens, room)) break;
    // The child process reads a stop only when the event loop turns.
    await new Promise((resolve) => setImmediate(resolve));
  }
  text.flush();
  return finished(signal.aborted ? "aborted" : "length");
}

/** Leaves in the cache what the new prompt shares with the old one, and says how many tokens that are. */
async function keepPrefix(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<number> {
  const cached = sequence.contextTokens;
  let keep = 0;
  while (keep < tokens.length - 1 && cached[keep] === tokens[keep]) keep += 1;
  await sequence.eraseContextTokenRanges([{ start: keep, end: sequence.nextTokenIndex }]);
  // Recurrent models cannot go back to any point; what they kept is what counts.
  return Math.min(keep, sequence.nextTokenIndex);
}

/** What the library cannot turn into a grammar it refuses; its type lists the same subset of JSON Schema. */
async function schemaState({ llama, model }: Parts, schema: object): Promise<LlamaGrammarEvaluationState> {
  const grammar = await llama.createGrammarForJsonSchema(schema as { readonly type: "object" });
  return new LlamaGrammarEvaluationState({ model, grammar });
}

/** Characters may be spread over several tokens: they are held back until they are whole. */
function createDetokenizer(
  model: LlamaModel,
  prompt: readonly Token[],
  onText: (text: string) => void,
): { push(token: Token): void; flush(): void } {
  let before = prompt.slice(-4);
  let pending: Token[] = [];
  const emit = (): void => {
    const text = model.detokenize(pending, true, before);
    before = [...before, ...pending].slice(-4);
    pending = [];
    if (text !== "") onText(text);
  };
  return {
    push(token) {
      pending.push(token);
      if (pending.length > 8 || !model.detokenize(pending, true, before).endsWith("\uFFFD")) emit();
    },
    flush: emit,
  };
}
