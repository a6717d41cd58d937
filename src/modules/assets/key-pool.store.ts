// The table pool_key, and the pool as a vendor of licences. A key is given to one transaction for ever; giving it out and
// remembering to whom is one statement.
import { Refusal } from '#kernel/failure.ts'
import { type Id, newId, type PlanId, type TransactionId } from '#kernel/ids.ts'
import type { Now } from '#kernel/time.ts'
import { type Database, type Sql, sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { Secrets } from '#platform/secrets.ts'
import { keyPrint, openKey, sealKey } from './key.ts'
import type { PoolRow } from './key-pool.ts'
import type { IssueAnswer, LicenceVendor } from './licence-vendor.ts'

/** When a pool is empty: new keys come by hand, so there is no hurry. */
const ASK_AGAIN_MS = 5 * 60_000

/** Adds keys nobody knows yet; answers the lines whose key lies in a pool or on an asset already. */
export async function insertPoolKeys(
  tx: Tx,
  secrets: Secrets,
  planId: PlanId,
  rows: readonly PoolRow[],
  batch: string,
  at: Temporal.Instant,
): Promise<{ known: PoolRow[] }> {
  if (rows.length === 0) return { known: [] }
  const sealed = rows.map((row) => ({ row, id: newId<Id<'pool key'>>(), ...sealKey(secrets, row) }))
  const added = await tx.many<{ id: string }>`
    insert into pool_key (id, plan_id, key_cipher, key_mask, key_print, activation_link_cipher, batch, uploaded_at)
    select id, ${planId}::uuid, decode(key_cipher, 'hex'), key_mask, decode(key_print, 'hex'), decode(link_cipher, 'hex'), ${batch},
      ${at}::timestamptz
    from unnest(${sealed.map((each) => each.id)}::uuid[], ${hex(sealed.map((each) => each.keyCipher))}::text[],
      ${sealed.map((each) => each.keyMask)}::text[], ${hex(sealed.map((each) => each.keyPrint))}::text[],
      ${hex(sealed.map((each) => each.activationLinkCipher))}::text[])
      as made (id, key_cipher, key_mask, key_print, link_cipher)
    where not exists (select 1 from asset where asset.key_print = decode(made.key_print, 'hex'))
    on conflict (key_print) do nothing returning id`
  const ids = new Set(added.map((row) => row.id))
  return { known: sealed.filter((each) => !ids.has(each.id)).map((each) => each.row) }
}

/** Arrays of bytes travel as text. */
function hex(list: readonly (Uint8Array | undefined)[]): (string | null)[] {
  return list.map((bytes) => (bytes ? Buffer.from(bytes).toString('hex') : null))
}

export async function countFreePoolKeys(sql: Sql, planId: PlanId): Promise<number> {
  const { free } = await sql.one<{ free: number }>`
    select count(*)::int as free from pool_key where plan_id = ${planId} and transaction_id is null`
  return free
}

/** Undefined where no key was ever uploaded for the plan. */
export async function findPoolStock(
  sql: Sql,
  planId: PlanId,
): Promise<{ readonly free: number; readonly lastBatch: string } | undefined> {
  return sql.maybe`
    select batch as last_batch,
      (select count(*)::int from pool_key free where free.plan_id = pool_key.plan_id and free.transaction_id is null) as free
    from pool_key where plan_id = ${planId} order by uploaded_at desc, batch limit 1`
}

type Given = {
  id: string
  keyCipher: Uint8Array
  activationLinkCipher: Uint8Array | null
  returnedAt: Temporal.Instant | null
}

async function findGiven(sql: Sql, transactionId: TransactionId): Promise<Given | undefined> {
  return sql.maybe<Given>`
    select id, key_cipher, activation_link_cipher, returned_at from pool_key where transaction_id = ${transactionId}`
}

async function giveOne(
  tx: Tx,
  planId: PlanId,
  transactionId: TransactionId,
  at: Temporal.Instant,
): Promise<Given | undefined> {
  return tx.maybe<Given>`
    update pool_key set transaction_id = ${transactionId}, given_at = ${at}
    where id = (select id from pool_key where plan_id = ${planId} and transaction_id is null order by id limit 1 for update skip locked)
    returning id, key_cipher, activation_link_cipher, returned_at`
}

/** Keys from the seller's own stock behind the vendors' port. `planOf` finds the plan that a SKU of this instance is. */
export function poolVendor(
  db: Database | Tx,
  secrets: Secrets,
  options: { now: Now; planOf: (sql: Sql, sku: string) => Promise<PlanId | undefined> },
): LicenceVendor {
  const licenceOf = (given: Given): IssueAnswer => ({
    outcome: 'issued',
    licence: {
      ...openKey(secrets, given),
      serviceTransactionId: given.id,
      downloadLink: undefined,
      downloadExpiresAt: undefined,
      returnableUntil: undefined,
      tokenStatus: given.returnedAt ? 'ReturnAccepted' : 'Activated',
    },
  })
  const lookUp = (transactionId: TransactionId) =>
    transaction(db, sellerScope, async (tx) => {
      const given = await findGiven(tx, transactionId)
      return given ? licenceOf(given) : ({ outcome: 'unknown' } as const)
    })

  const issueOnce = (transactionId: TransactionId, sku: string) =>
    transaction(db, sellerScope, async (tx): Promise<IssueAnswer> => {
      // The same id asked twice at one moment: the second waits here and finds what the first was given.
      await tx.run`select pg_advisory_xact_lock(hashtextextended(${transactionId}, 0))`
      const before = await findGiven(tx, transactionId)
      if (before) return licenceOf(before)
      const planId = await options.planOf(tx, sku)
      if (!planId)
        return {
          outcome: 'refused',
          code: 'vendor/sku-unknown',
          reason: 'The key pool has no such product.',
          transactionIsDead: false,
        }
      const given = await giveOne(tx, planId, transactionId, options.now())
      return given ? licenceOf(given) : { outcome: 'out-of-keys', retryAfterMs: ASK_AGAIN_MS }
    })

  return {
    async syncAccount() {
      return { outcome: 'synchronized' }
    },
    issue: ({ transactionId, sku }) => issueOnce(transactionId, sku),
    lookUp,
    /** The key leaves the licence but never goes to anybody else: its first owner may have written it down. */
    async returnLicence({ transactionId }) {
      const touched = await transaction(
        db,
        sellerScope,
        (tx) => tx.run`
        update pool_key set returned_at = coalesce(returned_at, ${options.now()}) where transaction_id = ${transactionId}`,
      )
      return touched === 1
        ? { outcome: 'returned' }
        : {
            outcome: 'refused',
            code: 'vendor/not-found',
            reason: 'The key pool never gave out a key for this licence.',
          }
    },
    async renewLinks(transactionId) {
      const answer = await lookUp(transactionId)
      if (answer.outcome !== 'unknown') return answer
      const reason = 'The key pool never gave out a key for this licence.'
      return { outcome: 'refused', code: 'vendor/not-found', reason, transactionIsDead: false }
    },
    // biome-ignore lint/correctness/useYield: there is nothing to yield, a pool is filled by hand
    async *catalogue() {
      throw new Refusal(
        'catalogue/pool-has-none',
        'A key pool has no catalogue: its products are made by hand.',
      )
    },
    async test() {
      return { ok: true }
    },
  }
}
