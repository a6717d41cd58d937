// API keys: a program acts with the rights of the user whose key it holds, or with some of them. The key itself is shown once, when it
// is made.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import { holdsControl } from '#kernel/text.ts'
import { recordAudit } from '#modules/audit'
import {
  type ApiKey,
  type ApiKeyId,
  actorOf,
  findApiKey,
  insertApiKey,
  lockApiKey,
  mayDo,
  type Portal,
  type Right,
  revokeApiKey as revoke,
  rightsNamed,
  type Staff,
  touchApiKey,
} from '#modules/users'
import { reading, sellerScope, transaction } from '#platform/db.ts'
import { newToken } from '#platform/secrets.ts'
import type { App } from '../app.ts'
import type { Resumed } from './resume-session.ts'

const PREFIX = 'emp_'

export type ApiKeyInput = {
  readonly name: string
  /** What it carries; undefined: all rights its user has, whatever they become. */
  readonly rights?: readonly string[] | undefined
  readonly expiresAt?: Temporal.Instant | undefined
}

/** Makes a key for the actor's own rights, or some of them. `token` cannot be had again. */
export async function createApiKey(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: ApiKeyInput,
): Promise<{ key: ApiKey; token: string }> {
  const at = app.now()
  const name = input.name.trim()
  const faults: FieldFault[] = []
  if (name === '' || name.length > 80 || holdsControl(name))
    faults.push({
      pointer: '/name',
      code: 'required',
      message: 'Give the key a name of at most 80 characters.',
    })
  const rights = carried(actor, input.rights, faults)
  if (input.expiresAt && Temporal.Instant.compare(input.expiresAt, at) <= 0)
    faults.push({ pointer: '/expiresAt', code: 'past', message: 'A key expires in the future, or never.' })
  if (faults.length > 0) throw invalid(...faults)
  const token = PREFIX + newToken()
  const key: ApiKey = {
    id: newId(),
    userId: actor.userId,
    name,
    hint: token.slice(-4),
    rights,
    createdAt: at,
    expiresAt: input.expiresAt,
    lastUsedAt: undefined,
    revokedAt: undefined,
    revokedBy: undefined,
  }
  await transaction(app.db, sellerScope, async (tx) => {
    await insertApiKey(tx, key, token)
    await recordAudit(tx, {
      at,
      actor,
      action: 'api-key/created',
      subjectType: 'api-key',
      subjectId: key.id,
      after: { name, hint: key.hint, rights: rights ?? 'all', expiresAt: key.expiresAt ?? 'never' },
    })
  })
  return { key, token }
}

/** A key that is limited itself makes no key that carries more than it does. */
function carried(
  actor: Staff | Portal,
  asked: readonly string[] | undefined,
  faults: FieldFault[],
): readonly Right[] | undefined {
  if (asked === undefined) return actor.notOfThisKey ? [...actor.rights] : undefined
  const rights = rightsNamed(asked).filter((right) => actor.rights.has(right))
  const beyond = [...new Set(asked)].find((name) => !(rights as readonly string[]).includes(name))
  if (beyond !== undefined)
    faults.push({
      pointer: '/rights',
      code: 'not-yours',
      message: `"${beyond.slice(0, 40)}" is no right of yours. Yours are: ${[...actor.rights].sort().join(', ')}.`,
    })
  else if (rights.length === 0)
    faults.push({ pointer: '/rights', code: 'required', message: 'Choose at least one right, or all.' })
  return rights
}

/** One's own; or, for whoever manages people, those of the people they manage. */
export async function revokeApiKey(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff | Portal,
  input: { readonly id: ApiKeyId },
): Promise<void> {
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const key = await lockApiKey(tx, input.id)
    const isOwn = key?.userId === actor.userId
    const isReached = actor.kind === 'staff' || key?.accountId === actor.accountId
    if (!key || !(isOwn || (isReached && mayDo(actor, 'manage-users'))))
      throw new Refusal('api-key/not-found', 'You have no such key in use.', { id: input.id })
    await revoke(tx, input.id, at, isOwn ? undefined : actor.name)
    await recordAudit(tx, {
      at,
      actor,
      action: 'api-key/revoked',
      subjectType: 'api-key',
      subjectId: input.id,
      accountId: key.accountId,
      ...(isOwn ? {} : { after: { user: key.userName } }),
    })
  })
}

/** Who is behind a Bearer token; nothing where it is unknown, revoked, expired, or its user or company is blocked. */
export async function resumeApiKey(
  app: Pick<App, 'db' | 'now'>,
  token: string,
): Promise<Resumed | undefined> {
  if (!token.startsWith(PREFIX)) return undefined
  const at = app.now()
  const found = await reading(app.db, sellerScope, (sql) => findApiKey(sql, token, at))
  if (!found) return undefined
  const { user, account, key } = found
  if (!key.lastUsedAt || Temporal.Instant.compare(key.lastUsedAt.add({ minutes: 1 }), at) <= 0)
    await transaction(app.db, sellerScope, (tx) => touchApiKey(tx, key.id, at))
  return { actor: actorOf(user, account?.kind ?? null, key.rights), user, account }
}
