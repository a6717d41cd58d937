// S4 (c): where prices cannot be calculated the order stops, the basket is kept, and the seller is told, by one mail for a basket and day.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId } from '#kernel/ids.ts'
import { dayOf } from '#kernel/time.ts'
import { loadAccount } from '#modules/accounts'
import type { Basket } from '#modules/basket'
import { type Portal, scopeOf } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { tellSeller } from '../notifying/tell-seller.ts'

const CODE = 'prices-not-calculable'

type Unpriced = {
  readonly basketId: BasketId
  readonly accountId: AccountId
  readonly day: string
  readonly reason: string
}

/** The mail is the seller's: a job queues it, because a buyer's scope may not write one. */
export const tellUnpriced = job<App, Unpriced>('tell-unpriced', (app, unpriced) =>
  transaction(app.db, sellerScope, async (tx) => {
    const buyer = await loadAccount(tx, unpriced.accountId)
    await tellSeller(tx, app, {
      notificationCode: CODE,
      cause: `${CODE}:${unpriced.basketId}:${unpriced.day}`,
      accountId: buyer.id,
      variables: { buyer: { name: buyer.name, number: buyer.number }, reason: unpriced.reason },
    })
  }),
)

/** Within the change that brought it to light. */
export async function tellOfUnpriced(
  tx: Tx,
  app: Pick<App, 'now'>,
  basket: Pick<Basket, 'id' | 'accountId'>,
  problems: Iterable<{ readonly code: string; readonly message: string }>,
): Promise<void> {
  const reasons = [...problems].filter(({ code }) => code === 'price/not-calculable')
  if (reasons.length === 0) return
  const reason = [...new Set(reasons.map(({ message }) => withoutPromise(message)))].join(' ')
  await enqueue(tx, tellUnpriced, [
    { basketId: basket.id, accountId: basket.accountId, day: dayOf(app.now()).toString(), reason },
  ])
}

const BASKET_IS_KEPT = 'Your basket is kept, and we have been told.'

const withoutPromise = (message: string) => message.replace(BASKET_IS_KEPT, '').trim()

/** What a buyer is told where prices cannot be calculated. */
export function keepingBasket(message: string): string {
  return message.includes(BASKET_IS_KEPT) ? message : `${message} ${BASKET_IS_KEPT}`
}

/**
 * Around work that orders a basket: where it is refused because there is no price, what it did is undone, and the seller is told all the
 * same. Inside somebody else's transaction only the words are added: who holds the transaction tells.
 */
export async function tellingOfUnpriced<Result>(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  basketId: BasketId,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'price/not-calculable') throw error
    if (!app.db.isTransaction)
      await transaction(app.db, scopeOf(actor), (tx) =>
        tellOfUnpriced(tx, app, { id: basketId, accountId: actor.accountId }, [error]),
      )
    throw new Refusal(error.code, keepingBasket(error.message), error.details, error.errors)
  }
}
