import type { AssetInfo, MoneyJson } from "@freehold/contract";

export interface ShownMoney {
  /** `1,284.5` */
  readonly amount: string;
  /** `USDC`, or `test USDC` when the money is without value. */
  readonly unit: string;
  /** Both, for a sentence. */
  readonly text: string;
}

function group(whole: string): string {
  return whole.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Units as a decimal text with all their places, trailing zeros cut. Works on digits alone: no number is ever a float. */
export function decimalText(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const at = digits.length - decimals;
  const fraction = digits.slice(at).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${group(digits.slice(0, at))}${fraction === "" ? "" : `.${fraction}`}`;
}

/** An asset that the wallet does not describe is shown in its smallest unit, under its whole name. */
export function showMoney(money: MoneyJson, assets: readonly AssetInfo[]): ShownMoney {
  const info = assets.find((candidate) => candidate.asset === money.asset);
  const amount = decimalText(BigInt(money.units), info?.decimals ?? 0);
  const unit = info === undefined ? `units of ${money.asset}` : `${info.test ? "test " : ""}${info.symbol}`;
  return { amount, unit, text: `${amount} ${unit}` };
}

/** What the owner typed, in the asset's smallest unit; null when it is no amount, or finer than the asset. */
export function parseAmount(text: string, decimals: number): bigint | null {
  const match = /^(\d{1,40})(?:\.(\d{1,36}))?$/.exec(text.trim().replaceAll(",", ""));
  const fraction = match?.[2] ?? "";
  if (match?.[1] === undefined || fraction.length > decimals) return null;
  return BigInt(match[1] + fraction.padEnd(decimals, "0"));
}

/** How much of a hundred `part` is of `whole`, for a bar: two places, never money. */
export function percentOf(part: bigint, whole: bigint): number {
  if (whole <= 0n) return part > 0n ? 100 : 0;
  const share = (part * 10_000n) / whole;
  return Number(share > 10_000n ? 10_000n : share) / 100;
}
