// The port of assets/licence-vendor.ts, spoken to the ESD gateway. No word of the vendor leaves this folder.
import { randomUUID } from 'node:crypto'
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { CatalogueEntry, IssueAnswer, Licence, LicenceVendor } from '#modules/assets'
import type { ConnectorSettings } from '#modules/instances'
import type { Identity } from './certificate.ts'
import { openGateway, type Said } from './gateway.ts'
import { reasonOf } from './reasons.ts'
import * as wire from './wire.ts'

/** Where the vendor does not say when to ask again. */
const PENDING_MS = 5_000
const OUT_OF_KEYS_MS = 5 * 60_000
/** More pages than any catalogue has: a cursor that runs in a circle ends here. */
const MOST_PAGES = 1_000

function licenceOf(purchase: wire.CompletedPurchase): Licence {
  const token = purchase.tokens.find((each) => each.type === 'ProductKey') ?? purchase.tokens[0]
  if (!token || purchase.tokens.filter((each) => each.type === 'ProductKey').length > 1)
    throw new Outage('Microsoft ESD answered a purchase without exactly one key.')
  const link = (type: string) => purchase.links?.find((each) => each.type === type)
  return {
    key: token.code,
    serviceTransactionId: purchase.serviceTransactionId,
    activationLink: link('Activation')?.uri,
    downloadLink: link('Download')?.uri,
    downloadExpiresAt: link('Download')?.expiresAt ?? undefined,
    returnableUntil: purchase.returnableUntil ?? undefined,
    tokenStatus: token.status,
  }
}

function issueAnswer(said: Said<wire.PurchaseAnswer>, transactionId: string): IssueAnswer {
  if ('refused' in said) {
    if (said.refused === 'OUT_OF_KEYS')
      return { outcome: 'out-of-keys', retryAfterMs: said.retryAfterMs ?? OUT_OF_KEYS_MS }
    return { outcome: 'refused', ...reasonOf(said.refused), transactionIsDead: false }
  }
  const purchase = said.said
  if (purchase.clientTransactionId.toLowerCase() !== transactionId.toLowerCase())
    throw new Outage('Microsoft ESD answered for another purchase.')
  if (purchase.status === 'Pending')
    return { outcome: 'pending', retryAfterMs: said.retryAfterMs ?? PENDING_MS }
  if (purchase.status === 'Completed') return { outcome: 'issued', licence: licenceOf(purchase) }
  const known = purchase.error ? reasonOf(purchase.error.code) : undefined
  const why = known && known.code !== 'vendor/refused' ? ` ${known.reason}` : ''
  return {
    outcome: 'refused',
    code: 'vendor/purchase-failed',
    reason: `Microsoft ESD gave this purchase up.${why} Retry starts a new one.`,
    transactionIsDead: true,
  }
}

export function vendorOf(
  settings: ConnectorSettings,
  identity: Identity,
  options: { now: Now; timeoutMs: number },
): LicenceVendor {
  const call = openGateway(settings, identity, options)

  async function page(cursor: string) {
    const query = new URLSearchParams({ country: settings.country, language: settings.language, cursor })
    const answer = await call({
      method: 'GET',
      path: `/v1/catalog?${query}`,
      requestId: randomUUID(),
      answer: wire.CatalogueAnswer,
    })
    if (!('refused' in answer)) return answer.said
    const { code, reason } = reasonOf(answer.refused)
    throw new Refusal(code, reason)
  }

  async function purchaseNow(transactionId: string, requestId: string) {
    return call({
      method: 'GET',
      path: `/v1/purchases/${transactionId}`,
      requestId,
      answer: wire.PurchaseAnswer,
    })
  }

  /** A sign-in that is refused is an answer to whoever buys or synchronizes: somebody must repair the instance. */
  async function refusalAsAnswer<Answer>(
    work: () => Promise<Answer>,
    answer: (code: string, reason: string) => Answer,
  ): Promise<Answer> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal) return answer(error.code, error.message)
      throw error
    }
  }
  const refusedIssue = (code: string, reason: string): IssueAnswer => ({
    outcome: 'refused',
    code,
    reason,
    transactionIsDead: false,
  })

  return {
    syncAccount: (account) =>
      refusalAsAnswer(
        async () => {
          const answer = await call({
            method: 'PUT',
            path: `/v1/accounts/${account.externalId}`,
            requestId: account.requestId,
            body: {
              role: account.role,
              parentAccount: account.parentAccount.trim() || null,
              name: account.name,
              email: account.email,
              country: account.country,
            },
            answer: wire.AccountAnswer,
          })
          if (!('refused' in answer)) return { outcome: 'synchronized' }
          const named = answer.details['field']
          const field =
            answer.refused === 'PARENT_NOT_ALLOWED'
              ? 'parentAccount'
              : typeof named === 'string'
                ? named
                : undefined
          return { outcome: 'refused', ...reasonOf(answer.refused), field }
        },
        (code, reason) => ({ outcome: 'refused', code, reason, field: undefined }),
      ),

    issue: (order) =>
      refusalAsAnswer(async () => {
        const answer = await call({
          method: 'POST',
          path: '/v1/purchases',
          requestId: order.requestId,
          // Everything here comes from the order as it was placed: another body under the same id is refused.
          body: {
            clientTransactionId: order.transactionId,
            sku: order.sku,
            quantity: 1,
            language: order.language,
            purchaseOrder: { number: order.orderNumber, item: order.orderPosition },
            account: order.customerExternalId,
            ...(order.resellerExternalId ? { reseller: order.resellerExternalId } : {}),
          },
          answer: wire.PurchaseAnswer,
        })
        return issueAnswer(answer, order.transactionId)
      }, refusedIssue),

    lookUp: (transactionId, requestId) =>
      refusalAsAnswer(async () => {
        const answer = await purchaseNow(transactionId, requestId)
        if ('refused' in answer && answer.refused === 'NOT_FOUND') return { outcome: 'unknown' as const }
        return issueAnswer(answer, transactionId)
      }, refusedIssue),

    returnLicence: (request) =>
      refusalAsAnswer(
        async () => {
          const answer = await call({
            method: 'POST',
            path: `/v1/purchases/${request.transactionId}/returns`,
            requestId: request.requestId,
            // One licence is one purchase: its only token is the first of the first line.
            body: {
              clientTransactionId: request.returnTransactionId,
              line: '1',
              sequenceNumber: '1',
              reason: 'CustomerRequest',
            },
            answer: wire.ReturnedAnswer,
          })
          if ('refused' in answer) return { outcome: 'refused', ...reasonOf(answer.refused) }
          if (answer.said.returnStatus === 'Successful') return { outcome: 'returned' }
          return {
            outcome: 'refused',
            code: 'vendor/return-rejected',
            reason: 'Microsoft ESD rejected the return; the licence stays as it is.',
          }
        },
        (code, reason) => ({ outcome: 'refused', code, reason }),
      ),

    renewLinks: (transactionId, requestId) =>
      refusalAsAnswer(async () => {
        const answer = await call({
          method: 'POST',
          path: `/v1/purchases/${transactionId}/links`,
          requestId,
          body: {},
          answer: wire.PurchaseAnswer,
        })
        return issueAnswer(answer, transactionId)
      }, refusedIssue),

    async *catalogue() {
      let cursor = ''
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const { items, nextCursor, total } = await page(cursor)
        yield { entries: items.map(entryOf), total: total ?? undefined }
        if (!nextCursor) return
        cursor = nextCursor
      }
      throw new Outage('Microsoft ESD answered a catalogue without an end.')
    },

    async test() {
      try {
        await page('')
        return { ok: true }
      } catch (error) {
        if (error instanceof Refusal || error instanceof Outage) return { ok: false, reason: error.message }
        throw error
      }
    },
  }
}

function entryOf(item: wire.CatalogueItem): CatalogueEntry {
  return {
    sku: item.sku,
    upc: item.upc ?? '',
    name: item.name,
    description: item.description ?? '',
    fulfilmentType: item.fulfillmentType,
    isReturnable: item.returnType === 'Returnable',
    isDiscontinued: item.status === 'Discontinued',
  }
}
