// Before a term ends its customer is told, 30 and 7 days ahead, each once: that it will renew and at what price of today, or that it will
// end. The notice is written down in the transaction that queues its mail.
import type { SubscriptionId } from '#kernel/ids.ts'
import { type MoneyJson, moneyJson } from '#kernel/money.ts'
import {
  insertNotice,
  listToNotify,
  lockSubscription,
  noticeDue,
  noticesOf,
  type Subscription,
} from '#modules/subscriptions'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { priceNextTerm } from './price-next-term.ts'
import { tellOfSubscription } from './tell-of-subscription.ts'

const PAGE = 500

export const sendRenewalNotices = job<App, Record<string, never>>(
  'send-renewal-notices',
  async (app) => {
    const today = app.now().toZonedDateTimeISO('UTC').toPlainDate()
    let after: SubscriptionId | undefined
    do {
      const ids: SubscriptionId[] = await transaction(app.db, sellerScope, async (tx) => {
        const page = await listToNotify(tx, today, after, PAGE)
        await enqueue(
          tx,
          sendRenewalNotice,
          page.map((subscriptionId) => ({ subscriptionId })),
        )
        return page
      })
      after = ids.length === PAGE ? ids.at(-1) : undefined
    } while (after)
  },
  { cron: '35 * * * *' },
)

export const sendRenewalNotice = job<App, { subscriptionId: SubscriptionId }>(
  'send-renewal-notice',
  async (app, { subscriptionId }) => {
    await transaction(app.db, sellerScope, (tx) => notify(tx, app, subscriptionId))
  },
)

async function notify(tx: Tx, app: App, id: SubscriptionId): Promise<void> {
  const at = app.now()
  const subscription = await lockSubscription(tx, id)
  const due = noticeDue(subscription, at.toZonedDateTimeISO('UTC').toPlainDate())
  if (due === undefined) return
  const { termNumber } = subscription
  const isFirst = await insertNotice(tx, { subscriptionId: id, termNumber, daysBefore: due, at })
  if (!isFirst) return
  // Earlier ones that were missed are not sent after this one.
  for (const daysBefore of noticesOf(subscription).filter((days) => days > due))
    await insertNotice(tx, { subscriptionId: id, termNumber, daysBefore, at })
  await tellOfSubscription(tx, app, subscription, {
    notificationCode: 'subscription-renewal-notice',
    cause: `subscription-renewal-notice:${id}:${termNumber}:${due}`,
    to: 'customer',
    variables: { renewal: { price: await todaysPrice(tx, subscription, at) } },
  })
}

/** Empty where it does not renew, or where nobody can say today. */
async function todaysPrice(
  tx: Tx,
  subscription: Subscription,
  at: Temporal.Instant,
): Promise<MoneyJson | ''> {
  if (!subscription.autoRenew) return ''
  const { item } = await priceNextTerm(tx, subscription, at)
  return item ? moneyJson(item.net) : ''
}
