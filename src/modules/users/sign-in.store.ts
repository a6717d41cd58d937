// What stands around a sign-in: failures that are counted, resets of passwords, and forms whose session had ended.
import type { UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'
import { type Secrets, tokenHash } from '#platform/secrets.ts'

/**
 * The failures of some subjects since a moment, oldest first. Holds the subjects until the transaction ends, so that a
 * hundred guesses at once are counted one after the other.
 */
export async function lockLoginAttempts(
  tx: Tx,
  subjects: readonly string[],
  since: Temporal.Instant,
): Promise<{ subject: string; at: Temporal.Instant }[]> {
  const sorted = [...subjects].sort()
  await tx.many`
    select pg_advisory_xact_lock(hashtextextended(subject, 7266)) from unnest(${sorted}::text[]) as wanted (subject)`
  return tx.many<{ subject: string; at: Temporal.Instant }>`
    select subject, at from login_attempt where subject = any (${sorted}::text[]) and at > ${since} order by at`
}

export async function insertLoginAttempts(
  tx: Tx,
  subjects: readonly string[],
  at: Temporal.Instant,
): Promise<void> {
  await tx.run`
    insert into login_attempt (subject, at) select subject, ${at}::timestamptz from unnest(${[...subjects]}::text[]) as tried (subject)`
}

/** Forgets every failure of one subject. */
export async function deleteLoginAttempts(tx: Tx, subject: string): Promise<void> {
  await tx.run`delete from login_attempt where subject = ${subject}`
}

/** Forgets one failure of a subject: an attempt that was counted before it turned out well. */
export async function deleteLoginAttempt(tx: Tx, subject: string, at: Temporal.Instant): Promise<void> {
  await tx.run`
    delete from login_attempt
    where ctid = (select ctid from login_attempt where subject = ${subject} and at = ${at} limit 1)`
}

/** A new reset makes older ones of the same user void. */
export async function insertPasswordReset(
  tx: Tx,
  token: string,
  reset: {
    readonly userId: UserId
    readonly createdAt: Temporal.Instant
    readonly expiresAt: Temporal.Instant
  },
): Promise<void> {
  await voidPasswordResets(tx, reset.userId, reset.createdAt)
  await tx.run`
    insert into password_reset (token_hash, user_id, created_at, expires_at)
    values (${tokenHash(token)}, ${reset.userId}, ${reset.createdAt}, ${reset.expiresAt})`
}

export async function voidPasswordResets(tx: Tx, userId: UserId, at: Temporal.Instant): Promise<void> {
  await tx.run`update password_reset set used_at = ${at} where user_id = ${userId} and used_at is null`
}

/** Whose password a token may set now; nothing where it was used, is void or too old. */
export async function findPasswordReset(
  sql: Sql,
  token: string,
  at: Temporal.Instant,
): Promise<UserId | undefined> {
  const row = await sql.maybe<{ userId: UserId }>`
    select user_id from password_reset where token_hash = ${tokenHash(token)} and used_at is null and expires_at > ${at}`
  return row?.userId
}

/** Uses a token up; of two at the same moment one gets nothing. */
export async function usePasswordReset(
  tx: Tx,
  token: string,
  at: Temporal.Instant,
): Promise<UserId | undefined> {
  const row = await tx.maybe<{ userId: UserId }>`
    update password_reset set used_at = ${at}
    where token_hash = ${tokenHash(token)} and used_at is null and expires_at > ${at} returning user_id`
  return row?.userId
}

const purpose = (path: string) => `held form ${path}`

/** Keeps a form for its path, encrypted. */
export async function insertHeldForm(
  tx: Tx,
  secrets: Secrets,
  token: string,
  form: { readonly path: string; readonly body: string; readonly expiresAt: Temporal.Instant },
): Promise<void> {
  await tx.run`
    insert into held_form (token_hash, path, body_cipher, expires_at)
    values (${tokenHash(token)}, ${form.path}, ${secrets.seal(form.body, purpose(form.path))}, ${form.expiresAt})`
}

/** Gives the form back once, to the path it was sent to. */
export async function takeHeldForm(
  tx: Tx,
  secrets: Secrets,
  token: string,
  path: string,
  at: Temporal.Instant,
): Promise<string | undefined> {
  const row = await tx.maybe<{ bodyCipher: Uint8Array }>`
    delete from held_form where token_hash = ${tokenHash(token)} and path = ${path} and expires_at > ${at} returning body_cipher`
  return row && secrets.open(row.bodyCipher, purpose(path))
}

/** Removes what nobody will ask for again. */
export async function deleteExpired(tx: Tx, at: Temporal.Instant): Promise<void> {
  const dayBefore = at.subtract({ hours: 24 })
  await tx.run`delete from session where expires_at < ${at}`
  await tx.run`delete from held_form where expires_at < ${at}`
  await tx.run`delete from login_attempt where at < ${dayBefore}`
  await tx.run`delete from password_reset where expires_at < ${dayBefore}`
}
