import { describeError } from "@freehold/core";
import { z } from "zod";
import { readEnv } from "./env.ts";
import { serve } from "./serve.ts";

const log = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const serving = await serve(readEnv(process.env), log);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      serving[Symbol.asyncDispose]().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (error) {
  process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : describeError(error)}\n`);
  process.exitCode = 1;
}
