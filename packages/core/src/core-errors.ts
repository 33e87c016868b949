import { defineErrors } from "./errors.ts";

export const coreErrors = defineErrors({
  ASSET_INVALID: {
    status: 400,
    message: (data) => `"${String(data["text"])}" is not an asset id.`,
    next: "Use lightning:msat or a CAIP-19 id such as eip155:84532/erc20:0x….",
  },
  AMOUNT_INVALID: {
    status: 400,
    message: (data) => `"${String(data["text"])}" is not an amount.`,
    next: "Write a decimal number without sign or exponent, with no more places than the asset has.",
  },
  ASSET_MISMATCH: {
    status: 500,
    audience: "local",
    message: (data) => `Amounts in ${String(data["left"])} and ${String(data["right"])} cannot be compared.`,
    next: "Report this: amounts of two assets met without a rate that the owner accepted.",
  },
});
