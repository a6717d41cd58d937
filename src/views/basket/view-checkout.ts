// A checkout as it stands: which items are for whom, what each order will cost with VAT (one for each end customer and currency), and
// which service details are still to be asked (product.md E4, E5). What is shown here is what placeOrder will do.
import type { AccountId, BasketId } from '#kernel/ids.ts'
import { type Currency, type Money, sum } from '#kernel/money.ts'
import {
  type Account,
  applyingOptions,
  effectiveOptions,
  loadAccounts,
  loadAllSyncOptions,
  missingOptions,
  type SyncOption,
} from '#modules/accounts'
import { listServiceDetails, type OpenBasketQuote, type ServiceDetails, versionOf } from '#modules/basket'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Database, reading, type Tx } from '#platform/db.ts'
import type { DescribedConnector } from '../accounts/view-account.ts'
import { type BasketLine, readBasket } from './read-basket.ts'
import { type BasketStack, stacksOf } from './view-basket.ts'

/** One connector's service details of one end customer. */
export type CheckoutService = {
  readonly connector: string
  readonly connectorName: string
  /** Required, to be asked in the Storefront, and without a value: stored or typed in this checkout. */
  readonly missing: readonly SyncOption[]
  /** What was typed in this checkout; may be changed until the order is placed. */
  readonly typed: Readonly<Record<string, string>>
  /** Options of the Storefront with the value that will hold. */
  readonly values: readonly {
    readonly option: SyncOption
    readonly value: string
    readonly isStored: boolean
  }[]
}

export type Amounts = { readonly net: Money; readonly tax: Money; readonly total: Money }

/** One end customer and currency: what will be one order. */
export type CheckoutParty = Amounts & {
  /** Tells the parties of a checkout apart. */
  readonly key: string
  readonly id: AccountId
  readonly number: string
  readonly name: string
  readonly city: string
  readonly isBuyer: boolean
  readonly lines: readonly BasketLine[]
  readonly stacks: readonly BasketStack[]
  readonly currency: Currency
  readonly services: readonly CheckoutService[]
}

export type CheckoutView = {
  readonly basketId: BasketId
  /** Goes with the click that orders, so that nothing else is ordered than this. */
  readonly version: string
  readonly currency: Currency
  readonly reference: string
  readonly lines: readonly BasketLine[]
  /** For reselling, and nobody has said to whom. */
  readonly unassigned: readonly BasketLine[]
  readonly parties: readonly CheckoutParty[]
  /** Undefined where no VAT rate is known: then nothing can be ordered. */
  readonly tax: OpenBasketQuote['vat']
  /** Of all orders together, one for each currency. */
  readonly totals: readonly Amounts[]
  readonly isServiceMissing: boolean
  readonly hasTrouble: boolean
}

/** Undefined when there is nothing in the basket. */
export async function viewCheckout(
  db: Database | Tx,
  connectors: readonly DescribedConnector[],
  actor: Portal,
  quote: OpenBasketQuote | undefined,
): Promise<CheckoutView | undefined> {
  assertMay(actor, 'buy')
  if (!quote || quote.kept.length === 0) return undefined
  const { orders, vat: tax } = quote
  const accountIds = [...new Set([actor.accountId, ...orders.map(({ endCustomerId }) => endCustomerId)])]
  return reading(db, scopeOf(actor), async (sql) => {
    const [basket, accounts, serviceDetails, stored] = await Promise.all([
      readBasket(sql, quote),
      loadAccounts(sql, accountIds),
      listServiceDetails(sql, quote.basket.id),
      loadAllSyncOptions(sql, accountIds),
    ])
    const services = servicesFrom(connectors, serviceDetails, stored)
    const unassigned = basket.lines.filter((line) => line.isForResale === true && !line.endCustomer)
    const parties = orders.flatMap(
      ({ endCustomerId, currency, itemIds, net, tax, total }): CheckoutParty[] => {
        const account = accounts.find(({ id }) => id === endCustomerId)
        if (!account) return []
        const lines = basket.lines.filter(({ id }) => itemIds.includes(id))
        return [
          {
            key: `${endCustomerId} ${currency}`,
            id: endCustomerId,
            number: account.number,
            name: account.name,
            city: account.city,
            isBuyer: endCustomerId === actor.accountId,
            lines,
            stacks: stacksOf(lines),
            currency,
            net,
            tax,
            total,
            services: services(account, new Set(lines.map(({ connector }) => connector))),
          },
        ]
      },
    )
    return {
      basketId: basket.id,
      version: versionOf({ items: quote.kept, serviceDetails, orders }),
      currency: basket.currency,
      reference: basket.reference,
      lines: basket.lines,
      unassigned,
      parties,
      tax,
      totals: totalsOf(parties, basket.currency),
      isServiceMissing: parties.some((party) => party.services.some(({ missing }) => missing.length > 0)),
      hasTrouble: basket.lines.some((line) => line.notForSale || line.isPriceChanged || line.isQuoteExpired),
    }
  })
}

function totalsOf(parties: readonly CheckoutParty[], first: Currency): Amounts[] {
  const byCurrency = Map.groupBy(parties, ({ currency }) => currency)
  const codes = [...byCurrency.keys()].sort((a, b) => Number(b === first) - Number(a === first))
  return codes.map((code) => {
    const amount = (of: keyof Amounts) =>
      sum(
        (byCurrency.get(code) ?? []).map((party) => party[of]),
        code,
      )
    return { net: amount('net'), tax: amount('tax'), total: amount('total') }
  })
}

function servicesFrom(
  connectors: readonly DescribedConnector[],
  given: readonly ServiceDetails[],
  storedOf: Awaited<ReturnType<typeof loadAllSyncOptions>>,
): (account: Account, codes: ReadonlySet<string>) => CheckoutService[] {
  // Only of the services whose products are bought.
  return (account, codes) =>
    connectors
      .filter(({ code }) => codes.has(code))
      .map((connector) => {
        const stored = storedOf.get(connector.code)?.get(account.id) ?? {}
        const typed =
          given.find((each) => each.accountId === account.id && each.connector === connector.code)?.options ??
          {}
        // What was stored meanwhile holds, whatever this checkout typed.
        const known = { ...withValues(typed), ...withValues(stored) }
        const options = applyingOptions(connector.syncOptions, account)
        const effective = effectiveOptions(options, known, account)
        return {
          connector: connector.code,
          connectorName: connector.name,
          missing: missingOptions(options, effective, 'storefront'),
          typed,
          values: options
            .filter((option) => option.isInStorefront)
            .map((option) => ({
              option,
              value: effective[option.id] ?? '',
              isStored: Boolean(stored[option.id]),
            })),
        }
      })
}

function withValues(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value))
}
