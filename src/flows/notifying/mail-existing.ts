// Mails about what was there when a notification was activated without "only new records". A job goes through the records in the order of
// their ids; each chunk's mails and how far it came are one transaction, so a worker that dies goes on where the last chunk ended.
import { moneyJson } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import { loadLegalEntity } from '#modules/invoicing'
import {
  loadNotification,
  lockRun,
  type Notification,
  type NotificationRunId,
  saveRun,
} from '#modules/notifications'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { priceNextTerms } from '../subscriptions/price-next-term.ts'
import { type Asked, listMatching, queueReached, type Reached } from './reach.ts'

const CHUNK = 200
/** After so long a run leaves the rest to the next one. */
const RUN_MS = 10_000

export const mailExisting = job<App, { notificationRunId: NotificationRunId }>(
  'mail-existing',
  async (app, { notificationRunId: id }, { isLastTry }) => {
    const until = performance.now() + RUN_MS
    try {
      for (;;) {
        const isTime = performance.now() > until
        if (!(await mailNext(app, id, isTime)) || isTime) return
      }
    } catch (error) {
      if (isLastTry) await transaction(app.db, sellerScope, (tx) => fail(tx, app, id))
      throw error
    }
  },
  { expireInSeconds: 60, concurrency: 1 },
)

/** Answers whether there may be more. `isTime`: leaves what comes after this chunk to another run. */
async function mailNext(
  app: Pick<App, 'db' | 'now'>,
  id: NotificationRunId,
  isTime: boolean,
): Promise<boolean> {
  return transaction(app.db, sellerScope, async (tx) => {
    const run = await lockRun(tx, id)
    // One that failed is taken up again where it came to when its job is retried.
    if (run.state === 'done' || run.state === 'stopped') return false
    const at = app.now()
    const notification = await loadNotification(tx, run.code)
    const found = await mailPage(tx, notification, run.reached ?? undefined, at)
    const isDone = found.last === undefined
    await saveRun(tx, {
      ...run,
      state: isDone ? 'done' : 'running',
      reached: found.last ?? run.reached,
      mailCount: run.mailCount + found.count,
      problem: '',
      endedAt: isDone ? at : null,
    })
    if (isTime && !isDone) await enqueue(tx, mailExisting, [{ notificationRunId: id }])
    return !isDone
  })
}

async function fail(tx: Tx, app: Pick<App, 'now'>, id: NotificationRunId): Promise<void> {
  const run = await lockRun(tx, id)
  if (run.state !== 'running') return
  const problem =
    'Something failed on our side again and again. What was mailed until then stays; retry the job to go on.'
  await saveRun(tx, { ...run, state: 'failed', problem, endedAt: app.now() })
}

/** Mails the next records that match; `last` is undefined where there are no more. */
export async function mailPage(
  tx: Tx,
  notification: Notification,
  after: string | undefined,
  at: Temporal.Instant,
  options: { readonly since?: Temporal.PlainDate } = {},
): Promise<{ readonly last: string | undefined; readonly count: number }> {
  const asked = { ...(await askedNow(tx, notification, at)), ...options }
  const rows = await listMatching(tx, notification, asked, after, CHUNK)
  const count = await queueReached(tx, notification, await withMore(tx, notification, rows, at), at)
  return { last: rows.length === CHUNK ? rows.at(-1)?.id : undefined, count }
}

/** Days are the seller's where they are due to be paid, as its invoices count them, and UTC for terms, as vendors count them. */
export async function askedNow(
  tx: Parameters<typeof loadLegalEntity>[0],
  { entity, days }: Pick<Notification, 'entity' | 'days'>,
  at: Temporal.Instant,
): Promise<Asked> {
  const today = entity === 'invoice' ? dayOf(at, (await loadLegalEntity(tx)).timeZone) : dayOf(at)
  return { at, today, days }
}

/** A renewal is announced with its price of today, empty where nobody can say it. */
async function withMore(
  tx: Tx,
  { code }: Notification,
  rows: readonly Reached[],
  at: Temporal.Instant,
): Promise<readonly Reached[]> {
  if (code !== 'subscription-renewal-notice') return rows
  const asked = rows.flatMap(({ subscriptionId: id, orderId }) => (id && orderId ? [{ id, orderId }] : []))
  const renewing = await tx.many<{ id: string }>`
    select id from subscription where id = any (${asked.map(({ id }) => id)}::uuid[]) and auto_renew`
  const prices = await priceNextTerms(
    tx,
    asked.filter(({ id }) => renewing.some((each) => each.id === id)),
    at,
  )
  return rows.map((row) => {
    const item = row.subscriptionId && prices.get(row.subscriptionId)?.item
    const price = item ? moneyJson(item.net) : ''
    return { ...row, variables: { renewal: { price } } }
  })
}
