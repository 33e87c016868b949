/** Token kinds of `tokenizer.ggml.token_type`. */
const kinds = { normal: 1, unknown: 2, control: 3, userDefined: 4, byte: 6 } as const;

/** A SentencePiece-style vocabulary that grows while a model is composed. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly scores: readonly number[];
  readonly kinds: readonly number[];
  readonly unknown: number;
  readonly start: number;
  /** Ends a turn. */
  readonly end: number;
  has(text: string): boolean;
  /** The id of a token that is there. */
  id(text: string): number;
  /**
   * Adds a token that matches its text literally wherever it stands; the longest such token wins over all others,
   * so that a whole phrase can be one token.
   */
  addLiteral(text: string): number;
}

/** Marks a leading space inside ordinary tokens. */
const space = "\u2581";

/** Bytes, printable ASCII, frequent words, and the turn markers of ChatML. */
export function createVocabulary(): Vocabulary {
  const tokens: string[] = [];
  const scores: number[] = [];
  const tokenKinds: number[] = [];
  const ids = new Map<string, number>();
  const add = (text: string, kind: number, score = 0): number => {
    if (ids.has(text)) throw new Error(`The vocabulary has ${JSON.stringify(text)} already.`);
    ids.set(text, tokens.length);
    tokens.push(text);
    scores.push(score);
    tokenKinds.push(kind);
    return tokens.length - 1;
  };
  const id = (text: string): number => {
    const known = ids.get(text);
    if (known === undefined) throw new Error(`The vocabulary has no ${JSON.stringify(text)}.`);
    return known;
  };

  const unknown = add("<unk>", kinds.unknown);
  for (let byte = 0; byte < 256; byte += 1) {
    add(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`, kinds.byte);
  }
  const start = add("<|im_start|>", kinds.control);
  const end = add("<|im_end|>", kinds.control);
  add(space, kinds.normal, -1_000);
  for (let code = 33; code < 127; code += 1) add(String.fromCharCode(code), kinds.normal, -1_000);
  for (const word of frequentWords) {
    // Merging goes pair by pair, so each beginning of a word is a token, too; a longer match has the better score.
    for (let length = 2; length <= word.length; length += 1) {
      const piece = word.slice(0, length);
      if (!ids.has(piece)) add(piece, kinds.normal, length - 1_000);
    }
  }
  return {
    tokens,
    scores,
    kinds: tokenKinds,
    unknown,
    start,
    end,
    has: (text) => ids.has(text),
    id,
    addLiteral: (text) => add(text, kinds.userDefined),
  };
}

const keys =
  "arguments content description enum error function items memory message method name number object parameters " +
  "properties required result status string text time title tool type url";
const words =
  `${keys} a about after all also an and answer any are ask as at be before but by call can could do does each ` +
  "else empty every find first for from get give given has have how if in into is it its know last list local made " +
  "make may more most must need never new next no not of on one only open or other our out over own owner page pay " +
  "person read remember reply return same say search see send server should so some than that the their them then " +
  "there these they thing this to under until up use used user value was way web what when where which who will " +
  "with without words would write you your";

const frequentWords = [...keys.split(" "), ...words.split(" ").map((word) => `${space}${word}`)];
