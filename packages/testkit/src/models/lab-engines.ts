import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Real inference servers, as `infra/lab/engines.sh` builds them. */
export interface LabEngines {
  readonly llamaServer: string;
  readonly ollama: string;
}

/** A real server on a port of its own; disposing ends it. */
export interface RunningEngine extends AsyncDisposable {
  /** Without a path. */
  readonly url: string;
  readonly process: ChildProcess;
}

export interface RunningOllama extends RunningEngine {
  /** Makes a model of a GGUF file. */
  create(name: string, ggufPath: string): Promise<void>;
}

/** The binaries in the lab's cache, or null, said aloud, where they have not been built. */
export function labEngines(): LabEngines | null {
  const cache = process.env["FREEHOLD_LAB_CACHE"] ?? join(homedir(), ".cache", "freehold-lab");
  for (const folder of [cache, join(cache, "engines")]) {
    const found = { llamaServer: join(folder, "lib/ollama/llama-server"), ollama: join(folder, "bin/ollama") };
    if (existsSync(found.llamaServer) && existsSync(found.ollama)) return found;
  }
  console.warn(`SKIPPED: no llama-server and Ollama in ${cache}; infra/lab/engines.sh builds them.`);
  return null;
}

export interface LlamaServerOptions {
  readonly contextTokens: number;
  readonly key?: string;
  readonly more?: readonly string[];
}

export async function startLlamaServer(
  { llamaServer }: LabEngines,
  ggufPath: string,
  { contextTokens, key, more = [] }: LlamaServerOptions,
): Promise<RunningEngine> {
  const port = await freePort();
  const options = {
    "--model": ggufPath,
    "--host": "127.0.0.1",
    "--port": port,
    "--ctx-size": contextTokens,
    "--parallel": 1,
    "--threads": 1,
    "--threads-batch": 1,
    "--cors-origins": "localhost",
    ...(key === undefined ? {} : { "--api-key": key }),
  };
  const args = [...Object.entries(options).flat().map(String), "--jinja", "--no-webui", "--offline", ...more];
  const child = spawn(llamaServer, args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, `${url}/health`);
  return { url, process: child, [Symbol.asyncDispose]: () => end(child) };
}

export async function startOllama(
  { ollama }: LabEngines,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningOllama> {
  const home = await mkdtemp(join(tmpdir(), "freehold-ollama-"));
  const port = await freePort();
  const child = spawn(ollama, ["serve"], {
    stdio: "ignore",
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      OLLAMA_HOST: `127.0.0.1:${port}`,
      OLLAMA_MODELS: join(home, "models"),
      OLLAMA_NO_CLOUD: "1",
      OLLAMA_NUM_PARALLEL: "1",
      ...environment,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, `${url}/api/version`);
  return {
    url,
    process: child,
    create: (name, ggufPath) => createModel(url, name, ggufPath),
    async [Symbol.asyncDispose]() {
      await end(child);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function createModel(url: string, name: string, ggufPath: string): Promise<void> {
  const bytes = await readFile(ggufPath);
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  await expectOk(await fetch(`${url}/api/blobs/${digest}`, { method: "POST", body: bytes }));
  const body = JSON.stringify({ model: name, files: { "model.gguf": digest }, stream: false });
  await expectOk(await fetch(`${url}/api/create`, { method: "POST", body }));
}

async function expectOk(response: Response): Promise<void> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (child.exitCode !== null) throw new Error(`The engine ended with code ${child.exitCode}.`);
    const ready = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error("The engine did not become ready within 30 s.");
}

/** SIGTERM first: Ollama ends its runners only when it may say goodbye. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await gone;
  clearTimeout(force);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
