import { seededRandom } from "@freehold/testkit";

const everyday = `time day work home people year week friend family house car food water city school book music game
movie phone garden dog cat kitchen money plan trip weather morning evening night summer winter spring garage office
meeting project letter doctor health sleep dinner lunch coffee bread cheese soup train bus bike road bridge river lake
mountain beach forest walk run swim cook read write paint build fix clean buy sell learn teach remember forget help
call visit travel move start finish change love like want need think know feel see hear find keep give take make
bring show tell ask answer laugh cry smile share support good great new old small big happy sad tired busy early late
warm cold quick slow kind brave funny beautiful amazing important difficult easy different together again always never
maybe soon yesterday today tomorrow weekend birthday party wedding holiday gift photo story song dance class art
painting museum concert team coach match race marathon charity volunteer community neighbour market shop store`
  .split(/\s+/)
  .filter((word) => word !== "");

const glue = ["the", "a", "and", "to", "of", "in", "it", "for", "with", "that", "was", "on", "my", "we", "you", "is"];
const syllables = [
  "ba",
  "ko",
  "mi",
  "ran",
  "tel",
  "su",
  "vor",
  "ni",
  "pal",
  "dre",
  "gu",
  "zen",
  "lo",
  "fi",
  "ha",
  "quo",
];

/** `count` made-up chat turns: everyday words by a power law, with a long tail of words that occur once or twice. */
export function fillerTurns(count: number, seed: number): readonly string[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[], skew: number): T => {
    const item = list[Math.floor(list.length * random() ** skew)];
    if (item === undefined) throw new Error("an empty list");
    return item;
  };
  const rare = (): string => Array.from({ length: 3 }, () => pick(syllables, 1)).join("");
  const word = (): string => {
    const die = random();
    if (die < 0.5) return pick(glue, 1);
    return die < 0.93 ? pick(everyday, 2) : rare();
  };
  return Array.from({ length: count }, () => Array.from({ length: 8 + Math.floor(random() * 30) }, word).join(" "));
}
