import { FreeholdError } from "./errors.ts";
import { coreErrors } from "./core-errors.ts";

/**
 * What an amount is counted in: `lightning:msat`, or a CAIP-19 asset id such as
 * `eip155:84532/erc20:0x036cbd53842c5426634e7929541ec2318f3dcf7e`.
 * USDC on Base and EURC on Base are different assets; nothing compares them.
 */
export type Asset = string & { readonly __brand: "Asset" };

/** An amount in the asset's smallest unit (msat, token unit). Never a float. */
export interface Money {
  readonly asset: Asset;
  readonly units: bigint;
}

/** The form that crosses a wire or lands in JSON: units as a decimal string. */
export interface MoneyJson {
  readonly asset: string;
  readonly units: string;
}

const assetPattern = /^(lightning:msat|[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}\/[-a-z0-9]{3,8}:[-.%a-zA-Z0-9]{1,128})$/;

/** Parses an asset id; EVM addresses are lower-cased so that equal assets are equal strings. */
export function asset(text: string): Asset {
  if (!assetPattern.test(text)) throw new FreeholdError(coreErrors.ASSET_INVALID, { text });
  return (text.startsWith("eip155:") ? text.toLowerCase() : text) as Asset;
}

export function money(assetId: Asset, units: bigint): Money {
  return { asset: assetId, units };
}

export function moneyToJson(amount: Money): MoneyJson {
  return { asset: amount.asset, units: amount.units.toString() };
}

export function moneyFromJson(json: MoneyJson): Money {
  if (!/^-?\d{1,78}$/.test(json.units)) throw new FreeholdError(coreErrors.AMOUNT_INVALID, { text: json.units });
  return { asset: asset(json.asset), units: BigInt(json.units) };
}

function sameAsset(left: Money, right: Money): void {
  if (left.asset !== right.asset) {
    throw new FreeholdError(coreErrors.ASSET_MISMATCH, { left: left.asset, right: right.asset });
  }
}

export function addMoney(left: Money, right: Money): Money {
  sameAsset(left, right);
  return { asset: left.asset, units: left.units + right.units };
}

/** Negative, zero or positive, like a comparator. Throws `ASSET_MISMATCH` across assets: no rate is ever assumed. */
export function compareMoney(left: Money, right: Money): -1 | 0 | 1 {
  sameAsset(left, right);
  if (left.units === right.units) return 0;
  return left.units < right.units ? -1 : 1;
}

/** Units as a decimal string with `decimals` places, trailing zeros cut: `formatUnits(1500000n, 6)` is `"1.5"`. */
export function formatUnits(units: bigint, decimals: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** The inverse of `formatUnits`; more decimal places than the asset has is an error, never a rounding. */
export function parseUnits(text: string, decimals: number): bigint {
  const match = /^(\d{1,60})(?:\.(\d{1,60}))?$/.exec(text);
  const whole = match?.[1];
  const fraction = match?.[2] ?? "";
  if (whole === undefined || fraction.length > decimals) {
    throw new FreeholdError(coreErrors.AMOUNT_INVALID, { text });
  }
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}
