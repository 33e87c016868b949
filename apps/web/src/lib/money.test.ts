import { verifies } from "@freehold/testkit";
import { describe, expect, it } from "vitest";
import { decimalText, parseAmount, percentOf, showMoney } from "./money.ts";

const usdc = { asset: "eip155:84532/erc20:0x036c", symbol: "USDC", decimals: 6, network: "Base Sepolia", test: true };

describe("showMoney", () => {
  it("shows units without a float, however many digits there are", () => {
    verifies("web.money.digits");
    expect(decimalText(123_456_789_012_345_678_901_234_567n, 18)).toBe("123,456,789.012345678901234567");
    expect(decimalText(9_007_199_254_740_993n, 0)).toBe("9,007,199,254,740,993");
    expect(decimalText(1_123_456_789_012_345_678n, 18)).toBe("1.123456789012345678");
    expect(decimalText(4n, 6)).toBe("0.000004");
    expect(decimalText(-1_500_000n, 6)).toBe("-1.5");
  });

  it("names test money as such, and never guesses an unknown asset's decimals", () => {
    expect(showMoney({ asset: usdc.asset, units: "10000" }, [usdc]).text).toBe("0.01 test USDC");
    expect(showMoney({ asset: "eip155:1/erc20:0xff", units: "10000" }, [usdc]).text).toBe(
      "10,000 units of eip155:1/erc20:0xff",
    );
  });
});

describe("parseAmount", () => {
  it("is the inverse, and refuses what is finer than the asset", () => {
    verifies("web.money.digits");
    expect(parseAmount("1,284.5", 6)).toBe(1_284_500_000n);
    expect(parseAmount("0.0000001", 6)).toBeNull();
    expect(parseAmount("1e3", 6)).toBeNull();
    expect(parseAmount("-1", 6)).toBeNull();
  });
});

describe("percentOf", () => {
  it("stays between nothing and all", () => {
    expect(percentOf(1n, 3n)).toBe(33.33);
    expect(percentOf(5n, 3n)).toBe(100);
    expect(percentOf(0n, 0n)).toBe(0);
    expect(percentOf(1n, 0n)).toBe(100);
  });
});
