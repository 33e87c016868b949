import { confidentialityLevels, integrityLevels, type Labels, type ServerId } from "@freehold/core";
import { z } from "zod";

export const slugPattern = /^[a-z][a-z0-9-]{0,23}$/;

export const folderSchema = z.object({ path: z.string(), writable: z.boolean() });
/** A folder of this machine that a sandboxed server may see, under its own path. */
export type GrantedFolder = Readonly<z.infer<typeof folderSchema>>;

export const packageSchema = z.object({ name: z.string(), version: z.string(), integrity: z.string() });
/** `integrity` is the registry's subresource integrity string of the package's archive. */
export type PinnedPackage = Readonly<z.infer<typeof packageSchema>>;

export type ServerTransport =
  | {
      readonly kind: "stdio";
      /** As the owner wrote it. */
      readonly command: readonly string[];
      /** What is started; the program is an absolute path. */
      readonly resolved: readonly string[];
      readonly package: PinnedPackage | null;
    }
  | { readonly kind: "http"; readonly url: string };

export interface ServerRecord {
  readonly id: ServerId;
  /** Stands before `__` in the names of its tools. */
  readonly slug: string;
  readonly transport: ServerTransport;
  readonly folders: readonly GrantedFolder[];
  /** Variables that the owner gave to this server; nothing else of the environment reaches it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The owner's word that it may run outside a sandbox. */
  readonly unsandboxed: boolean;
  /** The owner's word that its hints can be believed. */
  readonly vetted: boolean;
  readonly enabled: boolean;
  readonly labels: Labels;
  readonly addedAt: Date;
}

const stringsSchema = z.array(z.string());

export const labelColumns = {
  integrity: z.enum(integrityLevels),
  confidentiality: z.enum(confidentialityLevels),
  origins: stringsSchema,
};

export function labelsOf(row: z.infer<z.ZodObject<typeof labelColumns>>): Labels {
  return { integrity: row.integrity, confidentiality: row.confidentiality, origins: row.origins };
}

export const serverRowSchema = z
  .object({
    id: z.string(),
    slug: z.string(),
    transport: z.enum(["stdio", "http"]),
    command: stringsSchema.nullable(),
    resolved: stringsSchema.nullable(),
    package: packageSchema.nullable(),
    url: z.string().nullable(),
    folders: z.array(folderSchema),
    environment: z.record(z.string(), z.string()),
    unsandboxed: z.boolean(),
    vetted: z.boolean(),
    enabled: z.boolean(),
    added_at: z.date(),
    ...labelColumns,
  })
  .transform((row): ServerRecord => ({
    id: row.id as ServerId,
    slug: row.slug,
    transport:
      row.url === null
        ? { kind: "stdio", command: row.command ?? [], resolved: row.resolved ?? [], package: row.package }
        : { kind: "http", url: row.url },
    folders: row.folders,
    environment: row.environment,
    unsandboxed: row.unsandboxed,
    vetted: row.vetted,
    enabled: row.enabled,
    labels: labelsOf(row),
    addedAt: row.added_at,
  }));
