// API keys: a program acts with the rights of the user whose key it holds. The key itself is shown once, when it is made.
import { invalid, Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  type ApiKey,
  type ApiKeyId,
  actorWith,
  findApiKey,
  insertApiKey,
  listApiKeys,
  type Portal,
  revokeApiKey as revoke,
  type Staff,
  touchApiKey,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { newToken } from '#platform/secrets.ts'
import type { App } from '../app.ts'
import type { Resumed } from './resume-session.ts'

const PREFIX = 'emp_'

/** Makes a key for the actor's own rights. `token` cannot be had again. */
export async function createApiKey(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: { readonly name: string },
): Promise<{ key: ApiKey; token: string }> {
  const name = input.name.trim()
  if (name === '' || name.length > 80 || /[\u0000-\u001f\u007f]/.test(name))
    throw invalid({
      pointer: '/name',
      code: 'required',
      message: 'Give the key a name of at most 80 characters.',
    })
  const token = PREFIX + newToken()
  const at = app.now()
  const key: ApiKey = {
    id: newId(),
    userId: actor.userId,
    name,
    hint: token.slice(-4),
    createdAt: at,
    lastUsedAt: undefined,
    revokedAt: undefined,
  }
  await transaction(app.db, sellerScope, async (tx) => {
    await insertApiKey(tx, key, token)
    await recordAudit(tx, {
      at,
      actor,
      action: 'api-key/created',
      subjectType: 'api-key',
      subjectId: key.id,
      after: { name, hint: key.hint },
    })
  })
  return { key, token }
}

export async function revokeApiKey(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: { readonly id: ApiKeyId },
): Promise<void> {
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    if (!(await revoke(tx, input.id, actor.userId, at)))
      throw new Refusal('api-key/not-found', 'You have no such key in use.', { id: input.id })
    await recordAudit(tx, {
      at,
      actor,
      action: 'api-key/revoked',
      subjectType: 'api-key',
      subjectId: input.id,
    })
  })
}

/** The actor's own keys, the newest first. */
export async function ownApiKeys(app: Pick<App, 'db'>, actor: Staff | Portal): Promise<ApiKey[]> {
  return reading(app.db, sellerScope, (sql) => listApiKeys(sql, actor.userId))
}

/** Who is behind a Bearer token; nothing where it is unknown, revoked, or its user or company is blocked. */
export async function resumeApiKey(
  app: Pick<App, 'db' | 'now'>,
  token: string,
): Promise<Resumed | undefined> {
  if (!token.startsWith(PREFIX)) return undefined
  const at = app.now()
  const found = await reading(app.db, sellerScope, (sql) => findApiKey(sql, token))
  if (!found) return undefined
  const { user, account, apiKeyId, lastUsedAt } = found
  if (!lastUsedAt || Temporal.Instant.compare(lastUsedAt.add({ minutes: 1 }), at) <= 0)
    await transaction(app.db, sellerScope, (tx) => touchApiKey(tx, apiKeyId, at))
  return { actor: actorWith(user, account?.kind ?? null), user, account }
}
