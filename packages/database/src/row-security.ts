import { FreeholdError } from "@freehold/core";
import { z } from "zod";
import type { Session } from "./engine.ts";
import { databaseErrors } from "./errors.ts";

const roleSchema = z.tuple([
  z.object({ role: z.string(), super: z.boolean(), bypass: z.boolean(), owned: z.string().nullable() }),
]);

/** Refuses a login that could read past row security, now or after `reset role`. Throws `DATABASE_ROLE_UNSAFE`. */
export async function checkRole(session: Session, rooms: readonly string[]): Promise<void> {
  const { rows } = await session.query(
    `select rolname as role, rolsuper as super, rolbypassrls as bypass,
       (select min(nspname) from pg_namespace
         where nspname = any ($1::text[]) and pg_has_role(session_user, nspowner, 'MEMBER')) as owned
     from pg_roles where rolname = session_user`,
    [`{${rooms.join(",")}}`],
  );
  const [{ role, super: superuser, bypass, owned }] = roleSchema.parse(rows);
  const problem = superuser
    ? "it is a superuser"
    : bypass
      ? "it has BYPASSRLS"
      : owned === null
        ? null
        : `it owns the schema ${owned}`;
  if (problem !== null) throw new FreeholdError(databaseErrors.DATABASE_ROLE_UNSAFE, { role, problem });
}
