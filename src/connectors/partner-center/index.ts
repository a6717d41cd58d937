// Microsoft Partner Center: software for one or three years or for ever, behind the port of subscriptions/subscription-vendor.ts.
import { Outage, Refusal } from '#kernel/failure.ts'
import type { Now } from '#kernel/time.ts'
import type { SyncOption } from '#modules/accounts'
import type { VendorConnector } from '#modules/instances'
import type { PriceSheetSource } from '#modules/price-sheets'
import type { SubscriptionVendor, VendorRefusal } from '#modules/subscriptions'
import { type Api, openApi } from './api.ts'
import { syncCustomer } from './customers.ts'
import { fields } from './fields.ts'
import { checkOut, findOrder, makeCart, readCart, readOrder } from './ordering.ts'
import { fetchSheet } from './price-sheets.ts'
import { cancel, readSubscription, setAutoRenew } from './subscriptions.ts'
import { syncOptions } from './sync-options.ts'
import { testAccess } from './test-access.ts'

export function partnerCenter(options: {
  timeoutMs: number
  now: Now
}): VendorConnector<SubscriptionVendor & PriceSheetSource, SyncOption> & { readonly sells: 'subscriptions' } {
  return {
    sells: 'subscriptions',
    code: 'partner-center',
    name: 'Microsoft Partner Center',
    fields,
    needsCertificate: false,
    syncOptions,
    open: (settings, keeper) => vendorOf(openApi(settings, keeper, options)),
    readCertificate() {
      throw new Refusal(
        'instance/needs-no-certificate',
        'Partner Center signs in with a client secret, not with a certificate.',
      )
    },
  }
}

function vendorOf(api: Api): SubscriptionVendor & PriceSheetSource {
  return {
    syncCustomer: (customer) =>
      refusalAsAnswer(
        () => syncCustomer(api, customer),
        ({ code, message }) => ({ outcome: 'refused', code, reason: message, field: undefined }),
      ),
    makeCart: (request) => refusalAsAnswer(() => makeCart(api, request), refusedBySignIn),
    checkOut: (request) => refusalAsAnswer(() => checkOut(api, request), refusedBySignIn),
    readCart: (request) => readCart(api, request),
    findOrder: (request) => findOrder(api, request),
    readOrder: (request) => readOrder(api, request),
    readSubscription: (request) => readSubscription(api, request),
    cancel: (request) => refusalAsAnswer(() => cancel(api, request), refusedBySignIn),
    setAutoRenew: (request) => refusalAsAnswer(() => setAutoRenew(api, request), refusedBySignIn),
    fetchSheet: (wanted, path) =>
      refusalAsAnswer(
        () => fetchSheet(api, wanted, path),
        ({ code, message }) => ({ outcome: 'refused', code, reason: message }),
      ),
    async test() {
      try {
        return await testAccess(api)
      } catch (error) {
        if (error instanceof Refusal || error instanceof Outage) return { ok: false, reason: error.message }
        throw error
      }
    },
  }
}

const refusedBySignIn = ({ code, message }: Refusal): VendorRefusal => ({
  outcome: 'refused',
  code,
  reason: message,
  isTemporary: false,
})

/** A sign-in that is refused is an answer to whoever orders: somebody must repair the instance. */
async function refusalAsAnswer<Answer>(
  work: () => Promise<Answer>,
  answer: (refusal: Refusal) => Answer,
): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return answer(error)
    throw error
  }
}
