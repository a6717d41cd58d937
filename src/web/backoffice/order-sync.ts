// Sync Options within an order: which accounts hold its execution up, and which of its items were ticked, carried in the address so that the
// page can be reloaded.
import { connectorOf } from '#flows/accounts/save-sync-options.ts'
import type { MissingForExecution } from '#flows/ordering/execute-order.ts'
import type { Order } from '#modules/orders'
import type { Staff } from '#modules/users'
import { viewSync } from '#views/accounts/view-account.ts'
import type { deskOf } from './desk.ts'

type Pair = { readonly accountId: string; readonly connector: string }

/** `/orders/…?sync=<account>.<connector>&sync=…&items=1.4`; items by their positions, which are short and stay what they are. */
export function orderWithSync(
  orderId: string,
  pairs: readonly Pair[],
  positions: readonly number[] = [],
): string {
  const search = new URLSearchParams(pairs.map((pair) => ['sync', `${pair.accountId}.${pair.connector}`]))
  if (positions.length > 0) search.set('items', positions.join('.'))
  return `/orders/${orderId}?${search}`
}

/** Whether an item of this position is ticked by the address. */
export function isTickedIn(url: URL): (item: { readonly position: number }) => boolean {
  const ticked = new Set((url.searchParams.get('items') ?? '').split('.'))
  return ({ position }) => ticked.has(String(position))
}

export function pairsOf(missing: unknown): Pair[] {
  const list = Array.isArray(missing) ? (missing as MissingForExecution[]) : []
  return list.map(({ accountId, connector }) => ({ accountId, connector }))
}

/** How the accounts named in the address stand now; only accounts this order has. */
export async function syncsOfOrder(
  app: ReturnType<typeof deskOf>['app'],
  actor: Staff,
  order: Pick<Order, 'endCustomerId' | 'billingToId'>,
  parties: readonly { readonly id: string; readonly name: string }[],
  url: URL,
) {
  const asked = new Set(url.searchParams.getAll('sync'))
  const syncs = []
  for (const party of new Map(parties.map((each) => [each.id, each])).values())
    for (const { code } of app.connectors) {
      if (!asked.has(`${party.id}.${code}`)) continue
      const sync = await viewSync(app.db, connectorOf(app, code), actor, party.id as never)
      // Where keys are sent is asked of the end customer only.
      const isAsked = (option: { isInStorefront: boolean }) =>
        party.id === order.endCustomerId || !option.isInStorefront
      const missing = sync.missing.filter(isAsked).map(({ name }) => name)
      syncs.push({
        accountId: party.id,
        accountName: party.name,
        connector: code,
        connectorName: sync.name,
        state: sync.state,
        missing,
        isReady: sync.state === 'synchronized' && missing.length === 0,
        reasons: sync.instances.flatMap(({ systemName, reason }) =>
          reason ? [`${systemName}: ${reason}`] : [],
        ),
        options: sync.options.filter(isAsked).map(({ id, name, hint, choices, mustBeBlank, type }) => ({
          id,
          name,
          hint,
          choices,
          mustBeBlank,
          type,
          value: sync.effective[id] ?? '',
        })),
      })
    }
  return syncs
}

export type OrderSync = Awaited<ReturnType<typeof syncsOfOrder>>[number]
